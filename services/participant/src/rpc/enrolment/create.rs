//! Enrolling the next in the queue.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use platform::{
    Draft, Failure, Principal, Step, clock::day_in_sweden, journal::Transaction,
    journalled::decoded, principal, sql::Batch,
};
use prost::Message;
use proto::participant as pb;
use tonic::Request;
use values::{Fault, Faults, Slug, name::EnrolmentName};

use super::refused;
use crate::{
    domain::{
        case::{self, Case, Recorded},
        code::ReferringKind,
        enrolment::{Content, CreateFacts, Enrolment, unknown_parties},
        intake_pause::{IntakePause, paused},
        queue,
        reach::Reach,
        reserved_places::{AllReserved, admit, in_force},
    },
    rpc::{
        Shared,
        case::{Drafts, Owner, count, draft, put_referral},
        check_given_name, convert, parent, people, permissions,
        written::Made,
    },
    store,
};

const CREATE: &str = "/samordna.participant.v1.EnrolmentService/CreateEnrolment";

/// What is asked for, read.
#[derive(Clone)]
struct Asked {
    name: EnrolmentName,
    content: Content,
}

pub(super) async fn create(
    shared: &Shared,
    request: Request<pb::CreateEnrolmentRequest>,
) -> Result<pb::Enrolment, Failure> {
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, CREATE, request.get_ref())?;
    let asked = parse(&principal, request.into_inner(), shared.journal.clock().today())?;
    let reach = permissions::reach(&principal);
    let (handed, caller) = (shared.clone(), principal.clone());
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked) = (handed.clone(), asked.clone());
        let (reach, caller) = (reach.clone(), caller.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, (&reach, caller)).await })
    });
    shared.answer(&principal, CREATE, &entries.await?, &Made::default()).await
}

fn parse(
    principal: &Principal,
    message: pb::CreateEnrolmentRequest,
    today: NaiveDate,
) -> Result<Asked, Failure> {
    let pb::CreateEnrolmentRequest {
        parent: sent_parent,
        enrolment_id,
        enrolment,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    // What was sent in place of an id is not repeated: it may tell who a person is.
    let malformed = |_| Fault::new("enrolment_id", "ID_MALFORMED").with("value", "…");
    let id = Slug::parse("enrolment_id", &enrolment_id).map_err(malformed);
    let id = id.and_then(|id| convert::referral::untelling("enrolment_id", id, today));
    let name = faults.keep(id).map(|id| EnrolmentName::new(federation.clone(), id));
    let enrolment = enrolment.ok_or_else(|| Fault::new("enrolment", "FIELD_MISSING"));
    let content = faults.keep(enrolment).and_then(|sent| {
        faults.keep(check_given_name("enrolment.name", &sent.name, name.as_ref()));
        faults.keep_nested("enrolment", convert::enrolment::content(&federation, sent))
    });
    Ok(faults.into_result(|| Some(Asked { name: name?, content: content? }))?)
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    (reach, caller): (&Reach, Principal),
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, content } = asked;
    let found = store::referral::find(transaction, &content.referral).await?;
    let record = found.ok_or_else(|| Failure::not_found(&content.referral))?;
    people::check_handles(reach, &record.index)?;
    check_parties(transaction, &content).await?;
    let key = shared.data_key(&record.person)?;
    let person = people::open_person(&key, &record.person)?;
    // What it has led to before were mistakes, which nothing depends on.
    let case = Case::from(people::open_referral(&key, &record)?);
    let facts = facts(transaction, &name, &case, content.first_day, step).await?;
    let begun = Enrolment::begin(name, content, &case.referral);
    let recorded = Recorded { actor: caller.account, time: step.now };
    let after = case::enrol(&case, begun.clone(), facts, recorded);
    let after = after.map_err(|refusal| refused::create(refusal, &begun, &case.referral))?;

    let (mut batch, mut drafts) = (Batch::on(transaction), Drafts::of(step));
    let index = people::enrolment_index(&begun, &person, 1);
    store::enrolment::insert(&mut batch, &index, drafts.next()).await?;
    count(&mut batch, &after, &person, drafts.next()).await?;
    drafts.push(draft(&begun, 1, (&person, &key), "enrolment.created"));
    let owner = Owner { person: &person, key: &key, entered: record.person.created_sequence };
    let kind = "referral.enrolled";
    put_referral(&mut batch, &mut drafts, &record, &after.referral, (owner, kind));
    batch.send().await?;
    Ok(drafts.into_vec())
}

/// Refuses consents for parties that are not there.
async fn check_parties(transaction: &Transaction, content: &Content) -> Result<(), Failure> {
    let named = content.consents.iter().flat_map(|consent| consent.parties.iter().cloned());
    let named: BTreeSet<_> = named.collect();
    if named.is_empty() {
        return Ok(());
    }
    let federation = &content.referral.federation;
    let known = store::party::known(transaction, federation, &named).await?;
    let mut faults = Faults::new();
    for (row, consent) in content.consents.iter().enumerate() {
        let unknown = unknown_parties(consent, |party| known.contains(party));
        faults.nest(&format!("enrolment.consents[{row}]"), unknown);
    }
    Ok(faults.into_result(|| Some(()))?)
}

/// What an enrolment from a day on is held against.
async fn facts(
    transaction: &Transaction,
    name: &EnrolmentName,
    case: &Case,
    day: NaiveDate,
    step: Step,
) -> Result<CreateFacts<IntakePause, AllReserved>, Failure> {
    let team = &case.referral.content.team;
    let pauses = store::intake_pause::holding(transaction, team, day).await?;
    let pauses = stored(&pauses, convert::intake_pause::parse)?;
    let reservations = store::reserved_places::begun(transaction, team, day).await?;
    let reservations = stored(&reservations, convert::reserved_places::parse)?;
    let places = in_force(&reservations, team, day);
    let enrolled = store::queue::enrolled(transaction, team, day).await?;
    let admit = |channel: ReferringKind| admit(&places, &enrolled, channel);
    let referral = &case.referral.name;
    let waiting = store::queue::beside(transaction, referral, team, day).await?;
    let before = queue::before(&waiting, referral, |channel| admit(channel).is_ok());
    Ok(CreateFacts {
        is_taken: store::enrolment::is_taken(transaction, name).await?,
        accepted_on: case.waits_since(),
        before: before.unwrap_or(0),
        pause: paused(&pauses, team, day).cloned(),
        reserved: admit(case.referral.content.referring_kind).err(),
        enrolled: case.referral.enrolment.clone(),
        today: day_in_sweden(step.now),
    })
}

/// What was recorded of the team.
fn stored<M: Message + Default, T>(
    payloads: &[Vec<u8>],
    parse: impl Fn(M) -> Result<T, Faults>,
) -> Result<Vec<T>, Failure> {
    let read = |payload: &Vec<u8>| {
        let unreadable = |faults| anyhow::anyhow!("a record of the team is none: {faults:?}");
        Ok(parse(decoded(payload)?).map_err(unreadable)?)
    };
    payloads.iter().map(read).collect()
}
