//! Giving out tables beside all that was given out before.

use disclosure::Threshold;
use futures::FutureExt as _;
use platform::{Failure, Principal, Write, convert::period_to_proto};
use proto::participant as pb;
use sea_orm::ConnectionTrait;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use values::{Period, name::TableLayoutName};

use super::{
    as_of, ledger,
    ledger::{Ledger, enter, population, threshold},
    registered,
};
use crate::{
    domain::disclosure::{
        ledger::GivenOut,
        population::Population,
        table::{Layout, ProtectedTable, Released, Table},
    },
    rpc::{
        Shared,
        convert::tabulation::{Commitments, count_table},
        decoded,
    },
    store::tabulation::AsOf,
};

const GET: &str = "/samordna.participant.v1.TabulationService/GetProtectedTables";

/// How often tables are made again when another was given out meanwhile.
const TRIES: usize = 5;

/// How tables are asked for.
#[derive(Clone, Copy)]
pub(in crate::rpc) struct Asked {
    pub(in crate::rpc) period: Period,
    /// True to hide more in what is known now rather than to be told what was before.
    pub(in crate::rpc) hides_more: bool,
    /// False to enter nothing in the ledger.
    pub(in crate::rpc) is_kept: bool,
}

impl Asked {
    /// As new as they can be with nothing more hidden.
    pub(in crate::rpc) fn of(period: Period) -> Self {
        Self { period, hides_more: false, is_kept: true }
    }
}

/// Tables that were given out.
pub(in crate::rpc) struct Told {
    /// One for each layout.
    pub(in crate::rpc) tables: Vec<pb::ReleasedTable>,
    /// True when all of them tell what is known now.
    pub(in crate::rpc) are_newest: bool,
}

/// A table that is asked for.
struct Wanted {
    name: TableLayoutName,
    table: Table,
    /// As it was given out last, if every number is still what it was.
    unchanged: Option<pb::ReleasedTable>,
}

/// A table of an answer.
enum Given {
    /// It was given out before and is what is known now.
    Newest(pb::ReleasedTable),
    /// It was given out before; what is known now cannot be told.
    Older(pb::ReleasedTable),
    /// It was not given out before.
    New(pb::ReleasedTable),
}

impl Given {
    fn table(self) -> pb::ReleasedTable {
        let (Self::Newest(table) | Self::Older(table) | Self::New(table)) = self;
        table
    }
}

/// The tables of layouts and a period, each as new as it can be beside what was given out
/// and those before it; with more hidden if need be, when that is asked for. All of them
/// are given out, or none.
pub(in crate::rpc) async fn of_layouts(
    shared: &Shared,
    principal: &Principal,
    names: &[TableLayoutName],
    asked: Asked,
) -> Result<Told, Failure> {
    check_is_over(shared, asked.period)?;
    for _ in 0..TRIES {
        match made(shared, principal, names, asked).await {
            Err(Failure::Stale { .. }) => {}
            told => return told,
        }
    }
    Err(Failure::Unavailable { service: "ledger" })
}

/// Refuses a period that goes on: what is told of it today keeps the few who come tomorrow
/// from being told, so that the whole of it could never be.
pub(super) fn check_is_over(shared: &Shared, period: Period) -> Result<(), Failure> {
    let today = shared.journal.clock().today();
    if period.last_day() < today {
        return Ok(());
    }
    Err(Failure::refused("PERIOD_NOT_OVER").with("last_day", period.last_day()))
}

async fn made(
    shared: &Shared,
    principal: &Principal,
    names: &[TableLayoutName],
    Asked { period, hides_more, is_kept }: Asked,
) -> Result<Told, Failure> {
    let federation = &principal.federation;
    let picture = shared.journal.database().snapshot().await?;
    let head = as_of(&picture, federation, ("sequence", 0)).await?;
    let ledger = ledger::load(&picture, federation).await?;
    let now = match ledger.unmoved(head.sequence) {
        unmoved if unmoved == head.sequence => head,
        unmoved => as_of(&picture, federation, ("sequence", unmoved)).await?,
    };
    let mut wanted = Vec::with_capacity(names.len());
    for name in names {
        let layout = registered(&picture, name).await?;
        let layout = layout.ok_or_else(|| Failure::not_found(name))?;
        let table = Table { layout, period, sequence: now.sequence };
        let unchanged = unchanged(&picture, &ledger, (name, &table)).await?;
        wanted.push(Wanted { name: name.clone(), table, unchanged });
    }
    if wanted.iter().all(|wanted| wanted.unchanged.is_some()) {
        let tables = wanted.into_iter().filter_map(|wanted| wanted.unchanged).collect();
        return Ok(Told { tables, are_newest: true });
    }
    let given_out = ledger.released.iter().map(|released| &released.table);
    let tables: Vec<&Table> = given_out.chain(wanted.iter().map(|wanted| &wanted.table)).collect();
    let population = population(&picture, federation, &tables).await?;
    let threshold = threshold(&picture, federation).await?;
    picture.rollback().await?;

    let last = ledger.last;
    let given = tokio::task::spawn_blocking(move || {
        protect(&population, ledger, wanted, (&now, threshold, hides_more))
    });
    let given = given.await.map_err(anyhow::Error::from)??;
    let are_newest = !given.iter().any(|given| matches!(given, Given::Older(_)));
    let are_new = given.iter().any(|given| matches!(given, Given::New(_)));
    let tables = if is_kept && are_new {
        entered(shared, principal, last, given).await?
    } else {
        given.into_iter().map(Given::table).collect()
    };
    Ok(Told { tables, are_newest })
}

