//! Writes about people: a repetition is recognised by what tells nobody what was asked, and
//! whoever asks is answered what it reaches now, entered in the read log before it leaves.
//! A dry run reads as much as a write does, and is entered as well.

use std::sync::{Arc, Mutex, PoisonError};

use platform::{Entry, Failure, Principal, Write};
use prost::Message;
use proto::{WriteRequest, participant as pb};
use values::{
    Slug,
    name::{ParticipantName, PartyName, TeamName},
};

use super::{Shared, permissions, sealed};
use crate::{domain::reach::Reach, keyring::DataKey, store};

/// The key of a person that a step has entered. A dry run takes the person back, and
/// with it the only other place where the key is.
#[derive(Clone, Default)]
pub(super) struct Made(Arc<Mutex<Option<DataKey>>>);

impl Made {
    pub(super) fn keep(&self, key: DataKey) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(key);
    }

    fn take(&self) -> Option<DataKey> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What a write recorded of a person.
pub(super) struct Written<M> {
    pub(super) record: M,
    /// Whose it is now; nobody's when a dry run entered the person, who was not here before.
    pub(super) owned: Option<(PartyName, Slug)>,
}

/// A record of a person, as writes answer it.
pub(super) trait Answer: Message + Default {
    /// Of what went as it was written, because its person has protected identity.
    fn gone(name: String) -> Self;

    /// What the caller sees of it; nothing when it is out of reach.
    fn seen(self, owner: Option<&PartyName>, reach: &Reach) -> Result<Option<Self>, Failure>;
}

macro_rules! of_teams {
    ($($message:ident),*) => {
        $(
            impl Answer for pb::$message {
                fn gone(name: String) -> Self {
                    Self { name, ..Self::default() }
                }

                fn seen(
                    self,
                    owner: Option<&PartyName>,
                    reach: &Reach,
                ) -> Result<Option<Self>, Failure> {
                    let team = TeamName::parse("team", &self.team)?;
                    let opens = |owner: &PartyName| reach.opens(&owner.id, &team.id);
                    Ok(owner.is_some_and(opens).then_some(self))
                }
            }
        )*
    };
}

of_teams!(Enrolment, FollowUp, Milestone, Placement, SurveyAnswer);

impl Shared {
    /// A write about a person. What a repetition of it is recognised by does not let
    /// anybody try out what was asked.
    pub(super) fn write_of(
        &self,
        principal: &Principal,
        rpc: &'static str,
        message: &impl WriteRequest,
    ) -> Result<Write, Failure> {
        let mut write = Write::of(principal, rpc, message)?;
        write.request_hash = self.keyring.blind(&write.federation, &write.request_hash);
        Ok(write)
    }

    /// Answers a write with what it recorded first, to whoever reaches that now. Of what
    /// went with the same write nothing is told but the name that was asked for.
    pub(super) async fn answer<M: Answer>(
        &self,
        principal: &Principal,
        rpc: &'static str,
        entries: &[Entry],
        made: &Made,
    ) -> Result<M, Failure> {
        let name = subject(entries);
        let mut names = entries.iter().filter(|entry| entry.subject == name);
        if names.any(|entry| entry.kind.ends_with(".disposed")) {
            return Ok(M::gone(name));
        }
        let Written { record, owned } = self.written::<M>(entries, made).await?;
        let owner = owned.as_ref().map(|(party, _)| party);
        let seen = record.seen(owner, &permissions::reach(principal))?;
        let seen = seen.ok_or_else(|| Failure::not_found(name))?;
        self.log(principal, rpc, owned).await?;
        Ok(seen)
    }

    /// The record that a write recorded first, and whose it is now. Nothing is left of it
    /// when the key that it was sealed with is destroyed since.
    pub(super) async fn written<M: Message + Default>(
        &self,
        entries: &[Entry],
        made: &Made,
    ) -> Result<Written<M>, Failure> {
        let entry = entries.first().ok_or_else(|| anyhow::anyhow!("a write recorded nothing"))?;
        let gone = || Failure::not_found(&entry.subject);
        let federation = values::name::parse_federation("", &federation_of(&entry.subject))?;
        let person = sealed::person(&entry.payload).ok_or_else(gone)?;
        let name = ParticipantName::new(federation, person);
        let found = store::person::key(&self.journal.database().read, &name).await?;
        let owned = found.as_ref().map(|(party, _)| (party.clone(), name.id.clone()));
        if let Some(key) = made.take()
            && let Some(record) = sealed::open(&key, &entry.subject, &entry.payload)?
        {
            return Ok(Written { record, owned });
        }
        let (party, wrapped) = found.ok_or_else(gone)?;
        let key = self.unwrapped(&name, &party, &wrapped)?;
        let record = sealed::open(&key, &entry.subject, &entry.payload)?.ok_or_else(gone)?;
        Ok(Written { record, owned })
    }
}

/// What a write recorded first is about.
fn subject(entries: &[Entry]) -> String {
    entries.first().map(|entry| entry.subject.clone()).unwrap_or_default()
}

/// The federation's part of a resource's name.
fn federation_of(subject: &str) -> String {
    subject.split('/').take(2).collect::<Vec<_>>().join("/")
}
