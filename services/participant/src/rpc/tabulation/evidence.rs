//! What proves the counts of a frozen table, for those who may go from a cell to its
//! records.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::commitment::root;
use platform::{Failure, Principal, convert::period_from_proto, journalled::id_of, principal};
use proto::participant as pb;
use tonic::Request;
use values::{
    Fault, Faults, Slug,
    name::{PartyName, ReleasedTableName, TableLayoutName},
};

use super::{as_of, commit::Committer, registered};
use crate::{
    domain::{
        disclosure::{
            evidence::{Behind, MOST_RECORDS, Refusal, provable},
            record_version::Frozen,
            table::{Layout, Place, Table},
        },
        fact::Measure,
    },
    rpc::{
        Shared,
        convert::{
            evidence::{Evidence, Proof, Record, key, keys, measure},
            tabulation::{Commitments, committed, hidden},
        },
        decoded, permissions,
    },
    store::{self, fact::Recorded, tabulation::Seen},
};

const GET: &str = "/samordna.participant.v1.TabulationService/GetTableEvidence";

/// Counts that can be named.
const MOST_COUNTS: usize = 1000;

/// A count as it was sent: its keys, and what is counted.
type Asked = (Vec<String>, Measure);

/// A table that was frozen, and what is behind it.
struct Kept {
    message: pb::ReleasedTable,
    layout: TableLayoutName,
    table: Table,
    committer: Committer,
    /// The parties' people in teams whom the caller works with, and their cases.
    people: BTreeSet<(Slug, Slug)>,
    seen: Seen,
}

/// What is answered, and whose records it tells.
struct Proved {
    proofs: Vec<Proof>,
    people: BTreeSet<(PartyName, Slug)>,
}

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetTableEvidenceRequest>,
) -> Result<pb::GetTableEvidenceResponse, Failure> {
    let principal = principal::of(&request)?;
    let (name, asked) = parse(&principal, request.into_inner())?;
    let kept = kept(shared, &principal, &name).await?;
    let asked = places(&kept.table.layout, asked)?;
    let publication = kept.message.publication.clone();
    let proved = tokio::task::spawn_blocking(move || proved(&kept, &asked));
    let Proved { proofs, people } = proved.await.map_err(anyhow::Error::from)??;
    shared.log(&principal, GET, people).await?;

    let records = || proofs.iter().flat_map(|proof| &proof.records);
    let told = records().filter(|record| matches!(record, Record::Told { .. })).count();
    let (proved, withheld) = (proofs.len(), records().count() - told);
    let many = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let file_name = format!("{}-{}-evidence.json", id_of(&publication), name.id);
    let evidence = Evidence { release: publication, counts: proofs };
    Ok(pb::GetTableEvidenceResponse {
        file_name,
        content: serde_json::to_vec(&evidence).map_err(anyhow::Error::from)?,
        proved_count: many(proved),
        told_count: many(told),
        withheld_count: many(withheld),
    })
}

/// The table, and the counts as they were sent.
fn parse(
    principal: &Principal,
    message: pb::GetTableEvidenceRequest,
) -> Result<(ReleasedTableName, Vec<Asked>), Failure> {
    let pb::GetTableEvidenceRequest { name: sent, counts } = message;
    let mut faults = Faults::new();
    let name = faults.keep(ReleasedTableName::parse("name", &sent));
    if let Some(name) = &name {
        principal.is_in(&name.federation, &sent)?;
    }
    if counts.len() > MOST_COUNTS {
        let fault = Fault::new("counts", "COUNTS_TOO_MANY").with("count", counts.len());
        faults.push(fault.with("limit", MOST_COUNTS));
    }
    let mut asked = Vec::with_capacity(counts.len());
    for (row, pb::CountPlace { keys, measure }) in counts.into_iter().enumerate() {
        let unspecified = || Fault::new(format!("counts[{row}].measure"), "ENUM_UNSPECIFIED");
        let measure = faults.keep(Measure::from_number(measure).ok_or_else(unspecified));
        asked.extend(measure.map(|measure| (keys, measure)));
    }
    Ok(faults.into_result(|| Some((name?, asked)))?)
}

/// The places of a layout that are asked for.
fn places(layout: &Layout, asked: Vec<Asked>) -> Result<Vec<Place>, Faults> {
    let mut faults = Faults::new();
    let mut places = Vec::with_capacity(asked.len());
    for (row, (sent, measure)) in asked.into_iter().enumerate() {
        if sent.len() != layout.cuts.len() {
            let fault = Fault::new(format!("counts[{row}].keys"), "CELL_KEYS_WRONG");
            let fault = fault.with("count", sent.len());
            faults.push(fault.with("expected", layout.cuts.len()));
        }
        if !layout.measures.contains(&measure) {
            faults.push(Fault::new(format!("counts[{row}].measure"), "MEASURE_NOT_IN_TABLE"));
        }
        places.push(Place { keys: sent.into_iter().map(key).collect(), measure });
    }
    faults.into_result(|| Some(places))
}

