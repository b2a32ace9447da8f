//! Sending a referral: the person is found or entered in the same step, and the sender
//! does not learn which. Whoever is found is entered in the read log, also where the
//! referral is refused: a refusal may tell that somebody is known.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use platform::{
    Draft, Failure, Principal, Step, clock::day_in_sweden, journal::Transaction, principal,
    sql::Batch,
};
use proto::participant as pb;
use tonic::Request;
use uuid::Uuid;
use values::{
    Fault, Faults, Slug,
    name::{ParticipantName, PartyName, ReferralName, TeamName},
};

use crate::{
    domain::{
        case::Case,
        criteria::{Criteria, Unmet},
        person::{Kept, Person},
        reach::{Belonging, Reach},
        referral::{self, Content, SendFacts, SendRefusal, Sending},
    },
    keyring::DataKey,
    rpc::{
        Shared, check_given_name, convert, convert::participant::Told, parent, people, permissions,
        sealed, written::Made,
    },
    store,
};

const CREATE: &str = "/samordna.participant.v1.ReferralService/CreateReferral";

/// What is asked for, read.
#[derive(Clone)]
struct Asked {
    name: ReferralName,
    content: Content,
    told: Told,
}

pub(super) async fn create(
    shared: &Shared,
    request: Request<pb::CreateReferralRequest>,
) -> Result<pb::Referral, Failure> {
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, CREATE, request.get_ref())?;
    let asked = parse(&principal, request.into_inner(), shared.journal.clock().today())?;
    let (made, found) = (Made::default(), Found::default());
    let reach = permissions::reach(&principal);
    let (handed, caller) = (shared.clone(), principal.clone());
    let (kept, met) = (made.clone(), found.clone());
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked, made) = (handed.clone(), asked.clone(), kept.clone());
        let (reach, caller, found) = (reach.clone(), caller.clone(), met.clone());
        Box::pin(async move {
            let facts = (&reach, caller, &found);
            let (sent, person) = decide(&shared, transaction, step, asked, facts).await?;
            keep(&shared, transaction, step, &sent, person, &made).await
        })
    });
    match entries.await {
        Ok(entries) => shared.answer(&principal, CREATE, &entries, &made).await,
        Err(failure) => {
            shared.log(&principal, CREATE, found.take()).await?;
            Err(failure)
        }
    }
}

/// Whom a step has found by the number that was sent, and the party that owns the record.
#[derive(Clone, Default)]
struct Found(Arc<Mutex<Option<(PartyName, Slug)>>>);

impl Found {
    fn put(&self, person: &store::person::Record) {
        let index = &person.index;
        let owned = Some((index.party.clone(), index.name.id.clone()));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = owned;
    }

