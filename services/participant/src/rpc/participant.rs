//! `ParticipantService`: people, to those who work with them.

mod merge;
pub(super) mod protect;
mod transfer;
mod update;

use std::collections::BTreeSet;

use platform::{Entry, Failure, Principal, page::Page, principal};
use proto::participant as pb;
use proto::participant::participant_service_server::ParticipantService;
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status};
use values::{
    Faults, Slug,
    name::{ParticipantName, PartyName, TeamName},
};

use super::{
    Shared, convert, parent, permissions, stretch,
    written::{Made, Written},
};
use crate::{
    domain::{personal_number::PersonalNumber, reach::Reach},
    store::{self, person::Record},
};
use merge::Way;

const GET: &str = "/samordna.participant.v1.ParticipantService/GetParticipant";
const FIND: &str = "/samordna.participant.v1.ParticipantService/FindParticipant";
const LIST: &str = "/samordna.participant.v1.ParticipantService/ListParticipants";
const MERGE: &str = "/samordna.participant.v1.ParticipantService/MergeParticipants";
const UNDO: &str = "/samordna.participant.v1.ParticipantService/UndoMerge";

pub(super) struct Participants(pub(super) Shared);

#[tonic::async_trait]
impl ParticipantService for Participants {
    async fn get_participant(
        &self,
        request: Request<pb::GetParticipantRequest>,
    ) -> Result<Response<pb::GetParticipantResponse>, Status> {
        let participant = Some(get(&self.0, request).await?);
        Ok(Response::new(pb::GetParticipantResponse { participant }))
    }

    async fn find_participant(
        &self,
        request: Request<pb::FindParticipantRequest>,
    ) -> Result<Response<pb::FindParticipantResponse>, Status> {
        let participant = Some(find(&self.0, request).await?);
        Ok(Response::new(pb::FindParticipantResponse { participant }))
    }

    async fn list_participants(
        &self,
        request: Request<pb::ListParticipantsRequest>,
    ) -> Result<Response<pb::ListParticipantsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }

    async fn update_participant(
        &self,
        request: Request<pb::UpdateParticipantRequest>,
    ) -> Result<Response<pb::UpdateParticipantResponse>, Status> {
        let participant = Some(update::update(&self.0, request).await?);
        Ok(Response::new(pb::UpdateParticipantResponse { participant }))
    }

    async fn transfer_participant(
        &self,
        request: Request<pb::TransferParticipantRequest>,
    ) -> Result<Response<pb::TransferParticipantResponse>, Status> {
        let participant = Some(transfer::transfer(&self.0, request).await?);
        Ok(Response::new(pb::TransferParticipantResponse { participant }))
    }

    async fn merge_participants(
        &self,
        request: Request<pb::MergeParticipantsRequest>,
    ) -> Result<Response<pb::MergeParticipantsResponse>, Status> {
        let participant = Some(merge::take(&self.0, request, Way::Merge, MERGE).await?);
        Ok(Response::new(pb::MergeParticipantsResponse { participant }))
    }

    async fn undo_merge(
        &self,
        request: Request<pb::UndoMergeRequest>,
    ) -> Result<Response<pb::UndoMergeResponse>, Status> {
        let participant = Some(merge::take(&self.0, request, Way::Undo, UNDO).await?);
        Ok(Response::new(pb::UndoMergeResponse { participant }))
    }

    async fn protect_participant(
        &self,
        request: Request<pb::ProtectParticipantRequest>,
    ) -> Result<Response<pb::ProtectParticipantResponse>, Status> {
        let participant = Some(protect::protect(&self.0, request).await?);
        Ok(Response::new(pb::ProtectParticipantResponse { participant }))
    }
}

/// A person within reach. One that turned out to be another is reached as that one.
async fn reached(
    connection: &impl ConnectionTrait,
    name: &ParticipantName,
    reach: &Reach,
) -> Result<Record, Failure> {
    let found = store::person::find(connection, name).await?;
    let record = found.ok_or_else(|| Failure::not_found(name))?;
    let is_now = record.index.merged_into.as_ref().unwrap_or(name);
    if store::person::is_within(connection, is_now, reach).await? {
        Ok(record)
    } else {
        Err(Failure::not_found(name))
    }
}

/// The same, to be changed: not when it turned out to be another.
async fn standing(
    connection: &impl ConnectionTrait,
    name: &ParticipantName,
    reach: &Reach,
) -> Result<Record, Failure> {
    let record = reached(connection, name, reach).await?;
    match &record.index.merged_into {
        Some(is_now) => Err(Failure::refused("PERSON_MERGED").with("participant", &is_now.id)),
        None => Ok(record),
    }
}

