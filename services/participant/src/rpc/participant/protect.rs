//! Noting that a person has protected identity. Who it is, is destroyed with the key
//! that all its records are sealed with; what may be kept is sealed anew.

use platform::{Draft, Failure, Step, Write, journal::Transaction, principal, sql::Batch};
use proto::participant as pb;
use tonic::Request;
use values::{Faults, name::ParticipantName};

use super::{answer_write, standing};
use crate::{
    domain::{person, reach::Reach, referral::counted},
    keyring::DataKey,
    rpc::{
        Shared, convert,
        people::{self, Made},
        permissions, sealed,
    },
    store,
};

const PROTECT: &str = "/samordna.participant.v1.ParticipantService/ProtectParticipant";

pub(super) async fn protect(
    shared: &Shared,
    request: Request<pb::ProtectParticipantRequest>,
) -> Result<pb::Participant, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, PROTECT, request.get_ref())?;
    let is_kept = !write.validate_only;
    let pb::ProtectParticipantRequest {
        name: sent,
        etag,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let name = faults.keep(ParticipantName::parse("name", &sent));
    people::etag(&etag, &mut faults);
    let name = faults.into_result(|| name)?;
    principal.is_in(&name.federation, &sent)?;
    let (reach, made) = (permissions::reach(&principal), Made::default());
    let (handed, kept) = (shared.clone(), made.clone());
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked) = (handed.clone(), (name.clone(), etag.clone()));
        let (reach, made) = (reach.clone(), kept.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, &reach, &made).await })
    });
    let participant = shared.recorded(&entries.await?, &made).await?;
    answer_write(shared, &principal, PROTECT, participant, is_kept).await
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    (name, etag): (ParticipantName, String),
    reach: &Reach,
    made: &Made,
) -> Result<Vec<Draft>, Failure> {
    let record = standing(transaction, &name, reach).await?;
    people::is_current(&etag, record.index.revision, &name)?;
    let old_key = shared.data_key(&record)?;
    let before = people::open_person(&old_key, &record)?;
    let after = person::protect(&before).ok_or_else(|| Failure::refused("ALREADY_PROTECTED"))?;

    let key = DataKey::new();
    let mut batch = Batch::on(transaction);
    let replaced = people::replace(shared, &mut batch, &record, (&after, &key), step.sequence);
    let mut drafts = vec![Draft { kind: "participant.protected", ..replaced }];
    let entered = record.created_sequence;
    let records = store::referral::of_person(transaction, &name).await?;
    for (record, sequence) in records.iter().zip(step.sequence + 1..) {
        let case = people::open_referral(&old_key, record)?.protected();
        let revision = record.index.revision + 1;
        let index = people::referral_index(&case, &after, revision);
        store::referral::update(&mut batch, &index, entered, sequence);
        let facts = counted(&case, &after);
        store::fact::replace(&mut batch, &case.name, &name, &facts, sequence).await?;
        let message = convert::referral::render(&case, revision);
        let payload = sealed::seal(&key, &name.id, &case.name, &message);
        let subject = case.name.to_string();
        drafts.push(Draft { kind: "referral.protected", subject, payload });
    }
    let first = step.sequence + i64::try_from(drafts.len()).unwrap_or(i64::MAX);
    drafts.extend(along(shared, transaction, &mut batch, &name, first).await?);
    batch.send().await?;
    made.keep(key);
    Ok(drafts)
}

/// Protects those who turned out to be the person: they tell who it is as well.
async fn along(
    shared: &Shared,
    transaction: &Transaction,
    batch: &mut Batch<'_, Transaction>,
    name: &ParticipantName,
    first: i64,
) -> Result<Vec<Draft>, Failure> {
    let mut drafts = Vec::new();
    let duplicates = store::person::duplicates(transaction, name).await?;
    for (record, sequence) in duplicates.iter().zip(first..) {
        let Some(after) = person::protect(&shared.person(record)?) else {
            continue;
        };
        let key = DataKey::new();
        let replaced = people::replace(shared, batch, record, (&after, &key), sequence);
        drafts.push(Draft { kind: "participant.protected", ..replaced });
    }
    Ok(drafts)
}
