//! The federation's own record.

use platform::testing::on_both;
use proto::organisation::{CreateFederationRequest, Federation, GetFederationRequest};
use tonic::Code;

use crate::world::{HOME, World, expected, faults, problem};

fn create(name: &str, organisation_number: &str) -> CreateFederationRequest {
    CreateFederationRequest {
        federation: Some(Federation {
            name: name.to_owned(),
            display_name: "Samordningsförbundet Västmanland".to_owned(),
            organisation_number: organisation_number.to_owned(),
            synthetic: true,
            smallest_shown_count: 7,
        }),
        request_id: "1".to_owned(),
        validate_only: false,
    }
}

#[tokio::test]
async fn a_federation_has_one_record_of_its_own() {
    on_both(|database| async {
        let world = World::new(database).await;
        let get = || GetFederationRequest { name: HOME.to_owned() };
        let missing = problem(world.federations().get_federation(world.coach(get())).await);
        assert_eq!(missing.0, Code::NotFound);
        let request = world.office(create(HOME, "202100-5489"));
        let created = world.federations().create_federation(request).await.unwrap();
        let record = created.into_inner().federation.unwrap();
        assert_eq!(record.organisation_number, "2021005489");
        let read = world.federations().get_federation(world.coach(get())).await.unwrap();
        assert_eq!(read.into_inner().federation, Some(record));
        let again =
            CreateFederationRequest { request_id: "2".to_owned(), ..create(HOME, "202100-5489") };
        let taken = problem(world.federations().create_federation(world.office(again)).await);
        assert_eq!(taken.0, Code::AlreadyExists);
        let stranger = problem(world.federations().get_federation(world.stranger(get())).await);
        assert_eq!(stranger.0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_federation_creates_no_record_but_its_own() {
    on_both(|database| async {
        let world = World::new(database).await;
        let other = world.office(create("federations/sormland", "202100-5489"));
        let refused = problem(world.federations().create_federation(other).await);
        assert_eq!(refused.0, Code::NotFound);
        let bad = world.office(create("", "202100-5480"));
        let told = faults(world.federations().create_federation(bad).await);
        assert_eq!(
            told,
            expected(&[
                ("federation.name", "NAME_MALFORMED"),
                ("federation.organisation_number", "ORGANISATION_NUMBER_CHECK_DIGIT"),
            ])
        );
    })
    .await;
}
