//! Municipalities, by SCB code, and the areas they belong to.

use platform::testing::on_both;
use proto::organisation::{
    Area, CreateAreaRequest, CreateMunicipalityRequest, GetMunicipalityRequest,
    ListMunicipalitiesRequest, Municipality,
};
use tonic::Code;

use crate::world::{HOME, World, expected, faults, problem};

pub(crate) fn create(code: &str, area: &str) -> CreateMunicipalityRequest {
    CreateMunicipalityRequest {
        parent: HOME.to_owned(),
        municipality_id: code.to_owned(),
        municipality: Some(Municipality {
            name: String::new(),
            scb_code: code.to_owned(),
            display_name: "Köping".to_owned(),
            area: area.to_owned(),
            party: String::new(),
        }),
        request_id: format!("create-{code}"),
        validate_only: false,
    }
}

#[tokio::test]
async fn a_municipality_stands_in_an_area_or_in_none() {
    on_both(|database| async {
        let world = World::new(database).await;
        let area = CreateAreaRequest {
            parent: HOME.to_owned(),
            area_id: "vastra".to_owned(),
            area: Some(Area { name: String::new(), display_name: "Västra".to_owned() }),
            request_id: "area".to_owned(),
            validate_only: false,
        };
        world.areas().create_area(world.office(area)).await.unwrap();
        let in_area = "federations/vastmanland/areas/vastra";
        for (code, area) in [("1983", in_area), ("0484", "")] {
            let request = world.office(create(code, area));
            let created = world.municipalities().create_municipality(request).await.unwrap();
            let get = GetMunicipalityRequest { name: format!("{HOME}/municipalities/{code}") };
            let read = world.municipalities().get_municipality(world.coach(get)).await.unwrap();
            let municipality = read.into_inner().municipality.unwrap();
            assert_eq!(created.into_inner().municipality, Some(municipality.clone()));
            assert_eq!((municipality.scb_code.as_str(), municipality.area.as_str()), (code, area));
        }
        let list = ListMunicipalitiesRequest { parent: HOME.to_owned(), ..Default::default() };
        let list = world.municipalities().list_municipalities(world.coach(list)).await.unwrap();
        let codes: Vec<_> =
            list.into_inner().municipalities.into_iter().map(|one| one.scb_code).collect();
        assert_eq!(codes, ["0484", "1983"]);
    })
    .await;
}

#[tokio::test]
async fn an_area_that_is_not_here_is_unknown() {
    on_both(|database| async {
        let world = World::new(database).await;
        for area in ["federations/vastmanland/areas/vastra", "federations/sormland/areas/vastra"] {
            let request = world.office(create("1983", area));
            let told = faults(world.municipalities().create_municipality(request).await);
            assert_eq!(told, expected(&[("municipality.area", "AREA_UNKNOWN")]));
        }
    })
    .await;
}

#[tokio::test]
async fn the_scb_code_is_the_id_and_every_bad_field_is_told() {
    on_both(|database| async {
        let world = World::new(database).await;
        let mut other = create("1983", "vastra");
        other.municipality.as_mut().unwrap().scb_code = "1984".to_owned();
        let told = faults(world.municipalities().create_municipality(world.office(other)).await);
        assert_eq!(
            told,
            expected(&[
                ("municipality.scb_code", "SCB_CODE_NOT_ID"),
                ("municipality.area", "NAME_MALFORMED"),
            ])
        );
        let mut short = create("1983", "");
        short.municipality.as_mut().unwrap().scb_code = "484".to_owned();
        let told = faults(world.municipalities().create_municipality(world.office(short)).await);
        assert_eq!(told, expected(&[("municipality.scb_code", "SCB_CODE_MALFORMED")]));
        let get = GetMunicipalityRequest { name: format!("{HOME}/municipalities/1983") };
        let missing = problem(world.municipalities().get_municipality(world.office(get)).await);
        assert_eq!(missing.0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_municipality_names_the_party_that_is_responsible_for_its_people() {
    on_both(|database| async {
        let world = crate::people::organised(database).await;
        let name = format!("{HOME}/municipalities/1981");
        let get = world.coach(GetMunicipalityRequest { name });
        let read = world.municipalities().get_municipality(get).await.unwrap().into_inner();
        assert_eq!(read.municipality.unwrap().party, format!("{HOME}/parties/sala"));
        for party in ["federations/vastmanland/parties/heby", "federations/sormland/parties/sala"] {
            let mut request = create("1904", "");
            request.municipality.as_mut().unwrap().party = party.to_owned();
            let request = world.office(request);
            let told = faults(world.municipalities().create_municipality(request).await);
            assert_eq!(told, expected(&[("municipality.party", "PARTY_UNKNOWN")]));
        }
    })
    .await;
}
