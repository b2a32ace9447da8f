//! The figures of a release: of each team, and of all of them together.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::Threshold;

use super::{Covered, Figure, Recorded, Seed, Source, Told, commitment};
use crate::domain::definition::{Cell, Definitions};
use crate::domain::derived;
use crate::domain::half_year::HalfYear;
use crate::domain::protection::{self, Beside, Openings, Place, Publication, Tie};
use crate::domain::summed::summed;
use crate::domain::template::Relation;

/// The counts of a report, before anything is hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// Whom the sum of all teams is of, as a resource name; empty for no sum.
    pub whole: String,
    /// How many teams there are, with figures or without.
    pub teams: usize,
    /// What each team reported, by its resource name.
    pub reported: BTreeMap<String, (Recorded, protection::Counted)>,
    /// What the report states of people, by the subject's resource name; in place of what
    /// was reported.
    pub stated: BTreeMap<String, (Recorded, protection::Counted)>,
    /// What is counted from records, by the team's resource name, or the whole's.
    pub derived: BTreeMap<Place, derived::Told>,
    /// The cells of which the release shows a sum.
    pub sums: BTreeSet<Cell>,
}

/// What releases of the period before hide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HiddenBefore {
    /// Of whichever source.
    pub all: BTreeSet<Place>,
    /// Of what is counted from records.
    pub derived: BTreeSet<Place>,
}

/// A count with where the journal has it.
pub(super) type Known<'a> = (&'a Recorded, i64, Source);

impl Counted {
    /// The same with the sums that there are.
    #[must_use]
    pub fn summed(self, definitions: &Definitions) -> Self {
        if self.whole.is_empty() {
            return Self { sums: BTreeSet::new(), ..self };
        }
        let places = self.of_teams().into_keys();
        let places: Vec<Place> = places.chain(self.derived_of_teams().cloned()).collect();
        let mut teams: BTreeMap<&str, BTreeSet<&Cell>> = BTreeMap::new();
        for Place { subject, cell } in &places {
            teams.entry(subject).or_default().insert(cell);
        }
        let teams: Vec<BTreeSet<&Cell>> = teams.into_values().collect();
        let sums = summed(definitions, &teams).into_iter().cloned().collect();
        Self { sums, ..self }
    }

    /// What is to be protected of it: what teams reported and what the report states.
    /// `covered` are its teams, with figures or without.
    #[must_use]
    pub fn publication(
        &self,
        (version, period): (i64, HalfYear),
        covered: &BTreeSet<String>,
        (ties, openings): (Vec<Tie>, Openings),
    ) -> Publication {
        let mut teams: BTreeMap<String, protection::Counted> = BTreeMap::new();
        for (place, (_, count, _)) in self.known() {
            teams.entry(place.subject).or_default().insert(place.cell, count);
        }
        let of_teams = teams.keys().filter(|subject| **subject != self.whole).cloned().collect();
        let sums = match self.whole.is_empty() {
            true => BTreeMap::new(),
            false => BTreeMap::from([(self.whole.clone(), of_teams)]),
        };
        let summed = self.sums.clone();
        let whole = (self.whole.clone(), covered.clone());
        Publication { version, period, teams, whole, sums, summed, ties, openings }
    }

