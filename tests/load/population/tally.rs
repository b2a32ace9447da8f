//! Counts the generated lives one by one: the check of what is counted elsewhere, with
//! which it shares nothing.
//!
//! A life is told as comings and goings, each on a day: who is somewhere when a day
//! ends has come more often than gone.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use proto::participant::{
    Dimension, ExitOutcome, Livelihood, Measure, ReferralState, ReferringKind, Sex,
};

use super::{
    Population,
    life::{Case, Livelihoods, Person},
    organisation::{AREAS, MUNICIPALITIES, TEAMS, party},
};

/// The bands of ages: id, youngest and oldest.
pub(crate) const AGE_BANDS: [(&str, i32, i32); 4] =
    [("under-30", 0, 29), ("30-49", 30, 49), ("50-64", 50, 64), ("65-over", 65, 150)];

/// No band, for those without a year of birth.
const NONE: usize = usize::MAX;

/// How many measures there are, and one that there is not.
const MEASURES: usize = Measure::Participants as usize + 1;

/// A table of counts over a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    /// The first and the last day.
    pub(crate) period: [NaiveDate; 2],
    /// By what.
    pub(crate) cuts: Vec<Dimension>,
    cells: BTreeMap<Vec<usize>, [i64; MEASURES]>,
}

/// Where somebody comes to, or goes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stock {
    Queue,
    Enrolled,
}

/// A coming or going.
#[derive(Debug, Clone, Copy)]
struct Move {
    day: NaiveDate,
    stock: Stock,
    municipality: usize,
    comes: bool,
    /// It is no change of municipality.
    is_real: bool,
}

impl Tally {
    /// Nothing yet.
    pub(crate) fn new(period: [NaiveDate; 2], cuts: &[Dimension]) -> Self {
        Self { period, cuts: cuts.to_vec(), cells: BTreeMap::new() }
    }

    /// Counts everybody in all of the tables at once.
    pub(crate) fn count(tables: &mut [Tally], everybody: impl Iterator<Item = Person>) {
        for person in everybody {
            for case in &person.cases {
                let moves = moves(person.municipality, case);
                for table in tables.iter_mut() {
                    table.add(&person, case, &moves);
                }
            }
        }
    }

    /// The cells in which something is counted by some of the measures, with keys as they
    /// are answered.
    pub(crate) fn cells(
        &self,
        population: &Population,
        measures: &[Measure],
    ) -> BTreeMap<Vec<String>, Vec<i64>> {
        let mut cells = BTreeMap::new();
        for (keys, counts) in &self.cells {
            let counts: Vec<i64> =
                measures.iter().map(|measure| counts[*measure as usize]).collect();
            if counts.iter().any(|count| *count != 0) {
                let keys = keys.iter().zip(&self.cuts);
                let keys = keys.map(|(key, cut)| name(population, *cut, *key)).collect();
                cells.insert(keys, counts);
            }
        }
        cells
    }

    fn add(&mut self, person: &Person, case: &Case, moves: &[Move]) {
        let [first, last] = self.period;
        if case.referred > last {
            return;
        }
        let is_within = |day: NaiveDate| first <= day && day <= last;
        if is_within(case.referred) {
            self.cell(person, case, person.municipality)[Measure::Referred as usize] += 1;
        }
        for Move { day, stock, municipality, comes, is_real } in moves {
            let counts = self.cell(person, case, *municipality);
            let mut note = |measure: Measure, count: i64| counts[measure as usize] += count;
            let [opening, come, gone, closing] = stock.measures();
            let count = if *comes { 1 } else { -1 };
            if *day < first {
                note(opening, count);
            }
            if *day <= last {
                note(closing, count);
            }
            if is_within(*day) {
                note(if *comes { come } else { gone }, 1);
            }
            if *stock == Stock::Queue {
                continue;
            }
            let is_new = *comes && *is_real && is_within(*day);
            if is_new {
                note(Measure::New, 1);
            }
            if *day < first {
                note(Measure::Participants, count);
            } else if is_new {
                note(Measure::Participants, 1);
            }
            if !*comes && *is_real {
                for (measure, holds) in [
                    (Measure::ExitedOpening, *day < first),
                    (Measure::ExitedIn, is_within(*day)),
                    (Measure::ExitedClosing, *day <= last),
                ] {
                    note(measure, i64::from(holds));
                }
            }
        }
    }

    fn cell(&mut self, person: &Person, case: &Case, at: usize) -> &mut [i64; MEASURES] {
        let keys = self.cuts.iter().map(|cut| key(person, case, at, *cut)).collect();
        self.cells.entry(keys).or_default()
    }
}

