//! The check of the database finds what was changed behind the service's back.

use platform::testing::on_both;
use proto::reporting::ReportSubjectKind;
use sea_orm::ConnectionTrait as _;

use crate::due_report::{schedule, scheduled};
use crate::held_activities::{held, record};
use crate::import::whole;
use crate::programme_plan::{enter, sikta};
use crate::reminder::send;
use crate::world::{HOME, PERIOD, World};
use crate::{local_goal, report, steering_group, steering_group_meeting};

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

/// One of each resource whose table is an index over the journal.
async fn filled(world: &World) {
    enter(world, sikta("2.0")).await;
    let held = record("", "held", vec![held("styrgruppsmoten", "", 2)]);
    world.held().record_held_activities(world.office(held)).await.unwrap();
    let goal = local_goal::create("studier", local_goal::goal("sala", 2025));
    world.local_goals().create_local_goal(world.office(goal)).await.unwrap();
    let goal = local_goal::update("studier", "1", local_goal::goal("sala", 2025));
    world.local_goals().update_local_goal(world.office(goal)).await.unwrap();
    let group = steering_group::create("centrala", steering_group::group(""));
    world.groups().create_steering_group(world.office(group)).await.unwrap();
    let meeting = steering_group_meeting::meeting(9, true, vec![]);
    let meeting = steering_group_meeting::create("maj", meeting);
    world.meetings().create_steering_group_meeting(world.office(meeting)).await.unwrap();
    world.create_period().await;
    scheduled(world, schedule("status-report-1", ReportSubjectKind::Team)).await;
    world.reminders().send_reminder(world.office(send("sala"))).await.unwrap();
}

#[tokio::test]
async fn a_row_that_is_no_index_of_the_journal_is_found() {
    let differs = |name: &str| format!("{HOME}/{name} is not in its table as the journal has it");
    let missing = |name: &str| format!("{HOME}/{name} is in the journal and not in its table");
    for (tampering, found) in [
        ("DELETE FROM programme_plan_version", missing("programmePlans/sikta/versions/2-0")),
        (
            "UPDATE held_activities SET revision = 2",
            differs("programmePlans/sikta/heldActivities/2025h1"),
        ),
        ("UPDATE local_goal SET year = 2024", differs("localGoals/studier")),
        ("UPDATE steering_group SET sequence = 1", differs("steeringGroups/centrala")),
        (
            "UPDATE steering_group_meeting SET day = '2025-05-10'",
            differs("steeringGroups/centrala/meetings/maj"),
        ),
        (
            "UPDATE report_schedule SET due_date = '2025-09-01'",
            differs("reportSchedules/2025h1.status-report-1"),
        ),
        ("UPDATE reminder SET kind = 1", differs("reminders/9")),
        (
            "UPDATE local_goal SET local_goal_id = 'annat'",
            format!("{HOME}/localGoals/annat is in its table and not in the journal"),
        ),
    ] {
        on_both(|database| {
            let found = &found;
            async move {
                let world = World::new(database).await;
                filled(&world).await;
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
