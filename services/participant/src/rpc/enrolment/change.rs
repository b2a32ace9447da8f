//! What changes while an enrolment goes on, its end, and what is put right afterwards.

use platform::{
    Draft, Failure, Principal, Step, clock::day_in_sweden, journal::Transaction, principal,
    sql::Batch,
};
use proto::participant as pb;
use tonic::Request;
use values::{Faults, name::ReferralName};

use super::{
    asked::{Asked, Asks, Change},
    refused,
};
use crate::{
    domain::{
        case::{self, Case, Recorded},
        enrolment::{self, Consent, CorrectFacts, Enrolment},
        reach::Reach,
    },
    rpc::{
        Shared,
        case::{Drafts, Kept, Owner, count, put_enrolment, put_referral},
        follow_up,
        participant::protect,
        people, permissions,
        written::Made,
    },
    store,
};

pub(super) async fn take<M: Asks>(
    shared: &Shared,
    request: Request<M>,
    rpc: &'static str,
) -> Result<pb::Enrolment, Failure> {
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, rpc, request.get_ref())?;
    let sent_name = request.get_ref().sent_name().to_owned();
    let asked = request.into_inner().read(&principal.federation)?;
    principal.is_in(&asked.name.federation, &sent_name)?;
    let reach = permissions::reach(&principal);
    let (handed, caller) = (shared.clone(), principal.clone());
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked) = (handed.clone(), asked.clone());
        let (reach, caller) = (reach.clone(), caller.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, (&reach, caller)).await })
    });
    shared.answer(&principal, rpc, &entries.await?, &Made::default()).await
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    (reach, caller): (&Reach, Principal),
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, etag, change } = asked;
    let not_found = || Failure::not_found(&name);
    let found = store::enrolment::case_of(transaction, &name).await?;
    let (referral, enrolments) = found.ok_or_else(not_found)?;
    let kept = Kept { referral, enrolments };
    let record = kept.enrolment(&name).ok_or_else(not_found)?;
    if !reach.handles(kept.referral.index.belonging()) {
        return Err(not_found());
    }
    people::is_current(&etag, record.index.revision, &name)?;
    let key = shared.data_key(&kept.referral.person)?;
    let person = people::open_person(&key, &kept.referral.person)?;
    let before = kept.open(&key)?;
    let kind = kind(&change);
    let standing = case::named(&before, &name).ok_or_else(not_found)?;
    let recorded = Recorded { actor: caller.account, time: step.now };
    let after = decide(transaction, &before, standing, change, recorded.clone()).await?;
    let changed = case::named(&after, &name).ok_or_else(not_found)?;

    let (mut batch, mut drafts) = (Batch::on(transaction), Drafts::of(step));
    let owner =
        Owner { person: &person, key: &key, entered: kept.referral.person.created_sequence };
    if after.counted(&person) != before.counted(&person) {
        count(&mut batch, &after, &person, drafts.next()).await?;
    }
    put_enrolment(&mut batch, &mut drafts, record, changed, (owner, kind));
    if changed.mistake.is_some() {
        store::along::void(&mut batch, &name, step.sequence);
    }
    let of_follow_ups = |enrolment: &Enrolment| {
        let Enrolment { exit, corrections, mistake, .. } = enrolment;
        (exit.clone(), corrections.len(), mistake.is_some())
    };
    if of_follow_ups(changed) != of_follow_ups(standing) {
        follow_up::put(&mut batch, &mut drafts, (changed, &key)).await?;
    }
    if after.referral != before.referral {
        let kind = "referral.reinstated";
        put_referral(&mut batch, &mut drafts, &kept.referral, &after.referral, (owner, kind));
    }
    let whose = (&kept.referral.person, &person, &key);
    protect::ended(shared, &mut batch, &mut drafts, whose, (&after, &recorded)).await?;
    batch.send().await?;
    Ok(drafts.into_vec())
}

/// The case after the change.
async fn decide(
    transaction: &Transaction,
    case: &Case,
    standing: &Enrolment,
    change: Change,
    recorded: Recorded,
) -> Result<Case, Failure> {
    let today = day_in_sweden(recorded.time);
    let after = match change {
        Change::TransferCoach { coach, day, reason } => {
            enrolment::transfer_coach(standing, coach, day, reason, today)
                .map_err(|refusal| refused::change(refusal, "day", day))?
        }
        Change::Extend(extension) => {
            let day = extension.day;
            enrolment::extend(standing, extension, today)
                .map_err(|refusal| refused::change(refusal, "day", day))?
        }
        Change::SetConsent(consent) => {
            check_parties(transaction, standing, &consent).await?;
            let told = consent.clone();
            enrolment::set_consent(standing, consent, today)
                .map_err(|refusal| refused::consent(refusal, "consent", &told))?
        }
        Change::Exit(exit) => {
            let day = exit.day;
            enrolment::exit(standing, exit, today)
                .map_err(|refusal| refused::exit(refusal, "exit", day))?
        }
        Change::CorrectExit { exit, reason } => {
            let day = exit.as_ref().map_or(today, |exit| exit.day);
            let facts = CorrectFacts { open_case: other_open(transaction, case).await?, today };
            enrolment::correct_exit(standing, exit, reason, recorded, facts)
                .map_err(|refusal| refused::exit(refusal, "exit", day))?
        }
        Change::Deliver { day, to } => enrolment::deliver(standing, day, to, today)
            .map_err(|refusal| refused::exit(refusal, "delivery", day))?,
        Change::RegisterInError { reason } => {
            let open_case = other_open(transaction, case).await?;
            return case::register_in_error(case, standing, reason, open_case, recorded)
                .map_err(|refusal| refused::change(refusal, "", today));
        }
    };
    Ok(case.with(after))
}

/// Refuses a consent for parties that are not there.
async fn check_parties(
    transaction: &Transaction,
    standing: &Enrolment,
    consent: &Consent,
) -> Result<(), Failure> {
    let named = consent.parties.iter().cloned().collect();
    let known = store::party::known(transaction, &standing.name.federation, &named).await?;
    let mut faults = Faults::new();
    let unknown = enrolment::unknown_parties(consent, |party| known.contains(party));
    faults.nest("consent", unknown);
    Ok(faults.into_result(|| Some(()))?)
}

/// Another open case of the person with the team.
async fn other_open(
    transaction: &Transaction,
    case: &Case,
) -> Result<Option<ReferralName>, Failure> {
    let Case { referral, enrolments: _ } = case;
    let open =
        store::referral::open_case(transaction, &referral.participant, &referral.content.team);
    Ok(open.await?.map(|open| open.name).filter(|name| *name != referral.name))
}

fn kind(change: &Change) -> &'static str {
    match change {
        Change::TransferCoach { .. } => "enrolment.coach_transferred",
        Change::Extend(_) => "enrolment.extended",
        Change::SetConsent(_) => "enrolment.consent_set",
        Change::Exit(_) => "enrolment.ended",
        Change::CorrectExit { .. } => "enrolment.exit_corrected",
        Change::Deliver { .. } => "enrolment.documentation_delivered",
        Change::RegisterInError { .. } => "enrolment.registered_in_error",
    }
}