    /// Every count of a team, and what is stated of the whole where there is no sum.
    pub(super) fn known(&self) -> BTreeMap<Place, Known<'_>> {
        let mut known = self.of_teams();
        let has_sum = |known: &BTreeMap<Place, Known<'_>>, cell: &Cell| {
            self.sums.contains(cell) && known.keys().any(|place| place.cell == *cell)
        };
        let beside: Vec<_> =
            self.of_whole().filter(|(place, _)| !has_sum(&known, &place.cell)).collect();
        known.extend(beside);
        known
    }

    /// The stated counts of the whole that are too few to be shown. Beside a sum they are
    /// no counts of people, but a reader takes them for such.
    #[must_use]
    pub fn few_stated(&self, threshold: Threshold) -> BTreeSet<Place> {
        let few = self.of_whole().filter(|(_, (_, count, _))| threshold.is_small(*count));
        few.map(|(place, _)| place).collect()
    }

    /// Every count that was reported or stated, and the sums of the teams'.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<Place, i64> {
        let mut counts = BTreeMap::new();
        for (place, (_, count, _)) in self.known() {
            if place.subject != self.whole && self.sums.contains(&place.cell) {
                let sum = Place { subject: self.whole.clone(), cell: place.cell.clone() };
                *counts.entry(sum).or_default() += count;
            }
            counts.insert(place, count);
        }
        counts
    }

    /// The same with what is stated of the whole beside a sum: every number that would stand
    /// at a place.
    #[must_use]
    pub fn numbers(&self) -> BTreeMap<Place, BTreeSet<i64>> {
        let stated = self.of_whole().map(|(place, (_, count, _))| (place, count));
        let mut numbers: BTreeMap<Place, BTreeSet<i64>> = BTreeMap::new();
        for (place, count) in self.counts().into_iter().chain(stated) {
            numbers.entry(place).or_default().insert(count);
        }
        numbers
    }

    /// What is hidden of all of it beside what is hidden already: because of what is counted
    /// from records, or of what was reported or stated, and what releases of the period
    /// before hide of either.
    #[must_use]
    pub fn hidden_beside(
        &self,
        (definitions, relations): (&Definitions, &[Relation]),
        hidden: &BTreeSet<Place>,
        before: &HiddenBefore,
    ) -> BTreeSet<Place> {
        let typed: BTreeSet<Place> = self.counts().into_keys().collect();
        let places: BTreeSet<Place> = typed.iter().chain(self.derived.keys()).cloned().collect();
        let beside = Beside { definitions, relations, whole: &self.whole, places: &places };
        let is_told = |place: &&Place| self.derived[place].value.is_some();
        let told: BTreeSet<Place> = self.derived.keys().filter(is_told).cloned().collect();
        let flows = &beside.hidden_flows(&typed, &before.derived)
            | &beside.hidden_flows(&told, &before.all);
        let both = self.derived_of_teams().filter(|place| typed.contains(place));
        let either = both.filter(|place| hidden.contains(place) || !told.contains(place));
        &flows | &beside.hidden_twice(&either.cloned().collect())
    }

    /// The same with these hidden of what is counted from records.
    #[must_use]
    pub fn hiding_derived(mut self, hidden: &BTreeSet<Place>) -> Self {
        for (place, told) in &mut self.derived {
            if hidden.contains(place) {
                *told = derived::Told::default();
            }
        }
        self
    }

    fn of_teams(&self) -> BTreeMap<Place, Known<'_>> {
        let mut known = BTreeMap::new();
        for (of, source) in [(&self.reported, Source::Reported), (&self.stated, Source::Stated)] {
            for (subject, (recorded, counts)) in of.iter().filter(|(of, _)| **of != self.whole) {
                for (cell, count) in counts {
                    let place = Place { subject: subject.clone(), cell: cell.clone() };
                    known.insert(place, (recorded, *count, source));
                }
            }
        }
        known
    }

    /// What is stated of the whole.
    pub(super) fn of_whole(&self) -> impl Iterator<Item = (Place, Known<'_>)> {
        let stated = self.stated.get(&self.whole).into_iter();
        let counts = stated.flat_map(|(recorded, counts)| {
            counts.iter().map(move |(cell, count)| (recorded, cell, *count))
        });
        counts.map(|(recorded, cell, count)| {
            let place = Place { subject: self.whole.clone(), cell: cell.clone() };
            (place, (recorded, count, Source::Stated))
        })
    }

    fn derived_of_teams(&self) -> impl Iterator<Item = &Place> {
        self.derived.keys().filter(|place| place.subject != self.whole)
    }
}

