//! The counts that tables are made of, divided as finely as the tables in question
//! divide them and no finer, and what each number of a table sums.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use values::Period;

use super::table::{BandedCut, Place, Table};
use crate::domain::fact::Measure;

/// Combinations of keys that are filled in with 0 where nobody is: they can be hidden
/// beside a small count, where an absent one is known to be 0.
const MOST_COMBINATIONS: usize = 4096;

/// Basic counts of a period.
const BASICS: usize = 13;

/// What was counted in a period, as known at a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tabulated {
    /// The sequence.
    pub sequence: i64,
    /// The days.
    pub period: Period,
    /// By the key of each cut: every measure, in the order of [`Measure::ALL`].
    pub cells: BTreeMap<Vec<String>, [i64; Measure::ALL.len()]>,
}

/// The counts behind tables: the same periods, one after the other, at each sequence.
/// A table's period is one of them or several in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Population {
    /// What the keys of a cell divide: every cut of the tables, or its dimension by parts
    /// as they are.
    pub cuts: Vec<BandedCut>,
    /// The counts.
    pub tabulated: Vec<Tabulated>,
}

/// The cuts of tables, each once, in the order that they are first met.
pub fn cuts<'a>(tables: impl IntoIterator<Item = &'a Table>) -> Vec<&'a BandedCut> {
    let mut cuts: Vec<&BandedCut> = Vec::new();
    for cut in tables.into_iter().flat_map(|table| &table.layout.cuts) {
        if !cuts.contains(&cut) {
            cuts.push(cut);
        }
    }
    cuts
}

/// A count that no rule of book-keeping divides further: of those who are somewhere at
/// the end of a day, or of those to whom something happens in a period (by its first
/// day).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Basic {
    Queue(NaiveDate),
    Enrolled(NaiveDate),
    Exited(NaiveDate),
    QueueIn(NaiveDate),
    QueueOut(NaiveDate),
    New(NaiveDate),
    TransferredIn(NaiveDate),
    ExitedIn(NaiveDate),
    TransferredOut(NaiveDate),
    Referred(NaiveDate),
}

/// A basic count of the people of one atom.
pub(super) type Term = (usize, Basic);

/// People by atom: those whom no table in question tells apart.
pub(super) struct Atoms<'a> {
    /// The cuts that divide them; those of a dimension stand together.
    axes: Vec<&'a BandedCut>,
    /// The key of each atom on each axis.
    keys: Vec<Vec<&'a str>>,
    counts: BTreeMap<(i64, Basic), Vec<i64>>,
    periods: Vec<Period>,
}

