//! The sheet of the national follow-up: what each initiative is for, what it was to cost
//! and did, and how many were to take part and did, by sex.
//!
//! It leaves the federation, so its counts are those that releases tell, reported ones and
//! those that are counted from records alike: whoever has the releases can make them, and
//! nothing more can be taken from both together. What a release hides is hidden here, with
//! the sum that it is in.

use std::collections::BTreeMap;

use values::Ore;
use values::name::TeamName;

use crate::domain::definition::{Cell, Definitions, TOTAL};
use crate::domain::half_year::HalfYear;
use crate::domain::programme_plan::{
    BudgetedParticipants, Plan, ProgrammePlanVersionName, TargetGroup,
};
use crate::domain::release::Counts;
use crate::domain::swedish_order;

/// Those who took part in a half-year, and those of them who were new.
const PARTICIPANTS: &str = "participants";
const NEW: &str = "new_participants";
const PARTITION_BY_SEX: &str = "participants_by_sex";

/// What finance has of an initiative in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// The recipients, as resource names.
    pub recipients: Vec<String>,
    /// The name people read.
    pub display_name: String,
    /// Its team.
    pub team: Option<TeamName>,
    /// Granted.
    pub budget: Ore,
    /// Requisitioned.
    pub outcome: Ore,
}

/// What releases tell of the teams in the halves of a year.
pub type Halves = BTreeMap<HalfYear, BTreeMap<TeamName, Told>>;

/// What the newest release of a half-year tells of a team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Its counts.
    pub counts: Counts,
    /// True when they are counted from records, and not reported.
    pub is_counted: bool,
}

/// One initiative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Initiative {
    /// Its money.
    pub money: Money,
    /// The plan it is in.
    pub plan: Option<Planned>,
    /// Who took part; none when something of it is not published.
    pub actual: Option<Actual>,
    /// The half-years of which something is not published.
    pub missing: Vec<HalfYear>,
}

/// What a plan says of an initiative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The version.
    pub version: ProgrammePlanVersionName,
    /// What it is for.
    pub direction: String,
    /// Whom it is for.
    pub target_group: TargetGroup,
    /// How many were to take part.
    pub budgeted: Option<BudgetedParticipants>,
}

/// Who took part in a year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actual {
    /// All; none when protected.
    pub total: Option<i64>,
    /// By sex, in the order of the definitions; empty when not published or protected.
    pub by_sex: Vec<(String, i64)>,
    /// True when a count is protected.
    pub is_protected: bool,
    /// True when one half-year is reported and the other counted from records.
    pub is_mixed: bool,
}

/// The sheet of a year, by the name people read: a row for each team, with the money of
/// all of its recipients, so that nobody who takes part stands there twice; and one for
/// each recipient that is no team. `None` when the money of a team is more than an amount
/// can be.
#[must_use]
pub fn compute(
    definitions: &Definitions,
    year: i32,
    smallest_shown: i64,
    money: Vec<Money>,
    plans: &BTreeMap<ProgrammePlanVersionName, Plan>,
    halves: &Halves,
) -> Option<Vec<Initiative>> {
    let row = |money: Money| {
        let team = money.team.clone();
        let plan = team.as_ref().and_then(|team| planned(plans, team, year));
        let (actual, missing) = match &team {
            Some(team) => actual(definitions, year, team, halves),
            None => (None, Vec::new()),
        };
        let actual = actual.map(|actual| actual.protected(smallest_shown));
        Initiative { money, plan, actual, missing }
    };
    let mut rows: Vec<Initiative> = by_team(money)?.into_iter().map(row).collect();
    rows.sort_by(|one, other| {
        swedish_order::compare(&one.money.display_name, &other.money.display_name)
    });
    Some(rows)
}

