//! All that was given out, the counts behind it, and entering more.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::Threshold;
use platform::{Draft, Failure, Step, convert::timestamp, journal::Transaction, journalled::id_of};
use proto::participant as pb;
use sea_orm::ConnectionTrait;
use values::{
    Period, Slug,
    name::{ReleasedTableName, TableLayoutName},
};

use super::{as_of, registered};
use crate::{
    domain::{
        disclosure::{
            population::{Population, Tabulated, cuts},
            table::{Layout, Released, Table},
        },
        fact::Measure,
        federation::FederationName,
        tabulation::{Counted, halves_over},
    },
    rpc::{convert::tabulation::hidden, decoded, draft},
    store::{
        self,
        released_table::Row,
        tabulation::{Question, Whose},
    },
};

/// What was given out.
pub(super) struct Ledger {
    /// The journal's sequence of what was given out last.
    pub(super) last: i64,
    /// As it was answered.
    pub(super) tables: Vec<pb::ReleasedTable>,
    /// The same, for what is asked of it.
    pub(super) released: Vec<Released>,
}

impl Ledger {
    /// What was given out of a layout and period, newest first.
    pub(super) fn of(
        &self,
        layout: &Layout,
        period: Period,
    ) -> Option<(&Released, &pb::ReleasedTable)> {
        let both = self.released.iter().zip(&self.tables);
        let same = both.filter(|(released, _)| {
            released.table.layout == *layout && released.table.period == period
        });
        same.max_by_key(|(released, _)| released.table.sequence)
    }

    /// The sequence that counts are asked for at when the journal's head is here. Entering
    /// a table moves the head and changes no count: tables that are read one after the
    /// other are of one sequence, and the counts behind all of them are found at once.
    pub(super) fn unmoved(&self, head: i64) -> i64 {
        let Some(newest) = self.tables.iter().map(|table| table.sequence).max() else {
            return head;
        };
        // A table is named by the sequence that it was entered at.
        let entered_at = |table: &&pb::ReleasedTable| id_of(&table.name).parse::<i64>();
        let since =
            self.tables.iter().filter(|table| entered_at(table).is_ok_and(|at| at > newest));
        let since = i64::try_from(since.count()).unwrap_or(i64::MAX);
        if head.checked_sub(newest) == Some(since) { newest } else { head }
    }
}

/// Reads the ledger.
pub(super) async fn load(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Ledger, Failure> {
    let last = store::released_table::last(connection, federation).await?;
    let mut layouts = BTreeMap::<String, Layout>::new();
    let (mut tables, mut released) = (Vec::new(), Vec::new());
    for payload in store::released_table::payloads(connection, federation).await? {
        let message: pb::ReleasedTable = decoded(&payload)?;
        if !layouts.contains_key(&message.layout) {
            let name = TableLayoutName::parse("layout", &message.layout)?;
            let found = registered(connection, &name).await?;
            let found = found.ok_or_else(|| anyhow::anyhow!("{name} is gone"))?;
            layouts.insert(message.layout.clone(), found);
        }
        let layout = layouts[&message.layout].clone();
        let period = platform::convert::period_from_proto("period", message.period)?;
        let hidden = message.table.as_ref().map(|table| hidden(&layout, table));
        let table = Table { layout, period, sequence: message.sequence };
        released.push(Released { table, hidden: hidden.unwrap_or_default() });
        tables.push(message);
    }
    Ok(Ledger { last, tables, released })
}

/// The counts behind tables.
pub(super) async fn population(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    tables: &[&Table],
) -> Result<Population, Failure> {
    let cuts = cuts(tables.iter().copied()).into_iter().cloned().collect();
    let layout = Layout { measures: Measure::ALL.to_vec(), cuts };
    let sequences: BTreeSet<i64> = tables.iter().map(|table| table.sequence).collect();
    let periods = halves_over(tables.iter().map(|table| table.period));
    let mut tabulated = Vec::new();
    for sequence in sequences {
        for period in &periods {
            let counted = at(connection, federation, &layout, (*period, sequence)).await?;
            let cell = |(keys, counts): (&Vec<String>, &Vec<i64>)| {
                let mut all = [0; Measure::ALL.len()];
                all.copy_from_slice(counts);
                (keys.clone(), all)
            };
            let cells = counted.cells().iter().map(cell).collect();
            tabulated.push(Tabulated { sequence, period: *period, cells });
        }
    }
    Ok(Population { cuts: layout.cuts, tabulated })
}

/// Counts everybody, as known at a sequence. These numbers leave only through the
/// ledger.
pub(super) async fn at(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    layout: &Layout,
    (period, sequence): (Period, i64),
) -> Result<Counted, Failure> {
    let as_of = as_of(connection, federation, ("sequence", sequence)).await?;
    let question = Question { layout, period, as_of: &as_of, whose: &Whose::Everybody };
    let counted = store::tabulation::count(connection, federation, &question).await?;
    counted.check_books().map_err(|unbalanced| anyhow::anyhow!("{unbalanced:?}"))?;
    Ok(counted)
}

/// The federation's threshold.
pub(in crate::rpc) async fn threshold(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Threshold, Failure> {
    let name = FederationName(federation.clone());
    let found = store::federation::find(connection, &name).await?;
    let own = found.and_then(|federation| federation.smallest_shown_count);
    Ok(own.unwrap_or(Threshold::DEFAULT))
}

/// Enters tables that were made beside what was given out until `last`; stale when
/// something else was given out meanwhile.
pub(super) async fn enter(
    transaction: &Transaction,
    step: Step,
    federation: &Slug,
    last: i64,
    tables: &[pb::ReleasedTable],
) -> Result<Vec<Draft>, Failure> {
    if store::released_table::last(transaction, federation).await? != last {
        return Err(Failure::Stale { name: format!("federations/{federation}/releasedTables") });
    }
    let (mut rows, mut drafts) = (Vec::new(), Vec::new());
    for (sequence, table) in (step.sequence..).zip(tables) {
        let id = Slug::parse("id", &sequence.to_string())?;
        let name = ReleasedTableName::new(federation.clone(), id);
        let table = pb::ReleasedTable {
            name: name.to_string(),
            release_time: Some(timestamp(step.now)),
            ..table.clone()
        };
        drafts.push(draft("released_table.entered", &name, &table));
        rows.push(Row { name, publication: table.publication, sequence });
    }
    store::released_table::insert(transaction, &rows).await?;
    Ok(drafts)
}
