//! `ParticipantEventService`: the journal as each caller may see it. What a caller may
//! not read with the other RPCs, it is not told here.

use std::collections::{BTreeMap, BTreeSet};

use futures::{FutureExt as _, StreamExt as _, stream::BoxStream};
use platform::{
    Entry, Failure, Principal, convert::timestamp, journal::Told, principal, stop::Stopping,
};
use prost::Message;
use proto::participant as pb;
use proto::participant::{
    participant_event::Resource, participant_event_service_server::ParticipantEventService,
};
use tonic::{Request, Response, Status};
use values::{
    Faults, Slug,
    name::{
        EnrolmentName, FollowUpName, MilestoneName, ParticipantName, PartyName, PlacementName,
        ReferralName, TeamName,
    },
};

use super::{Shared, parent, permissions, referral::seen, sealed};
use crate::{
    domain::reach::{Belonging, Reach},
    keyring::DataKey,
    store::{self, event::Subject},
};

const STREAM: &str = "/samordna.participant.v1.ParticipantEventService/StreamParticipantEvents";

/// The last entry about somebody who was disposed of.
pub(super) const DISPOSED: &str = "participant.disposed";

pub(super) struct Events(pub(super) Shared);

#[tonic::async_trait]
impl ParticipantEventService for Events {
    type StreamParticipantEventsStream =
        BoxStream<'static, Result<pb::StreamParticipantEventsResponse, Status>>;

    async fn stream_participant_events(
        &self,
        request: Request<pb::StreamParticipantEventsRequest>,
    ) -> Result<Response<Self::StreamParticipantEventsStream>, Status> {
        Ok(Response::new(stream(&self.0, request).await?))
    }
}

async fn stream(
    shared: &Shared,
    request: Request<pb::StreamParticipantEventsRequest>,
) -> Result<BoxStream<'static, Result<pb::StreamParticipantEventsResponse, Status>>, Failure> {
    let principal = principal::of(&request)?;
    let stopping = Stopping::of(request.extensions());
    let pb::StreamParticipantEventsRequest { parent: sent, after } = request.into_inner();
    let mut faults = Faults::new();
    parent(&mut faults, &principal, &sent)?;
    faults.into_result(|| Some(()))?;
    let view = View { shared: shared.clone(), caller: principal.clone() };
    let show = move |entries: Vec<Entry>| {
        let view = view.clone();
        async move { view.shown(&entries).await }.boxed()
    };
    let told = shared.journal.follow(&principal, &after, shared.pace, stopping, show).await?;
    Ok(told.map(|told| told.map(response).map_err(Status::from)).boxed())
}

fn response(told: Told<pb::ParticipantEvent>) -> pb::StreamParticipantEventsResponse {
    let Told { position, previous_position, event } = told;
    pb::StreamParticipantEventsResponse { position, previous_position, event }
}

/// The journal as one caller may see it.
#[derive(Clone)]
struct View {
    shared: Shared,
    caller: Principal,
}

impl View {
    /// The event of each entry, and an entry in the read log of whose they are.
    async fn shown(&self, entries: &[Entry]) -> Result<Vec<Option<pb::ParticipantEvent>>, Failure> {
        let people: Vec<Option<Slug>> = entries.iter().map(person_of).collect();
        let asked: BTreeSet<&Slug> = people.iter().flatten().collect();
        if asked.is_empty() {
            return Ok(entries.iter().map(|_| None).collect());
        }
        let read = &self.shared.journal.database().read;
        let subjects = store::event::subjects(read, &self.caller.federation, asked).await?;
        let reach = permissions::reach(&self.caller);
        let missing = people.iter().flatten().filter(|person| !subjects.contains_key(person));
        let missing: BTreeSet<&Slug> = missing.collect();
        let gone = match missing.is_empty() {
            true => BTreeMap::new(),
            false => store::disposed::among(read, &self.caller.federation, missing).await?,
        };
        let mut told: BTreeMap<&Slug, &PartyName> = BTreeMap::new();
        let mut events = Vec::with_capacity(entries.len());
        for (entry, person) in entries.iter().zip(&people) {
            let of = person.as_ref().and_then(|person| subjects.get_key_value(person));
            let event = of.map(|(person, subject)| self.event(entry, person, subject, &reach));
            let event = event.transpose()?.flatten();
            if let (Some((person, subject)), true) = (of, event.is_some()) {
                told.insert(person, &subject.party);
            }
            let disposed_by = person.as_ref().and_then(|person| gone.get(person));
            let works_there = |party: &&Slug| reach.people.iter().any(|(own, _)| own == *party);
            let tombstone = disposed_by.filter(works_there).and_then(|_| tombstone(entry));
            events.push(event.or(tombstone));
        }
        let told = told.into_iter().map(|(person, party)| (party.clone(), person.clone()));
        self.shared.log(&self.caller, STREAM, told).await?;
        Ok(events)
    }