/// The table as it was given out last, if it would be the same now.
async fn unchanged(
    picture: &impl ConnectionTrait,
    ledger: &Ledger,
    (name, table): (&TableLayoutName, &Table),
) -> Result<Option<pb::ReleasedTable>, Failure> {
    let Table { layout, period, sequence: now } = table;
    let Some((released, message)) = ledger.of(layout, *period) else { return Ok(None) };
    let then = released.table.sequence;
    if then == *now {
        return Ok(Some(message.clone()));
    }
    let federation = &name.federation;
    let before = ledger::at(picture, federation, layout, (*period, then)).await?;
    let after = ledger::at(picture, federation, layout, (*period, *now)).await?;
    Ok((before == after).then(|| message.clone()))
}

/// Hides what has to be hidden in the tables, one after the other.
fn protect(
    population: &Population,
    ledger: Ledger,
    wanted: Vec<Wanted>,
    (now, threshold, hides_more): (&AsOf, Threshold, bool),
) -> Result<Vec<Given>, Failure> {
    let Ledger { last: _, tables: messages, released } = ledger;
    let mut given_out = GivenOut::new(population, released);
    let nothing = || Failure::refused("NOTHING_CAN_BE_TOLD");
    let mut given = Vec::with_capacity(wanted.len());
    for Wanted { name, table, unchanged } in wanted {
        if let Some(message) = unchanged {
            given.push(Given::Newest(message));
            continue;
        }
        let found = if hides_more {
            let protected = given_out.beside(threshold, &table);
            protected.map(|protected| (table.sequence, protected))
        } else {
            given_out.newest(threshold, &table)
        };
        let (sequence, protected) = found.map_err(|_| nothing())?;
        if sequence != now.sequence {
            let (layout, period) = (name.to_string(), Some(period_to_proto(table.period)));
            let older = messages.iter().find(|message| {
                message.layout == layout && message.period == period && message.sequence == sequence
            });
            let older = older.ok_or_else(|| anyhow::anyhow!("an older table was not given out"))?;
            given.push(Given::Older(older.clone()));
            continue;
        }
        if hides_more && given_out.empties(&table, &protected) {
            return Err(nothing());
        }
        let at = (table.period, now, threshold);
        given.push(Given::New(message(&name, &table.layout, &protected, at)));
        given_out.push(Released { hidden: protected.hidden(), table });
    }
    Ok(given)
}

/// A table as it is answered and recorded, but for what the record adds.
pub(super) fn message(
    name: &TableLayoutName,
    layout: &Layout,
    protected: &ProtectedTable,
    (period, as_of, threshold): (Period, &AsOf, Threshold),
) -> pb::ReleasedTable {
    pb::ReleasedTable {
        name: String::new(),
        layout: name.to_string(),
        period: Some(period_to_proto(period)),
        table: Some(count_table(layout, &protected.numbers, &Commitments::new())),
        threshold: threshold.number().into(),
        sequence: as_of.sequence,
        head_hash: as_of.hash.clone(),
        release_time: None,
        publication: String::new(),
    }
}

/// Enters the new ones of tables that are read. The reader names no request: each is one of
/// its own.
async fn entered(
    shared: &Shared,
    principal: &Principal,
    last: i64,
    given: Vec<Given>,
) -> Result<Vec<pb::ReleasedTable>, Failure> {
    let new = given.iter().filter_map(|given| match given {
        Given::New(table) => Some(table.clone()),
        Given::Newest(_) | Given::Older(_) => None,
    });
    let new: Vec<pb::ReleasedTable> = new.collect();
    let request_id = Uuid::now_v7().to_string();
    let write = Write {
        federation: principal.federation.clone(),
        actor: principal.account.to_string(),
        client: principal.client.clone(),
        rpc: GET,
        request_hash: Sha256::digest(&request_id).into(),
        request_id,
        validate_only: false,
    };
    let federation = principal.federation.clone();
    let step = shared.journal.write(write, move |transaction, step| {
        let (federation, new) = (federation.clone(), new.clone());
        async move { enter(transaction, step, &federation, last, &new).await }.boxed()
    });
    let entries = step.await?;
    let mut entries = entries.iter().map(|entry| decoded(&entry.payload));
    let table = |given| match given {
        Given::Newest(table) | Given::Older(table) => Ok(table),
        Given::New(_) => {
            entries.next().ok_or_else(|| anyhow::anyhow!("a table was not entered"))?
        }
    };
    given.into_iter().map(table).collect()
}