impl<'a> Atoms<'a> {
    /// Divides the people as the tables do.
    pub(super) fn new(population: &'a Population, tables: &[&'a Table]) -> Self {
        let mut axes = cuts(tables.iter().copied());
        axes.sort_by_key(|axis| axis.dimension);
        let sequences: BTreeSet<i64> = tables.iter().map(|table| table.sequence).collect();
        let tabulated = population.tabulated.iter();
        let tabulated: Vec<_> =
            tabulated.filter(|tabulated| sequences.contains(&tabulated.sequence)).collect();
        let columns: Vec<Column> = axes.iter().map(|axis| column(&population.cuts, axis)).collect();
        let key = |keys: &'a Vec<String>| -> Vec<&'a str> {
            columns.iter().map(|column| column.key(keys)).collect()
        };
        let occurring = tabulated.iter().flat_map(|tabulated| tabulated.cells.keys());
        // Most occur in every period.
        let occurring: HashSet<Vec<&str>> = occurring.map(key).collect();
        let keys: Vec<_> = filled(occurring.into_iter().collect(), &axes).into_iter().collect();
        let atoms = keys.iter().enumerate().map(|(atom, key)| (key.as_slice(), atom));
        let atoms: HashMap<&[&str], usize> = atoms.collect();

        let mut counts: BTreeMap<(i64, Basic), Vec<i64>> = BTreeMap::new();
        for Tabulated { sequence, period, cells } in &tabulated {
            let mut summed = [const { Vec::new() }; BASICS];
            summed.fill(vec![0; keys.len()]);
            for (parts, cell) in cells {
                let atom = *atoms.get(key(parts).as_slice()).expect("a key that occurs is kept");
                for (sum, value) in summed.iter_mut().zip(basic_values(cell)) {
                    sum[atom] += value;
                }
            }
            for (basic, sum) in basics_of(*period).into_iter().zip(summed) {
                assert!(sum.iter().all(|value| *value >= 0), "nobody can be counted below 0");
                let other = counts.insert((*sequence, basic), sum.clone());
                assert!(other.is_none_or(|other| other == sum), "closing is the next opening");
            }
        }
        let periods: BTreeSet<Period> =
            tabulated.iter().map(|tabulated| tabulated.period).collect();
        Self { axes, keys, counts, periods: periods.into_iter().collect() }
    }

    /// How many people a term counts, as known at a sequence.
    ///
    /// # Panics
    /// When the population does not hold the sequence or the day.
    pub(super) fn value(&self, sequence: i64, (atom, basic): Term) -> i64 {
        let counts = self.counts.get(&(sequence, basic));
        counts.expect("the population has every sequence and period of the tables")[atom]
    }

    /// Every number of a table, with what it sums.
    pub(super) fn numbers(&self, table: &Table) -> BTreeMap<Place, BTreeSet<Term>> {
        let cuts = table.layout.cuts.iter();
        let axes: Vec<usize> = cuts
            .map(|cut| {
                let axis = self.axes.iter().position(|axis| *axis == cut);
                axis.expect("the atoms are divided by every table's cuts")
            })
            .collect();
        let mut numbers: BTreeMap<Place, BTreeSet<Term>> = BTreeMap::new();
        for measure in &table.layout.measures {
            let basics = self.basics(*measure, table.period);
            let nobody = Place { keys: vec![None; axes.len()], measure: *measure };
            numbers.entry(nobody).or_default();
            for (atom, atom_keys) in self.keys.iter().enumerate() {
                let keys: Vec<&str> = axes.iter().map(|axis| atom_keys[*axis]).collect();
                for place in Place::all_of(&keys, *measure) {
                    let terms = basics.iter().map(|basic| (atom, *basic));
                    numbers.entry(place).or_default().extend(terms);
                }
            }
        }
        numbers
    }

    /// The rules of book-keeping, for every period.
    pub(super) fn book_rules(&self) -> Vec<Vec<(Basic, i64)>> {
        self.periods.iter().flat_map(|period| rules_of(*period)).collect()
    }

    /// How many atoms there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// What a measure sums in a period.
    fn basics(&self, measure: Measure, whole: Period) -> Vec<Basic> {
        let inside = self.periods.iter().filter(|period| whole.covers(**period));
        let days: Vec<NaiveDate> = inside.map(|period| period.first_day()).collect();
        let flow = |basic: fn(NaiveDate) -> Basic| days.iter().map(move |day| basic(*day));
        let opening = day_before(whole);
        let closing = whole.last_day();
        match measure {
            Measure::QueueOpening => vec![Basic::Queue(opening)],
            Measure::QueueIn => flow(Basic::QueueIn).collect(),
            Measure::QueueOut => flow(Basic::QueueOut).collect(),
            Measure::QueueClosing => vec![Basic::Queue(closing)],
            Measure::EnrolledOpening => vec![Basic::Enrolled(opening)],
            Measure::EnrolledIn => flow(Basic::New).chain(flow(Basic::TransferredIn)).collect(),
            Measure::EnrolledOut => {
                flow(Basic::ExitedIn).chain(flow(Basic::TransferredOut)).collect()
            }
            Measure::EnrolledClosing => vec![Basic::Enrolled(closing)],
            Measure::ExitedOpening => vec![Basic::Exited(opening)],
            Measure::ExitedIn => flow(Basic::ExitedIn).collect(),
            Measure::ExitedClosing => vec![Basic::Exited(closing)],
            Measure::Referred => flow(Basic::Referred).collect(),
            Measure::New => flow(Basic::New).collect(),
            Measure::Participants => {
                std::iter::once(Basic::Enrolled(opening)).chain(flow(Basic::New)).collect()
            }
        }
    }
}

