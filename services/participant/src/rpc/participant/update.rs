//! Putting right what was wrong about a person, and what is counted of its cases.

use platform::{Draft, Failure, Step, convert::text, journal::Transaction, principal, sql::Batch};
use proto::participant as pb;
use tonic::Request;
use values::{Fault, Faults, name::ParticipantName};

use super::{answer_write, standing};
use crate::{
    domain::{
        person::{self, Change, ChangeRefusal, Kept, Person},
        reach::Reach,
    },
    keyring::DataKey,
    rpc::{Shared, case, convert, people, permissions, written::Made},
    store,
};

const UPDATE: &str = "/samordna.participant.v1.ParticipantService/UpdateParticipant";

/// What is asked for, read.
#[derive(Clone)]
struct Asked {
    name: ParticipantName,
    etag: String,
    change: Change,
}

pub(super) async fn update(
    shared: &Shared,
    request: Request<pb::UpdateParticipantRequest>,
) -> Result<pb::Participant, Failure> {
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, UPDATE, request.get_ref())?;
    let sent_name = request.get_ref().name.clone();
    let asked = parse(shared, request.into_inner())?;
    principal.is_in(&asked.name.federation, &sent_name)?;
    let reach = permissions::reach(&principal);
    let handed = shared.clone();
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked, reach) = (handed.clone(), asked.clone(), reach.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, &reach).await })
    });
    answer_write(shared, &principal, UPDATE, &entries.await?, &Made::default()).await
}

fn parse(shared: &Shared, message: pb::UpdateParticipantRequest) -> Result<Asked, Failure> {
    let pb::UpdateParticipantRequest {
        name,
        etag,
        participant,
        reason,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let name = faults.keep(ParticipantName::parse("name", &name));
    people::etag(&etag, &mut faults);
    let missing = || Fault::new("participant", "FIELD_MISSING");
    let today = shared.journal.clock().today();
    let told = faults.keep(participant.ok_or_else(missing)).and_then(|sent| {
        faults.keep_nested("participant", convert::participant::told(sent, today))
    });
    let reason = faults.keep(text("reason", &reason, 1, 1000));
    Ok(faults.into_result(|| {
        let told = told?;
        let change = Change { sex: told.sex, kept: told.kept, reason: reason? };
        Some(Asked { name: name?, etag, change })
    })?)
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    reach: &Reach,
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, etag, change } = asked;
    let record = standing(transaction, &name, reach).await?;
    people::is_current(&etag, record.index.revision, &name)?;
    let key = shared.data_key(&record)?;
    let before = people::open_person(&key, &record)?;
    let same_number = same_number(shared, transaction, &before, &change.kept).await?;
    let after = person::change(&before, change, same_number).map_err(refused)?;

    let mut batch = Batch::on(transaction);
    let changed = people::replace(shared, &mut batch, &record, (&after, &key), step.sequence);
    recount(transaction, &mut batch, (&before, &after), &key, step.sequence).await?;
    batch.send().await?;
    Ok(vec![changed])
}

/// Another one of the party who has the number that is to be kept.
pub(super) async fn same_number(
    shared: &Shared,
    transaction: &Transaction,
    person: &Person,
    kept: &Kept,
) -> Result<Option<ParticipantName>, Failure> {
    let Kept::Open { identity, .. } = kept else {
        return Ok(None);
    };
    let (party, number) = (&person.party, identity.number.digits());
    let lookup = shared.keyring.lookup(&party.federation, &party.id, number);
    let found = store::person::by_number(transaction, party, &lookup).await?;
    Ok(found.map(|record| record.index.name).filter(|name| *name != person.name))
}

/// Puts what is now counted of a person's cases in place of what was.
async fn recount(
    transaction: &Transaction,
    batch: &mut Batch<'_, Transaction>,
    (before, after): (&Person, &Person),
    key: &DataKey,
    sequence: i64,
) -> Result<(), Failure> {
    for kept in case::of_person(transaction, &after.name).await? {
        let case = kept.open(key)?;
        if case.counted(after) != case.counted(before) {
            case::count(batch, &case, after, sequence).await?;
        }
    }
    Ok(())
}

fn refused(refusal: ChangeRefusal) -> Failure {
    match refusal {
        ChangeRefusal::Protection => {
            Fault::new("participant.protected_identity", "PROTECTION_NOT_CHANGED_HERE").into()
        }
        ChangeRefusal::Exists { name } => {
            Failure::refused("PERSON_EXISTS").with("participant", name.id)
        }
    }
}
