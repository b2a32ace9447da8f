//! Freezing the tables of a publication.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write, convert::period_to_proto, journal::Transaction,
    journalled::Recorded, principal,
};
use proto::participant as pb;
use tonic::Request;
use values::{
    Fault, Faults, Period, Slug,
    name::{DataAgreementName, ReleasedTableName, TableLayoutName},
};

use super::{
    as_of,
    commit::Committer,
    ledger,
    ledger::{Ledger, enter, population, threshold},
    protected::releasable,
    publication::given,
    registered, sequence,
    told::{check_is_over, message},
};
use crate::{
    domain::disclosure::{
        ledger::GivenOut,
        record_version::Frozen,
        table::{Place, Released, Table},
    },
    rpc::{Shared, decoded, parent},
    store::released_table::Row,
};

const RELEASE: &str = "/samordna.participant.v1.TabulationService/ReleaseTables";

/// Places that a refusal names at most.
const MOST_PLACES: usize = 10;

/// How often tables are made again when another was given out meanwhile.
const TRIES: usize = 5;

/// What is to be frozen.
struct Asked {
    federation: Slug,
    publication: String,
    layouts: Vec<TableLayoutName>,
    period: Period,
    as_known_at: i64,
    /// True to hide more in them rather than to refuse them.
    hides_more: bool,
}

impl Asked {
    /// True when these are the tables that are asked for: what is published is frozen once.
    fn is_answered(&self, given: &[pb::ReleasedTable]) -> bool {
        let period = Some(period_to_proto(self.period));
        given.len() == self.layouts.len()
            && given
                .iter()
                .zip(&self.layouts)
                .all(|(table, layout)| table.layout == layout.to_string() && table.period == period)
    }
}

/// Tables, or why they cannot be told.
#[derive(Clone)]
enum Made {
    Tables(Vec<pb::ReleasedTable>),
    WouldReveal { layout: TableLayoutName, places: BTreeSet<Place> },
    NoLayout(Faults),
}

pub(super) async fn release(
    shared: &Shared,
    request: Request<pb::ReleaseTablesRequest>,
) -> Result<pb::ReleaseTablesResponse, Failure> {
    let principal = principal::of(&request)?;
    let message = request.into_inner();
    let is_kept = !message.validate_only;
    let write = Write::of(&principal, RELEASE, &message)?;
    let asked = parse(&principal, message)?;
    for _ in 0..TRIES {
        let given = given(shared, &principal, &asked.publication).await?;
        if is_kept && asked.is_answered(&given) {
            return Ok(pb::ReleaseTablesResponse { tables: given });
        }
        let (last, made) = made(shared, &asked).await?;
        let federation = asked.federation.clone();
        let step = shared.journal.write(write.clone(), move |transaction, step| {
            let (federation, made) = (federation.clone(), made.clone());
            async move { save(transaction, step, &federation, last, made).await }.boxed()
        });
        let entries = match step.await {
            Err(Failure::Stale { .. }) => continue,
            told => told?,
        };
        let tables = entries.iter().map(|entry| decoded(&entry.payload));
        let mut tables = tables.collect::<Result<Vec<pb::ReleasedTable>, _>>()?;
        if !is_kept {
            // What is not entered in the ledger is not told.
            tables.iter_mut().for_each(|table| table.table = None);
        }
        return Ok(pb::ReleaseTablesResponse { tables });
    }
    Err(Failure::Unavailable { service: "ledger" })
}

