//! Restatements: which figures of a release are others now, and the facts behind it,
//! which add up exactly.
//!
//! Nothing is told that could not be computed from what the two releases show: a fact
//! stands for one team only where that team's figure is shown in both.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::definition::Cell;
use crate::domain::derived::Component;
use crate::domain::protection::{Counted, Place};
use crate::domain::release::{Change, Fact, FactKind, Figure, Recorded, Source, Told};

/// A release as it is compared.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// Its figures.
    pub figures: &'a [Figure],
    /// The version of the definitions.
    pub definitions_version: i32,
    /// What each team had reported.
    pub reported: &'a BTreeMap<String, (Recorded, Counted)>,
    /// What makes the stocks that are counted from records.
    pub components: &'a BTreeMap<(Place, Component), Option<i64>>,
}

/// Why a release is not restated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It was, by this release: that one can be.
    Restated(String),
    /// Every figure is what it was.
    NothingToRestate,
}

/// Decides whether a release is restated.
///
/// # Errors
/// A refusal when a later one of the same report is there, or nothing has changed.
pub fn restate(release: &str, newest: &str, has_changes: bool) -> Result<(), Refusal> {
    if release != newest {
        return Err(Refusal::Restated(newest.to_owned()));
    }
    if !has_changes {
        return Err(Refusal::NothingToRestate);
    }
    Ok(())
}

/// Every figure that is told otherwise than before, with the facts behind it.
///
/// # Panics
/// When facts do not add up to the difference, which would be a fault of this program.
#[must_use]
pub fn changes(whole: &str, old: Version<'_>, new: Version<'_>) -> Vec<Change> {
    let (before, after) = (headlines(old.figures), headlines(new.figures));
    let places: BTreeSet<&Place> = before.keys().chain(after.keys()).collect();
    let mut changes = Vec::new();
    for place in places {
        let told = |of: &BTreeMap<Place, (Source, Told)>| of.get(place).cloned();
        let (then, now) = (told(&before), told(&after));
        let is_same = |one: &Option<(Source, Told)>, other: &Option<(Source, Told)>| {
            one.as_ref().map(|(_, told)| told) == other.as_ref().map(|(_, told)| told)
        };
        if is_same(&then, &now) {
            continue;
        }
        let facts = match (&then, &now) {
            (Some((was, Told::Count(old_count))), Some((is, Told::Count(new_count)))) => {
                let facts = facts(whole, place, (*was, old), (*is, new), new_count - old_count);
                let sum: i64 = facts.iter().map(|fact| fact.difference).sum();
                assert_eq!(sum, new_count - old_count, "facts do not add up at {place:?}");
                facts
            }
            _ => Vec::new(),
        };
        let count = |told: Option<(Source, Told)>| match told {
            Some((_, Told::Count(count))) => Some(count),
            Some((_, Told::Stated(_) | Told::Hidden)) | None => None,
        };
        let Place { subject, cell } = place.clone();
        changes.push(Change { subject, cell, old: count(then), new: count(now), facts });
    }
    changes.sort_by_key(|change| change.subject != whole);
    changes
}

/// What a reader takes for the figure: what is stated of it, or the sum of both kinds where
/// there are both.
fn headlines(figures: &[Figure]) -> BTreeMap<Place, (Source, Told)> {
    let rank = |source: Source| match source {
        Source::Stated => 2,
        Source::Mixed => 1,
        Source::Reported | Source::Derived => 0,
    };
    let mut headlines = BTreeMap::<Place, (Source, Told)>::new();
    for figure in figures {
        let place = Place { subject: figure.subject.clone(), cell: figure.cell.clone() };
        let told = (figure.source, figure.told.clone());
        match headlines.get(&place) {
            Some((source, _)) if rank(*source) >= rank(figure.source) => {}
            Some(_) | None => {
                headlines.insert(place, told);
            }
        }
    }
    headlines
}

