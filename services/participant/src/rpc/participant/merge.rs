//! Two that turn out to be one person, and taking that back: the cases go from the one
//! to the other, sealed anew under the other's key.

use platform::{Draft, Failure, Step, convert::text, journal::Transaction, principal, sql::Batch};
use proto::{WriteRequest, participant as pb};
use tonic::Request;
use values::{Faults, name::ParticipantName};

use super::{answer_write, reached};
use crate::{
    domain::{
        case::Case,
        merge::{self, MergeRefusal},
        person::Person,
        reach::Reach,
    },
    keyring::DataKey,
    rpc::{
        Shared,
        along::{self, Seals, Why},
        case::{self, Drafts, Kept, Owner},
        convert, people, permissions,
        written::Made,
    },
    store,
};

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Merge,
    Undo,
}

/// What either request has.
pub(super) struct Sent {
    name: String,
    etag: String,
    duplicate: String,
    reason: String,
}

impl From<pb::MergeParticipantsRequest> for Sent {
    fn from(message: pb::MergeParticipantsRequest) -> Self {
        let pb::MergeParticipantsRequest {
            name,
            etag,
            duplicate,
            reason,
            request_id: _,    // Told by the write.
            validate_only: _, // Told by the write.
        } = message;
        Self { name, etag, duplicate, reason }
    }
}

impl From<pb::UndoMergeRequest> for Sent {
    fn from(message: pb::UndoMergeRequest) -> Self {
        let pb::UndoMergeRequest {
            name,
            etag,
            duplicate,
            reason,
            request_id: _,    // Told by the write.
            validate_only: _, // Told by the write.
        } = message;
        Self { name, etag, duplicate, reason }
    }
}

/// What is asked for, read.
#[derive(Clone)]
struct Asked {
    way: Way,
    name: ParticipantName,
    etag: String,
    duplicate: ParticipantName,
    reason: String,
}

pub(super) async fn take<M>(
    shared: &Shared,
    request: Request<M>,
    way: Way,
    rpc: &'static str,
) -> Result<pb::Participant, Failure>
where
    M: WriteRequest + Into<Sent>,
{
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, rpc, request.get_ref())?;
    let sent: Sent = request.into_inner().into();
    let sent_name = sent.name.clone();
    let asked = parse(way, sent)?;
    principal.is_in(&asked.name.federation, &sent_name)?;
    let reach = permissions::reach(&principal);
    let handed = shared.clone();
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked, reach) = (handed.clone(), asked.clone(), reach.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, &reach).await })
    });
    answer_write(shared, &principal, rpc, &entries.await?, &Made::default()).await
}

fn parse(way: Way, sent: Sent) -> Result<Asked, Failure> {
    let Sent { name, etag, duplicate, reason } = sent;
    let mut faults = Faults::new();
    let name = faults.keep(ParticipantName::parse("name", &name));
    people::etag(&etag, &mut faults);
    let parsed = ParticipantName::parse("duplicate", &duplicate);
    let duplicate = match &name {
        Some(name) => {
            convert::within(&name.federation, "duplicate", parsed, |name| &name.federation)
        }
        None => parsed,
    };
    let duplicate = faults.keep(duplicate);
    let reason = faults.keep(text("reason", &reason, 1, 1000));
    Ok(faults.into_result(|| {
        let (name, duplicate, reason) = (name?, duplicate?, reason?);
        Some(Asked { way, name, etag, duplicate, reason })
    })?)
}

/// A person with everything of it, opened.
struct Opened {
    record: store::person::Record,
    key: DataKey,
    person: Person,
    kept: Vec<Kept>,
    cases: Vec<Case>,
}

async fn open(
    shared: &Shared,
    transaction: &Transaction,
    name: &ParticipantName,
    reach: &Reach,
) -> Result<Opened, Failure> {
    let record = reached(transaction, name, reach).await?;
    let key = shared.data_key(&record)?;
    let person = people::open_person(&key, &record)?;
    let kept = case::of_person(transaction, name).await?;
    let cases = kept.iter().map(|kept| kept.open(&key)).collect::<Result<_, _>>()?;
    Ok(Opened { record, key, person, kept, cases })
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    reach: &Reach,
) -> Result<Vec<Draft>, Failure> {
    let Asked { way, name, etag, duplicate, reason } = asked;
    let own = open(shared, transaction, &name, reach).await?;
    people::is_current(&etag, own.record.index.revision, &name)?;
    let other = open(shared, transaction, &duplicate, reach).await?;
    // Whom the cases are about from now on, and who was it.
    let (changed, cases, to, from) = match way {
        Way::Merge => {
            let of_other = store::person::duplicates(transaction, &duplicate).await?;
            let merged = (&other.person, !of_other.is_empty());
            let merged = merge::merge(&own.person, &own.cases, merged, &other.cases, reason);
            let (merged, cases) = merged.map_err(refused)?;
            (merged, cases, &own, &other)
        }
        Way::Undo => {
            let parted = merge::undo(&own.person, &own.cases, &other.person, reason);
            let (parted, cases) = parted.map_err(refused)?;
            (parted, cases, &other, &own)
        }
    };
    let (mut batch, mut drafts) = (Batch::on(transaction), Drafts::of(step));
    // The one that is answered is recorded as it became: with a new version.
    let (of_people, of_cases) = match way {
        Way::Merge => (
            ["participant.merged", "participant.merged_into"],
            ["referral.merged", "enrolment.merged"],
        ),
        Way::Undo => (
            ["participant.parted", "participant.parted_from"],
            ["referral.parted", "enrolment.parted"],
        ),
    };
    for (kind, opened, person) in
        [(of_people[0], &own, &own.person), (of_people[1], &other, &changed)]
    {
        let (after, sequence) = ((person, &opened.key), drafts.next());
        let replaced = people::replace(shared, &mut batch, &opened.record, after, sequence);
        drafts.push(Draft { kind, ..replaced });
    }
    let owner = Owner { person: &to.person, key: &to.key, entered: to.record.created_sequence };
    for case in &cases {
        let is_it = |kept: &&Kept| kept.referral.index.name == case.referral.name;
        if let Some(kept) = from.kept.iter().find(is_it) {
            case::put(&mut batch, &mut drafts, kept, case, (owner, of_cases)).await?;
        }
    }
    let enrolments = cases.iter().flat_map(|case| &case.enrolments);
    let enrolments = enrolments.map(|enrolment| enrolment.name.clone()).collect();
    let seals = Seals { from: &from.key, to: &to.key, person: &to.person.name };
    let why = match way {
        Way::Merge => Why::Merged,
        Way::Undo => Why::Parted,
    };
    let of = (&from.person.name, &enrolments);
    along::reseal(&mut batch, &mut drafts, of, (seals, why)).await?;
    batch.send().await?;
    Ok(drafts.into_vec())
}

fn refused(refusal: MergeRefusal) -> Failure {
    match refusal {
        MergeRefusal::OtherParty => Failure::refused("MERGE_OTHER_PARTY"),
        MergeRefusal::Ended => Failure::refused("MERGE_ENDED"),
        MergeRefusal::HasDuplicates => Failure::refused("MERGE_HAS_DUPLICATES"),
        MergeRefusal::OfProtected => Failure::refused("MERGE_OF_PROTECTED"),
        MergeRefusal::Overlaps { referral } => {
            Failure::refused("MERGE_OVERLAPS").with("referral", referral.id)
        }
        MergeRefusal::NotThere => Failure::refused("MERGE_NOT_THERE"),
    }
}