async fn get(
    shared: &Shared,
    request: Request<pb::GetParticipantRequest>,
) -> Result<pb::Participant, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetParticipantRequest { name: sent } = request.into_inner();
    let name = ParticipantName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let reach = permissions::reach(&principal);
    let record = reached(&shared.journal.database().read, &name, &reach).await?;
    answer(shared, &principal, GET, &record).await
}

async fn find(
    shared: &Shared,
    request: Request<pb::FindParticipantRequest>,
) -> Result<pb::Participant, Failure> {
    let principal = principal::of(&request)?;
    let pb::FindParticipantRequest { parent: sent, personal_number } = request.into_inner();
    let mut faults = Faults::new();
    let federation = parent(&mut faults, &principal, &sent)?;
    let today = shared.journal.clock().today();
    let number = faults.keep(PersonalNumber::parse("personal_number", &personal_number, today));
    let number = faults.into_result(|| number)?;
    let reach = permissions::reach(&principal);
    let read = &shared.journal.database().read;
    let parties: BTreeSet<&Slug> = reach.people.iter().map(|(party, _)| party).collect();
    for party in parties {
        let lookup = shared.keyring.lookup(&federation, party, number.digits());
        let party = PartyName::new(federation.clone(), party.clone());
        let Some(record) = store::person::by_number(read, &party, &lookup).await? else {
            continue;
        };
        let name = record.index.merged_into.as_ref().unwrap_or(&record.index.name);
        match reached(read, name, &reach).await {
            Ok(record) => return answer(shared, &principal, FIND, &record).await,
            Err(Failure::NotFound { .. }) => {}
            Err(failure) => return Err(failure),
        }
    }
    Err(Failure::not_found(format!("federations/{federation}/participants/-")))
}

async fn list(
    shared: &Shared,
    request: Request<pb::ListParticipantsRequest>,
) -> Result<pb::ListParticipantsResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListParticipantsRequest { parent: sent, team, page_size, page_token } =
        request.into_inner();
    let mut faults = Faults::new();
    let federation = parent(&mut faults, &principal, &sent)?;
    let team = convert::optional(&team, |team| {
        let parsed = TeamName::parse("team", team);
        convert::within(&federation, "team", parsed, |name| &name.federation)
    });
    let team = faults.keep(team);
    let stretch = faults.keep_nested("", stretch(page_size, &page_token));
    let (team, stretch) = faults.into_result(|| team.zip(stretch))?;
    let mut reach = permissions::reach(&principal);
    if let Some(team) = team {
        reach.people.retain(|(_, known)| *known == team.id);
    }
    let read = &shared.journal.database().read;
    let (records, next) = store::person::list(read, &federation, &reach, stretch).await?;
    let rendered = records.iter().map(|record| render(shared, record));
    let participants = rendered.collect::<Result<_, _>>()?;
    shared.log(&principal, LIST, records.iter().map(owned)).await?;
    let next_page_token = next.map(|last| Page::token(&last.to_string())).unwrap_or_default();
    Ok(pb::ListParticipantsResponse { participants, next_page_token })
}

async fn answer(
    shared: &Shared,
    principal: &Principal,
    rpc: &'static str,
    record: &Record,
) -> Result<pb::Participant, Failure> {
    let participant = render(shared, record)?;
    shared.log(principal, rpc, [owned(record)]).await?;
    Ok(participant)
}

/// Answers a write. Whoever does not reach the person, or not any more, is told no more
/// than it asked for: the name, and that of the version.
async fn answer_write(
    shared: &Shared,
    principal: &Principal,
    rpc: &'static str,
    entries: &[Entry],
    made: &Made,
) -> Result<pb::Participant, Failure> {
    let Written { record, owned }: Written<pb::Participant> = shared.written(entries, made).await?;
    let name = ParticipantName::parse("name", &record.name)?;
    let read = &shared.journal.database().read;
    match reached(read, &name, &permissions::reach(principal)).await {
        Ok(_) => {
            shared.log(principal, rpc, owned).await?;
            Ok(record)
        }
        Err(Failure::NotFound { .. }) => {
            let (name, etag) = (record.name, record.etag);
            Ok(pb::Participant { name, etag, ..pb::Participant::default() })
        }
        Err(failure) => Err(failure),
    }
}

fn render(shared: &Shared, record: &Record) -> Result<pb::Participant, Failure> {
    let person = shared.person(record)?;
    Ok(convert::participant::render(&person, record.index.revision))
}

/// Whose record it is.
fn owned(record: &Record) -> (PartyName, Slug) {
    (record.index.party.clone(), record.index.name.id.clone())
}