fn facts(
    whole: &str,
    place: &Place,
    (was, old): (Source, Version<'_>),
    (is, new): (Source, Version<'_>),
    difference: i64,
) -> Vec<Fact> {
    if old.definitions_version != new.definitions_version {
        return vec![fact(FactKind::Definition, "", difference)];
    }
    if was != is {
        return vec![fact(FactKind::Source, "", difference)];
    }
    match is {
        Source::Reported => of_reported(whole, place, old, new),
        Source::Derived => of_derived(place, old, new, difference),
        Source::Mixed => {
            let reported = of_reported(whole, place, old, new);
            let so_far: i64 = reported.iter().map(|fact| fact.difference).sum();
            let derived = match difference - so_far {
                0 => Vec::new(),
                rest => of_derived(place, old, new, rest),
            };
            [reported, derived].concat()
        }
        Source::Stated => vec![fact(FactKind::ReplacedReport, "", difference)],
    }
}

fn fact(kind: FactKind, subject: &str, difference: i64) -> Fact {
    Fact { kind, subject: subject.to_owned(), difference }
}

/// A fact for each team that reports something else now; those whose own figure is
/// hidden before or after are one fact together.
fn of_reported(
    whole: &str,
    Place { subject, cell }: &Place,
    old: Version<'_>,
    new: Version<'_>,
) -> Vec<Fact> {
    let teams: BTreeSet<&String> = old.reported.keys().chain(new.reported.keys()).collect();
    let teams = teams.into_iter().filter(|team| subject == whole || *team == subject);
    let mut facts = Vec::new();
    let mut together = 0;
    for team in teams {
        let count = |version: Version<'_>| {
            version.reported.get(team).and_then(|(_, counts)| counts.get(cell).copied())
        };
        let (then, now) = (count(old), count(new));
        let difference = now.unwrap_or(0) - then.unwrap_or(0);
        if difference == 0 {
            continue;
        }
        if is_hidden(old, team, cell) || is_hidden(new, team, cell) {
            together += difference;
            continue;
        }
        let has_reported = old.reported.contains_key(team);
        let kind = if has_reported { FactKind::ReplacedReport } else { FactKind::LateReport };
        let recorded = new.reported.get(team).or_else(|| old.reported.get(team));
        let name = recorded.map(|(recorded, _)| recorded.name.clone()).unwrap_or_default();
        facts.push(fact(kind, &name, difference));
    }
    if together != 0 {
        facts.push(fact(FactKind::ReplacedReport, "", together));
    }
    facts
}

fn is_hidden(version: Version<'_>, team: &str, cell: &Cell) -> bool {
    let own = |figure: &&Figure| figure.subject == team && figure.cell == *cell;
    version.figures.iter().find(own).is_some_and(|figure| figure.told == Told::Hidden)
}

/// Δopening, Δinflow and −Δoutflow of a stock where all are shown and add up; late facts
/// otherwise.
fn of_derived(place: &Place, old: Version<'_>, new: Version<'_>, difference: i64) -> Vec<Fact> {
    let late = vec![fact(FactKind::LateFacts, "", difference)];
    let change = |component: Component| -> Option<i64> {
        let key = (place.clone(), component);
        match (old.components.get(&key), new.components.get(&key)) {
            (Some(then), Some(now)) => Some((*now)? - (*then)?),
            (None, None) => Some(0),
            (Some(_), None) | (None, Some(_)) => None,
        }
    };
    let kinds = [
        (Component::Opening, FactKind::Opening, 1),
        (Component::Inflow, FactKind::Inflow, 1),
        (Component::Outflow, FactKind::Outflow, -1),
    ];
    let mut facts = Vec::new();
    for (component, kind, sign) in kinds {
        match change(component) {
            None => return late,
            Some(0) => {}
            Some(change) => facts.push(fact(kind, "", sign * change)),
        }
    }
    let sum: i64 = facts.iter().map(|fact| fact.difference).sum();
    if sum == difference { facts } else { late }
}

#[cfg(test)]
mod tests;
