//! The journal's entries about people, write after write, opened with the keys that are
//! there.

use std::collections::BTreeMap;

use platform::Failure;
use prost::Message;
use proto::participant as pb;
use sea_orm::{ConnectionTrait, DbErr};
use values::{
    Slug,
    name::{EnrolmentName, ParticipantName, ReferralName},
};

use crate::{
    domain::{enrolment::Enrolment, person::Person, referral::Referral},
    keyring::{DataKey, Keyring},
    rpc::{people, sealed},
    store::projection::{Entry, Keys, of_people},
};

/// Entries read at a time.
const STRETCH: i64 = 1000;

/// What a write recorded of a resource.
pub(super) struct Told<T> {
    pub(super) sequence: i64,
    /// Whose key it is sealed with.
    pub(super) person: Slug,
    /// The resource and the number of its version; none when that key is destroyed.
    pub(super) opened: Option<(T, i64)>,
}

/// What an entry is about.
pub(super) enum About {
    Person(Told<Person>),
    Referral(Slug, Told<Referral>),
    Enrolment(Slug, Told<Enrolment>),
}

/// Opens a federation's entries.
pub(super) struct Opener<'a> {
    pub(super) keyring: &'a Keyring,
    pub(super) federation: &'a Slug,
    keys: BTreeMap<Slug, DataKey>,
}

impl<'a> Opener<'a> {
    /// With the keys that open; also a line for each that does not.
    pub(super) fn new(
        keyring: &'a Keyring,
        federation: &'a Slug,
        wrapped: &Keys,
    ) -> (Self, Vec<String>) {
        let (mut keys, mut problems) = (BTreeMap::new(), Vec::new());
        for (person, (party, wrapped)) in wrapped {
            match keyring.unwrap(federation, &party.id, person.as_str(), wrapped) {
                Ok(key) => {
                    keys.insert(person.clone(), key);
                }
                Err(error) => {
                    let name = ParticipantName::new(federation.clone(), person.clone());
                    problems.push(format!("{name} cannot be opened: {error}"));
                }
            }
        }
        (Self { keyring, federation, keys }, problems)
    }

    /// The key of a person, where it is there.
    pub(super) fn key(&self, person: &Slug) -> Option<&DataKey> {
        self.keys.get(person)
    }

    /// What an entry is about; none for one that nobody wrote.
    pub(super) fn about(&self, entry: &Entry) -> Result<Option<About>, Failure> {
        let mut parts = entry.subject.split('/').skip(2);
        let (collection, id) = (parts.next().unwrap_or_default(), parts.next());
        let (Some(Ok(id)), Some(person)) =
            (id.map(|id| Slug::parse("", id)), sealed::person(&entry.payload))
        else {
            return Ok(None);
        };
        Ok(match collection {
            ParticipantName::COLLECTION => {
                let read = |message: pb::Participant| {
                    let revision = message.etag.clone();
                    Ok((people::read_person(&entry.subject, message)?, revision))
                };
                Some(About::Person(self.told(entry, person, read)?))
            }
            ReferralName::COLLECTION => {
                let read = |message: pb::Referral| {
                    let revision = message.etag.clone();
                    Ok((people::read_referral(&entry.subject, message)?, revision))
                };
                Some(About::Referral(id, self.told(entry, person, read)?))
            }
            EnrolmentName::COLLECTION => {
                let read = |message: pb::Enrolment| {
                    let revision = message.etag.clone();
                    Ok((people::read_enrolment(&entry.subject, message)?, revision))
                };
                Some(About::Enrolment(id, self.told(entry, person, read)?))
            }
            _ => None,
        })
    }

    fn told<M: Message + Default, T>(
        &self,
        entry: &Entry,
        person: Slug,
        read: impl Fn(M) -> Result<(T, String), Failure>,
    ) -> Result<Told<T>, Failure> {
        let opened = match self.key(&person) {
            Some(key) => sealed::open::<M>(key, &entry.subject, &entry.payload)?,
            None => None,
        };
        let numbered = |message| {
            let (resource, revision) = read(message)?;
            Ok::<_, Failure>((resource, revision.parse().map_err(anyhow::Error::from)?))
        };
        let opened = opened.map(numbered).transpose()?;
        Ok(Told { sequence: entry.sequence, person, opened })
    }
}

/// A federation's writes about people, in order.
pub(super) struct Writes<'a, C> {
    connection: &'a C,
    federation: &'a Slug,
    read: Vec<Entry>,
    after: Option<i64>,
}

impl<'a, C: ConnectionTrait> Writes<'a, C> {
    /// From the beginning of the journal.
    pub(super) fn of(connection: &'a C, federation: &'a Slug) -> Self {
        Self { connection, federation, read: Vec::new(), after: Some(0) }
    }

    /// The entries of the next write; none after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Entry>>, DbErr> {
        loop {
            let first = self.read.first().map(|entry| entry.write.clone());
            let end = self.read.iter().position(|entry| Some(&entry.write) != first.as_ref());
            match (end, self.after) {
                (Some(end), _) => return Ok(Some(self.read.drain(..end).collect())),
                (None, Some(after)) => {
                    let more = of_people(self.connection, self.federation, after, STRETCH).await?;
                    self.after = more.last().map(|entry| entry.sequence);
                    self.read.extend(more);
                }
                (None, None) if first.is_some() => return Ok(Some(std::mem::take(&mut self.read))),
                (None, None) => return Ok(None),
            }
        }
    }
}
