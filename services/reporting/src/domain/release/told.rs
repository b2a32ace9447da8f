//! What releases tell of teams, for whoever goes on from what is published.

use std::collections::{BTreeMap, BTreeSet};

use values::name::TeamName;

use super::{Document, Figure, Source, Subject, Told};
use crate::domain::definition::Cell;
use crate::domain::protection::{Openings, Place};

/// What is told by cell; none for what is hidden.
pub type Counts = BTreeMap<Cell, Option<i64>>;

/// The newest of releases that tells figures of each subject, by its resource name; they
/// come the oldest first. One with nothing but what a report states comes after all others.
#[must_use]
pub fn newest_of_subjects(documents: &[Document]) -> BTreeMap<&str, &Document> {
    let mut newest = BTreeMap::new();
    for document in documents {
        for Subject { name, display_name: _, source } in &document.subjects {
            match source {
                Some(Source::Reported | Source::Derived | Source::Mixed) => {
                    newest.insert(name.as_str(), document);
                }
                Some(Source::Stated) => {
                    newest.entry(name.as_str()).or_insert(document);
                }
                None => {}
            }
        }
    }
    newest
}

/// What a release tells of a team: where somebody stated a figure beside what is counted
/// from records, what is counted.
#[must_use]
pub fn told_of_team(document: &Document, team: &str) -> Counts {
    let of_team = document.figures.iter().filter(|figure| figure.subject == team);
    let is_counted = |figure: &&Figure| figure.source == Source::Derived;
    let (counted, others): (Vec<_>, Vec<_>) = of_team.partition(is_counted);
    counts(others.into_iter().chain(counted))
}

/// True when a release counts a team from records.
#[must_use]
pub fn is_counted(document: &Document, team: &str) -> bool {
    let is_it = |figure: &Figure| figure.subject == team && figure.source == Source::Derived;
    document.figures.iter().any(is_it)
}

/// What a release tells of all of these teams together that are counted from records;
/// nothing when it tells of others.
#[must_use]
pub fn told_of_derived(document: &Document, whole: &str, teams: &BTreeSet<String>) -> Counts {
    let is_derived = |name: &str| {
        let is_it = |figure: &Figure| figure.subject == name && figure.source == Source::Derived;
        name != whole && document.figures.iter().any(is_it)
    };
    let derived = document.subjects.iter().filter(|subject| is_derived(&subject.name));
    let derived: BTreeSet<String> = derived.map(|subject| subject.name.clone()).collect();
    if derived != *teams {
        return Counts::new();
    }
    let of_whole = |figure: &&Figure| figure.subject == whole && figure.source == Source::Derived;
    counts(document.figures.iter().filter(of_whole))
}

/// How many teams had when the half-year before ended, where a release tells it as how many
/// they began with, counted from records.
#[must_use]
pub fn ends_counted(document: &Document, openings: &Openings) -> BTreeSet<Place> {
    let told = document.figures.iter().filter(|figure| {
        let is_team = TeamName::parse("", &figure.subject).is_ok();
        let is_told = matches!(figure.told, Told::Count(_));
        is_team && is_told && figure.source == Source::Derived
    });
    let end = |figure: &Figure| {
        let cell = openings.get(&figure.cell)?.clone();
        Some(Place { subject: figure.subject.clone(), cell })
    };
    told.filter_map(end).collect()
}

fn counts<'a>(figures: impl Iterator<Item = &'a Figure>) -> Counts {
    let count = |figure: &Figure| match figure.told {
        Told::Count(count) => Some((figure.cell.clone(), Some(count))),
        Told::Hidden => Some((figure.cell.clone(), None)),
        Told::Stated(_) => None,
    };
    figures.filter_map(count).collect()
}
