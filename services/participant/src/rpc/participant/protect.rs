//! Noting that a person has protected identity. Who it is, is destroyed with the key
//! that all its records are sealed with, and so is every case that has ended, of which
//! only the counts keep anything, and the party a record that it went; what may be kept of
//! the others is sealed anew. The same is done again whenever one of these ends.

use std::collections::BTreeSet;

use platform::{Draft, Failure, Principal, Step, journal::Transaction, principal, sql::Batch};
use proto::participant as pb;
use tonic::Request;
use values::{
    Faults,
    name::{DisposalName, ParticipantName, PartyName},
};

use super::{answer_write, standing};
use crate::{
    domain::{
        case::{Case, Recorded},
        person::{self, Person, Protected},
        reach::Reach,
    },
    keyring::DataKey,
    rpc::{
        Shared,
        along::{self, Seals, Why},
        case::{self, Drafts, Kept, Owner},
        convert::disposal::render_protected,
        disposal::cases,
        draft, people, permissions,
        referral::new_id,
        written::Made,
    },
    store::{self, disposal::Row as Entered},
};

const PROTECT: &str = "/samordna.participant.v1.ParticipantService/ProtectParticipant";

pub(super) async fn protect(
    shared: &Shared,
    request: Request<pb::ProtectParticipantRequest>,
) -> Result<pb::Participant, Failure> {
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, PROTECT, request.get_ref())?;
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
    let (handed, kept, caller) = (shared.clone(), made.clone(), principal.clone());
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked) = (handed.clone(), (name.clone(), etag.clone()));
        let (caller, made) = ((caller.clone(), reach.clone()), kept.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, caller, &made).await })
    });
    answer_write(shared, &principal, PROTECT, &entries.await?, &made).await
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    (name, etag): (ParticipantName, String),
    (caller, reach): (Principal, Reach),
    made: &Made,
) -> Result<Vec<Draft>, Failure> {
    let record = standing(transaction, &name, &reach).await?;
    people::is_current(&etag, record.index.revision, &name)?;
    let key = shared.data_key(&record)?;
    let before = people::open_person(&key, &record)?;
    let kept = case::of_person(transaction, &name).await?;
    let cases = kept.iter().map(|kept| kept.open(&key)).collect::<Result<Vec<Case>, _>>()?;
    let protected = person::protect(&before, cases);
    let protected = protected.ok_or_else(|| Failure::refused("ALREADY_PROTECTED"))?;

    let (mut batch, mut drafts) = (Batch::on(transaction), Drafts::of(step));
    let recorded = Recorded { actor: caller.account, time: step.now };
    let here = Here { record: &record, key: &key, kept: &kept };
    let made_anew =
        carry_out(shared, &mut batch, &mut drafts, (here, &protected), &recorded).await?;
    batch.send().await?;
    made.keep(made_anew);
    Ok(drafts.into_vec())
}

/// Lets a case go that has ended with what the batch writes, when nothing may be kept of it.
/// It is in the journal as it ended, under a key that is destroyed at once.
pub(in crate::rpc) async fn ended(
    shared: &Shared,
    batch: &mut Batch<'_, Transaction>,
    drafts: &mut Drafts,
    (record, person, key): (&store::person::Record, &Person, &DataKey),
    (after, recorded): (&Case, &Recorded),
) -> Result<(), Failure> {
    if !person.lets_go(after) {
        return Ok(());
    }
    let kept = case::of_person(batch.connection(), &person.name).await?;
    let now = |kept: &Kept| match kept.referral.index.name == after.referral.name {
        true => Ok(after.clone()),
        false => kept.open(key),
    };
    let cases = kept.iter().map(now).collect::<Result<Vec<Case>, Failure>>()?;
    let protected = person::protect(person, cases);
    let protected = protected.ok_or_else(|| anyhow::anyhow!("{} has no case", person.name))?;
    // What is kept for the counts is read of what is counted now.
    batch.send().await?;
    let here = Here { record, key, kept: &kept };
    carry_out(shared, batch, drafts, (here, &protected), recorded).await?;
    Ok(())
}