async fn kept(
    shared: &Shared,
    principal: &Principal,
    name: &ReleasedTableName,
) -> Result<Kept, Failure> {
    let federation = &name.federation;
    let picture = shared.journal.database().snapshot().await?;
    let payload = store::released_table::find(&picture, name).await?;
    let payload = payload.ok_or_else(|| Failure::not_found(name))?;
    let message: pb::ReleasedTable = decoded(&payload)?;
    let layout_name = TableLayoutName::parse("layout", &message.layout)?;
    let layout = registered(&picture, &layout_name).await?;
    let layout = layout.ok_or_else(|| anyhow::anyhow!("{layout_name} is gone"))?;
    let period = period_from_proto("period", message.period)?;
    let as_of = as_of(&picture, federation, ("sequence", message.sequence)).await?;
    let committer = Committer::new(shared, &picture, federation, &as_of).await?;
    let people = permissions::reach(principal).people;
    let seen = store::tabulation::seen(&picture, federation, &people).await?;
    picture.rollback().await?;
    let table = Table { layout, period, sequence: message.sequence };
    Ok(Kept { message, layout: layout_name, table, committer, people, seen })
}

fn proved(kept: &Kept, asked: &[Place]) -> Result<Proved, Failure> {
    let Kept { message, layout, table, committer, people: _, seen } = kept;
    let counts = message.table.clone().unwrap_or_default();
    let commitments = committed(&table.layout, &counts)?;
    let counted = committer.counted(table, commitments.keys().cloned());
    let behind = |(place, records): (&Place, &Vec<&Recorded>)| {
        let own = records.iter().filter(|record| kept.tells(record)).count();
        (place.clone(), Behind { own, all: records.len() })
    };
    let shown: BTreeMap<Place, Behind> = counted.iter().map(behind).collect();
    let hidden = hidden(&table.layout, &counts);
    let is_frozen = !message.publication.is_empty();
    let provable = provable(asked, (&shown, &hidden), is_frozen).map_err(refused)?;

    let frozen = Frozen {
        publication: &message.publication,
        layout,
        period: table.period,
        sequence: table.sequence,
    };
    let mut told = BTreeSet::new();
    let mut proofs = Vec::with_capacity(provable.len());
    for place in provable {
        let records = counted.get(&place).map(Vec::as_slice).unwrap_or_default();
        let own = records.iter().filter(|record| kept.tells(record));
        told.extend(own.filter_map(|record| seen.get(&record.case.id).cloned().flatten()));
        proofs.push(proof(kept, &frozen, (&place, records), &commitments)?);
    }
    Ok(Proved { proofs, people: told })
}

impl Kept {
    /// True for a record version that the caller is told: it was counted of people whom
    /// the caller works with, and is of one whom the caller still sees.
    fn tells(&self, recorded: &Recorded) -> bool {
        let place = (recorded.fact.party.id.clone(), recorded.fact.team.id.clone());
        self.people.contains(&place) && self.seen.contains_key(&recorded.case.id)
    }
}

fn proof(
    kept: &Kept,
    frozen: &Frozen<'_>,
    (place, records): (&Place, &[&Recorded]),
    commitments: &Commitments,
) -> Result<Proof, Failure> {
    let count = frozen.count(place);
    let (mut written, mut hashes) = (Vec::new(), Vec::new());
    for record in records {
        let leaf = kept.committer.leaf(&count, record)?;
        hashes.push(leaf.hash);
        let record = match kept.tells(record) {
            true => Record::Told { version: leaf.version, salt: hex::encode(leaf.salt) },
            false => Record::Withheld { leaf: hex::encode(leaf.hash) },
        };
        written.push((leaf.hash, record));
    }
    let commitment = root(hashes);
    if commitments.get(place) != Some(&commitment) {
        let keys = keys(place);
        let keys: Vec<&str> = keys.iter().map(|key| id_of(key)).collect();
        let place = format!("{} {}", keys.join(" "), measure(place.measure));
        return Err(Failure::refused("EVIDENCE_GONE").with("place", place));
    }
    // In the order of the leaves, which tells nothing of the records.
    written.sort_by_key(|(hash, _)| *hash);
    Ok(Proof {
        layout: frozen.layout.to_string(),
        keys: keys(place),
        measure: measure(place.measure),
        commitment: hex::encode(commitment),
        records: written.into_iter().map(|(_, record)| record).collect(),
    })
}

fn refused(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::NotFrozen => Failure::refused("TABLE_NOT_FROZEN"),
        Refusal::Counts(faults) => faults.into(),
        Refusal::OfOthers => Failure::refused("TABLE_OF_OTHERS"),
        Refusal::TooLarge(count) => {
            Failure::refused("EVIDENCE_TOO_LARGE").with("count", count).with("limit", MOST_RECORDS)
        }
    }
}
