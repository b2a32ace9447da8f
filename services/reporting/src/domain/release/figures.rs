//! The figures of a release: of each team, and of all of them together.

use std::collections::{BTreeMap, BTreeSet};

use super::{Figure, Recorded, Seed, Source, Told, commitment};
use crate::domain::definition::{Cell, Definitions};
use crate::domain::derived;
use crate::domain::protection::{self, Place, Publication, Tie};

/// The counts of a report, before anything is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The federation, as a resource name: the sum of all teams.
    pub whole: String,
    /// What each team reported, by its resource name.
    pub reported: BTreeMap<String, (Recorded, protection::Counted)>,
    /// What is counted from records, by the team's resource name, or the federation's.
    pub derived: BTreeMap<Place, derived::Told>,
}

impl Counted {
    /// What is to be protected of it: what teams reported.
    #[must_use]
    pub fn publication(&self, version: i64, period: &str, ties: Vec<Tie>) -> Publication {
        let reported = self.reported.iter();
        let teams: BTreeMap<String, protection::Counted> =
            reported.map(|(team, (_, counts))| (team.clone(), counts.clone())).collect();
        let sums = BTreeMap::from([(self.whole.clone(), teams.keys().cloned().collect())]);
        Publication { version, period: period.to_owned(), teams, sums, ties }
    }
}

/// Every figure of a release, in order: the whole's first, each subject's in the order of
/// the definitions.
#[must_use]
pub fn compiled(
    definitions: &Definitions,
    counted: &Counted,
    hidden: &BTreeSet<Place>,
    seed: &Seed,
) -> Vec<Figure> {
    let Counted { whole, reported, derived } = counted;
    let mut figures = Vec::new();
    for (team, (recorded, counts)) in reported {
        for (cell, count) in counts {
            let place = Place { subject: team.clone(), cell: cell.clone() };
            figures.push(of_reported(place, &[(recorded, *count)], hidden, seed));
        }
    }
    let cells: BTreeSet<&Cell> = reported.values().flat_map(|(_, counts)| counts.keys()).collect();
    for cell in cells {
        let of_teams = reported.values();
        let of_teams =
            of_teams.filter_map(|(recorded, counts)| Some((recorded, *counts.get(cell)?)));
        let place = Place { subject: whole.clone(), cell: cell.clone() };
        figures.push(of_reported(place, &of_teams.collect::<Vec<_>>(), hidden, seed));
    }
    figures.extend(derived.iter().map(|(place, told)| of_derived(place, told)));
    figures.extend(mixed(whole, &figures));
    figures.sort_by_key(|figure| {
        let position = definitions.position(&figure.cell).unwrap_or(usize::MAX);
        (figure.subject != *whole, figure.subject.clone(), position, figure.source)
    });
    figures
}

fn of_reported(
    place: Place,
    counts: &[(&Recorded, i64)],
    hidden: &BTreeSet<Place>,
    seed: &Seed,
) -> Figure {
    let is_hidden = hidden.contains(&place);
    let Place { subject, cell } = place;
    let (told, commitment) = match is_hidden {
        true => (Told::Hidden, Vec::new()),
        false => {
            let sum = counts.iter().map(|(_, count)| count).sum();
            (Told::Count(sum), commitment(seed, &cell, counts.iter().copied()).to_vec())
        }
    };
    Figure { subject, cell, source: Source::Reported, told, commitment }
}

fn of_derived(Place { subject, cell }: &Place, told: &derived::Told) -> Figure {
    let derived::Told { value, commitment } = told;
    Figure {
        subject: subject.clone(),
        cell: cell.clone(),
        source: Source::Derived,
        told: value.map_or(Told::Hidden, Told::Count),
        commitment: if value.is_some() { commitment.clone() } else { Vec::new() },
    }
}

/// The sums of what teams reported and of what is counted from records, where there are
/// both: nothing that a reader could not add up.
fn mixed(whole: &str, figures: &[Figure]) -> Vec<Figure> {
    let of = |source: Source| {
        let own =
            figures.iter().filter(move |figure| figure.subject == whole && figure.source == source);
        own.map(|figure| (&figure.cell, &figure.told)).collect::<BTreeMap<_, _>>()
    };
    let (reported, derived) = (of(Source::Reported), of(Source::Derived));
    let mut sums = Vec::new();
    for (cell, one) in reported {
        let Some(other) = derived.get(cell) else { continue };
        let told = match (one, other) {
            (Told::Count(one), Told::Count(other)) => Told::Count(one + other),
            (Told::Hidden | Told::Stated(_), _) | (_, Told::Hidden | Told::Stated(_)) => {
                Told::Hidden
            }
        };
        let (subject, cell, commitment) = (whole.to_owned(), cell.clone(), Vec::new());
        sums.push(Figure { subject, cell, source: Source::Mixed, told, commitment });
    }
    sums
}
