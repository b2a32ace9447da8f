//! Parties, with organisation number and kind.

use platform::testing::on_both;
use proto::organisation::{
    CreatePartyRequest, GetPartyRequest, ListPartiesRequest, Party, PartyKind,
};
use tonic::Code;

use crate::world::{HOME, World, expected, faults, problem};

fn create(id: &str, organisation_number: &str, kind: i32) -> CreatePartyRequest {
    CreatePartyRequest {
        parent: HOME.to_owned(),
        party_id: id.to_owned(),
        party: Some(Party {
            name: format!("{HOME}/parties/{id}"),
            display_name: "Region Västmanland".to_owned(),
            organisation_number: organisation_number.to_owned(),
            kind,
            synthetic: false,
        }),
        request_id: format!("create-{id}"),
        validate_only: false,
    }
}

#[tokio::test]
async fn a_party_of_each_kind_reads_back() {
    on_both(|database| async {
        let world = World::new(database).await;
        for (id, kind) in [
            ("forsakringskassan", PartyKind::StateAgency),
            ("region", PartyKind::Region),
            ("sala", PartyKind::Municipality),
        ] {
            let request = world.office(create(id, "202100-5489", kind.into()));
            let created = world.parties().create_party(request).await.unwrap().into_inner();
            let get = GetPartyRequest { name: format!("{HOME}/parties/{id}") };
            let read = world.parties().get_party(world.coach(get)).await.unwrap().into_inner();
            assert_eq!(read.party, created.party);
            assert_eq!(read.party.unwrap().kind(), kind);
        }
        let list = ListPartiesRequest { parent: HOME.to_owned(), ..Default::default() };
        let listed = world.parties().list_parties(world.coach(list)).await.unwrap().into_inner();
        let names: Vec<_> = listed.parties.iter().map(|party| party.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "federations/vastmanland/parties/forsakringskassan",
                "federations/vastmanland/parties/region",
                "federations/vastmanland/parties/sala",
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_wrong_number_and_a_missing_or_made_up_kind_are_told() {
    on_both(|database| async {
        let world = World::new(database).await;
        for (number, reason) in [
            ("202100-5480", "ORGANISATION_NUMBER_CHECK_DIGIT"),
            ("191212-1212", "ORGANISATION_NUMBER_MALFORMED"),
        ] {
            for kind in [0, 17] {
                let request = world.office(create("sala", number, kind));
                let told = faults(world.parties().create_party(request).await);
                assert_eq!(
                    told,
                    expected(&[
                        ("party.organisation_number", reason),
                        ("party.kind", "ENUM_UNSPECIFIED"),
                    ])
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn another_federations_party_is_not_found() {
    on_both(|database| async {
        let world = World::new(database).await;
        let request = world.office(create("sala", "202100-5489", 3));
        world.parties().create_party(request).await.unwrap();
        let get = GetPartyRequest { name: format!("{HOME}/parties/sala") };
        assert_eq!(problem(world.parties().get_party(world.stranger(get)).await).0, Code::NotFound);
        let list = ListPartiesRequest { parent: HOME.to_owned(), ..Default::default() };
        let refused = problem(world.parties().list_parties(world.stranger(list)).await);
        assert_eq!(refused.0, Code::NotFound);
        let malformed = GetPartyRequest { name: "sala".to_owned() };
        let told = faults(world.parties().get_party(world.coach(malformed)).await);
        assert_eq!(told, expected(&[("name", "NAME_MALFORMED")]));
    })
    .await;
}
