//! Tables that are given out once for a purpose, and are the same whenever they are asked
//! for again.

use futures::FutureExt as _;
use platform::{Failure, Principal, Write, convert::period_to_proto, journalled::all_decoded};
use proto::participant as pb;
use sha2::{Digest as _, Sha256};
use values::{Period, name::TableLayoutName};

use super::{
    ledger::enter,
    told::{Asked, of_layouts},
};
use crate::{
    rpc::{Shared, decoded},
    store::{self, Stretch},
};

/// How often the tables are made again when others were given out meanwhile.
const TRIES: usize = 5;
/// Half-years of a publication at most.
const MOST: u64 = 1000;

/// The tables of a layout for some periods, as they were given out for a publication; now,
/// if they never were.
pub(in crate::rpc) async fn tables(
    shared: &Shared,
    principal: &Principal,
    (publication, rpc): (&str, &'static str),
    layout: &TableLayoutName,
    periods: &[Period],
) -> Result<Vec<pb::ReleasedTable>, Failure> {
    for _ in 0..TRIES {
        let given = given(shared, principal, publication).await?;
        let of = |period: &Period| {
            let is_it = |table: &&pb::ReleasedTable| {
                table.layout == layout.to_string() && table.period == Some(period_to_proto(*period))
            };
            given.iter().find(is_it).cloned()
        };
        let tables: Option<Vec<pb::ReleasedTable>> = periods.iter().map(of).collect();
        if let Some(tables) = tables {
            return Ok(tables);
        }
        let mut tables = Vec::with_capacity(periods.len());
        for period in periods {
            let layouts = std::slice::from_ref(layout);
            let told = of_layouts(shared, principal, layouts, Asked::of(*period)).await?;
            let of_publication =
                |table| pb::ReleasedTable { publication: publication.to_owned(), ..table };
            tables.extend(told.tables.into_iter().map(of_publication));
        }
        match entered(shared, principal, (publication, rpc), tables).await {
            Err(Failure::Stale { .. }) => {}
            told => return told,
        }
    }
    Err(Failure::Unavailable { service: "ledger" })
}

/// What was given out for a publication, in the order that it was.
pub(super) async fn given(
    shared: &Shared,
    principal: &Principal,
    publication: &str,
) -> Result<Vec<pb::ReleasedTable>, Failure> {
    let read = &shared.journal.database().read;
    let stretch = Stretch { size: MOST, before: None };
    let listed =
        store::released_table::list(read, &principal.federation, (publication, None), stretch)
            .await?;
    let mut tables: Vec<pb::ReleasedTable> = all_decoded(&listed)?;
    tables.reverse();
    Ok(tables)
}

/// Enters the tables; whoever asks at the same time gets the same.
async fn entered(
    shared: &Shared,
    principal: &Principal,
    (publication, rpc): (&str, &'static str),
    tables: Vec<pb::ReleasedTable>,
) -> Result<Vec<pb::ReleasedTable>, Failure> {
    let federation = principal.federation.clone();
    let read = &shared.journal.database().read;
    let last = store::released_table::last(read, &federation).await?;
    let write = Write {
        federation: federation.clone(),
        actor: principal.account.to_string(),
        client: principal.client.clone(),
        rpc,
        request_id: publication.to_owned(),
        request_hash: Sha256::digest(publication).into(),
        validate_only: false,
    };
    let step = shared.journal.write(write, move |transaction, step| {
        let (federation, tables) = (federation.clone(), tables.clone());
        async move { enter(transaction, step, &federation, last, &tables).await }.boxed()
    });
    step.await?.iter().map(|entry| decoded(&entry.payload)).collect()
}
