//! What is planned and steered: the reports that are due, a programme plan in two versions
//! with what was held of it, a local goal, and a steering group with its meetings. All of
//! it is made up.

use anyhow::Context as _;
use proto::{
    Date,
    common::Period,
    reporting::{
        CreateLocalGoalRequest, CreateProgrammePlanVersionRequest,
        CreateSteeringGroupMeetingRequest, CreateSteeringGroupRequest, DayOfYear, GoalFollowUp,
        GoalLevel, GoalOutcome, HeldActivities, HeldActivity, LocalGoal, PlanGoal, PlannedActivity,
        ProgrammePlanVersion, QuantitativeGoal, RecordHeldActivitiesRequest, ReportSubjectKind,
        ScheduleReportsRequest, SendReminderRequest, SteeringDecision, SteeringGroup,
        SteeringGroupMeeting, TargetGroup, due_report_service_client::DueReportServiceClient,
        held_activities_service_client::HeldActivitiesServiceClient,
        local_goal_service_client::LocalGoalServiceClient,
        programme_plan_service_client::ProgrammePlanServiceClient,
        reminder_service_client::ReminderServiceClient, steering_decision::About,
        steering_group_meeting_service_client::SteeringGroupMeetingServiceClient,
        steering_group_service_client::SteeringGroupServiceClient,
    },
};

use super::{FEDERATION, half_year};
use crate::import::Gateway;

const PLAN: &str = "programmePlans/demo-arbetslivet";
const GROUP: &str = "demo-centrala";
const TEAM: &str = "vastra-malardalen";

/// Makes all of it. What was made before is answered again.
///
/// # Errors
/// When a service refuses or does not answer.
pub async fn make(administrator: Gateway) -> anyhow::Result<()> {
    schedules(administrator.clone()).await?;
    plan(administrator.clone()).await?;
    held(administrator.clone()).await?;
    goal(administrator.clone()).await?;
    steering(administrator).await
}

fn named(rest: &str) -> String {
    format!("federations/{FEDERATION}/{rest}")
}

fn day(year: i32, month: i32, day: i32) -> Option<Date> {
    Some(Date { year, month, day })
}

async fn schedules(administrator: Gateway) -> anyhow::Result<()> {
    let mut due = DueReportServiceClient::new(administrator.clone());
    for (template, about, due_date) in [
        (half_year::TEMPLATE, ReportSubjectKind::Federation, day(2025, 7, 31)),
        ("status-report-1", ReportSubjectKind::Team, day(2025, 7, 1)),
    ] {
        let request = ScheduleReportsRequest {
            reporting_period: named("reportingPeriods/2025h1"),
            template: named(&format!("reportTemplates/{template}")),
            about: about.into(),
            due_date,
            request_id: format!("demo-schedule-{template}"),
            validate_only: false,
        };
        due.schedule_reports(request).await.context("reports that are due")?;
    }
    let request = SendReminderRequest {
        reporting_period: named("reportingPeriods/2025h1"),
        template: named("reportTemplates/status-report-1"),
        subject: named("teams/surahammar"),
        request_id: "demo-reminder".to_owned(),
        validate_only: false,
    };
    ReminderServiceClient::new(administrator).send_reminder(request).await.context("a reminder")?;
    Ok(())
}

async fn plan(administrator: Gateway) -> anyhow::Result<()> {
    let mut plans = ProgrammePlanServiceClient::new(administrator);
    for (number, approval_date, target_percent) in
        [("1.0", day(2024, 11, 28), 50), ("1.1", day(2025, 5, 15), 60)]
    {
        let request = CreateProgrammePlanVersionRequest {
            parent: named(PLAN),
            version: Some(version(number, approval_date, target_percent)),
            request_id: format!("demo-plan-{number}"),
            validate_only: false,
        };
        plans.create_programme_plan_version(request).await.context("a plan")?;
    }
    Ok(())
}

