//! The ledger of released tables: what a new table may tell beside all that was given
//! out before.
//!
//! All tables are put into one system. Where nothing changed between two sequences, the
//! counts of both are one; where something did, the difference of the two is a count
//! like any other, and is held to the same rule.

use std::collections::{BTreeMap, BTreeSet};

use values::Period;

use super::{
    Threshold,
    population::{Atoms, Basic, Population, Term},
    protect::{Unproven, audit, protect},
    system::{Number, Sum, System},
    table::{Layout, Place, ProtectedTable, Released, Table},
};

/// What hiding a number costs: cells with people are hidden rather than zeros, and
/// cells rather than totals.
const CELL: u64 = 10;
const ZERO: u64 = 25;

/// No pattern is found that keeps what the earlier tables hide, not even hiding the new
/// one whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NothingCanBeTold;

/// A table with enough hidden that no small count can be told from it and all that was
/// given out before.
///
/// The same table has the same numbers hidden every time.
///
/// # Errors
/// When nothing of it can be told.
pub fn beside(
    threshold: Threshold,
    population: &Population,
    earlier: &[Released],
    table: &Table,
) -> Result<ProtectedTable, NothingCanBeTold> {
    let alone = ledger_system(threshold, population, &[], table);
    let same = earlier.iter().find(|released| released.table == *table);
    let own = match same {
        Some(Released { hidden, .. }) => hidden.clone(),
        None => alone.hide(threshold, &BTreeSet::new())?,
    };
    let all = match same {
        Some(_) => own.clone(),
        None if earlier.is_empty() => own.clone(),
        None => {
            let joint = ledger_system(threshold, population, earlier, table);
            &joint.hide(threshold, &own)? | &own
        }
    };
    let value = |(place, number): (&Place, &Number)| {
        let value = number.sum.value(&alone.system.counts);
        (place.clone(), (!all.contains(place)).then_some(value))
    };
    let numbers = alone.places.iter().zip(&alone.system.numbers).map(value).collect();
    Ok(ProtectedTable { numbers, would_reveal: &all - &own })
}

/// The newest version of a table that can be told whole, as far as it can be told at
/// all, beside what was given out before: that of the first of these sequences (the
/// newest first) beside which nothing more has to be hidden than without the earlier
/// tables. When there is none, the version that was given out last; when none was, the
/// newest with more hidden. Answers the sequence, too.
///
/// # Errors
/// When nothing of it can be told.
///
/// # Panics
/// When no sequence is given.
pub fn newest(
    threshold: Threshold,
    population: &Population,
    earlier: &[Released],
    (layout, period): (&Layout, Period),
    sequences: &[i64],
) -> Result<(i64, ProtectedTable), NothingCanBeTold> {
    let at = |sequence: i64| {
        let table = Table { layout: layout.clone(), period, sequence };
        beside(threshold, population, earlier, &table).map(|protected| (sequence, protected))
    };
    for sequence in sequences {
        match at(*sequence) {
            Ok((_, protected)) if !protected.would_reveal.is_empty() => {}
            Ok(told) => return Ok(told),
            Err(NothingCanBeTold) => {}
        }
    }
    let same = earlier.iter().map(|released| &released.table);
    let same = same.filter(|table| table.layout == *layout && table.period == period);
    match same.map(|table| table.sequence).max() {
        Some(sequence) => at(sequence),
        None => at(*sequences.first().expect("a table is asked for at a sequence")),
    }
}

/// True when it is proved that nobody can tell a small count from all of these tables.
#[must_use]
pub fn is_safe(threshold: Threshold, population: &Population, released: &[Released]) -> bool {
    let Some((last, earlier)) = released.split_last() else { return true };
    let joint = ledger_system(threshold, population, earlier, &last.table);
    let places = joint.places.iter().enumerate();
    let hidden = places.filter(|(_, place)| last.hidden.contains(place)).map(|(i, _)| i).collect();
    audit(&joint.system, threshold, &hidden).is_empty()
}

/// A system whose numbers are those of a table.
struct LedgerSystem {
    system: System,
    /// The numbers' places.
    places: Vec<Place>,
}

impl LedgerSystem {
    fn hide(
        &self,
        threshold: Threshold,
        given: &BTreeSet<Place>,
    ) -> Result<BTreeSet<Place>, NothingCanBeTold> {
        let places = self.places.iter().enumerate();
        let given = places.filter(|(_, place)| given.contains(place)).map(|(i, _)| i).collect();
        match protect(&self.system, threshold, &given) {
            Ok(hidden) => Ok(hidden.into_iter().map(|i| self.places[i].clone()).collect()),
            Err(Unproven(_)) => Err(NothingCanBeTold),
        }
    }
}

