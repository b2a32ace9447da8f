//! When a steering group meets and what it decides.

use platform::testing::on_both;
use proto::{
    Date,
    reporting::{
        CreateSteeringGroupMeetingRequest, ListSteeringGroupMeetingsRequest, SteeringDecision,
        SteeringGroupMeeting, UpdateSteeringGroupMeetingRequest, steering_decision::About,
    },
};
use tonic::Code;
use values::Role;

use crate::programme_plan::{PLAN, enter, sikta};
use crate::steering_group::{create as create_group, group};
use crate::world::{HOME, World, expected, faults, problem};

const GROUP: &str = "federations/vastmanland/steeringGroups/centrala";

pub(crate) fn meeting(day: i32, is_held: bool, about: Vec<About>) -> SteeringGroupMeeting {
    let decision = |(number, about)| SteeringDecision {
        number,
        text: "Styrgruppen godkänner underlaget".to_owned(),
        about: Some(about),
    };
    SteeringGroupMeeting {
        name: String::new(),
        day: Some(Date { year: 2025, month: 5, day }),
        is_held,
        dnr: "2025-11".to_owned(),
        minutes_uri: "https://forbundet.example/protokoll/11".to_owned(),
        decisions: (1..).zip(about).map(decision).collect(),
        etag: String::new(),
    }
}

pub(crate) fn create(id: &str, meeting: SteeringGroupMeeting) -> CreateSteeringGroupMeetingRequest {
    CreateSteeringGroupMeetingRequest {
        parent: GROUP.to_owned(),
        meeting_id: id.to_owned(),
        meeting: Some(meeting),
        request_id: format!("meeting-{id}"),
        validate_only: false,
    }
}

fn update(etag: &str, meeting: SteeringGroupMeeting) -> UpdateSteeringGroupMeetingRequest {
    UpdateSteeringGroupMeetingRequest {
        name: format!("{GROUP}/meetings/maj"),
        etag: etag.to_owned(),
        meeting: Some(meeting),
        request_id: format!("update-{etag}"),
        validate_only: false,
    }
}

async fn world_with_group(database: platform::Database) -> World {
    let world = World::new(database).await;
    let request = world.office(create_group("centrala", group("")));
    world.groups().create_steering_group(request).await.unwrap();
    world
}

#[tokio::test]
async fn a_meeting_is_planned_then_held_and_decides_on_plan_report_and_grant() {
    on_both(|database| async {
        let world = world_with_group(database).await;
        enter(&world, sikta("2.0")).await;
        let request = world.office(create("maj", meeting(9, false, vec![])));
        world.meetings().create_steering_group_meeting(request).await.unwrap();
        let about = vec![
            About::PlanVersion(format!("{PLAN}/versions/2-0")),
            About::Report(format!("{HOME}/reports/delar-2025")),
            About::GrantDnr("2024-17".to_owned()),
        ];
        let held = meeting(9, true, about);
        let request = world.by(Role::ProgrammeLead, "federation", update("1", held.clone()));
        let updated = world.meetings().update_steering_group_meeting(request).await.unwrap();
        let name = format!("{GROUP}/meetings/maj");
        let wanted = SteeringGroupMeeting { name, etag: "2".to_owned(), ..held };
        assert_eq!(updated.into_inner().meeting, Some(wanted));
        let stale = UpdateSteeringGroupMeetingRequest {
            request_id: "other".to_owned(),
            ..update("1", meeting(9, true, vec![]))
        };
        let stale = world.meetings().update_steering_group_meeting(world.office(stale)).await;
        assert_eq!(problem(stale).0, Code::Aborted);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_right_about_a_meeting_is_told() {
    on_both(|database| async {
        let world = world_with_group(database).await;
        let plan = |id: &str| About::PlanVersion(format!("{PLAN}/versions/{id}"));
        let foreign = || About::Report("federations/sormland/reports/a".to_owned());
        let later = SteeringGroupMeeting {
            day: Some(Date { year: 2025, month: 7, day: 2 }),
            ..meeting(1, true, vec![plan("2-0")])
        };
        for (meeting, told) in [
            (
                meeting(9, false, vec![About::GrantDnr("1".to_owned())]),
                vec![("meeting.decisions", "DECISIONS_BEFORE_MEETING")],
            ),
            (
                meeting(9, true, vec![foreign(), About::GrantDnr(String::new())]),
                vec![
                    ("meeting.decisions[0].report", "OTHER_FEDERATION"),
                    ("meeting.decisions[1].grant_dnr", "TEXT_MISSING"),
                ],
            ),
            (
                later,
                vec![
                    ("meeting.is_held", "MEETING_IN_FUTURE"),
                    ("meeting.decisions[0].plan_version", "PLAN_VERSION_UNKNOWN"),
                ],
            ),
        ] {
            let request = world.office(create("maj", meeting));
            let answer = world.meetings().create_steering_group_meeting(request).await;
            assert_eq!(faults(answer), expected(&told));
        }
        let mut nowhere = create("maj", meeting(9, true, vec![]));
        nowhere.parent = format!("{HOME}/steeringGroups/ingen");
        let answer = world.meetings().create_steering_group_meeting(world.office(nowhere)).await;
        assert_eq!(problem(answer).0, Code::NotFound);
        assert_eq!(world.sequence().await, 1);
    })
    .await;
}

#[tokio::test]
async fn meetings_are_listed_by_day_the_latest_first() {
    on_both(|database| async {
        let world = world_with_group(database).await;
        for (id, day) in [("a", 9), ("b", 20), ("c", 9)] {
            let request = world.office(create(id, meeting(day, true, vec![])));
            world.meetings().create_steering_group_meeting(request).await.unwrap();
        }
        let (mut ids, mut page_token) = (Vec::new(), String::new());
        loop {
            let parent = GROUP.to_owned();
            let list = ListSteeringGroupMeetingsRequest { parent, page_size: 1, page_token };
            let request = world.by(Role::SteeringGroupMember, "area/norra", list);
            let page = world.meetings().list_steering_group_meetings(request).await.unwrap();
            let page = page.into_inner();
            ids.extend(page.meetings.into_iter().map(|meeting| meeting.name));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(ids, ["b", "c", "a"].map(|id| format!("{GROUP}/meetings/{id}")));
        let parent = format!("{HOME}/steeringGroups/ingen");
        let missing = ListSteeringGroupMeetingsRequest { parent, ..Default::default() };
        let missing = world.meetings().list_steering_group_meetings(world.office(missing)).await;
        assert_eq!(problem(missing).0, Code::NotFound);
    })
    .await;
}
