//! What the handlers of people's records share: opening what is kept, and the read log.

use std::collections::{BTreeMap, BTreeSet};

use platform::{Draft, Failure, Principal, sql::Batch};
use proto::participant as pb;
use sea_orm::ConnectionTrait;
use values::{
    Fault, Faults, Slug,
    name::{EnrolmentName, ParticipantName, PartyName},
};

use super::{Shared, convert, sealed};
use crate::{
    domain::{
        case::Case,
        enrolment::Enrolment,
        person::{Kept, Person},
        reach::{Reach, View},
        referral::Referral,
    },
    keyring::{DataKey, Keyring},
    read_log::Reading,
    store,
};

impl Shared {
    /// The data key of a person as it is kept.
    pub(super) fn data_key(&self, record: &store::person::Record) -> Result<DataKey, Failure> {
        let name = &record.index.name;
        self.unwrapped(name, &record.index.party, &record.wrapped_key)
    }

    pub(super) fn unwrapped(
        &self,
        name: &ParticipantName,
        party: &PartyName,
        wrapped: &[u8],
    ) -> Result<DataKey, Failure> {
        let key = self.keyring.unwrap(&name.federation, &party.id, name.id.as_str(), wrapped);
        Ok(key.map_err(|error| anyhow::Error::new(error).context(format!("the key of {name}")))?)
    }

    /// A person as it is kept, opened.
    pub(super) fn person(&self, record: &store::person::Record) -> Result<Person, Failure> {
        open_person(&self.data_key(record)?, record)
    }

    /// Enters in the read log whose records an answer holds, before it leaves.
    pub(super) async fn log(
        &self,
        principal: &Principal,
        rpc: &'static str,
        people: impl IntoIterator<Item = (PartyName, Slug)>,
    ) -> Result<(), Failure> {
        let mut of_parties = BTreeMap::<PartyName, BTreeSet<Slug>>::new();
        for (party, person) in people {
            of_parties.entry(party).or_default().insert(person);
        }
        let reading = |(party, people): (PartyName, BTreeSet<Slug>)| Reading {
            party,
            actor: principal.account.clone(),
            rpc,
            people: people.into_iter().collect(),
        };
        self.read_log.enter(of_parties.into_iter().map(reading).collect()).await
    }
}

/// What a person is found by, and the key wrapped for its party.
pub(crate) fn index(
    keyring: &Keyring,
    person: &Person,
    key: &DataKey,
    revision: i64,
) -> (store::person::Index, Vec<u8>) {
    let Person { name, party, kept, merged_into, .. } = person;
    let federation = &name.federation;
    let lookup = match kept {
        Kept::Open { identity, .. } => {
            let number = identity.number.digits();
            Some(keyring.lookup(federation, &party.id, number).to_vec())
        }
        Kept::Protected { .. } => None,
    };
    let index = store::person::Index {
        name: name.clone(),
        party: party.clone(),
        lookup,
        is_protected: person.is_protected(),
        merged_into: merged_into.clone(),
        revision,
    };
    (index, keyring.wrap(federation, &party.id, name.id.as_str(), key))
}

/// Puts a person in the place of what is kept of it; what the journal records of that
/// has the kind of the simplest change.
pub(super) fn replace<C: ConnectionTrait>(
    shared: &Shared,
    batch: &mut Batch<'_, C>,
    record: &store::person::Record,
    (person, key): (&Person, &DataKey),
    sequence: i64,
) -> Draft {
    let revision = record.index.revision + 1;
    let (index, wrapped_key) = index(&shared.keyring, person, key, revision);
    store::person::update(batch, &index, &wrapped_key, sequence);
    let message = convert::participant::render(person, revision);
    let payload = sealed::seal(key, &person.name.id, &person.name, &message);
    Draft { kind: "participant.updated", subject: person.name.to_string(), payload }
}

/// What a referral is found by.
pub(crate) fn referral_index(
    referral: &Referral,
    person: &Person,
    revision: i64,
) -> store::referral::Index {
    let Referral { name, participant, content, .. } = referral;
    let responsible = referral.responsible.last();
    let municipality = responsible.map_or(&content.municipality, |last| &last.municipality);
    store::referral::Index {
        name: name.clone(),
        participant: participant.clone(),
        team: content.team.clone(),
        municipality: municipality.clone(),
        party: person.party.clone(),
        sender: content.sender.clone(),
        state: referral.state(),
        referral_date: content.referral_date,
        goes_first: referral.queue_exception.is_some(),
        import: referral.import.clone(),
        revision,
    }
}

