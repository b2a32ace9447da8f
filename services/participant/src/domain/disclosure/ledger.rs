//! The ledger of released tables: what a new table may tell beside all that was given
//! out before.

use std::collections::BTreeSet;

use disclosure::{
    Threshold,
    ledger::{Before, Ledger, NothingCanBeTold, World},
};
use values::Period;

use super::{
    population::{Atoms, Population, Term},
    table::{Layout, Place, ProtectedTable, Released, Table},
};

/// A table with enough hidden that no small count can be told from it and all that was
/// given out before.
///
/// The same table has the same numbers hidden every time; so has a newer version in which
/// every number is what it was, where that is proved to be enough.
///
/// # Errors
/// When nothing of it can be told.
pub fn beside(
    threshold: Threshold,
    population: &Population,
    earlier: &[Released],
    table: &Table,
) -> Result<ProtectedTable, NothingCanBeTold> {
    let alone = ledger(threshold, population, &[], table);
    let same = earlier.iter().find(|released| released.table == *table);
    let before = match same {
        Some(Released { hidden, .. }) => Before::Same(hidden.clone()),
        None if earlier.is_empty() => Before::Nothing,
        None => {
            let joint = ledger(threshold, population, earlier, table);
            let unchanged = unchanged(population, earlier, table);
            match unchanged.filter(|hidden| joint.is_safe(threshold, hidden)) {
                Some(hidden) => Before::Same(hidden.clone()),
                None => Before::Others(joint),
            }
        }
    };
    disclosure::ledger::beside(threshold, &alone, &before)
}

/// True when no version of the table was given out before.
#[must_use]
pub fn is_first(earlier: &[Released], table: &Table) -> bool {
    newest_version(earlier, table).is_none()
}

/// The version of a table that was given out last.
fn newest_version<'a>(earlier: &'a [Released], table: &Table) -> Option<&'a Released> {
    let versions = earlier.iter().filter(|released| {
        let Table { layout, period, sequence: _ } = &released.table;
        (layout, period) == (&table.layout, &table.period)
    });
    versions.max_by_key(|released| released.table.sequence)
}

/// What was hidden in the version that was given out last, when every number is what it
/// was.
fn unchanged<'a>(
    population: &Population,
    earlier: &'a [Released],
    table: &Table,
) -> Option<&'a BTreeSet<Place>> {
    let Released { table: before, hidden } = newest_version(earlier, table)?;
    let atoms = Atoms::new(population, &[before, table]);
    let value = |sequence: i64, terms: &BTreeSet<Term>| -> i64 {
        terms.iter().map(|term| atoms.value(sequence, *term)).sum()
    };
    let numbers = atoms.numbers(table);
    let mut numbers = numbers.values();
    let is_same =
        numbers.all(|terms| value(before.sequence, terms) == value(table.sequence, terms));
    is_same.then_some(hidden)
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
    let told: Vec<Released> = telling(population, released).into_iter().cloned().collect();
    let Some((last, earlier)) = told.split_last() else { return true };
    ledger(threshold, population, earlier, &last.table).is_safe(threshold, &last.hidden)
}

/// Those that tell something, each once: what was read may have been published as it was.
fn telling<'a>(population: &Population, released: &'a [Released]) -> Vec<&'a Released> {
    let mut telling: Vec<&Released> = Vec::new();
    for one in released {
        if tells(population, one) && !telling.contains(&one) {
            telling.push(one);
        }
    }
    telling
}

/// False for a table that was given out with all of it hidden.
fn tells(population: &Population, Released { table, hidden }: &Released) -> bool {
    let grand_totals = hidden.iter().filter(|place| place.keys.iter().all(Option::is_none));
    // Most show those, and need no second look.
    if grand_totals.count() < table.layout.measures.len() {
        return true;
    }
    let places = Atoms::new(population, &[table]).numbers(table);
    places.keys().any(|place| !hidden.contains(place))
}

fn ledger(
    threshold: Threshold,
    population: &Population,
    earlier: &[Released],
    table: &Table,
) -> Ledger<Place> {
    let earlier = telling(population, earlier);
    let mut tables: Vec<&Table> = earlier.iter().map(|released| &released.table).collect();
    tables.push(table);
    let atoms = Atoms::new(population, &tables);
    let released = |Released { table, hidden }: &Released| disclosure::ledger::Released {
        table: summed(&atoms, table),
        hidden: hidden.clone(),
    };
    let earlier: Vec<_> = earlier.into_iter().map(released).collect();
    Ledger::new(threshold, &atoms, &earlier, &summed(&atoms, table))
}

fn summed(atoms: &Atoms, table: &Table) -> disclosure::ledger::Table<Place, Term> {
    let number = |(place, terms): (Place, BTreeSet<Term>)| {
        let is_total = place.is_total();
        (place, disclosure::ledger::Summed { terms, is_total })
    };
    disclosure::ledger::Table {
        version: table.sequence,
        numbers: atoms.numbers(table).into_iter().map(number).collect(),
    }
}

impl World for Atoms {
    type Term = Term;

    fn value(&self, sequence: i64, term: &Term) -> i64 {
        Atoms::value(self, sequence, *term)
    }

    /// The rules of book-keeping, of every period and everybody.
    fn rules(&self, sequence: i64) -> Vec<Vec<(Term, i64)>> {
        let mut of_all = Vec::new();
        for rule in self.book_rules() {
            for atom in 0..self.len() {
                let terms = rule.iter().map(|(basic, sign)| ((atom, *basic), *sign));
                let terms: Vec<(Term, i64)> = terms.collect();
                let sum: i64 =
                    terms.iter().map(|(term, sign)| sign * self.value(sequence, *term)).sum();
                assert_eq!(sum, 0, "opening + in − out is not closing");
                of_all.push(terms);
            }
        }
        of_all
    }
}
