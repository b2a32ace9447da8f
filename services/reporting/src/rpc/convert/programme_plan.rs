//! Versions of programme plans.

use platform::convert::{
    date_from_proto, date_to_proto, period_from_proto, period_to_proto, prose,
};
use proto::reporting as pb;
use values::{Fault, Faults, Ore, Slug, name::TeamName};

use crate::domain::definition::{Cell, TOTAL};
use crate::domain::half_year::HalfYear;
use crate::domain::narrative::parse_cell;
use crate::domain::programme_plan::{
    Activity, BudgetedParticipants, DayOfYear, Goal, GoalLevel, GoalShare, Plan,
    ProgrammePlanVersionName, TargetGroup, VersionNumber,
};

/// Reads a version, all but its name. What it may be is for the domain to say.
pub(in crate::rpc) fn read(
    sent: pb::ProgrammePlanVersion,
) -> Result<(VersionNumber, Plan), Faults> {
    let pb::ProgrammePlanVersion {
        name: _, // Read by the caller, who knows what it has to be.
        number,
        approved_by,
        approval_date,
        title,
        direction,
        method,
        period,
        teams,
        target_group,
        longest_stay_months,
        intake_norm,
        federation_share_percent,
        federation_funding_ore_per_year,
        report_due_days,
        goals,
        activities,
        budgeted_participants,
    } = sent;
    let mut faults = Faults::new();
    let number = faults.keep(VersionNumber::parse("number", &number));
    let approved_by = prose(&mut faults, "approved_by", &approved_by, 1, 200);
    let approval_date = faults.keep(date_from_proto("approval_date", approval_date));
    let title = prose(&mut faults, "title", &title, 1, 200);
    let direction = prose(&mut faults, "direction", &direction, 0, 2000);
    let method = prose(&mut faults, "method", &method, 0, 2000);
    let period = faults.keep_nested("", period_from_proto("period", period));
    let teams = each(&mut faults, "teams", teams, |team| Ok(TeamName::parse("", &team)?));
    let group = target_group.ok_or_else(|| Fault::new("target_group", "FIELD_MISSING"));
    let group = faults.keep(group);
    let group =
        group.and_then(|group| faults.keep_nested("target_group", self::target_group(group)));
    let due_days = each(&mut faults, "report_due_days", report_due_days, |day| {
        let pb::DayOfYear { month, day } = day;
        Ok(DayOfYear::new("", month, day)?)
    });
    let goals = each(&mut faults, "goals", goals, goal);
    let activities = each(&mut faults, "activities", activities, activity);
    let budgeted = each(&mut faults, "budgeted_participants", budgeted_participants, budgeted);
    faults.into_result(|| {
        let plan = Plan {
            approved_by: approved_by?,
            approval_date: approval_date?,
            title: title?,
            direction: direction?,
            method: method?,
            period: period?,
            teams: teams?,
            target_group: group?,
            longest_stay_months,
            intake_norm,
            federation_share_percent,
            federation_funding_per_year: Ore::new(federation_funding_ore_per_year),
            report_due_days: due_days?,
            goals: goals?,
            activities: activities?,
            budgeted_participants: budgeted?,
        };
        Some((number?, plan))
    })
}

/// Reads each item of a list, with its place in the faults.
pub(in crate::rpc) fn each<S, T>(
    faults: &mut Faults,
    field: &str,
    sent: Vec<S>,
    read: impl Fn(S) -> Result<T, Faults>,
) -> Option<Vec<T>> {
    let mut items = Vec::new();
    for (index, item) in sent.into_iter().enumerate() {
        items.push(faults.keep_nested(&format!("{field}[{index}]"), read(item)));
    }
    items.into_iter().collect()
}

fn target_group(sent: pb::TargetGroup) -> Result<TargetGroup, Faults> {
    let pb::TargetGroup { youngest, oldest, livelihoods, description } = sent;
    let mut faults = Faults::new();
    let description = prose(&mut faults, "description", &description, 0, 2000);
    faults.into_result(|| {
        Some(TargetGroup { youngest, oldest, livelihoods, description: description? })
    })
}

fn goal(sent: pb::PlanGoal) -> Result<Goal, Faults> {
    let pb::PlanGoal { level, title, quantitative } = sent;
    let mut faults = Faults::new();
    let title = prose(&mut faults, "title", &title, 1, 500);
    let level = match (pb::GoalLevel::try_from(level), quantitative) {
        (Ok(pb::GoalLevel::Individual), None) => Some(GoalLevel::Individual),
        (Ok(pb::GoalLevel::Organisation), None) => Some(GoalLevel::Organisation),
        (Ok(pb::GoalLevel::Quantitative), Some(sent)) => {
            faults.keep_nested("quantitative", share(sent)).map(GoalLevel::Quantitative)
        }
        (Ok(pb::GoalLevel::Quantitative), None) => {
            faults.push(Fault::new("quantitative", "GOAL_SHARE_MISSING"));
            None
        }
        (Ok(pb::GoalLevel::Individual | pb::GoalLevel::Organisation), Some(_)) => {
            faults.push(Fault::new("quantitative", "GOAL_SHARE_NOT_HERE"));
            None
        }
        (Ok(pb::GoalLevel::Unspecified) | Err(_), _) => {
            faults.push(Fault::new("level", "ENUM_UNSPECIFIED"));
            None
        }
    };
    faults.into_result(|| Some(Goal { title: title?, level: level? }))
}