fn parse(principal: &Principal, message: pb::ReleaseTablesRequest) -> Result<Asked, Failure> {
    let pb::ReleaseTablesRequest {
        parent: sent_parent,
        publication,
        layouts,
        period,
        as_known_at,
        request_id: _,
        validate_only: _,
        hide_more: hides_more,
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    let publication = faults.keep(self::publication(&federation, publication));
    let layouts = faults.keep_nested("", super::layouts(&federation, &layouts));
    let period = faults.keep_nested("", releasable("period", period));
    let as_known_at = faults.keep(sequence("as_known_at", as_known_at));
    Ok(faults.into_result(|| {
        let (publication, layouts) = (publication?, layouts?);
        let (period, as_known_at) = (period?, as_known_at?);
        Some(Asked { federation, publication, layouts, period, as_known_at, hides_more })
    })?)
}

/// Reads the name of a publication, whatever it is: its service knows. What is agreed with
/// an evaluator is none: the data set of an agreement is made by reading it.
fn publication(federation: &Slug, sent: String) -> Result<String, Fault> {
    let parts: Vec<&str> = sent.split('/').collect();
    let is_name = match parts.as_slice() {
        ["federations", of, collection, id] => {
            *of == federation.as_str()
                && !collection.is_empty()
                && *collection != DataAgreementName::COLLECTION
                && collection.bytes().all(|byte| byte.is_ascii_alphabetic())
                && Slug::parse("publication", id).is_ok()
        }
        _ => false,
    };
    if is_name {
        return Ok(sent);
    }
    let form = format!("federations/{federation}/halfYearReports/{{report}}");
    Err(Fault::new("publication", "NAME_MALFORMED").with("value", sent).with("form", form))
}

/// Makes the tables, each beside those before it.
async fn made(shared: &Shared, asked: &Asked) -> Result<(i64, Made), Failure> {
    let Asked { federation, publication, layouts, period, as_known_at, hides_more } = asked;
    check_is_over(shared, *period)?;
    let picture = shared.journal.database().snapshot().await?;
    let as_of = as_of(&picture, federation, ("as_known_at", *as_known_at)).await?;
    let Ledger { last, tables: _, released } = ledger::load(&picture, federation).await?;
    let mut faults = Faults::new();
    let mut wanted = Vec::new();
    for (row, name) in layouts.iter().enumerate() {
        let unknown = || Fault::new(format!("layouts[{row}]"), "LAYOUT_UNKNOWN");
        let found = registered(&picture, name).await?;
        let found = faults.keep(found.ok_or_else(|| unknown().with("value", name)));
        let table = |layout| Table { layout, period: *period, sequence: as_of.sequence };
        wanted.extend(found.map(|layout| (name.clone(), table(layout))));
    }
    if !faults.is_empty() {
        return Ok((last, Made::NoLayout(faults)));
    }
    let given_out = released.iter().map(|released| &released.table);
    let all: Vec<&Table> = given_out.chain(wanted.iter().map(|(_, table)| table)).collect();
    let population = population(&picture, federation, &all).await?;
    let threshold = threshold(&picture, federation).await?;
    let committer = Committer::new(shared, &picture, federation, &as_of).await?;
    picture.rollback().await?;

    let (publication, hides_more) = (publication.clone(), *hides_more);
    let made = tokio::task::spawn_blocking(move || {
        let mut given_out = GivenOut::new(&population, released);
        let mut tables = Vec::new();
        for (layout, table) in wanted {
            let protected = given_out.beside(threshold, &table);
            let protected = match protected {
                Ok(protected) if protected.would_reveal.is_empty() => protected,
                // As when it is read: there is no earlier version to tell in its place.
                Ok(protected) if given_out.is_first(&table) => protected,
                Ok(protected) if hides_more && !given_out.empties(&table, &protected) => protected,
                Ok(protected) => {
                    return Ok(Made::WouldReveal { layout, places: protected.would_reveal });
                }
                Err(_) => return Ok(Made::WouldReveal { layout, places: BTreeSet::new() }),
            };
            let at = (table.period, &as_of, threshold);
            let mut released = message(&layout, &table.layout, &protected, at);
            released.publication.clone_from(&publication);
            let frozen = Frozen {
                publication: &publication,
                layout: &layout,
                period: table.period,
                sequence: table.sequence,
            };
            released.table = Some(committer.committed((&frozen, &table), &protected)?);
            tables.push(released);
            given_out.push(Released { hidden: protected.hidden(), table });
        }
        Ok(Made::Tables(tables))
    });
    let made: Result<Made, Failure> = made.await.map_err(anyhow::Error::from)?;
    Ok((last, made?))
}

async fn save(
    transaction: &Transaction,
    step: Step,
    federation: &Slug,
    last: i64,
    made: Made,
) -> Result<Vec<Draft>, Failure> {
    match made {
        Made::Tables(tables) => enter(transaction, step, federation, last, &tables).await,
        Made::NoLayout(faults) => Err(faults.into()),
        Made::WouldReveal { layout, places } => {
            let told: Vec<String> = places.iter().take(MOST_PLACES).map(place).collect();
            Err(Failure::refused("RELEASE_WOULD_REVEAL")
                .with("layout", layout)
                .with("count", places.len())
                .with("places", told.join("; ")))
        }
    }
}

/// A number's place as people can find it: its keys, and what is counted.
fn place(place: &Place) -> String {
    let key = |key: &Option<String>| key.clone().unwrap_or_else(|| "*".to_owned());
    let keys: Vec<String> = place.keys.iter().map(key).collect();
    format!("{} {:?}", keys.join(" "), place.measure)
}

/// The row that finds a recorded table.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Row> {
    let table: pb::ReleasedTable = prost::Message::decode(payload)?;
    let Recorded { created_sequence, sequence } = recorded;
    anyhow::ensure!(created_sequence == sequence, "was changed");
    anyhow::ensure!(table.name == name, "is recorded under another name");
    let name = ReleasedTableName::parse("name", name);
    let name = name.map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    Ok(Row { name, publication: table.publication, sequence })
}
