//! The check of the database finds what was changed behind the service's back.

use platform::testing::on_both;
use sea_orm::ConnectionTrait as _;

use crate::import::whole;
use crate::world::World;

#[tokio::test]
async fn a_changed_a_removed_an_added_and_an_impossible_row_are_found() {
    for (tampering, found) in [
        (
            "UPDATE party SET display_name = 'Kungsörs kommun'",
            "federations/vastmanland/parties/koping is not in its table as the journal has it",
        ),
        (
            "UPDATE federation SET synthetic = false",
            "federations/vastmanland is not in its table as the journal has it",
        ),
        (
            "DELETE FROM team_municipality WHERE municipality_id = '1984'",
            "federations/vastmanland/teams/vastra-malardalen is not in its table as the journal has it",
        ),
        (
            "DELETE FROM party",
            "federations/vastmanland/parties/koping is in the journal and not in its table",
        ),
        (
            "INSERT INTO area (federation_id, area_id, display_name) VALUES ('sormland', 'norra', 'Norra')",
            "federations/sormland/areas/norra is in its table and not in the journal",
        ),
        (
            "UPDATE party SET kind = 'club'",
            "a table of vastmanland has a row that no one wrote: party.kind club is no kind",
        ),
    ] {
        on_both(|database| async move {
            let world = World::new(database).await;
            let request = world.office(whole("1"));
            world.imports().import_organisation(request).await.unwrap();
            assert_eq!(participant::verify(&world.database).await.unwrap(), Vec::<String>::new());
            world.database.write.execute_unprepared(tampering).await.unwrap();
            let problems = participant::verify(&world.database).await.unwrap();
            assert!(problems.iter().any(|problem| problem == found), "{problems:?}");
        })
        .await;
    }
}