fn ledger_system(
    threshold: Threshold,
    population: &Population,
    earlier: &[Released],
    table: &Table,
) -> LedgerSystem {
    let mut tables: Vec<&Table> = earlier.iter().map(|released| &released.table).collect();
    tables.push(table);
    let atoms = Atoms::new(population, &tables);
    let mut builder = Builder {
        atoms: &atoms,
        system: System::default(),
        counts: BTreeMap::new(),
        told: BTreeMap::new(),
    };
    for Released { table, hidden } in earlier {
        for (place, terms) in atoms.numbers(table) {
            let sum = builder.number(table.sequence, &terms);
            if !hidden.contains(&place) {
                builder.system.known.insert(sum);
            }
        }
    }
    let mut places = Vec::new();
    for (place, terms) in atoms.numbers(table) {
        let sum = builder.number(table.sequence, &terms);
        let cost = cost(&place, terms.len(), sum.value(&builder.system.counts));
        builder.system.numbers.push(Number { sum, cost });
        places.push(place);
    }
    let sequences: BTreeSet<i64> = tables.iter().map(|table| table.sequence).collect();
    builder.keep_books(&sequences);
    builder.compare(threshold);
    LedgerSystem { system: builder.system, places }
}

fn cost(place: &Place, terms: usize, value: i64) -> u64 {
    let terms = u64::try_from(terms).unwrap_or(u64::MAX / CELL);
    match (place.is_total(), value) {
        (true, _) => CELL * (terms + 3),
        (false, 0) => ZERO,
        (false, _) => CELL,
    }
}

/// Puts the system together. A term that has the same value at two sequences is one
/// count.
struct Builder<'a> {
    atoms: &'a Atoms,
    system: System,
    counts: BTreeMap<(Term, i64), usize>,
    /// What each number sums, with the sequences it was asked for at.
    told: BTreeMap<BTreeSet<Term>, BTreeSet<i64>>,
}

impl Builder<'_> {
    fn count(&mut self, sequence: i64, term: Term) -> usize {
        let value = self.atoms.value(sequence, term);
        let next = self.system.counts.len();
        let count = *self.counts.entry((term, value)).or_insert(next);
        if count == next {
            self.system.counts.push(value);
        }
        count
    }

    fn number(&mut self, sequence: i64, terms: &BTreeSet<Term>) -> Sum {
        self.told.entry(terms.clone()).or_default().insert(sequence);
        self.sum(sequence, terms)
    }

    fn sum(&mut self, sequence: i64, terms: &BTreeSet<Term>) -> Sum {
        Sum::of(terms.iter().map(|term| (self.count(sequence, *term), 1)).collect::<Vec<_>>())
    }

    /// Adds the rules of book-keeping that tie two counts or more; with one, a rule
    /// says nothing, because the others can be anything.
    fn keep_books(&mut self, sequences: &BTreeSet<i64>) {
        for sequence in sequences {
            for rule in self.atoms.rules() {
                for atom in 0..self.atoms.len() {
                    self.keep_book(*sequence, atom, &rule);
                }
            }
        }
    }

    fn keep_book(&mut self, sequence: i64, atom: usize, rule: &[(Basic, i64)]) {
        let is_known = |(basic, _): &&(Basic, i64)| {
            let term = (atom, *basic);
            self.counts.contains_key(&(term, self.atoms.value(sequence, term)))
        };
        if rule.iter().filter(is_known).count() < 2 {
            return;
        }
        let terms = rule.iter().map(|(basic, sign)| (self.count(sequence, (atom, *basic)), *sign));
        let sum = Sum::of(terms.collect::<Vec<_>>());
        assert_eq!(sum.value(&self.system.counts), 0, "opening + in − out is not closing");
        self.system.known.insert(sum);
    }

    /// Makes each small difference between two sequences a count: of what a number
    /// sums, and of what all numbers are made of.
    fn compare(&mut self, threshold: Threshold) {
        let mut pairs: BTreeSet<(Sum, Sum)> = BTreeSet::new();
        for (terms, sequences) in std::mem::take(&mut self.told) {
            let sums: BTreeSet<Sum> =
                sequences.iter().map(|sequence| self.sum(*sequence, &terms)).collect();
            pairs.extend(ordered_pairs(&sums));
        }
        let mut versions: BTreeMap<Term, BTreeSet<Sum>> = BTreeMap::new();
        for ((term, _), count) in &self.counts {
            versions.entry(*term).or_default().insert(Sum::of([(*count, 1)]));
        }
        pairs.extend(versions.values().flat_map(ordered_pairs));
        for (one, other) in pairs {
            self.add_difference(threshold, &one, &other);
        }
    }

    fn add_difference(&mut self, threshold: Threshold, one: &Sum, other: &Sum) {
        let values = [one, other].map(|sum| sum.value(&self.system.counts));
        let difference = values[0].abs_diff(values[1]).cast_signed();
        if !threshold.is_small(difference) {
            return;
        }
        let (more, less) = if values[0] > values[1] { (one, other) } else { (other, one) };
        let count = self.system.counts.len();
        self.system.counts.push(difference);
        let taken_away = less.terms().iter().map(|(count, sign)| (*count, -sign));
        let terms = more.terms().iter().copied().chain(taken_away).chain([(count, -1)]);
        self.system.known.insert(Sum::of(terms));
    }
}

fn ordered_pairs(sums: &BTreeSet<Sum>) -> Vec<(Sum, Sum)> {
    let pair = |(place, one): (usize, &Sum)| -> Vec<(Sum, Sum)> {
        sums.iter().skip(place + 1).map(|other| (one.clone(), other.clone())).collect()
    };
    sums.iter().enumerate().flat_map(pair).collect()
}