    fn event(
        &self,
        entry: &Entry,
        person: &Slug,
        subject: &Subject,
        reach: &Reach,
    ) -> Result<Option<pb::ParticipantEvent>, Failure> {
        let name = ParticipantName::new(self.caller.federation.clone(), person.clone());
        let key = self.shared.unwrapped(&name, &subject.party, &subject.wrapped_key)?;
        let Some(resource) = resource(entry, &key, subject, reach)? else { return Ok(None) };
        let Entry { sequence: _, recorded_at, actor, kind, subject, payload: _ } = entry;
        Ok(Some(pb::ParticipantEvent {
            kind: kind.clone(),
            subject: subject.clone(),
            record_time: Some(timestamp(*recorded_at)),
            actor: actor.clone(),
            disposed: false,
            resource: Some(resource),
        }))
    }
}

/// What is told of somebody who was disposed of: that alone. Nothing is left of which team
/// it was in, so what happened before is told to nobody.
fn tombstone(entry: &Entry) -> Option<pb::ParticipantEvent> {
    let Entry { sequence: _, recorded_at, actor: _, kind, subject, payload: _ } = entry;
    (kind == DISPOSED).then(|| pb::ParticipantEvent {
        kind: kind.clone(),
        subject: subject.clone(),
        record_time: Some(timestamp(*recorded_at)),
        actor: String::new(),
        disposed: true,
        resource: None,
    })
}

fn collection(entry: &Entry) -> &str {
    entry.subject.split('/').nth(2).unwrap_or_default()
}

/// The person that an entry is about, of those that there are events of.
fn person_of(entry: &Entry) -> Option<Slug> {
    match collection(entry) {
        ParticipantName::COLLECTION
        | ReferralName::COLLECTION
        | EnrolmentName::COLLECTION
        | MilestoneName::COLLECTION
        | PlacementName::COLLECTION
        | FollowUpName::COLLECTION => sealed::person(&entry.payload),
        _ => None,
    }
}

/// The resource that an entry tells of, as far as the caller reaches. None for what is
/// outside, and for what was sealed with a key that is destroyed.
fn resource(
    entry: &Entry,
    key: &DataKey,
    subject: &Subject,
    reach: &Reach,
) -> Result<Option<Resource>, Failure> {
    let owner = &subject.party.id;
    match collection(entry) {
        ParticipantName::COLLECTION => {
            let works_with = |team: &Slug| reach.people.contains(&(owner.clone(), team.clone()));
            if !subject.teams.iter().any(works_with) {
                return Ok(None);
            }
            let person = opened::<pb::Participant>(key, entry)?;
            Ok(person.map(without_identity).map(Resource::Participant))
        }
        ReferralName::COLLECTION => {
            let Some(referral) = opened::<pb::Referral>(key, entry)? else { return Ok(None) };
            let team = TeamName::parse("team", &referral.team)?.id;
            let sender = PartyName::parse("sender", &referral.sender)?.id;
            let view = reach.view(Belonging { owner, team: &team, sender: &sender });
            Ok(view.map(|view| Resource::Referral(seen(referral, view))))
        }
        _ => of_enrolment(entry, key, owner, reach),
    }
}

/// The same of an enrolment, and of what belongs to one: it is shown to those who work
/// with the owner's people in its team.
fn of_enrolment(
    entry: &Entry,
    key: &DataKey,
    owner: &Slug,
    reach: &Reach,
) -> Result<Option<Resource>, Failure> {
    let resource = match collection(entry) {
        EnrolmentName::COLLECTION => {
            let enrolment: Option<pb::Enrolment> = opened(key, entry)?;
            enrolment.map(|one| (one.team.clone(), Resource::Enrolment(one)))
        }
        MilestoneName::COLLECTION => {
            let milestone: Option<pb::Milestone> = opened(key, entry)?;
            milestone.map(|one| (one.team.clone(), Resource::Milestone(one)))
        }
        PlacementName::COLLECTION => {
            let placement: Option<pb::Placement> = opened(key, entry)?;
            placement.map(|one| (one.team.clone(), Resource::Placement(one)))
        }
        FollowUpName::COLLECTION => {
            let follow_up: Option<pb::FollowUp> = opened(key, entry)?;
            follow_up.map(|one| (one.team.clone(), Resource::FollowUp(one)))
        }
        _ => None,
    };
    let Some((team, resource)) = resource else { return Ok(None) };
    let team = TeamName::parse("team", &team)?.id;
    Ok(reach.opens(owner, &team).then_some(resource))
}

fn opened<M: Message + Default>(key: &DataKey, entry: &Entry) -> Result<Option<M>, Failure> {
    sealed::open(key, &entry.subject, &entry.payload)
}

/// A person as an event tells of it.
fn without_identity(person: pb::Participant) -> pb::Participant {
    pb::Participant { identity: None, birth_year: 0, ..person }
}
