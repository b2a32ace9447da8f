//! Counting cases: what a table's keys are, how its totals follow from its cells, and
//! that the books of each cell balance.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike as _, NaiveDate};
use values::{
    Period, Slug,
    name::{AreaName, MunicipalityName, PartyName, TeamName},
};

use super::{
    code::{ExitOutcome, Livelihood, ReferringKind, Sex},
    disclosure::table::{BandedCut, Layout},
    fact::{Fact, Measure},
    table_layout::Dimension,
};

/// The areas of municipalities, as far as they have one.
pub type Areas = BTreeMap<MunicipalityName, AreaName>;

/// Opening + in − out is not closing somewhere. No record can bring that about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbalanced {
    /// The cell.
    pub keys: Vec<String>,
    /// What was counted as the closing.
    pub closing: Measure,
}

/// Counts by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    measures: Vec<Measure>,
    cells: BTreeMap<Vec<String>, Vec<i64>>,
}

/// Opening, in, out and closing; nobody leaves those who have ended.
const BOOKS: [(Measure, Measure, Option<Measure>, Measure); 3] = [
    (Measure::QueueOpening, Measure::QueueIn, Some(Measure::QueueOut), Measure::QueueClosing),
    (
        Measure::EnrolledOpening,
        Measure::EnrolledIn,
        Some(Measure::EnrolledOut),
        Measure::EnrolledClosing,
    ),
    (Measure::ExitedOpening, Measure::ExitedIn, None, Measure::ExitedClosing),
];

impl Counted {
    /// Nothing yet, of these measures.
    #[must_use]
    pub fn new(measures: &[Measure]) -> Self {
        Self { measures: measures.to_vec(), cells: BTreeMap::new() }
    }

    /// Adds counts, one for each measure, to a cell.
    pub fn add(&mut self, keys: Vec<String>, counts: &[i64]) {
        let cell = self.cells.entry(keys).or_insert_with(|| vec![0; self.measures.len()]);
        add(cell, counts);
    }

    /// The counts of each cell, one for each measure.
    #[must_use]
    pub fn cells(&self) -> &BTreeMap<Vec<String>, Vec<i64>> {
        &self.cells
    }

    /// Checks every cell whose whole book was counted.
    ///
    /// # Errors
    /// The first cell where opening + in − out is not closing.
    pub fn check_books(&self) -> Result<(), Unbalanced> {
        let place = |measure: Measure| self.measures.iter().position(|other| *other == measure);
        for (opening, into, out, closing) in BOOKS {
            let (Some(from), Some(plus), Some(to)) = (place(opening), place(into), place(closing))
            else {
                continue;
            };
            let minus = out.map(place);
            if minus == Some(None) {
                continue;
            }
            for (keys, counts) in &self.cells {
                let left = minus.flatten().map_or(0, |minus| counts[minus]);
                if counts[from] + counts[plus] - left != counts[to] {
                    return Err(Unbalanced { keys: keys.clone(), closing });
                }
            }
        }
        Ok(())
    }

    /// The sums of each key of a cut over all others, one for each measure.
    #[must_use]
    pub fn margin(&self, cut: usize) -> BTreeMap<&str, Vec<i64>> {
        // Most cells have the key of one before: sorted are only the few keys in the end.
        let mut sums: HashMap<&str, Vec<i64>> = HashMap::new();
        for (keys, counts) in &self.cells {
            if let Some(key) = keys.get(cut) {
                let sum = sums.entry(key).or_insert_with(|| vec![0; self.measures.len()]);
                add(sum, counts);
            }
        }
        sums.into_iter().collect()
    }

    /// The grand totals, one for each measure.
    #[must_use]
    pub fn totals(&self) -> Vec<i64> {
        let mut totals = vec![0; self.measures.len()];
        self.cells.values().for_each(|counts| add(&mut totals, counts));
        totals
    }
}

fn add(sums: &mut [i64], counts: &[i64]) {
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
    }
}

/// The numbers of the codes of a dimension, and their names; none for what has no codes.
#[must_use]
pub fn codes(dimension: Dimension) -> Option<Vec<(i16, &'static str)>> {
    match dimension {
        Dimension::Sex => Some(Sex::ALL.iter().map(|c| (c.number(), c.name())).collect()),
        Dimension::ReferringKind => {
            Some(ReferringKind::ALL.iter().map(|c| (c.number(), c.name())).collect())
        }
        Dimension::ExitOutcome => {
            Some(ExitOutcome::ALL.iter().map(|c| (c.number(), c.name())).collect())
        }
        Dimension::LivelihoodBefore | Dimension::LivelihoodAfter => {
            Some(Livelihood::ALL.iter().map(|c| (c.number(), c.name())).collect())
        }
        Dimension::Team
        | Dimension::Area
        | Dimension::Municipality
        | Dimension::Party
        | Dimension::Age
        | Dimension::ReferringParty => None,
    }
}