/// Every figure of a release, in order: the whole's first, each subject's in the order of
/// the definitions. What is stated of the whole stands beside the sum of the teams, and is
/// what the text refers to.
#[must_use]
pub fn compiled(
    definitions: &Definitions,
    counted: &Counted,
    hidden: &BTreeSet<Place>,
    seed: &Seed,
) -> Vec<Figure> {
    let Counted { whole, teams, reported: _, stated: _, derived, sums } = counted;
    let (known, mut figures) = (counted.known(), Vec::new());
    let covered = |teams_covered| Some(Covered { teams_covered, team_count: *teams });
    for (place, (recorded, count, source)) in &known {
        let told = (&[(*recorded, *count)][..], *source);
        figures.push(of_known(place.clone(), told, None, (hidden, seed)));
    }
    for cell in sums {
        let of_teams = known.iter().filter(|(place, _)| place.cell == *cell);
        let of_teams = of_teams.filter(|(place, _)| place.subject != *whole);
        let counts: Vec<_> =
            of_teams.map(|(_, (recorded, count, _))| (*recorded, *count)).collect();
        let place = Place { subject: whole.clone(), cell: cell.clone() };
        if !counts.is_empty() {
            let told = (counts.as_slice(), Source::Reported);
            figures.push(of_known(place, told, covered(counts.len()), (hidden, seed)));
        }
    }
    for (place, (recorded, count, source)) in counted.of_whole() {
        if !known.contains_key(&place) {
            figures.push(of_known(place, (&[(recorded, count)], source), None, (hidden, seed)));
        }
    }
    for (place, told) in derived {
        let is_sum = place.subject == *whole;
        if !is_sum || sums.contains(&place.cell) {
            let own = counted.derived_of_teams().filter(|own| own.cell == place.cell).count();
            figures.push(of_derived(place, told, if is_sum { covered(own) } else { None }));
        }
    }
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
    covered: Option<Covered>,
    (hidden, seed): (&BTreeSet<Place>, &Seed),
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
    Figure { subject, cell, source, told, commitment, covered }
}

fn of_derived(
    Place { subject, cell }: &Place,
    told: &derived::Told,
    covered: Option<Covered>,
) -> Figure {
    let derived::Told { value, commitment } = told;
    Figure {
        subject: subject.clone(),
        cell: cell.clone(),
        source: Source::Derived,
        told: value.map_or(Told::Hidden, Told::Count),
        commitment: if value.is_some() { commitment.clone() } else { Vec::new() },
        covered,
    }
}

/// The sums of what teams reported and of what is counted from records, where there are
/// both: nothing that a reader could not add up.
fn mixed(whole: &str, figures: &[Figure]) -> Vec<Figure> {
    let of = |source: Source| {
        let own =
            figures.iter().filter(move |figure| figure.subject == whole && figure.source == source);
        own.map(|figure| (&figure.cell, figure)).collect::<BTreeMap<_, _>>()
    };
    let (reported, derived) = (of(Source::Reported), of(Source::Derived));
    let mut sums = Vec::new();
    for (cell, one) in reported {
        let Some(other) = derived.get(cell) else { continue };
        let told = match (&one.told, &other.told) {
            (Told::Count(one), Told::Count(other)) => Told::Count(one + other),
            (Told::Hidden | Told::Stated(_), _) | (_, Told::Hidden | Told::Stated(_)) => {
                Told::Hidden
            }
        };
        let both = one.covered.zip(other.covered).map(|(one, other)| Covered {
            teams_covered: one.teams_covered + other.teams_covered,
            team_count: one.team_count,
        });
        let (subject, cell, commitment) = (whole.to_owned(), cell.clone(), Vec::new());
        let (source, covered) = (Source::Mixed, both);
        sums.push(Figure { subject, cell, source, told, commitment, covered });
    }
    sums
}
