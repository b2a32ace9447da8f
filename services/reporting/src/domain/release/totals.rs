//! What a release states of teams, with what of them stands beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Figure, Source, Told};
use crate::domain::definition::Cell;
use crate::domain::half_year::HalfYear;
use crate::domain::protection::{Left, Openings, Place, Seen, Stating, Tie, Total};

/// Reads it from the figures of a release on these teams, of which `whole` is the sum; none
/// sums them where that is empty.
#[must_use]
pub fn stating(
    release: &str,
    (whole, teams): (&str, &BTreeSet<String>),
    figures: &[Figure],
    (period, ties, openings): (HalfYear, Vec<Tie>, Openings),
) -> Stating {
    let beside = Beside {
        teams,
        kinds: [false, true].map(|is_counted| Kind::read(whole, teams, figures, is_counted)),
    };
    let known = beside.told();
    let mut totals = Vec::new();
    for Figure { subject, cell, source, told, .. } in figures {
        let (Source::Stated, Told::Count(count)) = (source, told) else { continue };
        let place = Place { subject: subject.clone(), cell: cell.clone() };
        if subject != whole {
            totals.extend(beside.total_of_team(place));
            continue;
        }
        let Known { open, lacking, sum } = beside.known(cell);
        let is_alone = open.is_empty() && !lacking.is_empty();
        let open = &open | &lacking;
        let left = Left { teams: lacking, count: count - sum };
        // Where nothing is told of teams, what is stated of all is in the ledger as it is.
        let is_left = is_alone && left.count >= 0 && (!known.is_empty() || left.teams != *teams);
        let left = is_left.then_some(left);
        totals.extend((!open.is_empty()).then_some(Total { place, open, left }));
    }
    let [typed, counted] = beside.kinds.map(Kind::seen);
    let release = release.to_owned();
    Stating { release, period, ties, openings, totals, known, typed, counted }
}

/// What is told of teams from one kind of source.
struct Kind {
    /// Of each; none for what is hidden.
    teams: BTreeMap<Place, Option<i64>>,
    /// Of all of them together.
    sums: BTreeMap<Cell, i64>,
}

impl Kind {
    fn read(whole: &str, teams: &BTreeSet<String>, figures: &[Figure], is_counted: bool) -> Self {
        let mut kind = Self { teams: BTreeMap::new(), sums: BTreeMap::new() };
        for Figure { subject, cell, source, told, .. } in figures {
            let is_sum = match source {
                Source::Reported if !is_counted => subject == whole,
                Source::Stated if !is_counted && subject != whole => false,
                Source::Derived if is_counted => subject == whole,
                Source::Reported | Source::Stated | Source::Derived | Source::Mixed => continue,
            };
            let place = Place { subject: subject.clone(), cell: cell.clone() };
            match told {
                Told::Count(count) if is_sum => {
                    kind.sums.insert(place.cell, *count);
                }
                Told::Count(count) if teams.contains(subject) => {
                    kind.teams.insert(place, Some(*count));
                }
                Told::Hidden if teams.contains(subject) => {
                    kind.teams.insert(place, None);
                }
                Told::Count(_) | Told::Hidden | Told::Stated(_) => {}
            }
        }
        kind
    }

    fn seen(self) -> Seen {
        let (told, hidden): (Vec<_>, Vec<_>) =
            self.teams.into_iter().partition(|(_, count)| count.is_some());
        let places = |of: Vec<(Place, Option<i64>)>| of.into_iter().map(|(place, _)| place);
        Seen { told: places(told).collect(), hidden: places(hidden).collect() }
    }

    /// The teams that have a cell.
    fn of_cell<'a>(&'a self, cell: &'a Cell) -> impl Iterator<Item = (&'a String, Option<i64>)> {
        let teams = self.teams.iter().filter(move |(place, _)| place.cell == *cell);
        teams.map(|(place, count)| (&place.subject, *count))
    }
}

/// What is known of a cell beside what is stated of all teams.
struct Known {
    /// The teams of which it is hidden, also summed.
    open: BTreeSet<String>,
    /// Those that have it not.
    lacking: BTreeSet<String>,
    /// What all others come to.
    sum: i64,
}

/// What stands beside what is stated.
struct Beside<'a> {
    teams: &'a BTreeSet<String>,
    /// What was reported or stated, and what is counted from records.
    kinds: [Kind; 2],
}

impl Beside<'_> {
    /// A count of one team; none beside what is counted of it from records.
    fn total_of_team(&self, place: Place) -> Option<Total> {
        let [_, counted] = &self.kinds;
        let is_open = !matches!(counted.teams.get(&place), Some(Some(_)));
        let open = BTreeSet::from([place.subject.clone()]);
        is_open.then_some(Total { place, open, left: None })
    }

    fn known(&self, cell: &Cell) -> Known {
        let mut known = Known { open: BTreeSet::new(), lacking: self.teams.clone(), sum: 0 };
        let [typed, counted] = &self.kinds;
        // What is summed with both counts of a team tells of neither.
        let mut both = typed
            .of_cell(cell)
            .filter(|(team, _)| counted.of_cell(cell).any(|(other, _)| other == *team));
        let is_apart = both.next().is_none();
        for kind in &self.kinds {
            let hidden = kind.of_cell(cell).filter(|(_, count)| count.is_none());
            let hidden: BTreeSet<String> = hidden.map(|(team, _)| team.clone()).collect();
            let told: i64 = kind.of_cell(cell).filter_map(|(_, count)| count).sum();
            match kind.sums.get(cell).filter(|_| is_apart) {
                Some(sum) => known.sum += sum,
                None => {
                    known.open.extend(hidden);
                    known.sum += told;
                }
            }
            for (team, _) in kind.of_cell(cell) {
                known.lacking.remove(team);
            }
        }
        known
    }

    /// What is told of teams one by one; not what two kinds of count tell of a team.
    fn told(&self) -> BTreeMap<Place, i64> {
        let [typed, counted] = &self.kinds;
        let apart = |of: &Kind, other: &Kind| {
            let apart = of.teams.iter().filter(|(place, _)| !other.teams.contains_key(*place));
            let told = apart.filter_map(|(place, count)| Some((place.clone(), (*count)?)));
            told.collect::<Vec<_>>()
        };
        apart(typed, counted).into_iter().chain(apart(counted, typed)).collect()
    }
}
