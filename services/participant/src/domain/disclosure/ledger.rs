//! The ledger of released tables: what a new table may tell beside all that was given
//! out before.

use std::collections::BTreeSet;

use super::{
    population::{Atoms, Population, Term},
    table::{Place, ProtectedTable, Released, Table},
};
use disclosure::{
    Threshold,
    ledger::{Before, Ledger, NothingCanBeTold, World},
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

    /// True for a version without a number of a table that told something before: it is
    /// worth nothing in the place of that.
    #[must_use]
    pub fn empties(&self, table: &Table, protected: &ProtectedTable) -> bool {
        protected.numbers.values().all(Option::is_none)
            && self.telling().any(|told| is_version(&told.table, table))
    }

    /// The table where nothing more of it has to be hidden than without those given out
    /// before. Else the version of it that was given out last; where none was, itself with
    /// more hidden. Answers the sequence of what is told, too.
    ///
    /// # Errors
    /// When nothing of it can be told.
    pub fn newest(
        &self,
        threshold: Threshold,
        table: &Table,
    ) -> Result<(i64, ProtectedTable), NothingCanBeTold> {
        let at = |table: &Table| {
            let protected = self.beside(threshold, table);
            protected.map(|protected| (table.sequence, protected))
        };
        match (at(table), self.newest_version(table)) {
            (Ok((sequence, told)), _) if told.would_reveal.is_empty() => Ok((sequence, told)),
            (_, Some(released)) => at(&released.table),
            (told, None) => told,
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
        let versions = self.released.iter().filter(|given| is_version(&given.table, table));
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

/// True for the same table, whatever the sequence.
fn is_version(one: &Table, other: &Table) -> bool {
    (&one.layout, one.period) == (&other.layout, other.period)
}

/// False for a table that was given out with all of it hidden.
pub(super) fn tells(population: &Population, Released { table, hidden }: &Released) -> bool {
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
