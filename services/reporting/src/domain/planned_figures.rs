//! What a programme plan gives to the checks of a report: what was planned for its
//! days, and the goals of each version.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use values::{Period, name::TeamName};

use crate::domain::compiled;
use crate::domain::definition::{Cell, TOTAL};
use crate::domain::figures::{Figures, Value};
use crate::domain::programme_plan::{Plan, ProgrammePlanVersionName, VersionNumber};
use crate::domain::quantity::Ratio;
use crate::domain::report::Content;
use crate::domain::template::{Cells, Relation, Template};

/// The days of the year that a norm is for.
const DAYS_OF_NORM: i64 = 365;
/// The figure whose plan is the planned intake.
const INTAKE: &str = "new_participants";

/// A coach's position over days in which nothing about it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staffing {
    /// Its extent, in percent of a full time.
    pub fte_percent: i64,
    /// Its days.
    pub period: Period,
}

/// What a programme plan gives to a report: the goals of each of its versions, and what
/// the version that the report belongs to planned for its days, by the positions that
/// the report states. `None` for a report that belongs to no plan.
///
/// A report names the version by its number: it belongs to the plan for its teams and
/// days that has it. When none or several have, its goals are of no known version, and
/// the check of goals says so.
#[must_use]
pub fn of_report(
    versions: &BTreeMap<ProgrammePlanVersionName, Plan>,
    content: &Content,
    template: &Template,
    period: Period,
    teams: &BTreeSet<TeamName>,
) -> Option<compiled::Plan> {
    if content.plan_version.is_empty() || versions.is_empty() {
        return None;
    }
    let mut named = versions.iter().filter(|(name, plan)| {
        name.number.to_string() == content.plan_version && is_for(plan, teams, period)
    });
    let (Some((version, plan)), None) = (named.next(), named.next()) else {
        return Some(compiled::Plan::default());
    };
    let of_plan = versions.iter().filter(|(name, _)| name.plan == version.plan);
    let goals = of_plan.map(|(name, plan)| (name.number.to_string(), titles(plan))).collect();
    let of_subject = |(id, stated): (&String, &Figures)| {
        let fte_percent = fte_percent(template, stated)?;
        Some((id.clone(), planned(plan, &[Staffing { fte_percent, period }], period)))
    };
    let planned = content.stated.iter().filter_map(of_subject).collect();
    Some(compiled::Plan { goals, planned })
}

/// The versions that a report on these teams and days may belong to, the newest first. A
/// number that several plans have names none of them.
#[must_use]
pub fn to_choose_from<'a>(
    versions: &'a BTreeMap<ProgrammePlanVersionName, Plan>,
    period: Period,
    teams: &BTreeSet<TeamName>,
) -> Vec<(&'a ProgrammePlanVersionName, &'a Plan)> {
    let fitting: Vec<_> = versions.iter().filter(|(_, plan)| is_for(plan, teams, period)).collect();
    let has_number = |number: VersionNumber| {
        fitting.iter().filter(move |(name, _)| name.number == number).count()
    };
    let mut named = fitting.clone();
    named.retain(|(name, _)| has_number(name.number) == 1);
    named.sort_by_key(|(name, plan)| (Reverse(plan.approval_date), Reverse(name.number)));
    named
}

fn is_for(plan: &Plan, teams: &BTreeSet<TeamName>, period: Period) -> bool {
    let is_for_teams = plan.teams.is_empty() || teams.iter().all(|team| plan.teams.contains(team));
    is_for_teams && shared_days(plan.period, period).is_some()
}

/// The positions that a report states, where its template holds an intake against them.
fn fte_percent(template: &Template, stated: &Figures) -> Option<i64> {
    let positions = template.relations.iter().find_map(|relation| match relation {
        Relation::PlannedIntake(intake) => Some(&intake.positions),
        Relation::Whole(_)
        | Relation::Share(_)
        | Relation::Flow(_)
        | Relation::Bands { .. }
        | Relation::Same { .. }
        | Relation::Change(_)
        | Relation::SumOfTeams(_) => None,
    });
    let cells = Cells::all_stated(positions?, stated)?;
    let numbers = cells.iter().filter_map(|cell| stated.number(cell));
    Ratio::sum(numbers).times(100).rounded(0)?.as_count()
}

