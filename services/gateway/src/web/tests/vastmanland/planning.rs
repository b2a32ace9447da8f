//! Prepared answers of reporting about a plan in two versions, what was held of it, a
//! local goal, and a steering group with its meetings.

use proto::{
    common::Period,
    reporting::{
        ActivityComparison, ActivityOutcome, BudgetedParticipants, CompareActivitiesResponse,
        CreateLocalGoalResponse, CreateProgrammePlanVersionResponse,
        CreateSteeringGroupMeetingResponse, CreateSteeringGroupResponse, DayOfYear,
        GetLocalGoalResponse, GetProgrammePlanResponse, GetSteeringGroupResponse, GoalFollowUp,
        GoalLevel, GoalOutcome, ListLocalGoalsResponse, ListProgrammePlansResponse,
        ListSteeringGroupMeetingsResponse, ListSteeringGroupsResponse, LocalGoal, PlanGoal,
        PlannedActivity, ProgrammePlanVersion, QuantitativeGoal, RecordHeldActivitiesResponse,
        SteeringDecision, SteeringGroup, SteeringGroupMeeting, TargetGroup,
        UpdateLocalGoalResponse, UpdateSteeringGroupMeetingResponse, UpdateSteeringGroupResponse,
        steering_decision::About,
    },
};

use super::{date, name};
use crate::web::tests::services::Services;

pub(super) fn prepare(services: &Services) {
    prepare_plan(services);
    prepare_goals(services);
    prepare_groups(services);
}

fn prepare_plan(services: &Services) {
    services.answer(
        "/samordna.reporting.v1.ProgrammePlanService/ListProgrammePlans",
        &ListProgrammePlansResponse {
            versions: vec![version()],
            next_page_token: "sikta".to_owned(),
        },
    );
    services.answer(
        "/samordna.reporting.v1.ProgrammePlanService/GetProgrammePlan",
        &GetProgrammePlanResponse {
            version: Some(version()),
            numbers: vec!["1.0".to_owned(), "2.0".to_owned()],
        },
    );
    services.answer(
        "/samordna.reporting.v1.ProgrammePlanService/CreateProgrammePlanVersion",
        &CreateProgrammePlanVersionResponse::default(),
    );
    let compared = |activity: &str, title: &str, area: &str| ActivityComparison {
        activity: activity.to_owned(),
        title: title.to_owned(),
        area: area.to_owned(),
        least: Some(1),
        most: Some(2),
        held: None,
        comment: String::new(),
        outcome: ActivityOutcome::NotRecorded.into(),
    };
    let held = ActivityComparison {
        held: Some(0),
        comment: "Inställd.".to_owned(),
        outcome: ActivityOutcome::Below.into(),
        ..compared("personalkonferens", "Personalkonferens", "")
    };
    services.answer(
        "/samordna.reporting.v1.HeldActivitiesService/CompareActivities",
        &CompareActivitiesResponse {
            version: "2.0".to_owned(),
            activities: vec![held, compared("mote", "Möte", &name("areas", "norra"))],
            etag: "4".to_owned(),
        },
    );
    services.answer(
        "/samordna.reporting.v1.HeldActivitiesService/RecordHeldActivities",
        &RecordHeldActivitiesResponse::default(),
    );
}

fn version() -> ProgrammePlanVersion {
    let goal = |level: GoalLevel, title: &str, quantitative| PlanGoal {
        level: level.into(),
        title: title.to_owned(),
        quantitative,
    };
    let share = QuantitativeGoal {
        target_percent: 60,
        numerator: "avslut till arbete eller studier".to_owned(),
        denominator: "alla avslut".to_owned(),
        numerator_cells: vec!["exits.work".to_owned(), "exits.studies".to_owned()],
        denominator_cells: vec!["exits".to_owned()],
        destinations: vec!["work".to_owned()],
    };
    ProgrammePlanVersion {
        name: format!("{}/versions/2-0", name("programmePlans", "sikta")),
        number: "2.0".to_owned(),
        approved_by: "Centrala styrgruppen".to_owned(),
        approval_date: date(2024, 12, 5),
        title: "Sikta mot arbetslivet".to_owned(),
        direction: "Vägen till arbete".to_owned(),
        method: "Supported Employment".to_owned(),
        period: Some(Period { first_day: date(2024, 1, 1), last_day: date(2026, 12, 31) }),
        teams: vec![name("teams", "sala")],
        target_group: Some(TargetGroup {
            youngest: 16,
            oldest: 64,
            livelihoods: vec!["social_assistance".to_owned()],
            description: String::new(),
        }),
        longest_stay_months: 18,
        intake_norm: 20,
        federation_share_percent: 40,
        federation_funding_ore_per_year: 500_000_000,
        report_due_days: vec![DayOfYear { month: 7, day: 31 }],
        goals: vec![
            goal(GoalLevel::Individual, "Stegförflyttning", None),
            goal(GoalLevel::Quantitative, "Fler i arbete", Some(share)),
        ],
        activities: vec![PlannedActivity {
            id: "personalkonferens".to_owned(),
            half_year: "2025h1".to_owned(),
            title: "Personalkonferens".to_owned(),
            least: Some(1),
            most: Some(2),
            is_per_area: false,
        }],
        budgeted_participants: vec![BudgetedParticipants {
            year: 2025,
            team: name("teams", "sala"),
            total: 40,
            women: Some(22),
            men: None,
        }],
    }
}