    fn take(&self) -> Option<(PartyName, Slug)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn parse(
    principal: &Principal,
    message: pb::CreateReferralRequest,
    today: NaiveDate,
) -> Result<Asked, Failure> {
    let pb::CreateReferralRequest {
        parent: sent_parent,
        referral_id,
        referral,
        person,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    // What was sent in place of an id is not repeated: it may tell who a person is.
    let malformed = |_| Fault::new("referral_id", "ID_MALFORMED").with("value", "…");
    let id = Slug::parse("referral_id", &referral_id).map_err(malformed);
    let id = id.and_then(|id| convert::referral::untelling("referral_id", id, today));
    let name = faults.keep(id).map(|id| ReferralName::new(federation.clone(), id));
    let referral = referral.ok_or_else(|| Fault::new("referral", "FIELD_MISSING"));
    let content = faults.keep(referral).and_then(|sent| {
        faults.keep(check_given_name("referral.name", &sent.name, name.as_ref()));
        faults.keep_nested("referral", convert::referral::content(&federation, sent, today))
    });
    let person = person.ok_or_else(|| Fault::new("person", "FIELD_MISSING"));
    let told = faults
        .keep(person)
        .and_then(|sent| faults.keep_nested("person", convert::participant::told(sent, today)));
    Ok(faults.into_result(|| Some(Asked { name: name?, content: content?, told: told? }))?)
}

/// Who a referral is about.
enum About {
    /// One of the owning party's.
    Known(store::person::Record),
    /// One who is entered with it.
    New(Told),
}

async fn decide(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    (reach, caller, found): (&Reach, Principal, &Found),
) -> Result<(referral::Referral, About), Failure> {
    let Asked { name, content, told } = asked;
    let ground = store::referral::ground(transaction, &name, &content).await?;
    let owner = ground.party.as_ref().unwrap_or(&content.sender);
    let (team, sender) = (&content.team.id, &content.sender.id);
    if !reach.sends(Belonging { owner: &owner.id, team, sender }) {
        return Err(Failure::not_found(&content.sender));
    }
    let birth_year = told.kept.birth_year();
    let about = find(shared, transaction, ground.party.as_ref(), told).await?;
    let (participant, open_case) = match &about {
        About::Known(person) => {
            found.put(person);
            let name = person.index.name.clone();
            let open = store::referral::open_case(transaction, &name, &content.team).await?;
            (name, open)
        }
        About::New(_) => (ParticipantName::new(name.federation.clone(), new_id()), None),
    };
    let criteria = criteria(transaction, &content.team).await?;
    let facts = SendFacts {
        is_taken: ground.is_taken,
        is_sender_known: ground.is_sender_known,
        is_served: ground.is_served,
        party: ground.party.as_ref(),
        open_case: open_case.as_ref().map(|case| case.name.clone()),
        criteria: &criteria,
        birth_year,
        today: day_in_sweden(step.now),
    };
    let is_shown = open_case.as_ref().is_some_and(|case| reach.view(case.belonging()).is_some());
    let taken = name.clone();
    let sending = Sending { name, participant, content, actor: caller.account, now: step.now };
    let sent = referral::send(sending, &facts);
    Ok((sent.map_err(|refusal| refused(refusal, &taken, is_shown))?, about))
}

/// The person, when it is among the owning party's.
async fn find(
    shared: &Shared,
    transaction: &Transaction,
    party: Option<&PartyName>,
    told: Told,
) -> Result<About, Failure> {
    let (Some(party), Kept::Open { identity, .. }) = (party, &told.kept) else {
        return Ok(About::New(told));
    };
    let lookup = shared.keyring.lookup(&party.federation, &party.id, identity.number.digits());
    let known = store::person::by_number(transaction, party, &lookup).await?;
    let known = match known.as_ref().and_then(|person| person.index.merged_into.as_ref()) {
        Some(is_now) => store::person::find(transaction, is_now).await?,
        None => known,
    };
    Ok(known.map_or(About::New(told), About::Known))
}

/// The versions of criteria that a team may have.
pub(in crate::rpc) async fn criteria(
    transaction: &Transaction,
    team: &TeamName,
) -> Result<Vec<Criteria>, Failure> {
    let records = store::criteria::for_team(transaction, team).await?;
    records.iter().map(crate::rpc::criteria::open).collect()
}

/// An id that says nothing of who it is.
pub(in crate::rpc) fn new_id() -> Slug {
    let id = Uuid::now_v7().simple().to_string();
    Slug::parse("participant", &id).expect("32 hexadecimal digits are an id")
}

/// Keeps the referral, and the person where it is new.
async fn keep(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    sent: &referral::Referral,
    about: About,
    made: &Made,
) -> Result<Vec<Draft>, Failure> {
    let responsible = sent.responsible.last().expect("a referral has a municipality");
    let mut batch = Batch::on(transaction);
    let mut entered = None;
    let (key, person, person_sequence) = match about {
        About::Known(record) => {
            let key = shared.data_key(&record)?;
            let person = people::open_person(&key, &record)?;
            (key, person, record.created_sequence)
        }
        About::New(Told { sex, kept }) => {
            let key = DataKey::new();
            let person = Person {
                name: sent.participant.clone(),
                party: responsible.party.clone(),
                municipality: responsible.municipality.clone(),
                sex,
                kept,
                merged_into: None,
                change_reason: String::new(),
            };
            let (index, wrapped_key) = people::index(&shared.keyring, &person, &key, 1);
            let sequence = step.sequence + 1;
            store::person::insert(&mut batch, &index, wrapped_key, sequence).await?;
            let message = convert::participant::render(&person, 1);
            let payload = sealed::seal(&key, &person.name.id, &person.name, &message);
            let subject = person.name.to_string();
            entered = Some(Draft { kind: "participant.entered", subject, payload });
            (key, person, sequence)
        }
    };
    let index = people::referral_index(sent, &person, 1);
    store::referral::insert(&mut batch, &index, person_sequence, step.sequence).await?;
    let facts = Case::from(sent.clone()).counted(&person);
    store::fact::add(&mut batch, &sent.name, &sent.participant, &facts, step.sequence).await?;
    batch.send().await?;
    let message = convert::referral::render(sent, 1);
    let payload = sealed::seal(&key, &person.name.id, &sent.name, &message);
    made.keep(key);
    let sent = Draft { kind: "referral.sent", subject: sent.name.to_string(), payload };
    Ok([Some(sent), entered].into_iter().flatten().collect())
}

/// What a refused referral answers. An open case is named to those who see it.
pub(in crate::rpc) fn refused(
    refusal: SendRefusal,
    name: &ReferralName,
    is_shown: bool,
) -> Failure {
    match refusal {
        SendRefusal::Taken => Failure::Exists { name: name.to_string() },
        SendRefusal::SenderUnknown { sender } => {
            Fault::new("referral.sender", "PARTY_UNKNOWN").with("value", sender).into()
        }
        SendRefusal::InFuture { day } => {
            Fault::new("referral.referral_date", "DAY_IN_FUTURE").with("value", day).into()
        }
        SendRefusal::TeamNotThere => Failure::refused("TEAM_NOT_THERE"),
        SendRefusal::WithoutParty { municipality } => {
            Failure::refused("MUNICIPALITY_WITHOUT_PARTY").with("municipality", municipality)
        }
        SendRefusal::Open { referral } => {
            let shown = if is_shown { referral.id.to_string() } else { String::new() };
            Failure::refused("REFERRAL_OPEN").with("referral", shown)
        }
        SendRefusal::NotEligible { criteria, unmet } => {
            let unmet: Vec<&str> = unmet.iter().map(unmet_code).collect();
            Failure::refused("NOT_ELIGIBLE")
                .with("criteria", criteria.id)
                .with("unmet", unmet.join(","))
        }
    }
}

fn unmet_code(unmet: &Unmet) -> &'static str {
    match unmet {
        Unmet::TooYoung { .. } => "too_young",
        Unmet::TooOld { .. } => "too_old",
        Unmet::AgeUnknown => "age_unknown",
        Unmet::Livelihood => "livelihood",
        Unmet::NotReady => "not_ready",
    }
}