fn version(number: &str, approval_date: Option<Date>, target_percent: i32) -> ProgrammePlanVersion {
    let goal = |level: GoalLevel, title: &str, quantitative| PlanGoal {
        level: level.into(),
        title: title.to_owned(),
        quantitative,
    };
    let share = QuantitativeGoal {
        target_percent,
        numerator: "avslut till arbete eller studier".to_owned(),
        denominator: "alla avslut".to_owned(),
        numerator_cells: vec!["exits.work".to_owned(), "exits.studies".to_owned()],
        denominator_cells: vec!["exits".to_owned()],
        destinations: vec!["work".to_owned(), "studies".to_owned()],
    };
    let activity = |id: &str, title: &str, least: i32, most: i32| PlannedActivity {
        id: id.to_owned(),
        half_year: "2025h1".to_owned(),
        title: title.to_owned(),
        least: Some(least),
        most: Some(most),
        is_per_area: false,
    };
    ProgrammePlanVersion {
        number: number.to_owned(),
        approved_by: "Centrala styrgruppen".to_owned(),
        approval_date,
        title: "Vägar till arbetslivet (påhittad)".to_owned(),
        direction: "Samordnat stöd på vägen till arbete eller studier".to_owned(),
        method: "Supported Employment".to_owned(),
        period: Some(Period { first_day: day(2025, 1, 1), last_day: day(2027, 12, 31) }),
        target_group: Some(TargetGroup {
            youngest: 16,
            oldest: 66,
            livelihoods: vec!["social_assistance".to_owned(), "sickness_benefit".to_owned()],
            description: String::new(),
        }),
        longest_stay_months: 18,
        intake_norm: 20,
        federation_share_percent: 40,
        federation_funding_ore_per_year: 420_000_000,
        report_due_days: vec![DayOfYear { month: 1, day: 31 }, DayOfYear { month: 7, day: 31 }],
        goals: vec![
            goal(GoalLevel::Individual, "Varje deltagare tar steg mot arbete eller studier", None),
            goal(GoalLevel::Organisation, "Parterna planerar tillsammans från första dagen", None),
            goal(GoalLevel::Quantitative, "Avslut till arbete eller studier", Some(share)),
        ],
        activities: vec![
            activity("personalkonferens", "Personalkonferens", 1, 1),
            activity("metodtraff", "Metodträff", 2, 4),
            activity("arbetsgivartraff", "Träff med arbetsgivare", 1, 2),
        ],
        ..ProgrammePlanVersion::default()
    }
}

async fn held(administrator: Gateway) -> anyhow::Result<()> {
    let held = |activity: &str, held: i32, comment: &str| HeldActivity {
        activity: activity.to_owned(),
        area: String::new(),
        held,
        comment: comment.to_owned(),
    };
    let held_activities = HeldActivities {
        name: named(&format!("{PLAN}/heldActivities/2025h1")),
        activities: vec![
            held("personalkonferens", 1, ""),
            held("metodtraff", 1, "En träff flyttades till hösten."),
        ],
        etag: String::new(),
    };
    let request = RecordHeldActivitiesRequest {
        held_activities: Some(held_activities),
        etag: String::new(),
        request_id: "demo-held".to_owned(),
        validate_only: false,
    };
    let mut client = HeldActivitiesServiceClient::new(administrator);
    client.record_held_activities(request).await.context("what was held")?;
    Ok(())
}

async fn goal(administrator: Gateway) -> anyhow::Result<()> {
    let goal = LocalGoal {
        team: named(&format!("teams/{TEAM}")),
        year: 2025,
        title: "Kortare väntan på ett första samtal".to_owned(),
        measured: "Dagar från aktualisering till första samtal, varje kvartal".to_owned(),
        target: "Högst 14 dagar".to_owned(),
        follow_ups: vec![GoalFollowUp {
            half: 1,
            outcome: GoalOutcome::Partly.into(),
            text: "Målet nåddes under våren men inte i juni.".to_owned(),
        }],
        ..LocalGoal::default()
    };
    let request = CreateLocalGoalRequest {
        parent: format!("federations/{FEDERATION}"),
        local_goal_id: "demo-vantan-2025".to_owned(),
        local_goal: Some(goal),
        request_id: "demo-goal".to_owned(),
        validate_only: false,
    };
    let mut client = LocalGoalServiceClient::new(administrator);
    client.create_local_goal(request).await.context("a local goal")?;
    Ok(())
}

async fn steering(administrator: Gateway) -> anyhow::Result<()> {
    let group = SteeringGroup {
        display_name: "Centrala styrgruppen".to_owned(),
        members: vec![
            "Region Västmanland, ordförande".to_owned(),
            "Köpings kommun, ledamot".to_owned(),
            "Försäkringskassan, ledamot".to_owned(),
        ],
        ..SteeringGroup::default()
    };
    let request = CreateSteeringGroupRequest {
        parent: format!("federations/{FEDERATION}"),
        steering_group_id: GROUP.to_owned(),
        steering_group: Some(group),
        request_id: "demo-group".to_owned(),
        validate_only: false,
    };
    let mut groups = SteeringGroupServiceClient::new(administrator.clone());
    groups.create_steering_group(request).await.context("a steering group")?;
    let decided = SteeringDecision {
        number: 7,
        text: "Version 1.1 av insatsplanen godkänns.".to_owned(),
        about: Some(About::PlanVersion(named(&format!("{PLAN}/versions/1-1")))),
    };
    let held = SteeringGroupMeeting {
        day: day(2025, 5, 15),
        is_held: true,
        dnr: "SFV 2025/22".to_owned(),
        decisions: vec![decided],
        ..SteeringGroupMeeting::default()
    };
    let planned = SteeringGroupMeeting { day: day(2025, 9, 18), ..SteeringGroupMeeting::default() };
    let mut meetings = SteeringGroupMeetingServiceClient::new(administrator);
    for (id, meeting) in [("demo-maj", held), ("demo-september", planned)] {
        let request = CreateSteeringGroupMeetingRequest {
            parent: named(&format!("steeringGroups/{GROUP}")),
            meeting_id: id.to_owned(),
            meeting: Some(meeting),
            request_id: format!("demo-meeting-{id}"),
            validate_only: false,
        };
        meetings.create_steering_group_meeting(request).await.context("a meeting")?;
    }
    Ok(())
}