/// Where the key of an axis stands in a cell of the population.
enum Column<'a> {
    /// It is this key.
    Key(usize),
    /// It is made of this part.
    Part(usize, &'a BandedCut),
}

impl<'a> Column<'a> {
    fn key(&self, keys: &'a [String]) -> &'a str {
        match self {
            Self::Key(place) => &keys[*place],
            Self::Part(place, axis) => axis.key_of(&keys[*place]),
        }
    }
}

fn column<'a>(cuts: &[BandedCut], axis: &'a BandedCut) -> Column<'a> {
    if let Some(place) = cuts.iter().position(|cut| cut == axis) {
        return Column::Key(place);
    }
    let whole = BandedCut { dimension: axis.dimension, banding: None };
    let place = cuts.iter().position(|cut| *cut == whole);
    Column::Part(place.expect("the population is divided by every cut of the tables"), axis)
}

/// The keys with every combination of what occurs in each dimension, when those are
/// not too many.
fn filled<'a>(keys: BTreeSet<Vec<&'a str>>, axes: &[&BandedCut]) -> BTreeSet<Vec<&'a str>> {
    let mut grid: BTreeSet<Vec<&str>> = BTreeSet::from([Vec::new()]);
    let mut from = 0;
    for of_dimension in axes.chunk_by(|one, next| one.dimension == next.dimension) {
        let to = from + of_dimension.len();
        let parts: BTreeSet<&[&str]> = keys.iter().map(|key| &key[from..to]).collect();
        if grid.len() * parts.len() > MOST_COMBINATIONS {
            return keys;
        }
        let longer = |start: &Vec<&'a str>| -> Vec<Vec<&'a str>> {
            parts.iter().map(|part| [start.as_slice(), *part].concat()).collect()
        };
        grid = grid.iter().flat_map(longer).collect();
        from = to;
    }
    grid
}

fn day_before(period: Period) -> NaiveDate {
    period.first_day().pred_opt().expect("no period begins with the first of all days")
}

/// The basic counts of a period, in the order of [`basic_values`].
fn basics_of(period: Period) -> [Basic; BASICS] {
    let (before, first, last) = (day_before(period), period.first_day(), period.last_day());
    [
        Basic::Queue(before),
        Basic::QueueIn(first),
        Basic::QueueOut(first),
        Basic::Queue(last),
        Basic::Enrolled(before),
        Basic::New(first),
        Basic::TransferredIn(first),
        Basic::ExitedIn(first),
        Basic::TransferredOut(first),
        Basic::Enrolled(last),
        Basic::Exited(before),
        Basic::Exited(last),
        Basic::Referred(first),
    ]
}

fn basic_values(cell: &[i64; Measure::ALL.len()]) -> [i64; BASICS] {
    let of = |measure: Measure| cell[measure as usize - 1];
    let new = of(Measure::New);
    let exited = of(Measure::ExitedIn);
    [
        of(Measure::QueueOpening),
        of(Measure::QueueIn),
        of(Measure::QueueOut),
        of(Measure::QueueClosing),
        of(Measure::EnrolledOpening),
        new,
        of(Measure::EnrolledIn) - new,
        exited,
        of(Measure::EnrolledOut) - exited,
        of(Measure::EnrolledClosing),
        of(Measure::ExitedOpening),
        of(Measure::ExitedClosing),
        of(Measure::Referred),
    ]
}

/// Opening + in − out = closing, of those who have ended, the enrolled and the queue.
fn rules_of(period: Period) -> [Vec<(Basic, i64)>; 3] {
    let (before, first, last) = (day_before(period), period.first_day(), period.last_day());
    [
        vec![(Basic::Exited(before), 1), (Basic::ExitedIn(first), 1), (Basic::Exited(last), -1)],
        vec![
            (Basic::Enrolled(before), 1),
            (Basic::New(first), 1),
            (Basic::TransferredIn(first), 1),
            (Basic::ExitedIn(first), -1),
            (Basic::TransferredOut(first), -1),
            (Basic::Enrolled(last), -1),
        ],
        vec![
            (Basic::Queue(before), 1),
            (Basic::QueueIn(first), 1),
            (Basic::QueueOut(first), -1),
            (Basic::Queue(last), -1),
        ],
    ]
}