fn share(sent: pb::QuantitativeGoal) -> Result<GoalShare, Faults> {
    let pb::QuantitativeGoal {
        target_percent,
        numerator,
        denominator,
        numerator_cells,
        denominator_cells,
        destinations,
    } = sent;
    let mut faults = Faults::new();
    let numerator = prose(&mut faults, "numerator", &numerator, 1, 500);
    let denominator = prose(&mut faults, "denominator", &denominator, 1, 500);
    let numerator_cells = each(&mut faults, "numerator_cells", numerator_cells, cell);
    let denominator_cells = each(&mut faults, "denominator_cells", denominator_cells, cell);
    faults.into_result(|| {
        Some(GoalShare {
            target_percent,
            numerator: numerator?,
            denominator: denominator?,
            numerator_cells: numerator_cells?,
            denominator_cells: denominator_cells?,
            destinations,
        })
    })
}

fn cell(sent: String) -> Result<Cell, Faults> {
    let unknown = || Fault::new("", "FIGURE_UNKNOWN").with("value", &sent);
    Ok(parse_cell(&sent).ok_or_else(unknown)?)
}

fn activity(sent: pb::PlannedActivity) -> Result<Activity, Faults> {
    let pb::PlannedActivity { id, half_year, title, least, most, is_per_area } = sent;
    let mut faults = Faults::new();
    let id = faults.keep(Slug::parse("id", &id));
    let half_year = faults.keep(HalfYear::parse("half_year", &half_year));
    let title = prose(&mut faults, "title", &title, 1, 200);
    faults.into_result(|| {
        let (id, half_year, title) = (id?, half_year?, title?);
        Some(Activity { id, half_year, title, least, most, is_per_area })
    })
}

fn budgeted(sent: pb::BudgetedParticipants) -> Result<BudgetedParticipants, Faults> {
    let pb::BudgetedParticipants { year, team, total, women, men } = sent;
    let team = TeamName::parse("team", &team)?;
    Ok(BudgetedParticipants { year, team, total, women, men })
}

/// A version as it is sent and recorded.
pub(in crate::rpc) fn render(
    name: &ProgrammePlanVersionName,
    plan: Plan,
) -> pb::ProgrammePlanVersion {
    let Plan {
        approved_by,
        approval_date,
        title,
        direction,
        method,
        period,
        teams,
        target_group,
        longest_stay_months,
        intake_norm,
        federation_share_percent,
        federation_funding_per_year,
        report_due_days,
        goals,
        activities,
        budgeted_participants,
    } = plan;
    let TargetGroup { youngest, oldest, livelihoods, description } = target_group;
    let group = pb::TargetGroup { youngest, oldest, livelihoods, description };
    let due_day = |DayOfYear { month, day }| {
        let small = |number: u32| i32::try_from(number).expect("a month or a day");
        pb::DayOfYear { month: small(month), day: small(day) }
    };
    pb::ProgrammePlanVersion {
        name: name.to_string(),
        number: name.number.to_string(),
        approved_by,
        approval_date: Some(date_to_proto(approval_date)),
        title,
        direction,
        method,
        period: Some(period_to_proto(period)),
        teams: teams.iter().map(TeamName::to_string).collect(),
        target_group: Some(group),
        longest_stay_months,
        intake_norm,
        federation_share_percent,
        federation_funding_ore_per_year: federation_funding_per_year.get(),
        report_due_days: report_due_days.into_iter().map(due_day).collect(),
        goals: goals.into_iter().map(render_goal).collect(),
        activities: activities.into_iter().map(render_activity).collect(),
        budgeted_participants: budgeted_participants.into_iter().map(render_budgeted).collect(),
    }
}

fn render_goal(goal: Goal) -> pb::PlanGoal {
    let Goal { title, level } = goal;
    let (level, quantitative) = match level {
        GoalLevel::Individual => (pb::GoalLevel::Individual, None),
        GoalLevel::Organisation => (pb::GoalLevel::Organisation, None),
        GoalLevel::Quantitative(share) => (pb::GoalLevel::Quantitative, Some(render_share(share))),
    };
    pb::PlanGoal { level: level.into(), title, quantitative }
}

fn render_share(share: GoalShare) -> pb::QuantitativeGoal {
    let GoalShare {
        target_percent,
        numerator,
        denominator,
        numerator_cells,
        denominator_cells,
        destinations,
    } = share;
    let cell = |Cell { figure, category }: &Cell| match category.as_str() {
        TOTAL => figure.clone(),
        _ => format!("{figure}.{category}"),
    };
    pb::QuantitativeGoal {
        target_percent,
        numerator,
        denominator,
        numerator_cells: numerator_cells.iter().map(cell).collect(),
        denominator_cells: denominator_cells.iter().map(cell).collect(),
        destinations,
    }
}

fn render_activity(activity: Activity) -> pb::PlannedActivity {
    let Activity { id, half_year, title, least, most, is_per_area } = activity;
    let (id, half_year) = (id.to_string(), half_year.to_string());
    pb::PlannedActivity { id, half_year, title, least, most, is_per_area }
}

fn render_budgeted(budgeted: BudgetedParticipants) -> pb::BudgetedParticipants {
    let BudgetedParticipants { year, team, total, women, men } = budgeted;
    pb::BudgetedParticipants { year, team: team.to_string(), total, women, men }
}
