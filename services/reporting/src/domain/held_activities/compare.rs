//! What was planned beside what was held.

use values::Slug;
use values::name::AreaName;

use super::Held;
use crate::domain::half_year::HalfYear;
use crate::domain::programme_plan::{Activity, Plan};

/// How what was held stands to what was planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is recorded.
    NotRecorded,
    /// Fewer than planned.
    Below,
    /// Within the numbers or, without any, at least once.
    AsPlanned,
    /// More than planned.
    Above,
    /// Held, and not in the plan.
    NotPlanned,
}

/// One activity, of one area where the plan has numbers for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Its id.
    pub activity: Slug,
    /// What it is; empty when it is not planned.
    pub title: String,
    /// The area.
    pub area: Option<AreaName>,
    /// Planned at least.
    pub least: Option<i32>,
    /// Planned at most.
    pub most: Option<i32>,
    /// Held.
    pub held: Option<i32>,
    /// What was said of it.
    pub comment: String,
    /// How the two stand to each other.
    pub outcome: Outcome,
}

/// Sets what was held in a half-year against a version of the plan: what is planned in
/// the order of the plan, for each area in theirs where it has numbers for each; then
/// what was held without being planned.
#[must_use]
pub fn compare(
    plan: &Plan,
    half_year: HalfYear,
    held: &[Held],
    areas: &[AreaName],
) -> Vec<Comparison> {
    let mut comparisons = Vec::new();
    let mut planned = Vec::new();
    for activity in plan.activities_of(half_year) {
        let places: Vec<Option<&AreaName>> = match activity.is_per_area {
            true => areas.iter().map(Some).collect(),
            false => vec![None],
        };
        for area in places {
            let is_it = |one: &&Held| one.activity == activity.id && one.area.as_ref() == area;
            let one = held.iter().find(is_it);
            comparisons.push(with_plan(activity, area, one));
            planned.push((&activity.id, area));
        }
    }
    let is_unplanned = |one: &&Held| !planned.contains(&(&one.activity, one.area.as_ref()));
    comparisons.extend(held.iter().filter(is_unplanned).map(without_plan));
    comparisons
}

fn with_plan(activity: &Activity, area: Option<&AreaName>, held: Option<&Held>) -> Comparison {
    let Activity { id, half_year: _, title, least, most, is_per_area: _ } = activity;
    let times = held.map(|held| held.times);
    // Without a number in the plan, it is planned to be held.
    let at_least = least.unwrap_or(if most.is_some() { 0 } else { 1 });
    let outcome = match times {
        None => Outcome::NotRecorded,
        Some(times) if times < at_least => Outcome::Below,
        Some(times) if most.is_some_and(|most| times > most) => Outcome::Above,
        Some(_) => Outcome::AsPlanned,
    };
    Comparison {
        activity: id.clone(),
        title: title.clone(),
        area: area.cloned(),
        least: *least,
        most: *most,
        held: times,
        comment: held.map(|held| held.comment.clone()).unwrap_or_default(),
        outcome,
    }
}