fn by_team(money: Vec<Money>) -> Option<Vec<Money>> {
    let mut teams = BTreeMap::<TeamName, Money>::new();
    let mut sums = Vec::new();
    for one in money {
        let Some(team) = one.team.clone() else {
            sums.push(one);
            continue;
        };
        match teams.get_mut(&team) {
            Some(sum) => {
                sum.budget = sum.budget.plus(one.budget)?;
                sum.outcome = sum.outcome.plus(one.outcome)?;
                sum.recipients.extend(one.recipients);
            }
            None => {
                teams.insert(team, one);
            }
        }
    }
    sums.extend(teams.into_values());
    Some(sums)
}

/// The latest version of a plan that is for the team and goes on in the year; of several
/// plans, one that names the team before one that is for all, then the first by name.
fn planned(
    plans: &BTreeMap<ProgrammePlanVersionName, Plan>,
    team: &TeamName,
    year: i32,
) -> Option<Planned> {
    let days = values::Period::year(year)?;
    let mut latest = BTreeMap::new();
    for (version, plan) in plans {
        latest.insert(&version.plan, (version, plan));
    }
    let mut fitting: Vec<_> = latest.into_values().collect();
    fitting.retain(|(_, plan)| plan.is_for(team) && plan.period.overlaps(days));
    fitting.sort_by_key(|(_, plan)| plan.teams.is_empty());
    let (version, plan) = fitting.first()?;
    Some(Planned {
        version: (*version).clone(),
        direction: plan.direction.clone(),
        target_group: plan.target_group.clone(),
        budgeted: plan.budgeted(team, year).cloned(),
    })
}

/// Those of the first half-year, and those who were new in the second: everybody who took
/// part in the year, once.
fn actual(
    definitions: &Definitions,
    year: i32,
    team: &TeamName,
    halves: &Halves,
) -> (Option<Actual>, Vec<HalfYear>) {
    let [first, second] =
        [1, 2].map(|half| HalfYear::new(year, half).expect("a year that is reported on"));
    let told = |half: HalfYear, figure: &str, category: &str| {
        let told = halves.get(&half)?.get(team)?;
        told.counts.get(&Cell::new(figure, category)).copied()
    };
    let both = |category: &str| [told(first, PARTICIPANTS, category), told(second, NEW, category)];
    let in_year = |category: &str| match both(category) {
        [Some(before), Some(came)] => Some(before.zip(came).map(|(before, came)| before + came)),
        [None, _] | [_, None] => None,
    };
    let missing = [first, second].into_iter().zip(both(TOTAL));
    let missing = missing.filter(|(_, told)| told.is_none()).map(|(half, _)| half).collect();
    let Some(total) = in_year(TOTAL) else { return (None, missing) };
    let by_sex = sexes(definitions).filter_map(|sex| Some((sex.to_owned(), in_year(sex)??)));
    let by_sex: Vec<(String, i64)> = by_sex.collect();
    let is_protected =
        [TOTAL].into_iter().chain(sexes(definitions)).any(|of| both(of).contains(&Some(None)));
    // Parts that are not the whole are no division of it.
    let parts_are_whole = total == Some(by_sex.iter().map(|(_, count)| count).sum());
    let by_sex = if parts_are_whole && !is_protected { by_sex } else { Vec::new() };
    let is_counted = |half| halves.get(&half)?.get(team).map(|told| told.is_counted);
    let is_mixed = is_counted(first) != is_counted(second);
    (Some(Actual { total, by_sex, is_protected, is_mixed }), missing)
}

fn sexes(definitions: &Definitions) -> impl Iterator<Item = &str> {
    let partitions = definitions.figures().iter().flat_map(|figure| &figure.partitions);
    let by_sex = partitions.filter(|partition| partition.code == PARTITION_BY_SEX);
    by_sex.flat_map(|partition| partition.categories.iter().map(|sex| sex.code.as_str()))
}

impl Actual {
    fn protected(mut self, smallest_shown: i64) -> Self {
        let is_few = |count: i64| 0 < count && count < smallest_shown;
        if self.by_sex.iter().any(|(_, count)| is_few(*count)) {
            self.by_sex.clear();
            self.is_protected = true;
        }
        if self.total.is_some_and(is_few) {
            self.total = None;
            self.is_protected = true;
        }
        self
    }
}

#[cfg(test)]
mod tests;