fn prepare_goals(services: &Services) {
    let goal = |id: &str, team: &str| LocalGoal {
        name: name("localGoals", id),
        team: name("teams", team),
        year: 2025,
        title: "Kortare kö".to_owned(),
        measured: "Väntetiden i dagar, varje kvartal".to_owned(),
        target: "Högst 30 dagar".to_owned(),
        follow_ups: vec![GoalFollowUp {
            half: 1,
            outcome: GoalOutcome::Partly.into(),
            text: "35 dagar i juni.".to_owned(),
        }],
        etag: "2".to_owned(),
    };
    services.answer(
        "/samordna.reporting.v1.LocalGoalService/ListLocalGoals",
        &ListLocalGoalsResponse {
            local_goals: vec![goal("g1", "hallstahammar"), goal("g2", "sala")],
            next_page_token: "g2".to_owned(),
        },
    );
    services.answer(
        "/samordna.reporting.v1.LocalGoalService/GetLocalGoal",
        &GetLocalGoalResponse { local_goal: Some(goal("g1", "hallstahammar")) },
    );
    services.answer(
        "/samordna.reporting.v1.LocalGoalService/CreateLocalGoal",
        &CreateLocalGoalResponse::default(),
    );
    services.answer(
        "/samordna.reporting.v1.LocalGoalService/UpdateLocalGoal",
        &UpdateLocalGoalResponse::default(),
    );
}

fn prepare_groups(services: &Services) {
    let group = SteeringGroup {
        name: name("steeringGroups", "norra"),
        display_name: "Lokal styrgrupp Norra".to_owned(),
        area: name("areas", "norra"),
        members: vec!["Region Västmanland, ordförande".to_owned()],
        etag: "1".to_owned(),
    };
    services.answer(
        "/samordna.reporting.v1.SteeringGroupService/ListSteeringGroups",
        &ListSteeringGroupsResponse {
            steering_groups: vec![group.clone()],
            next_page_token: "norra".to_owned(),
        },
    );
    services.answer(
        "/samordna.reporting.v1.SteeringGroupService/GetSteeringGroup",
        &GetSteeringGroupResponse { steering_group: Some(group) },
    );
    services.answer(
        "/samordna.reporting.v1.SteeringGroupService/CreateSteeringGroup",
        &CreateSteeringGroupResponse::default(),
    );
    services.answer(
        "/samordna.reporting.v1.SteeringGroupService/UpdateSteeringGroup",
        &UpdateSteeringGroupResponse::default(),
    );
    services.answer(
        "/samordna.reporting.v1.SteeringGroupMeetingService/ListSteeringGroupMeetings",
        &ListSteeringGroupMeetingsResponse {
            meetings: vec![meeting(String::new())],
            next_page_token: String::new(),
        },
    );
    services.answer(
        "/samordna.reporting.v1.SteeringGroupMeetingService/CreateSteeringGroupMeeting",
        &CreateSteeringGroupMeetingResponse::default(),
    );
    services.answer(
        "/samordna.reporting.v1.SteeringGroupMeetingService/UpdateSteeringGroupMeeting",
        &UpdateSteeringGroupMeetingResponse::default(),
    );
}

/// A meeting that was held, with its minutes at an address.
pub(in crate::web::tests) fn meeting(minutes_uri: String) -> SteeringGroupMeeting {
    let decision = |number: i32, text: &str, about| SteeringDecision {
        number,
        text: text.to_owned(),
        about: Some(about),
    };
    let plan = format!("{}/versions/2-0", name("programmePlans", "sikta"));
    SteeringGroupMeeting {
        name: format!("{}/meetings/m1", name("steeringGroups", "norra")),
        day: date(2025, 6, 2),
        is_held: true,
        dnr: "SFV 2025/30".to_owned(),
        minutes_uri,
        decisions: vec![
            decision(4, "Insatsplanen godkänns.", About::PlanVersion(plan)),
            decision(5, "Medlen räcker året ut.", About::GrantDnr("SFV 2024/9".to_owned())),
        ],
        etag: "3".to_owned(),
    }
}