/// Somebody as it is kept, with every case, and the key that opens them.
#[derive(Clone, Copy)]
struct Here<'a> {
    record: &'a store::person::Record,
    key: &'a DataKey,
    kept: &'a [Kept],
}

/// Puts what may be kept of somebody in the place of what is, and lets go of the rest.
/// Answers the key that opens it from now on.
async fn carry_out(
    shared: &Shared,
    batch: &mut Batch<'_, Transaction>,
    drafts: &mut Drafts,
    (here, protected): (Here<'_>, &Protected),
    recorded: &Recorded,
) -> Result<DataKey, Failure> {
    let Here { record, key: old_key, kept } = here;
    let Protected { person: after, kept: sealed_anew } = protected;
    let (name, key) = (&after.name, DataKey::new());
    let replaced = people::replace(shared, batch, record, (after, &key), drafts.next());
    drafts.push(Draft { kind: "participant.protected", ..replaced });
    let owner = Owner { person: after, key: &key, entered: record.created_sequence };
    let kinds = ["referral.protected", "enrolment.protected"];
    let mut enrolments = BTreeSet::new();
    let mut ended = Vec::new();
    for kept in kept {
        let is_it = |case: &&Case| case.referral.name == kept.referral.index.name;
        let Some(case) = sealed_anew.iter().find(is_it) else {
            ended.push(kept);
            continue;
        };
        let of_case = case.enrolments.iter().map(|enrolment| enrolment.name.clone());
        enrolments.extend(of_case);
        case::put(batch, drafts, kept, case, (owner, kinds)).await?;
    }
    let seals = Seals { from: old_key, to: &key, person: name };
    let of = (name, &enrolments);
    along::reseal(batch, drafts, of, (seals, Why::Protected)).await?;
    let_go(shared, batch, drafts, (name, &ended)).await?;
    if !ended.is_empty() {
        enter(batch.connection(), drafts, (&after.party, ended.len()), recorded).await?;
    }
    duplicates(shared, batch, drafts, name).await?;
    Ok(key)
}

/// Lets go of the person's cases that have ended: the journal tells their names alone.
async fn let_go(
    shared: &Shared,
    batch: &mut Batch<'_, Transaction>,
    drafts: &mut Drafts,
    (name, ended): (&ParticipantName, &[&Kept]),
) -> Result<(), Failure> {
    let ended = (ended, cases::Why::Protected);
    for gone in cases::let_go(shared, batch, &name.federation, ended).await? {
        drafts.push(cases::draft(&gone)?);
    }
    Ok(())
}

/// Enters in the party's disposals that so many cases went, and not whose.
pub(in crate::rpc) async fn enter(
    transaction: &Transaction,
    drafts: &mut Drafts,
    (party, cases): (&PartyName, usize),
    recorded: &Recorded,
) -> Result<(), Failure> {
    let name = DisposalName::new(party.federation.clone(), new_id());
    let message = render_protected((name.to_string(), party), cases, recorded);
    let entered = Entered { name: name.clone(), party: party.clone(), sequence: drafts.next() };
    drafts.push(draft("disposal.carried_out", &name, &message));
    Ok(store::disposal::insert(transaction, &entered).await?)
}

/// Protects those who turned out to be the person: they tell who it is as well.
async fn duplicates(
    shared: &Shared,
    batch: &mut Batch<'_, Transaction>,
    drafts: &mut Drafts,
    name: &ParticipantName,
) -> Result<(), Failure> {
    for record in store::person::duplicates(batch.connection(), name).await? {
        // Its cases are those of the person by now.
        let protected = person::protect(&shared.person(&record)?, Vec::new());
        let Some(Protected { person: after, kept: _ }) = protected else {
            continue;
        };
        let key = DataKey::new();
        let replaced = people::replace(shared, batch, &record, (&after, &key), drafts.next());
        drafts.push(Draft { kind: "participant.protected", ..replaced });
    }
    Ok(())
}