/// What a plan says of a team's figures of a period: the planned intake, from the staff
/// of each day. Nothing is planned outside of the plan's own days.
#[must_use]
pub fn planned(plan: &Plan, staffing: &[Staffing], period: Period) -> Figures {
    let intake = planned_intake(plan, staffing, period).and_then(|intake| intake.rounded(0));
    let cell = Cell::new(INTAKE, TOTAL);
    intake.map(|intake| (cell, Value::Number(intake))).into_iter().collect()
}

/// Full-time positions × norm × days ÷ 365, over the days of a period that the plan goes
/// on; `None` when it has none of them.
#[must_use]
pub fn planned_intake(plan: &Plan, staffing: &[Staffing], period: Period) -> Option<Ratio> {
    let days = shared_days(plan.period, period)?;
    let percent_days = staffing.iter().filter_map(|staffing| {
        let shared = shared_days(staffing.period, days)?;
        let count = (shared.last_day() - shared.first_day()).num_days() + 1;
        Some(staffing.fte_percent * count)
    });
    let of_a_norm = Ratio::whole(percent_days.sum::<i64>()).times(plan.intake_norm.into());
    of_a_norm.over(Ratio::whole(100 * DAYS_OF_NORM))
}

fn shared_days(one: Period, other: Period) -> Option<Period> {
    let first_day = one.first_day().max(other.first_day());
    Period::new("", first_day, one.last_day().min(other.last_day())).ok()
}

