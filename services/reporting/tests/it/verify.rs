//! The check of the database finds what was changed behind the service's back.

use platform::testing::on_both;
use sea_orm::ConnectionTrait as _;

use crate::import::whole;
use crate::report;
use crate::world::{HOME, PERIOD, World};

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

#[tokio::test]
async fn a_changed_a_removed_and_an_added_row_of_a_report_are_found() {
    let report = report::name("r");
    for (tampering, found) in [
        (
            "UPDATE report SET state = 'accepted'",
            format!("{report} is not in its table as the journal has it"),
        ),
        (
            "DELETE FROM report_chapter",
            format!("{report}/chapters/finance is in the journal and not in its table"),
        ),
        (
            "UPDATE report_chapter SET revision = 7",
            format!("{report}/chapters/finance is not in its table as the journal has it"),
        ),
        (
            "INSERT INTO report_template (federation_id, template_id, sequence) \
             VALUES ('sormland', 'x', 1)",
            "federations/sormland/reportTemplates/x is in its table and not in the journal"
                .to_owned(),
        ),
        (
            "UPDATE report SET subject = 'party/sala'",
            "a table has a row that no one wrote: subject party/sala is none".to_owned(),
        ),
    ] {
        on_both(|database| {
            let found = &found;
            async move {
                let world = World::new(database).await;
                world.create_period().await;
                let content = report::content("half-year-report-1", HOME, "Delårsrapport");
                world.draft_report("r", content).await;
                world.write_chapter("r", "finance", "Text.").await;
                assert_eq!(reporting::verify(&world.database).await.unwrap(), Vec::<String>::new());
                world.database.write.execute_unprepared(tampering).await.unwrap();
                let problems = reporting::verify(&world.database).await.unwrap();
                assert!(problems.contains(found), "{problems:?}");
            }
        })
        .await;
    }
}
