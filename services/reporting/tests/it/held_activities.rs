//! What was held of Sörmland's plan, beside it.

use platform::testing::on_both;
use proto::reporting::{
    ActivityOutcome, CompareActivitiesRequest, CompareActivitiesResponse, HeldActivities,
    HeldActivity, RecordHeldActivitiesRequest,
};
use tonic::Code;
use values::Role;

use crate::programme_plan::{PLAN, enter, sikta};
use crate::world::{HOME, World, expected, faults, problem};

pub(crate) fn held(activity: &str, area: &str, held: i32) -> HeldActivity {
    let area = if area.is_empty() { String::new() } else { format!("{HOME}/areas/{area}") };
    let comment = if held == 0 { "Inställt".to_owned() } else { String::new() };
    HeldActivity { activity: activity.to_owned(), area, held, comment }
}

pub(crate) fn record(
    etag: &str,
    request_id: &str,
    activities: Vec<HeldActivity>,
) -> RecordHeldActivitiesRequest {
    let name = format!("{PLAN}/heldActivities/2025h1");
    RecordHeldActivitiesRequest {
        held_activities: Some(HeldActivities { name, activities, etag: String::new() }),
        etag: etag.to_owned(),
        request_id: request_id.to_owned(),
        validate_only: false,
    }
}

async fn compare(world: &World, version: &str) -> CompareActivitiesResponse {
    let name = format!("{PLAN}/heldActivities/2025h1");
    let message = CompareActivitiesRequest { name, version: version.to_owned() };
    let request = world.by(Role::TeamLead, "team/sala", message);
    world.held().compare_activities(request).await.unwrap().into_inner()
}

fn outcomes(compared: &CompareActivitiesResponse) -> Vec<(&str, &str, ActivityOutcome)> {
    compared
        .activities
        .iter()
        .map(|row| {
            let area = row.area.rsplit('/').next().unwrap();
            (row.activity.as_str(), area, row.outcome())
        })
        .collect()
}

#[tokio::test]
async fn what_was_held_is_set_against_the_plan_for_each_area_where_it_says_so() {
    use ActivityOutcome::{AsPlanned, Below, NotPlanned, NotRecorded};
    const LOCAL: &str = "lokala-styrgruppsmoten-per-lansdel";
    on_both(|database| async {
        let world = World::new(database).await;
        enter(&world, sikta("1.0")).await;
        let nothing = compare(&world, "").await;
        assert_eq!((nothing.etag.as_str(), nothing.version.as_str()), ("", "1.0"));
        assert!(nothing.activities.iter().all(|row| row.outcome() == NotRecorded));
        let activities = vec![
            held("styrgruppsmoten", "", 2),
            held(LOCAL, "norra", 3),
            held(LOCAL, "sodra", 2),
            held("personalkonferens", "", 0),
        ];
        let request = world.by(Role::ProgrammeLead, "federation", record("", "1", activities));
        let answer = world.held().record_held_activities(request).await.unwrap().into_inner();
        assert_eq!(answer.held_activities.unwrap().etag, "1");
        let compared = compare(&world, "1.0").await;
        let rows = [
            ("styrgruppsmoten", "", AsPlanned),
            (LOCAL, "norra", AsPlanned),
            (LOCAL, "sodra", Below),
            (LOCAL, "vastra", NotRecorded),
            ("grundutbildning-i-supported-employment", "", NotRecorded),
            ("personalkonferens", "", Below),
        ];
        assert_eq!(outcomes(&compared), rows);
        assert_eq!(compared.activities[5].comment, "Inställt");
        // A later version may have left out what was held by the version before.
        let mut next = sikta("2.0");
        next.activities.retain(|activity| !activity.is_per_area);
        enter(&world, next).await;
        let compared = compare(&world, "").await;
        let unplanned = [(LOCAL, "norra", NotPlanned), (LOCAL, "sodra", NotPlanned)];
        assert_eq!(outcomes(&compared)[3..], unplanned);
    })
    .await;
}

#[tokio::test]
async fn what_the_plan_has_not_is_refused_and_so_is_what_was_not_read_last() {
    on_both(|database| async {
        let world = World::new(database).await;
        let early =
            world.held().record_held_activities(world.office(record("", "0", vec![]))).await;
        assert_eq!(problem(early).0, Code::NotFound, "there is no plan");
        enter(&world, sikta("2.0")).await;
        let bad = vec![held("fest", "", 1), held("styrgruppsmoten", "norra", 1)];
        let told = world.held().record_held_activities(world.office(record("", "1", bad))).await;
        let reasons = [
            ("held_activities.activities[0].activity", "ACTIVITY_UNKNOWN"),
            ("held_activities.activities[1].area", "ACTIVITY_AREA_NOT_HERE"),
        ];
        assert_eq!(faults(told), expected(&reasons));
        let good = || vec![held("styrgruppsmoten", "", 2)];
        let first = || world.office(record("", "2", good()));
        let one = world.held().record_held_activities(first()).await.unwrap().into_inner();
        let again = world.held().record_held_activities(first()).await.unwrap().into_inner();
        assert_eq!(one, again);
        for (etag, request_id) in [("", "3"), ("2", "4")] {
            let stale = world.office(record(etag, request_id, good()));
            let stale = world.held().record_held_activities(stale).await;
            assert_eq!(problem(stale).0, Code::Aborted, "{etag}");
        }
        let next = world.office(record("1", "5", good()));
        let next = world.held().record_held_activities(next).await.unwrap().into_inner();
        assert_eq!(next.held_activities.unwrap().etag, "2");
        let missing = format!("{PLAN}/heldActivities/2025h1");
        let missing = CompareActivitiesRequest { name: missing, version: "9.0".to_owned() };
        let answer = world.held().compare_activities(world.office(missing)).await;
        assert_eq!(problem(answer).0, Code::NotFound);
    })
    .await;
}