fn without_plan(held: &Held) -> Comparison {
    let Held { activity, area, times, comment } = held;
    Comparison {
        activity: activity.clone(),
        title: String::new(),
        area: area.clone(),
        least: None,
        most: None,
        held: Some(*times),
        comment: comment.clone(),
        outcome: Outcome::NotPlanned,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::held_activities::{Refusal, record};
    use crate::domain::programme_plan::tests::plan;

    fn half() -> HalfYear {
        HalfYear::new(2025, 1).unwrap()
    }

    fn area(id: &str) -> AreaName {
        AreaName::parse("", &format!("federations/f/areas/{id}")).unwrap()
    }

    fn activity(id: &str, least: Option<i32>, most: Option<i32>, is_per_area: bool) -> Activity {
        let id = Slug::parse("", id).unwrap();
        Activity { id, half_year: half(), title: "Möte".to_owned(), least, most, is_per_area }
    }

    fn held(id: &str, place: Option<&str>, times: i32) -> Held {
        let activity = Slug::parse("", id).unwrap();
        Held { activity, area: place.map(area), times, comment: String::new() }
    }

    fn outcome(least: Option<i32>, most: Option<i32>, times: Option<i32>) -> Outcome {
        let mut plan = plan();
        plan.activities = vec![activity("mote", least, most, false)];
        let held: Vec<Held> = times.map(|times| held("mote", None, times)).into_iter().collect();
        compare(&plan, half(), &held, &[])[0].outcome
    }

    #[test]
    fn what_was_held_is_below_within_or_above_what_was_planned() {
        for (least, most, times, expected) in [
            (Some(2), None, None, Outcome::NotRecorded),
            (Some(2), None, Some(1), Outcome::Below),
            (Some(2), None, Some(9), Outcome::AsPlanned),
            (Some(3), Some(4), Some(3), Outcome::AsPlanned),
            (Some(3), Some(4), Some(4), Outcome::AsPlanned),
            (Some(3), Some(4), Some(5), Outcome::Above),
            (None, Some(1), Some(0), Outcome::AsPlanned),
            (None, None, Some(0), Outcome::Below),
            (None, None, Some(1), Outcome::AsPlanned),
        ] {
            assert_eq!(outcome(least, most, times), expected, "{least:?} {most:?} {times:?}");
        }
    }

    #[test]
    fn each_area_has_a_row_and_what_no_plan_has_comes_last() {
        let mut plan = plan();
        plan.activities =
            vec![activity("lokalt", Some(3), Some(4), true), activity("dag", None, None, false)];
        let other_half = HalfYear::new(2025, 2).unwrap();
        let later = Activity { half_year: other_half, ..activity("senare", None, None, false) };
        plan.activities.push(later);
        let areas = [area("norra"), area("sodra")];
        let held = [held("lokalt", Some("sodra"), 2), held("resa", None, 1)];
        let rows: Vec<_> = compare(&plan, half(), &held, &areas)
            .into_iter()
            .map(|row| (row.activity.to_string(), row.area, row.outcome))
            .collect();
        let expected = [
            ("lokalt".to_owned(), Some(area("norra")), Outcome::NotRecorded),
            ("lokalt".to_owned(), Some(area("sodra")), Outcome::Below),
            ("dag".to_owned(), None, Outcome::NotRecorded),
            ("resa".to_owned(), None, Outcome::NotPlanned),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn only_what_the_latest_version_plans_is_recorded_by_area_where_it_says_so() {
        let mut plan = plan();
        plan.activities =
            vec![activity("lokalt", Some(3), None, true), activity("dag", None, None, false)];
        let areas = BTreeSet::from([area("norra")]);
        let record =
            |revision, etag, held: &[Held]| record(revision, etag, half(), held, &plan, &areas);
        let good = [held("lokalt", Some("norra"), 3), held("dag", None, 0)];
        assert_eq!(record(None, "", &good), Ok(1));
        assert_eq!(record(Some(1), "1", &[]), Ok(2));
        assert_eq!(record(Some(2), "1", &good), Err(Refusal::Stale));
        assert_eq!(record(Some(2), "", &good), Err(Refusal::Stale));
        let bad = [
            held("resa", None, 1),
            held("lokalt", None, 1),
            held("dag", Some("norra"), 1),
            held("lokalt", Some("vastra"), 1),
        ];
        let Err(Refusal::Faulty(faults)) = record(None, "", &bad) else { panic!("faulty") };
        let reasons: Vec<_> = faults.into_vec().into_iter().map(|fault| fault.reason).collect();
        let expected =
            ["ACTIVITY_UNKNOWN", "ACTIVITY_AREA_MISSING", "ACTIVITY_AREA_NOT_HERE", "AREA_UNKNOWN"];
        assert_eq!(reasons, expected);
    }
}
