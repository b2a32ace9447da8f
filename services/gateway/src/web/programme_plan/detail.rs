//! One version of a plan: whom it is for, its goals, and what was held of what it plans.

use std::collections::BTreeSet;

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::{
    participant::Livelihood,
    reporting::{ProgrammePlanVersion, TargetGroup},
};
use tonic::Status;

use super::{
    address,
    goals::{BudgetedView, GoalView},
    ids, livelihood_code, read,
};
use crate::web::{
    code,
    error_page::Trouble,
    form::page::Fact,
    format,
    held_activities::{self, HeldView},
    layout::{Layout, Visit, page},
    report::list::Around,
    rights,
};

#[derive(Template)]
#[template(path = "programme_plan.html")]
struct PlanPage {
    layout: Layout,
    address: String,
    number: String,
    facts: Vec<Fact>,
    goals: Vec<GoalView>,
    halves: Vec<HeldView>,
    budgeted: Vec<BudgetedView>,
    versions: Vec<VersionView>,
    may_plan: bool,
}

/// A version to go to.
struct VersionView {
    address: String,
    number: String,
    is_current: bool,
}

/// The latest version of a plan.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(plan): Path<String>) -> Result<Response, Trouble> {
    show_of(&visit, &plan, "").await
}

/// A version of a plan.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_version(
    visit: Visit,
    Path((plan, version)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    show_of(&visit, &plan, &version).await
}

async fn show_of(visit: &Visit, plan: &str, version: &str) -> Result<Response, Trouble> {
    Trouble::unless(visit, rights::reads_plans)?;
    let troubled = |status: Status| Trouble::of(visit, &status);
    let (read, around) =
        tokio::try_join!(read(visit, plan, version), Around::read(visit, &[])).map_err(troubled)?;
    let (version, numbers) = read;
    let (plan, _) = ids(&version);
    let halves: BTreeSet<&str> =
        version.activities.iter().map(|activity| activity.half_year.as_str()).collect();
    let mut held = Vec::with_capacity(halves.len());
    for half_year in halves {
        let compared = held_activities::compare(visit, plan, half_year, &version.number).await;
        let compared = compared.map_err(troubled)?;
        held.push(HeldView::of(visit, &around, half_year, &compared.activities));
    }
    let to_version = |number: &String| VersionView {
        address: format!("{}/versions/{}", address(plan), number.replace('.', "-")),
        number: number.clone(),
        is_current: *number == version.number,
    };
    Ok(page(&PlanPage {
        layout: Layout::of(visit, version.title.clone()),
        address: address(plan),
        number: version.number.clone(),
        facts: facts(visit, &around, &version),
        goals: version.goals.iter().map(|goal| GoalView::of(visit, goal)).collect(),
        halves: held,
        budgeted: version
            .budgeted_participants
            .iter()
            .map(|it| BudgetedView::of(&around, it))
            .collect(),
        versions: numbers.iter().map(to_version).collect(),
        may_plan: rights::plans(&visit.session.principal),
    }))
}

fn facts(visit: &Visit, around: &Around, version: &ProgrammePlanVersion) -> Vec<Fact> {
    let teams: Vec<&str> = version.teams.iter().map(|team| around.subject(team)).collect();
    let teams = if teams.is_empty() { visit.t("plan-every-team") } else { teams.join(", ") };
    let approved = format::date(version.approval_date.as_ref());
    let due_days = version.report_due_days.iter();
    let due_days = due_days.map(|day| format!("{:02}-{:02}", day.month, day.day));
    let months = version.longest_stay_months.to_string();
    let mut facts = vec![
        Fact::new(visit, "plan-approved", format!("{} {approved}", version.approved_by)),
        Fact::new(visit, "plan-period", format::period(version.period.as_ref())),
        Fact::new(visit, "plan-teams", teams),
        Fact::new(visit, "plan-direction", version.direction.clone()),
        Fact::new(visit, "plan-method", version.method.clone()),
    ];
    facts.extend(target_group(visit, version.target_group.as_ref()));
    facts.extend([
        Fact::new(visit, "plan-longest-stay", visit.t1("plan-months", "months", &months)),
        Fact::new(visit, "plan-intake-norm", version.intake_norm.to_string()),
        Fact::new(visit, "plan-share", format::percent(version.federation_share_percent)),
        Fact::new(visit, "plan-funding", format::kronor(version.federation_funding_ore_per_year)),
        Fact::new(visit, "plan-due-days", due_days.collect::<Vec<_>>().join(", ")),
    ]);
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

fn target_group(visit: &Visit, target_group: Option<&TargetGroup>) -> Vec<Fact> {
    let Some(TargetGroup { youngest, oldest, livelihoods, description }) = target_group else {
        return Vec::new();
    };
    let all = code::all::<Livelihood>();
    let is_named = |it: &&Livelihood| livelihoods.contains(&livelihood_code(**it));
    let named = all.iter().filter(is_named).map(|it| code::called(visit, it.as_str_name()));
    vec![
        Fact::new(visit, "plan-ages", format!("{youngest}–{oldest}")),
        Fact::new(visit, "criteria-livelihoods", named.collect::<Vec<_>>().join(", ")),
        Fact::new(visit, "plan-target-description", description.clone()),
    ]
}