/// The facts that a key of a cut stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Those that have nothing there.
    Nothing,
    /// Those of a resource.
    Of(Slug),
    /// Those with one of the codes, by their numbers.
    Codes(Vec<i16>),
    /// Those of an age.
    Ages {
        /// The youngest.
        youngest: i32,
        /// The oldest.
        oldest: i32,
    },
}

/// What a key of a cut stands for; nothing when the cut has no such key.
#[must_use]
pub fn part(federation: &Slug, cut: &BandedCut, key: &str) -> Option<Part> {
    let id = |id: Slug, of: Slug| (of == *federation).then_some(Part::Of(id));
    let party = |key| PartyName::parse("", key).ok().and_then(|name| id(name.id, name.federation));
    match cut.dimension {
        Dimension::Team => {
            TeamName::parse("", key).ok().and_then(|name| id(name.id, name.federation))
        }
        Dimension::Area if key.is_empty() => Some(Part::Nothing),
        Dimension::Area => {
            AreaName::parse("", key).ok().and_then(|name| id(name.id, name.federation))
        }
        Dimension::Municipality => {
            MunicipalityName::parse("", key).ok().and_then(|name| id(name.id, name.federation))
        }
        Dimension::Party | Dimension::ReferringParty => party(key),
        Dimension::Age if key.is_empty() => Some(Part::Nothing),
        Dimension::Age => {
            let bands = cut.banding.as_ref()?.bands();
            let band = bands.iter().find(|band| band.id.as_str() == key)?;
            Some(Part::Ages { youngest: band.youngest, oldest: band.oldest })
        }
        Dimension::ExitOutcome | Dimension::LivelihoodAfter if key.is_empty() => {
            Some(Part::Nothing)
        }
        Dimension::Sex
        | Dimension::ReferringKind
        | Dimension::ExitOutcome
        | Dimension::LivelihoodBefore
        | Dimension::LivelihoodAfter => {
            let all = codes(cut.dimension).unwrap_or_default();
            let of_key = all.into_iter().filter(|(_, name)| cut.key_of(name) == key);
            let numbers: Vec<i16> = of_key.map(|(number, _)| number).collect();
            (!numbers.is_empty()).then_some(Part::Codes(numbers))
        }
    }
}

/// The keys of a fact in a layout, one for each cut.
#[must_use]
pub fn keys(layout: &Layout, fact: &Fact, areas: &Areas) -> Vec<String> {
    let key = |cut: &BandedCut| {
        let part = match cut.dimension {
            Dimension::Team => fact.team.to_string(),
            Dimension::Area => {
                areas.get(&fact.municipality).map(ToString::to_string).unwrap_or_default()
            }
            Dimension::Municipality => fact.municipality.to_string(),
            Dimension::Party => fact.party.to_string(),
            Dimension::Sex => fact.sex.name().to_owned(),
            Dimension::Age => fact.age.map(|age| age.to_string()).unwrap_or_default(),
            Dimension::ReferringKind => fact.referring_kind.name().to_owned(),
            Dimension::ReferringParty => fact.sender.to_string(),
            Dimension::ExitOutcome => {
                fact.ended.map_or("", |ended| ended.outcome.name()).to_owned()
            }
            Dimension::LivelihoodBefore => fact.livelihood.name().to_owned(),
            Dimension::LivelihoodAfter => {
                fact.ended.map_or("", |ended| ended.livelihood.name()).to_owned()
            }
        };
        cut.key_of(&part).to_owned()
    };
    layout.cuts.iter().map(key).collect()
}

/// The calendar half-years of a calendar half-year or year; none of another period.
#[must_use]
pub fn halves(period: Period) -> Option<Vec<Period>> {
    let all = halves_over([period]);
    let (first, last) = (all.first()?, all.last()?);
    let is_whole = first.first_day() == period.first_day() && last.last_day() == period.last_day();
    let is_one_year = period.first_day().year() == period.last_day().year();
    (is_whole && is_one_year).then_some(all)
}

/// The calendar half-years that periods reach over, one after the other without a gap.
#[must_use]
pub fn halves_over(periods: impl IntoIterator<Item = Period>) -> Vec<Period> {
    let ends = periods.into_iter().map(|period| (period.first_day(), period.last_day()));
    let span = ends.reduce(|(first, last), (other_first, other_last)| {
        (first.min(other_first), last.max(other_last))
    });
    let Some((first, last)) = span else { return Vec::new() };
    let mut all = Vec::new();
    for year in first.year()..=last.year() {
        for (from, to) in [((1, 1), (6, 30)), ((7, 1), (12, 31))] {
            let day = |(month, day)| NaiveDate::from_ymd_opt(year, month, day);
            let half = day(from).zip(day(to));
            let half = half.and_then(|(from, to)| Period::new("period", from, to).ok());
            all.extend(half.filter(|half| half.first_day() <= last && first <= half.last_day()));
        }
    }
    all
}
