//! Areas: the write path of a create, and lists in pages. The other nouns have
//! the same path and are tested for what is their own.

use platform::testing::on_both;
use proto::organisation::{Area, CreateAreaRequest, GetAreaRequest, ListAreasRequest};
use tonic::Code;

use crate::world::{HOME, World, expected, faults, problem};

fn create(id: &str, display_name: &str, request_id: &str) -> CreateAreaRequest {
    CreateAreaRequest {
        parent: HOME.to_owned(),
        area_id: id.to_owned(),
        area: Some(Area { name: String::new(), display_name: display_name.to_owned() }),
        request_id: request_id.to_owned(),
        validate_only: false,
    }
}

fn named(id: &str) -> GetAreaRequest {
    GetAreaRequest { name: format!("{HOME}/areas/{id}") }
}

#[tokio::test]
async fn an_area_that_the_office_creates_is_read_by_everybody_in_the_federation() {
    on_both(|database| async {
        let world = World::new(database).await;
        let request = world.office(create("vastra", " Västra ", "1"));
        let created = world.areas().create_area(request).await.unwrap().into_inner();
        let area = created.area.unwrap();
        assert_eq!(area.name, "federations/vastmanland/areas/vastra");
        assert_eq!(area.display_name, "Västra");
        let read = world.areas().get_area(world.coach(named("vastra"))).await.unwrap();
        assert_eq!(read.into_inner().area, Some(area));
    })
    .await;
}

#[tokio::test]
async fn a_repeated_request_answers_the_same_and_is_recorded_once() {
    on_both(|database| async {
        let world = World::new(database).await;
        let send = || world.office(create("vastra", "Västra", "1"));
        let first = world.areas().create_area(send()).await.unwrap().into_inner();
        let second = world.areas().create_area(send()).await.unwrap().into_inner();
        assert_eq!(first, second);
        assert_eq!(world.sequence().await, 1);
        let other = world.office(create("norra", "Norra", "1"));
        let refused = problem(world.areas().create_area(other).await);
        assert_eq!(refused, (Code::FailedPrecondition, "REQUEST_ID_REUSED".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_taken_id_is_refused() {
    on_both(|database| async {
        let world = World::new(database).await;
        let first = world.office(create("vastra", "Västra", "1"));
        world.areas().create_area(first).await.unwrap();
        let second = world.office(create("vastra", "Västra", "2"));
        let refused = problem(world.areas().create_area(second).await);
        assert_eq!(refused.0, Code::AlreadyExists);
    })
    .await;
}

#[tokio::test]
async fn a_trial_changes_nothing() {
    on_both(|database| async {
        let world = World::new(database).await;
        let trial = CreateAreaRequest { validate_only: true, ..create("vastra", "Västra", "1") };
        let answer = world.areas().create_area(world.office(trial)).await.unwrap();
        assert_eq!(answer.into_inner().area.unwrap().display_name, "Västra");
        let missing = problem(world.areas().get_area(world.office(named("vastra"))).await);
        assert_eq!(missing.0, Code::NotFound);
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn every_bad_field_is_told_at_once() {
    on_both(|database| async {
        let world = World::new(database).await;
        let mut bad = create("Västra", "", "1");
        bad.parent = "vastmanland".to_owned();
        let told = faults(world.areas().create_area(world.office(bad)).await);
        assert_eq!(
            told,
            expected(&[
                ("parent", "NAME_MALFORMED"),
                ("area_id", "ID_MALFORMED"),
                ("area.display_name", "TEXT_MISSING"),
            ])
        );
        let mut other_name = create("vastra", &"x".repeat(201), "1");
        other_name.area.as_mut().unwrap().name = format!("{HOME}/areas/norra");
        let told = faults(world.areas().create_area(world.office(other_name)).await);
        assert_eq!(
            told,
            expected(&[("area.name", "NAME_WRONG"), ("area.display_name", "TEXT_TOO_LONG")])
        );
        let nothing = CreateAreaRequest { area: None, ..create("vastra", "", "1") };
        let told = faults(world.areas().create_area(world.office(nothing)).await);
        assert_eq!(told, expected(&[("area", "FIELD_MISSING")]));
        let no_id = create("vastra", "Västra", "");
        let told = faults(world.areas().create_area(world.office(no_id)).await);
        assert_eq!(told, expected(&[("request_id", "REQUEST_ID_MALFORMED")]));
    })
    .await;
}

#[tokio::test]
async fn another_federation_finds_nothing_here() {
    on_both(|database| async {
        let world = World::new(database).await;
        let request = world.office(create("vastra", "Västra", "1"));
        world.areas().create_area(request).await.unwrap();
        let read = problem(world.areas().get_area(world.stranger(named("vastra"))).await);
        assert_eq!(read.0, Code::NotFound);
        let list =
            ListAreasRequest { parent: HOME.to_owned(), page_size: 0, page_token: String::new() };
        assert_eq!(problem(world.areas().list_areas(world.stranger(list)).await).0, Code::NotFound);
        let write = world.stranger(create("norra", "Norra", "2"));
        assert_eq!(problem(world.areas().create_area(write).await).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_list_comes_in_pages_by_id() {
    on_both(|database| async {
        let world = World::new(database).await;
        // The hyphen stands before the letters, whatever the server's language.
        for id in ["vastra", "norra", "sodra", "norra-ovre", "norrala"] {
            let request = world.office(create(id, id, id));
            world.areas().create_area(request).await.unwrap();
        }
        let mut pages = Vec::new();
        let mut page_token = String::new();
        loop {
            let list = ListAreasRequest { parent: HOME.to_owned(), page_size: 2, page_token };
            let page = world.areas().list_areas(world.coach(list)).await.unwrap().into_inner();
            pages.push(page.areas.into_iter().map(|area| area.display_name).collect::<Vec<_>>());
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(pages, [vec!["norra", "norra-ovre"], vec!["norrala", "sodra"], vec!["vastra"]]);
        let bad = ListAreasRequest {
            parent: HOME.to_owned(),
            page_size: 1001,
            page_token: "%".to_owned(),
        };
        let told = faults(world.areas().list_areas(world.coach(bad)).await);
        assert_eq!(
            told,
            expected(&[
                ("page_size", "PAGE_SIZE_OUT_OF_RANGE"),
                ("page_token", "PAGE_TOKEN_MALFORMED"),
            ])
        );
    })
    .await;
}
