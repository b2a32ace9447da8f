//! Letting a referral go before others, and taking that back.

use platform::{Draft, Failure, Step, convert::text, journal::Transaction, principal, sql::Batch};
use proto::participant as pb;
use tonic::Request;
use values::{Faults, name::ReferralName};

use crate::{
    domain::{reach::Reach, referral},
    rpc::{
        Shared,
        case::{Drafts, Owner, put_referral},
        people, permissions,
        written::Made,
    },
    store,
};

const SET: &str = "/samordna.participant.v1.QueueService/SetQueueException";

/// What is asked for, read.
#[derive(Clone)]
struct Asked {
    name: ReferralName,
    etag: String,
    reason: Option<String>,
}

/// Answers the referral's new version.
pub(super) async fn set(
    shared: &Shared,
    request: Request<pb::SetQueueExceptionRequest>,
) -> Result<String, Failure> {
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, SET, request.get_ref())?;
    let sent_name = request.get_ref().name.clone();
    let asked = parse(request.into_inner())?;
    principal.is_in(&asked.name.federation, &sent_name)?;
    let reach = permissions::reach(&principal);
    let handed = shared.clone();
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked, reach) = (handed.clone(), asked.clone(), reach.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, &reach).await })
    });
    let referral: pb::Referral =
        shared.answer(&principal, SET, &entries.await?, &Made::default()).await?;
    Ok(referral.etag)
}

fn parse(message: pb::SetQueueExceptionRequest) -> Result<Asked, Failure> {
    let pb::SetQueueExceptionRequest {
        name,
        etag,
        reason,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let name = faults.keep(ReferralName::parse("name", &name));
    people::etag(&etag, &mut faults);
    let reason = faults.keep(text("reason", &reason, 0, 1000));
    Ok(faults.into_result(|| {
        let reason = reason.filter(|reason| !reason.is_empty());
        Some(Asked { name: name?, etag, reason })
    })?)
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    reach: &Reach,
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, etag, reason } = asked;
    let found = store::referral::find(transaction, &name).await?;
    let record = found.ok_or_else(|| Failure::not_found(&name))?;
    people::check_handles(reach, &record.index)?;
    people::is_current(&etag, record.index.revision, &name)?;
    let key = shared.data_key(&record.person)?;
    let person = people::open_person(&key, &record.person)?;
    let standing = people::open_referral(&key, &record)?;
    let kind = match reason {
        Some(_) => "referral.excepted",
        None => "referral.exception_taken_back",
    };
    let after = referral::except(&standing, reason).map_err(|state| {
        Failure::refused("REFERRAL_STATE_FORBIDS").with("referral_state", state.name())
    })?;
    let (mut batch, mut drafts) = (Batch::on(transaction), Drafts::of(step));
    let owner = Owner { person: &person, key: &key, entered: record.person.created_sequence };
    put_referral(&mut batch, &mut drafts, &record, &after, (owner, kind));
    batch.send().await?;
    Ok(drafts.into_vec())
}
