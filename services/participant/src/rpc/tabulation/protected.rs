//! Protected tables for whoever may not see the counts, and the ledger of them.

use disclosure::Threshold;
use futures::FutureExt as _;
use platform::{
    Failure, Principal, Write,
    convert::{period_from_proto, period_to_proto},
    journalled::{all_decoded, id_of, next_page_token},
    principal,
};
use proto::participant as pb;
use sha2::{Digest as _, Sha256};
use tonic::Request;
use uuid::Uuid;
use values::{
    Fault, Faults, Period, Role,
    name::{DataAgreementName, TableLayoutName},
};

use super::{
    as_of, ledger,
    ledger::{Ledger, enter, population, threshold},
    registered,
};
use crate::{
    domain::{
        disclosure::{
            ledger::{beside, newest},
            table::{Layout, ProtectedTable, Table},
        },
        tabulation::halves,
    },
    rpc::{
        Shared,
        convert::{
            self,
            tabulation::{Commitments, count_table},
        },
        parent, recorded, stretch,
    },
    store::{self, tabulation::AsOf},
};

const GET: &str = "/samordna.participant.v1.TabulationService/GetProtectedTable";

/// Who may replace what was told by what hides more: it is told no more, to anybody.
const MAY_HIDE_MORE: &[Role] =
    &[Role::FederationAdministrator, Role::ProgrammeLead, Role::TeamLead];

/// How often a table is made again when another was given out meanwhile.
const TRIES: usize = 5;

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetProtectedTableRequest>,
) -> Result<pb::GetProtectedTableResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetProtectedTableRequest {
        parent: sent_parent,
        layout,
        period,
        hide_more: hides_more,
        validate_only,
    } = request.into_inner();
    let mut faults = Faults::new();
    let federation = parent(&mut faults, &principal, &sent_parent)?;
    let layout = TableLayoutName::parse("layout", &layout);
    let layout =
        faults.keep(convert::within(&federation, "layout", layout, |name| &name.federation));
    let period = faults.keep_nested("", releasable("period", period));
    let (layout, period) = faults.into_result(|| layout.zip(period))?;
    if hides_more && !principal.has_any(MAY_HIDE_MORE) {
        return Err(Failure::RoleMissing { roles: MAY_HIDE_MORE });
    }
    let asked = Asked { period, hides_more, is_kept: !validate_only };
    let Told { mut table, is_newest } = of_layout(shared, &principal, &layout, asked).await?;
    if validate_only {
        // What is not entered in the ledger is not told.
        table.table = None;
    }
    Ok(pb::GetProtectedTableResponse { table: Some(table), is_newest })
}

pub(super) async fn list(
    shared: &Shared,
    request: Request<pb::ListReleasedTablesRequest>,
) -> Result<pb::ListReleasedTablesResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListReleasedTablesRequest { parent: sent_parent, publication, page_size, page_token } =
        request.into_inner();
    let mut faults = Faults::new();
    let federation = parent(&mut faults, &principal, &sent_parent)?;
    let stretch = faults.keep_nested("", stretch(page_size, &page_token));
    let stretch = faults.into_result(|| stretch)?;
    let read = &shared.journal.database().read;
    // What was given to an evaluator is told to those who agreed on it: the evaluator reads
    // it as a data set.
    let agreements = format!("federations/{federation}/{}/", DataAgreementName::COLLECTION);
    let leaves_out = (!principal.has(Role::FederationAdministrator)).then_some(agreements);
    let asked = (publication.as_str(), leaves_out.as_deref());
    let listed = store::released_table::list(read, &federation, asked, stretch).await?;
    let released_tables: Vec<pb::ReleasedTable> = all_decoded(&listed)?;
    let token = |table: &pb::ReleasedTable| id_of(&table.name).to_owned();
    let next_page_token = next_page_token(listed.has_more, &released_tables, token);
    Ok(pb::ListReleasedTablesResponse { released_tables, next_page_token })
}

