//! The figures of a release: of each team, and of all of them together.

use std::collections::{BTreeMap, BTreeSet};

use super::{Figure, Recorded, Seed, Source, Told, commitment};
use crate::domain::definition::{Cell, Definitions};
use crate::domain::derived;
use crate::domain::protection::{self, Place, Publication, Tie};

/// The counts of a report, before anything is hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// Whom the sum of all teams is of, as a resource name; empty for no sum.
    pub whole: String,
    /// What each team reported, by its resource name.
    pub reported: BTreeMap<String, (Recorded, protection::Counted)>,
    /// What the report states of people, by the subject's resource name; in place of what
    /// was reported.
    pub stated: BTreeMap<String, (Recorded, protection::Counted)>,
    /// What is counted from records, by the team's resource name, or the whole's.
    pub derived: BTreeMap<Place, derived::Told>,
}

/// A count with where the journal has it.
pub(super) type Known<'a> = (&'a Recorded, i64, Source);

impl Counted {
    /// What is to be protected of it: what teams reported and what the report states.
    #[must_use]
    pub fn publication(&self, version: i64, period: &str, ties: Vec<Tie>) -> Publication {
        let mut teams: BTreeMap<String, protection::Counted> = BTreeMap::new();
        for (place, (_, count, _)) in self.known() {
            teams.entry(place.subject).or_default().insert(place.cell, count);
        }
        let of_teams = teams.keys().filter(|subject| **subject != self.whole).cloned().collect();
        let sums = match self.whole.is_empty() {
            true => BTreeMap::new(),
            false => BTreeMap::from([(self.whole.clone(), of_teams)]),
        };
        Publication { version, period: period.to_owned(), teams, sums, ties }
    }

    /// Every count of a team, and what is stated of the whole where it is no sum.
    pub(super) fn known(&self) -> BTreeMap<Place, Known<'_>> {
        let mut known = BTreeMap::new();
        for (of, source) in [(&self.reported, Source::Reported), (&self.stated, Source::Stated)] {
            for (subject, (recorded, counts)) in of {
                for (cell, count) in counts {
                    let place = Place { subject: subject.clone(), cell: cell.clone() };
                    known.insert(place, (recorded, *count, source));
                }
            }
        }
        let of_teams = known.keys().filter(|place| place.subject != self.whole);
        let summed: BTreeSet<Cell> = of_teams.map(|place| place.cell.clone()).collect();
        known.retain(|place, _| place.subject != self.whole || !summed.contains(&place.cell));
        known
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
    let Counted { whole, reported: _, stated: _, derived } = counted;
    let mut figures = Vec::new();
    let mut sums: BTreeMap<Cell, Vec<(&Recorded, i64)>> = BTreeMap::new();
    for (place, (recorded, count, source)) in counted.known() {
        if place.subject != *whole && !whole.is_empty() {
            sums.entry(place.cell.clone()).or_default().push((recorded, count));
        }
        figures.push(of_known(place, (&[(recorded, count)], source), hidden, seed));
    }
    for (cell, counts) in sums {
        let place = Place { subject: whole.clone(), cell };
        figures.push(of_known(place, (&counts, Source::Reported), hidden, seed));
    }
    figures.extend(derived.iter().map(|(place, told)| of_derived(place, told)));
    figures.extend(mixed(whole, &figures));
    figures.sort_by_key(|figure| {
        let position = definitions.position(&figure.cell).unwrap_or(usize::MAX);
        let is_part = figure.subject != *whole;
        (is_part, figure.subject.clone(), position, figure.cell.clone(), figure.source)
    });
    figures
}

fn of_known(
    place: Place,
    (counts, source): (&[(&Recorded, i64)], Source),
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
    Figure { subject, cell, source, told, commitment }
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