impl Stock {
    fn measures(self) -> [Measure; 4] {
        match self {
            Self::Queue => {
                [Measure::QueueOpening, Measure::QueueIn, Measure::QueueOut, Measure::QueueClosing]
            }
            Self::Enrolled => [
                Measure::EnrolledOpening,
                Measure::EnrolledIn,
                Measure::EnrolledOut,
                Measure::EnrolledClosing,
            ],
        }
    }
}

/// Every coming and going of a case.
fn moves(home: usize, case: &Case) -> Vec<Move> {
    let mut moves = Vec::new();
    let mut stay = |stock: Stock, first: NaiveDate, end: Option<NaiveDate>| {
        let mut municipality = responsible(home, case, first);
        moves.push(Move { day: first, stock, municipality, comes: true, is_real: true });
        for (day, to) in case.transfers.iter().copied() {
            if first < day && end.is_none_or(|end| day < end) {
                moves.push(Move { day, stock, municipality, comes: false, is_real: false });
                municipality = to;
                moves.push(Move { day, stock, municipality, comes: true, is_real: false });
            }
        }
        if let Some(day) = end {
            moves.push(Move { day, stock, municipality, comes: false, is_real: true });
        }
    };
    let accepted = case.decision.filter(|decision| decision.state == ReferralState::Accepted);
    if let Some(decision) = accepted {
        let end = case.enrolment.as_ref().map(|enrolment| enrolment.first);
        stay(Stock::Queue, decision.day, end);
    }
    if let Some(enrolment) = &case.enrolment {
        let end = enrolment.exit.as_ref().map(|exit| exit.day);
        stay(Stock::Enrolled, enrolment.first, end);
    }
    moves
}

/// The municipality that was responsible on a day.
fn responsible(home: usize, case: &Case, day: NaiveDate) -> usize {
    let before = case.transfers.iter().rfind(|(moved, _)| *moved <= day);
    before.map_or(home, |(_, to)| *to)
}

fn key(person: &Person, case: &Case, at: usize, cut: Dimension) -> usize {
    let exit = case.enrolment.as_ref().and_then(|enrolment| enrolment.exit.as_ref());
    match cut {
        Dimension::Unspecified => 0,
        Dimension::Team => case.team,
        Dimension::Area => MUNICIPALITIES[at].1,
        Dimension::Municipality | Dimension::Party => at,
        Dimension::Sex => person.sex as usize,
        Dimension::Age => person.born.as_ref().map_or(NONE, |(_, year)| {
            let age = case.referred.year() - year;
            let is_of =
                |(_, youngest, oldest): &(&str, i32, i32)| (*youngest..=*oldest).contains(&age);
            AGE_BANDS.iter().position(is_of).unwrap_or(NONE)
        }),
        Dimension::ReferringKind => case.kind as usize,
        Dimension::ReferringParty => case.sender,
        Dimension::ExitOutcome => exit.map_or(0, |exit| exit.outcome as usize),
        Dimension::LivelihoodBefore => {
            let at_enrolment = case.enrolment.as_ref().and_then(|one| one.livelihoods.as_ref());
            largest(at_enrolment.unwrap_or(&case.livelihoods))
        }
        Dimension::LivelihoodAfter => exit.map_or(0, |exit| largest(&exit.livelihoods)),
    }
}

/// That with the largest share, of equals the first.
fn largest(livelihoods: &Livelihoods) -> usize {
    let most = livelihoods.iter().map(|(_, percent)| *percent).max();
    let found = livelihoods.iter().find(|(_, percent)| Some(*percent) == most);
    found.map_or(0, |(livelihood, _)| *livelihood as usize)
}

/// A key as it is answered.
fn name(population: &Population, cut: Dimension, key: usize) -> String {
    let federation = population.name();
    let of_code = |name: Option<&'static str>| name.unwrap_or_default().to_owned();
    let number = i32::try_from(key).unwrap_or_default();
    match cut {
        Dimension::Unspecified => String::new(),
        Dimension::Team => format!("{federation}/teams/{}", TEAMS[key].0),
        Dimension::Area => format!("{federation}/areas/{}", AREAS[key]),
        Dimension::Municipality => format!("{federation}/municipalities/{}", MUNICIPALITIES[key].0),
        Dimension::Party | Dimension::ReferringParty => {
            format!("{federation}/parties/{}", party(key))
        }
        Dimension::Age if key == NONE => String::new(),
        Dimension::Age => AGE_BANDS[key].0.to_owned(),
        Dimension::Sex => of_code(Sex::try_from(number).ok().map(|code| code.as_str_name())),
        Dimension::ReferringKind => {
            of_code(ReferringKind::try_from(number).ok().map(|code| code.as_str_name()))
        }
        Dimension::ExitOutcome => {
            of_code(ExitOutcome::try_from(number).ok().map(|code| code.as_str_name()))
        }
        Dimension::LivelihoodBefore | Dimension::LivelihoodAfter => {
            of_code(Livelihood::try_from(number).ok().map(|code| code.as_str_name()))
        }
    }
}