/// Reads a period that tables may leave for.
pub(super) fn releasable(
    field: &str,
    sent: Option<proto::common::Period>,
) -> Result<Period, Faults> {
    let period = period_from_proto(field, sent)?;
    if halves(period).is_some() {
        return Ok(period);
    }
    let fault = Fault::new(field, "PERIOD_NOT_RELEASED").with("first_day", period.first_day());
    Err(fault.with("last_day", period.last_day()).into())
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

/// How a table is asked for.
#[derive(Clone, Copy)]
pub(in crate::rpc) struct Asked {
    pub(in crate::rpc) period: Period,
    /// True to hide more in what is known now rather than to be told what was before.
    pub(in crate::rpc) hides_more: bool,
    /// False to enter nothing in the ledger.
    pub(in crate::rpc) is_kept: bool,
}

impl Asked {
    /// As new as it can be with nothing more hidden.
    pub(in crate::rpc) fn of(period: Period) -> Self {
        Self { period, hides_more: false, is_kept: true }
    }
}

/// A table that was given out.
pub(in crate::rpc) struct Told {
    pub(in crate::rpc) table: pb::ReleasedTable,
    /// True when it tells what is known now.
    pub(in crate::rpc) is_newest: bool,
}

/// The table of a layout and a period, as new as it can be beside what was given out; with
/// more hidden if need be, when that is asked for.
pub(in crate::rpc) async fn of_layout(
    shared: &Shared,
    principal: &Principal,
    name: &TableLayoutName,
    asked: Asked,
) -> Result<Told, Failure> {
    check_is_over(shared, asked.period)?;
    for _ in 0..TRIES {
        match made(shared, principal, name, asked).await {
            Err(Failure::Stale { .. }) => {}
            told => return told,
        }
    }
    Err(Failure::Unavailable { service: "ledger" })
}

async fn made(
    shared: &Shared,
    principal: &Principal,
    name: &TableLayoutName,
    Asked { period, hides_more, is_kept }: Asked,
) -> Result<Told, Failure> {
    let federation = &name.federation;
    let picture = shared.journal.database().snapshot().await?;
    let layout = registered(&picture, name).await?;
    let layout = layout.ok_or_else(|| Failure::not_found(name))?;
    let head = as_of(&picture, federation, ("sequence", 0)).await?;
    let ledger = ledger::load(&picture, federation).await?;
    let now = match ledger.unmoved(head.sequence) {
        unmoved if unmoved == head.sequence => head,
        unmoved => as_of(&picture, federation, ("sequence", unmoved)).await?,
    };
    if let Some((released, message)) = ledger.of(&layout, period) {
        let then = released.table.sequence;
        if then == now.sequence {
            return Ok(Told { table: message.clone(), is_newest: true });
        }
        let before = ledger::at(&picture, federation, &layout, (period, then)).await?;
        let after = ledger::at(&picture, federation, &layout, (period, now.sequence)).await?;
        if before == after {
            return Ok(Told { table: message.clone(), is_newest: true });
        }
    }
    let table = Table { layout, period, sequence: now.sequence };
    let mut tables: Vec<&Table> = ledger.released.iter().map(|released| &released.table).collect();
    tables.push(&table);
    let population = population(&picture, federation, &tables).await?;
    let threshold = threshold(&picture, federation).await?;
    picture.rollback().await?;

    let Ledger { last, tables, released } = ledger;
    let found = tokio::task::spawn_blocking(move || {
        let found = if hides_more {
            let protected = beside(threshold, &population, &released, &table);
            protected.map(|protected| (table.sequence, protected))
        } else {
            let asked = (&table.layout, table.period);
            newest(threshold, &population, &released, asked, &[table.sequence])
        };
        (table.layout, found)
    });
    let (layout, found) = found.await.map_err(anyhow::Error::from)?;
    let (sequence, protected) = found.map_err(|_| Failure::refused("NOTHING_CAN_BE_TOLD"))?;
    if sequence != now.sequence {
        let same = |table: &pb::ReleasedTable| {
            table.layout == name.to_string()
                && table.sequence == sequence
                && table.period == Some(period_to_proto(period))
        };
        let same = tables.into_iter().find(same);
        let table = same.ok_or_else(|| anyhow::anyhow!("an older table was not given out"))?;
        return Ok(Told { table, is_newest: false });
    }
    let told_before = tables.iter().any(|table| {
        table.layout == name.to_string() && table.period == Some(period_to_proto(period))
    });
    if hides_more && told_before && is_hidden_whole(&protected) {
        return Err(Failure::refused("NOTHING_CAN_BE_TOLD"));
    }
    let mut table = message(name, &layout, &protected, (period, &now, threshold));
    if is_kept {
        table = entered(shared, principal, last, table).await?;
    }
    Ok(Told { table, is_newest: true })
}

/// True for a table without a number.
pub(super) fn is_hidden_whole(protected: &ProtectedTable) -> bool {
    protected.numbers.values().all(Option::is_none)
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

/// Enters a table that is read. The reader names no request: each is one of its own.
async fn entered(
    shared: &Shared,
    principal: &Principal,
    last: i64,
    table: pb::ReleasedTable,
) -> Result<pb::ReleasedTable, Failure> {
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
        let (federation, table) = (federation.clone(), table.clone());
        async move { enter(transaction, step, &federation, last, &[table]).await }.boxed()
    });
    recorded(&step.await?)
}
