//! The journal's entries about people, write after write, opened with the keys that are
//! there.

use std::collections::BTreeMap;

use platform::{Failure, journalled::Recorded};
use prost::Message;
use proto::participant as pb;
use sea_orm::{ConnectionTrait, DbErr};
use values::{
    Slug,
    name::{
        EnrolmentName, FollowUpName, MilestoneName, ParticipantName, PlacementName, ReferralName,
        SurveyAnswerName,
    },
};

use crate::{
    domain::{
        enrolment::Enrolment, follow_up::FollowUp, milestone::Milestone, person::Person,
        placement::Placement, referral::Referral, survey_answer::SurveyAnswer,
    },
    keyring::{DataKey, Keyring},
    rpc::{convert, disposal, people, sealed},
    store::{
        self,
        projection::{Entry, Keys, of_people},
    },
};

/// Entries read at a time.
const STRETCH: i64 = 1000;

/// What a write recorded of a resource.
pub(super) struct Told<T> {
    pub(super) sequence: i64,
    /// What happened to it: that is told in the open.
    pub(super) kind: String,
    /// Whose key it is sealed with.
    pub(super) person: Slug,
    /// The resource and the number of its version; none when that key is destroyed.
    pub(super) opened: Option<(T, i64)>,
}

/// A resource as it was recorded last.
pub(super) struct Held<T> {
    pub(super) recorded: Recorded,
    pub(super) person: Slug,
    pub(super) opened: Option<(T, i64)>,
}

/// Keeps what was recorded of a resource in place of what was held of it.
pub(super) fn hold<K: Ord, T>(all: &mut BTreeMap<K, Held<T>>, key: K, told: Told<T>) {
    let Told { sequence, kind: _, person, opened } = told;
    let before = all.get(&key).map(|held| held.recorded.created_sequence);
    let created_sequence = before.unwrap_or(sequence);
    all.insert(key, Held { recorded: Recorded { created_sequence, sequence }, person, opened });
}

/// What an entry is about.
pub(super) enum About {
    Person(Told<Person>),
    Referral(Slug, Told<Referral>),
    Enrolment(Slug, Told<Enrolment>),
    Milestone(Slug, Told<Milestone>),
    Placement(Slug, Told<Placement>),
    SurveyAnswer(Slug, Told<SurveyAnswer>),
    FollowUp(FollowUpName, Told<FollowUp>),
    /// What leads nowhere any more though its person is still here.
    LetGo(store::disposed::Row),
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
        let told = (entry.kind.as_str(), entry.subject.as_str());
        if let Some(row) = disposal::let_go_by(self.federation, told, &entry.payload) {
            return Ok(Some(About::LetGo(row)));
        }
        let unreadable = |faults| people::unreadable(&entry.subject, &faults);
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
            MilestoneName::COLLECTION => {
                let read = |message: pb::Milestone| {
                    let revision = message.etag.clone();
                    Ok((convert::milestone::kept(message).map_err(unreadable)?, revision))
                };
                Some(About::Milestone(id, self.told(entry, person, read)?))
            }
            PlacementName::COLLECTION => {
                let read = |message: pb::Placement| {
                    let revision = message.etag.clone();
                    Ok((convert::placement::kept(message).map_err(unreadable)?, revision))
                };
                Some(About::Placement(id, self.told(entry, person, read)?))
            }
            SurveyAnswerName::COLLECTION => {
                let read = |message: pb::SurveyAnswer| {
                    let revision = message.etag.clone();
                    Ok((convert::survey::kept(message).map_err(unreadable)?, revision))
                };
                Some(About::SurveyAnswer(id, self.told(entry, person, read)?))
            }
            FollowUpName::COLLECTION => {
                let read = |message: pb::FollowUp| {
                    let revision = message.etag.clone();
                    Ok((convert::follow_up::kept(message).map_err(unreadable)?, revision))
                };
                let name = FollowUpName::parse("", &entry.subject)?;
                Some(About::FollowUp(name, self.told(entry, person, read)?))
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
        let (sequence, kind) = (entry.sequence, entry.kind.clone());
        Ok(Told { sequence, kind, person, opened })
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
