//! Steering groups and their meetings in the browser.

use http::StatusCode;
use platform::Failure;
use proto::reporting::{
    CreateSteeringGroupMeetingRequest, CreateSteeringGroupRequest,
    ListSteeringGroupMeetingsResponse, UpdateSteeringGroupMeetingRequest,
    UpdateSteeringGroupRequest, steering_decision::About,
};
use values::Fault;

use super::{
    browser::World,
    vastmanland::{name, planning::meeting},
};

const CREATE: &str = "/samordna.reporting.v1.SteeringGroupService/CreateSteeringGroup";
const UPDATE: &str = "/samordna.reporting.v1.SteeringGroupService/UpdateSteeringGroup";
const MEETINGS: &str =
    "/samordna.reporting.v1.SteeringGroupMeetingService/ListSteeringGroupMeetings";
const CREATE_MEETING: &str =
    "/samordna.reporting.v1.SteeringGroupMeetingService/CreateSteeringGroupMeeting";
const UPDATE_MEETING: &str =
    "/samordna.reporting.v1.SteeringGroupMeetingService/UpdateSteeringGroupMeeting";

const GROUPS: &str = "/planning/steering-groups";
const NORRA: &str = "/planning/steering-groups/norra";

#[tokio::test]
async fn a_group_shows_who_sits_in_it_and_what_it_decided_with_a_way_to_what_it_is_about() {
    let world = World::new().await;
    let list = world.signed_in("leila").await.get(GROUPS).await;
    assert!(list.text().contains("Lokal styrgrupp Norra Norra Region Västmanland, ordförande"));
    let minutes = ListSteeringGroupMeetingsResponse {
        meetings: vec![meeting("https://arkiv.example/30".to_owned())],
        next_page_token: "m1".to_owned(),
    };
    world.services.answer(MEETINGS, &minutes);
    let page = world.signed_in("leila").await.get(NORRA).await;
    let text = page.text();
    for shown in ["2025-06-02 Hållet", "SFV 2025/30", "4 Insatsplanen godkänns.", "dnr SFV 2024/9"]
    {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    assert!(page.html.contains("href=\"/planning/plans/sikta/versions/2-0\""));
    assert!(page.html.contains("rel=\"noreferrer\" href=\"https://arkiv.example/30\""));
    assert!(
        page.html.contains("rel=\"next\" href=\"/planning/steering-groups/norra?page_token=m1")
    );
    assert!(!page.html.contains("/meetings/new") && !page.html.contains("/change"));
}

#[tokio::test]
async fn a_group_is_entered_and_changed_by_those_who_plan_alone() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let form = browser.get("/planning/steering-groups/new").await;
    let fields = [
        ("display_name", "Central styrgrupp"),
        ("area", ""),
        ("members", "Region Västmanland, ordförande\r\n\r\nKöping, ledamot"),
    ];
    let done = browser.submit(&form, "/planning/steering-groups/new", &fields).await;
    assert!(done.location.starts_with("/planning/steering-groups/central-styrgrupp-"));
    let asked: Vec<CreateSteeringGroupRequest> = world.services.asked(CREATE);
    let sent = asked[0].steering_group.as_ref().unwrap();
    assert_eq!(sent.members, ["Region Västmanland, ordförande", "Köping, ledamot"]);
    assert_eq!(sent.area, "");
    let path = "/planning/steering-groups/norra/change";
    let form = browser.get(path).await;
    let fields = [("display_name", "Norra"), ("area", "norra"), ("members", "Sala, ordförande")];
    assert_eq!(browser.submit(&form, path, &fields).await.location, NORRA);
    let asked: Vec<UpdateSteeringGroupRequest> = world.services.asked(UPDATE);
    let area = &asked[0].steering_group.as_ref().unwrap().area;
    assert_eq!((asked[0].etag.as_str(), area), ("1", &name("areas", "norra")));
    for (who, path) in [("leila", path), ("olle", "/planning/steering-groups/new")] {
        assert_eq!(world.signed_in(who).await.get(path).await.status, StatusCode::FORBIDDEN);
    }
    let outside = world.signed_in("sofia").await.get(GROUPS).await;
    assert_eq!(outside.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_meeting_is_planned_and_later_written_down_with_its_decisions() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let path = "/planning/steering-groups/norra/meetings/new";
    let form = browser.get(path).await;
    let fields = [("day", "2025-09-01"), ("step", "save")];
    assert_eq!(browser.submit(&form, path, &fields).await.location, NORRA);
    let asked: Vec<CreateSteeringGroupMeetingRequest> = world.services.asked(CREATE_MEETING);
    let sent = asked[0].meeting.as_ref().unwrap();
    assert!(!sent.is_held && sent.decisions.is_empty());
    assert!(asked[0].meeting_id.starts_with("2025-09-01-"));

    let path = "/planning/steering-groups/norra/meetings/m1/change";
    let form = browser.get(path).await;
    assert!(form.html.contains("Sikta mot arbetslivet, insatsplan, version 2.0"));
    assert!(
        form.html.contains("value=\"grant SFV 2024/9\" selected"),
        "what is not in a list stays"
    );
    let report = format!("report {}", name("reports", "r1"));
    let fields = [
        ("day", "2025-06-02"),
        ("held", "yes"),
        ("line-0-number", "4"),
        ("line-0-text", "Rapporten godkänns."),
        ("line-0-about", report.as_str()),
        ("step", "save"),
    ];
    browser.submit(&form, path, &fields).await;
    let asked: Vec<UpdateSteeringGroupMeetingRequest> = world.services.asked(UPDATE_MEETING);
    let sent = asked[0].meeting.as_ref().unwrap();
    assert_eq!((asked[0].etag.as_str(), sent.is_held, sent.decisions.len()), ("3", true, 1));
    assert_eq!(sent.decisions[0].about, Some(About::Report(name("reports", "r1"))));

    let more = browser.submit(&form, path, &[("step", "add_line")]).await;
    assert!(more.html.contains("id=\"line-3-text\""));
    let fault = Fault::new("meeting.decisions", "DECISIONS_BEFORE_MEETING");
    world.services.refuse(UPDATE_MEETING, Failure::from(fault));
    let refused = browser.submit(&form, path, &[("line-0-text", "X"), ("step", "save")]).await;
    assert!(refused.html.contains("id=\"held-error\""), "{}", refused.text());
    let unknown = browser.get("/planning/steering-groups/norra/meetings/m9/change").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}