/// What an enrolment is found by.
pub(crate) fn enrolment_index(
    enrolment: &Enrolment,
    person: &Person,
    revision: i64,
) -> store::enrolment::Index {
    let Enrolment { name, referral, participant, team, coaches, .. } = enrolment;
    let coach = coaches.last().map(|spell| spell.coach.clone());
    store::enrolment::Index {
        name: name.clone(),
        referral: referral.clone(),
        participant: participant.clone(),
        team: team.clone(),
        party: person.party.clone(),
        coach: coach.expect("an enrolment has a coach"),
        is_open: enrolment.is_open(),
        revision,
    }
}

/// A person as it is kept, opened with its key.
pub(crate) fn open_person(
    key: &DataKey,
    record: &store::person::Record,
) -> Result<Person, Failure> {
    let name = record.index.name.to_string();
    let opened: Option<pb::Participant> = sealed::open(key, &name, &record.payload)?;
    let message = opened.ok_or_else(|| anyhow::anyhow!("{name} does not open with its key"))?;
    read_person(&name, message)
}

/// A person as it was recorded.
pub(crate) fn read_person(name: &str, message: pb::Participant) -> Result<Person, Failure> {
    convert::participant::kept(message).map_err(|faults| unreadable(name, &faults))
}

/// A referral as it is kept, opened with the key of its person.
pub(crate) fn open_referral(
    key: &DataKey,
    record: &store::referral::Record,
) -> Result<Referral, Failure> {
    let name = record.index.name.to_string();
    let opened: Option<pb::Referral> = sealed::open(key, &name, &record.payload)?;
    let message = opened.ok_or_else(|| anyhow::anyhow!("{name} does not open with its key"))?;
    read_referral(&name, message)
}

/// A referral as it was recorded.
pub(crate) fn read_referral(name: &str, message: pb::Referral) -> Result<Referral, Failure> {
    convert::referral::kept(message).map_err(|faults| unreadable(name, &faults))
}

/// An enrolment as it is kept, opened with the key of its person.
pub(crate) fn open_enrolment(
    key: &DataKey,
    record: &store::enrolment::Record,
) -> Result<Enrolment, Failure> {
    let name = record.index.name.to_string();
    let opened: Option<pb::Enrolment> = sealed::open(key, &name, &record.payload)?;
    let message = opened.ok_or_else(|| anyhow::anyhow!("{name} does not open with its key"))?;
    read_enrolment(&name, message)
}

/// An enrolment as it was recorded.
pub(crate) fn read_enrolment(name: &str, message: pb::Enrolment) -> Result<Enrolment, Failure> {
    convert::enrolment::kept(message).map_err(|faults| unreadable(name, &faults))
}

/// A case as it was when it came; none when the key that it was sealed with is destroyed.
pub(super) fn open_as_it_came(
    key: &DataKey,
    came: &store::participant_import::AsItCame,
) -> Result<Option<Case>, Failure> {
    let name = came.name.to_string();
    let Some(referral) = sealed::open::<pb::Referral>(key, &name, &came.referral)? else {
        return Ok(None);
    };
    let told = |faults: Faults| unreadable(&name, &faults);
    let referral = convert::referral::kept(referral).map_err(told)?;
    let federation = came.name.federation.clone();
    let enrolment = EnrolmentName::new(federation, came.name.id.clone()).to_string();
    let payload = came.enrolment.as_ref();
    let opened = payload.map(|payload| sealed::open::<pb::Enrolment>(key, &enrolment, payload));
    let opened = opened.transpose()?.flatten();
    let enrolment = opened.map(convert::enrolment::kept).transpose().map_err(told)?;
    Ok(Some(Case { referral, enrolments: enrolment.into_iter().collect() }))
}

/// A record that nothing the service writes can be. What is wrong is told by field and
/// reason alone: a fact may be of a person.
pub(crate) fn unreadable(name: &str, faults: &Faults) -> Failure {
    let told = |fault: &Fault| format!("{} {}", fault.field, fault.reason);
    let told: Vec<String> = faults.as_slice().iter().map(told).collect();
    Failure::Internal(anyhow::anyhow!("the record of {name} is none: {}", told.join(", ")))
}

/// Refuses whoever does not work with the person of a referral. Who sees nothing of it does
/// not learn that it is here.
pub(super) fn check_handles(reach: &Reach, index: &store::referral::Index) -> Result<(), Failure> {
    match reach.view(index.belonging()) {
        Some(View::Whole) => Ok(()),
        Some(View::Sender) => Err(Failure::Denied),
        None => Err(Failure::not_found(&index.name)),
    }
}

/// Checks that the version last read was sent.
pub(super) fn etag(sent: &str, faults: &mut Faults) {
    if sent.is_empty() {
        faults.push(Fault::new("etag", "FIELD_MISSING"));
    }
}

/// Checks that the version last read is the present one.
pub(super) fn is_current(
    etag: &str,
    revision: i64,
    name: &impl std::fmt::Display,
) -> Result<(), Failure> {
    if etag == revision.to_string() {
        Ok(())
    } else {
        Err(Failure::Stale { name: name.to_string() })
    }
}
