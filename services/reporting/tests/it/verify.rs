//! The check of the database finds what was changed behind the service's back.

use platform::testing::on_both;
use sea_orm::ConnectionTrait as _;

use crate::import::whole;
use crate::world::{PERIOD, World};

#[tokio::test]
async fn a_changed_a_removed_an_added_and_an_impossible_row_are_found() {
    for (tampering, found) in [
        (
            "UPDATE reporting_period SET due_date = '2025-08-01'",
            format!("{PERIOD} is not in its table as the journal has it"),
        ),
        (
            "UPDATE reported_count SET count = count + 1 WHERE team_id = 'surahammar' AND figure = 'queue'",
            format!("{PERIOD}/reportedFigures/surahammar is not in its table as the journal has it"),
        ),
        (
            "DELETE FROM reported_figures WHERE team_id = 'surahammar'",
            format!("{PERIOD}/reportedFigures/surahammar is in the journal and not in its table"),
        ),
        (
            "INSERT INTO reporting_period (federation_id, period_id, first_day, last_day, due_date) \
             VALUES ('sormland', '2025h1', '2025-01-01', '2025-06-30', '2025-07-01')",
            "federations/sormland/reportingPeriods/2025h1 is in its table and not in the journal"
                .to_owned(),
        ),
        (
            "UPDATE reported_count SET count = -1 WHERE figure = 'queue'",
            "a table of vastmanland has a row that no one wrote: reported_count.count -1 is no count"
                .to_owned(),
        ),
    ] {
        on_both(|database| {
            let found = &found;
            async move {
                let world = World::new(database).await;
                let request = world.office(whole("1"));
                world.imports().import_reporting(request).await.unwrap();
                assert_eq!(reporting::verify(&world.database).await.unwrap(), Vec::<String>::new());
                world.database.write.execute_unprepared(tampering).await.unwrap();
                let problems = reporting::verify(&world.database).await.unwrap();
                assert!(problems.contains(found), "{problems:?}");
            }
        })
        .await;
    }
}
