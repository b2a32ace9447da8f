//! Noting that a person has protected identity. Who it is, is destroyed with the key
//! that all its records are sealed with, and so is every case that has ended, of which
//! only the counts keep anything, and the party a record that it went; what may be kept of
//! the others is sealed anew.

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
        person::{self, Protected},
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
    let old_key = shared.data_key(&record)?;
    let before = people::open_person(&old_key, &record)?;
    let kept = case::of_person(transaction, &name).await?;
    let cases = kept.iter().map(|kept| kept.open(&old_key)).collect::<Result<Vec<Case>, _>>()?;
    let protected = person::protect(&before, cases);
    let protected = protected.ok_or_else(|| Failure::refused("ALREADY_PROTECTED"))?;
    let Protected { person: after, kept: sealed_anew } = protected;

    let key = DataKey::new();
    let (mut batch, mut drafts) = (Batch::on(transaction), Drafts::of(step));
    let replaced = people::replace(shared, &mut batch, &record, (&after, &key), step.sequence);
    drafts.push(Draft { kind: "participant.protected", ..replaced });
    let owner = Owner { person: &after, key: &key, entered: record.created_sequence };
    let kinds = ["referral.protected", "enrolment.protected"];
    let mut enrolments = BTreeSet::new();
    let mut ended = Vec::new();
    for kept in &kept {
        let is_it = |case: &&Case| case.referral.name == kept.referral.index.name;
        let Some(case) = sealed_anew.iter().find(is_it) else {
            ended.push(kept);
            continue;
        };
        let of_case = case.enrolments.iter().map(|enrolment| enrolment.name.clone());
        enrolments.extend(of_case);
        case::put(&mut batch, &mut drafts, kept, case, (owner, kinds)).await?;
    }
    let seals = Seals { from: &old_key, to: &key, person: &name };
    let of = (&name, &enrolments);
    along::reseal(&mut batch, &mut drafts, of, (seals, Why::Protected)).await?;
    let_go(shared, &mut batch, &mut drafts, (&name, &ended)).await?;
    if !ended.is_empty() {
        let recorded = Recorded { actor: caller.account, time: step.now };
        enter(transaction, &mut drafts, (&after.party, ended.len()), &recorded).await?;
    }
    duplicates(shared, transaction, &mut batch, &mut drafts, &name).await?;
    batch.send().await?;
    made.keep(key);
    Ok(drafts.into_vec())
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
async fn enter(
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
    transaction: &Transaction,
    batch: &mut Batch<'_, Transaction>,
    drafts: &mut Drafts,
    name: &ParticipantName,
) -> Result<(), Failure> {
    for record in store::person::duplicates(transaction, name).await? {
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
