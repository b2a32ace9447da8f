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

/// All that was given out, in the order that it was, with the counts behind it.
pub struct GivenOut<'a> {
    population: &'a Population,
    released: Vec<Released>,
    /// Which of them tell something, each once: what was read may have been published as it
    /// was.
    telling: Vec<usize>,
}

impl<'a> GivenOut<'a> {
    /// What was given out.
    #[must_use]
    pub fn new(population: &'a Population, released: Vec<Released>) -> Self {
        let mut given_out = Self { population, released: Vec::new(), telling: Vec::new() };
        released.into_iter().for_each(|released| given_out.push(released));
        given_out
    }

    /// Adds a table that is given out.
    pub fn push(&mut self, released: Released) {
        let is_new = !self.telling().any(|told| *told == released);
        if is_new && tells(self.population, &released) {
            self.telling.push(self.released.len());
        }
        self.released.push(released);
    }

    /// A table with enough hidden that no small count can be told from it and all that was
    /// given out before.
    ///
    /// The same table has the same numbers hidden every time; so has a newer version in which
    /// every number is what it was, where that is proved to be enough.
    ///
    /// # Errors
    /// When nothing of it can be told.
    pub fn beside(
        &self,
        threshold: Threshold,
        table: &Table,
    ) -> Result<ProtectedTable, NothingCanBeTold> {
        let alone = ledger(threshold, self.population, &[], table);
        let same = self.released.iter().find(|released| released.table == *table);
        let before = match same {
            Some(Released { hidden, .. }) => Before::Same(hidden.clone()),
            None if self.released.is_empty() => Before::Nothing,
            None => {
                let telling: Vec<&Released> = self.telling().collect();
                let joint = ledger(threshold, self.population, &telling, table);
                let unchanged = self.unchanged(table);
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
    pub fn is_first(&self, table: &Table) -> bool {
        self.newest_version(table).is_none()
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
        &self,
        threshold: Threshold,
        (layout, period): (&Layout, Period),
        sequences: &[i64],
    ) -> Result<(i64, ProtectedTable), NothingCanBeTold> {
        let table = |sequence: i64| Table { layout: layout.clone(), period, sequence };
        let at = |sequence: i64| {
            let protected = self.beside(threshold, &table(sequence));
            protected.map(|protected| (sequence, protected))
        };
        for sequence in sequences {
            match at(*sequence) {
                Ok((_, protected)) if !protected.would_reveal.is_empty() => {}
                Ok(told) => return Ok(told),
                Err(NothingCanBeTold) => {}
            }
        }
        let first = *sequences.first().expect("a table is asked for at a sequence");
        match self.newest_version(&table(first)) {
            Some(released) => at(released.table.sequence),
            None => at(first),
        }
    }

    /// True when it is proved that nobody can tell a small count from all of these tables.
    #[must_use]
    pub fn is_safe(&self, threshold: Threshold) -> bool {
        let telling: Vec<&Released> = self.telling().collect();
        let Some((last, earlier)) = telling.split_last() else { return true };
        ledger(threshold, self.population, earlier, &last.table).is_safe(threshold, &last.hidden)
    }

    fn telling(&self) -> impl Iterator<Item = &Released> {
        self.telling.iter().map(|place| &self.released[*place])
    }

    /// The version of a table that was given out last.
    fn newest_version(&self, table: &Table) -> Option<&Released> {
        let versions = self.released.iter().filter(|released| {
            let Table { layout, period, sequence: _ } = &released.table;
            (layout, period) == (&table.layout, &table.period)
        });
        versions.max_by_key(|released| released.table.sequence)
    }

    /// What was hidden in the version that was given out last, when every number is what it
    /// was.
    fn unchanged(&self, table: &Table) -> Option<&BTreeSet<Place>> {
        let Released { table: before, hidden } = self.newest_version(table)?;
        let atoms = Atoms::new(self.population, &[before, table]);
        let value = |sequence: i64, terms: &BTreeSet<Term>| -> i64 {
            terms.iter().map(|term| atoms.value(sequence, *term)).sum()
        };
        let numbers = atoms.numbers(table);
        let mut numbers = numbers.values();
        let is_same =
            numbers.all(|terms| value(before.sequence, terms) == value(table.sequence, terms));
        is_same.then_some(hidden)
    }
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

/// The system of a table and those before it that tell something.
fn ledger(
    threshold: Threshold,
    population: &Population,
    earlier: &[&Released],
    table: &Table,
) -> Ledger<Place> {
    let mut tables: Vec<&Table> = earlier.iter().map(|released| &released.table).collect();
    tables.push(table);
    let atoms = Atoms::new(population, &tables);
    let released = |Released { table, hidden }: &&Released| disclosure::ledger::Released {
        table: summed(&atoms, table),
        hidden: hidden.clone(),
    };
    let earlier: Vec<_> = earlier.iter().map(released).collect();
    Ledger::new(threshold, &atoms, &earlier, &summed(&atoms, table))
}

fn summed(atoms: &Atoms<'_>, table: &Table) -> disclosure::ledger::Table<Place, Term> {
    let number = |(place, terms): (Place, BTreeSet<Term>)| {
        let is_total = place.is_total();
        (place, disclosure::ledger::Summed { terms, is_total })
    };
    disclosure::ledger::Table {
        version: table.sequence,
        numbers: atoms.numbers(table).into_iter().map(number).collect(),
    }
}

impl World for Atoms<'_> {
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
