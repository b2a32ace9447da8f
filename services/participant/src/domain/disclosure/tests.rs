//! Disclosure control against an attacker who sees all that was given out, and knows
//! the rule.

mod knowledge;
mod leaks;
mod linear;
mod people;
mod plain;
mod random;

use std::collections::BTreeSet;

use disclosure::Threshold;
use values::Period;

use super::{
    ledger::GivenOut,
    population::Population,
    table::{BandedCut, Layout, Place, ProtectedTable, Released, Table},
};
use crate::domain::{fact::Measure, table_layout::Dimension};

fn layout(measures: &[Measure], cuts: &[BandedCut]) -> Layout {
    Layout { measures: measures.to_vec(), cuts: cuts.to_vec() }
}

fn plain(dimension: Dimension) -> BandedCut {
    BandedCut { dimension, banding: None }
}

fn table(layout: Layout, period: Period, sequence: i64) -> Table {
    Table { layout, period, sequence }
}

fn place(keys: &[&str], measure: Measure) -> Place {
    let key = |key: &&str| (!key.is_empty()).then(|| (*key).to_owned());
    Place { keys: keys.iter().map(key).collect(), measure }
}

fn given_out<'a>(population: &'a Population, released: &[Released]) -> GivenOut<'a> {
    GivenOut::new(population, released.to_vec())
}

/// Gives tables out, one after the other; one of which nothing can be told is not.
fn give_out(
    threshold: Threshold,
    population: &Population,
    tables: &[Table],
) -> Vec<(Released, ProtectedTable)> {
    let mut given = Vec::new();
    let mut given_out = GivenOut::new(population, Vec::new());
    for table in tables {
        let Ok(protected) = given_out.beside(threshold, table) else { continue };
        let released = Released { table: table.clone(), hidden: protected.hidden() };
        given_out.push(released.clone());
        given.push((released, protected));
    }
    given
}

/// What is shown of a table that nothing was hidden in.
fn whole(population: &Population, table: &Table) -> Released {
    let nothing = Threshold::new("threshold", 3).unwrap();
    let known = given_out(population, &[]).beside(nothing, table).unwrap();
    assert!(!known.numbers.is_empty());
    Released { table: table.clone(), hidden: BTreeSet::new() }
}
