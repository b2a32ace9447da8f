//! What a programme plan gives to the checks of a report: what was planned for its
//! days, and the goals of each version.

use std::collections::BTreeMap;

use values::Period;

use crate::domain::check::Goals;
use crate::domain::definition::{Cell, TOTAL};
use crate::domain::figures::{Figures, Value};
use crate::domain::programme_plan::{Plan, VersionNumber};
use crate::domain::quantity::Ratio;

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

/// The goals of each version of a plan, by its number.
#[must_use]
pub fn goals_by_version(versions: &BTreeMap<VersionNumber, Plan>) -> BTreeMap<String, Vec<String>> {
    versions.iter().map(|(number, plan)| (number.to_string(), titles(plan))).collect()
}

/// The goals that a report bound to a version is to report on.
#[must_use]
pub fn goals(number: VersionNumber, plan: &Plan) -> Goals {
    Goals { version: number.to_string(), titles: titles(plan) }
}

fn titles(plan: &Plan) -> Vec<String> {
    plan.goals.iter().map(|goal| goal.title.clone()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::programme_plan::tests::plan;
    use crate::domain::quantity::Quantity;

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

    #[test]
    fn a_reports_goals_are_those_of_the_version_it_is_bound_to() {
        let number = |text| VersionNumber::parse("", text).unwrap();
        let versions = BTreeMap::from([(number("1.0"), plan()), (number("2.0"), plan())]);
        let by_version = goals_by_version(&versions);
        let bound = goals(number("2.0"), &plan());
        assert_eq!(by_version.keys().collect::<Vec<_>>(), ["1.0", "2.0"]);
        assert_eq!(by_version[&bound.version], bound.titles);
        assert_eq!(bound.titles, ["Arbete"]);
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