/// What the goals of a version say.
#[must_use]
pub fn titles(plan: &Plan) -> Vec<String> {
    plan.goals.iter().map(|goal| goal.title.clone()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use values::Slug;
    use values::name::{ReportTemplateName, ReportingPeriodName};

    use super::*;
    use crate::domain::programme_plan::tests::plan;
    use crate::domain::quantity::Quantity;
    use crate::domain::report::Subject;
    use crate::domain::template;

    fn team(id: &str) -> TeamName {
        TeamName::new(slug("f"), slug(id))
    }

    fn period(first: &str, last: &str) -> Period {
        Period::new("", first.parse().unwrap(), last.parse().unwrap()).unwrap()
    }

    fn intake(staffing: &[Staffing], days: Period) -> Option<String> {
        let intake = planned(&plan(), staffing, days).number(&Cell::new(INTAKE, TOTAL));
        intake.map(|intake: Quantity| intake.shown(crate::domain::language::Language::Swedish))
    }

    /// Norra: 6,5 positions × 20 a year, from the plan's start on 1 October 2023.
    #[test]
    fn the_planned_intake_of_norra_counts_the_days_from_the_plans_own_start() {
        let always = period("2020-01-01", "2030-12-31");
        let norra = [450, 200].map(|fte_percent| Staffing { fte_percent, period: always });
        let until = |first| intake(&norra, period(first, "2025-06-30"));
        assert_eq!(until("2023-10-01"), Some("228".to_owned()));
        assert_eq!(until("2020-01-01"), Some("228".to_owned()), "nothing before the plan");
        assert_eq!(until("2025-01-01"), Some("64".to_owned()));
        assert_eq!(intake(&norra, period("2029-01-01", "2029-06-30")), None);
        assert_eq!(intake(&[], period("2025-01-01", "2025-06-30")), Some("0".to_owned()));
        let half_way = Staffing { fte_percent: 100, period: period("2025-04-01", "2025-12-31") };
        assert_eq!(intake(&[half_way], period("2025-01-01", "2025-06-30")), Some("5".to_owned()));
    }

    fn content(plan_version: &str) -> Content {
        let federation = || slug("f");
        let positions = Figures::default().with(
            Cell::new("coach_positions", "sala"),
            Value::Number(Quantity::parse("6.5").unwrap()),
        );
        Content {
            template: ReportTemplateName::new(federation(), slug("status-report-1")),
            period: ReportingPeriodName::new(federation(), slug("2025h1")),
            subject: Subject::Team(slug("sala")),
            title: "Lägesrapport".to_owned(),
            dnr: String::new(),
            plan_version: plan_version.to_owned(),
            goals: Vec::new(),
            derived: BTreeSet::new(),
            stated: BTreeMap::from([("sala".to_owned(), positions)]),
        }
    }

    fn slug(id: &str) -> Slug {
        Slug::parse("", id).unwrap()
    }

    #[test]
    fn a_report_belongs_to_the_one_plan_for_its_teams_and_days_that_has_its_version() {
        let template = include_str!("../../templates/status-report-1.toml");
        let template = template::load(template).unwrap();
        let name = |plan: &str, version: &str| {
            let text = format!("federations/f/programmePlans/{plan}/versions/{version}");
            ProgrammePlanVersionName::parse("", &text).unwrap()
        };
        let plan = || Plan { teams: Vec::new(), ..plan() };
        let of_others = Plan { teams: vec![team("fagersta")], ..plan() };
        let past = Plan { period: period("2019-01-01", "2022-12-31"), ..plan() };
        let of = |plan_version: &str, versions: &[(&str, &str, &Plan)]| {
            let versions = versions.iter();
            let versions =
                versions.map(|(plan, version, content)| (name(plan, version), (*content).clone()));
            let teams = BTreeSet::from([team("sala")]);
            let days = period("2025-01-01", "2025-06-30");
            of_report(&versions.collect(), &content(plan_version), &template, days, &teams)
        };
        assert_eq!(of("", &[("a", "1-0", &plan())]), None);
        assert_eq!(of("1.0", &[]), None);
        let bound = of(
            "2.0",
            &[
                ("a", "1-0", &plan()),
                ("a", "2-0", &plan()),
                ("b", "2-0", &of_others),
                ("c", "2-0", &past),
            ],
        );
        let bound = bound.unwrap();
        assert_eq!(bound.goals.keys().collect::<Vec<_>>(), ["1.0", "2.0"]);
        assert_eq!(bound.goals["2.0"], ["Arbete"]);
        let intake = bound.planned["sala"].number(&Cell::new(INTAKE, TOTAL));
        assert_eq!(intake.and_then(Quantity::as_count), Some(64));
        let unknown = Some(compiled::Plan::default());
        assert_eq!(of("3.0", &[("a", "2-0", &plan())]), unknown);
        let both = [("a", "2-0", &plan()), ("b", "2-0", &plan())];
        assert_eq!(of("2.0", &both), unknown, "which of the plans is not said");
    }

    #[test]
    fn the_newest_version_of_a_plan_for_the_teams_and_days_comes_first() {
        let name = |plan: &str, version: &str| {
            let text = format!("federations/f/programmePlans/{plan}/versions/{version}");
            ProgrammePlanVersionName::parse("", &text).unwrap()
        };
        let for_all = || Plan { teams: Vec::new(), ..plan() };
        let approved = |day: &str| Plan { approval_date: day.parse().unwrap(), ..for_all() };
        let of_others = Plan { teams: vec![team("fagersta")], ..plan() };
        let past = Plan { period: period("2019-01-01", "2022-12-31"), ..for_all() };
        let of = |versions: &[(&str, &str, &Plan)]| {
            let versions = versions.iter();
            let versions: BTreeMap<_, _> = versions
                .map(|(plan, number, content)| (name(plan, number), (*content).clone()))
                .collect();
            let days = period("2025-01-01", "2025-06-30");
            let found = to_choose_from(&versions, days, &BTreeSet::from([team("sala")]));
            found.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>()
        };
        let (old, new) = (approved("2023-01-01"), approved("2024-01-01"));
        let found = of(&[("a", "1-0", &old), ("a", "2-0", &new), ("b", "3-0", &of_others)]);
        assert_eq!(found, [name("a", "2-0").to_string(), name("a", "1-0").to_string()]);
        assert_eq!(of(&[("a", "1-0", &past)]), [""; 0]);
        let both = [("a", "1-0", &old), ("b", "1-0", &new), ("b", "2-0", &new)];
        assert_eq!(of(&both), [name("b", "2-0").to_string()], "which plan 1.0 is of is not said");
    }

    proptest! {
        #[test]
        fn the_intake_of_days_is_the_sum_of_its_parts(cut in 1_u64..180, fte_percent in 1_i64..2000) {
            let whole = period("2025-01-01", "2025-06-30");
            let middle = whole.first_day() + chrono::Days::new(cut);
            let first = whole.until(middle - chrono::Days::new(1)).unwrap();
            let second = Period::new("", middle, whole.last_day()).unwrap();
            let staffing = [Staffing { fte_percent, period: period("2024-05-01", "2025-05-17") }];
            let of = |days| planned_intake(&plan(), &staffing, days).unwrap();
            prop_assert_eq!(of(first).plus(of(second)), of(whole));
        }
    }
}
