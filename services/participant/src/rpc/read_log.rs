//! `ReadLogService`: who saw what, for the owning party's administrator.

use platform::{Failure, convert::timestamp, page::Page, principal};
use proto::participant as pb;
use proto::participant::read_log_service_server::ReadLogService;
use tonic::{Request, Response, Status};
use values::{
    Faults, Role, Scope,
    name::{AccountName, ParticipantName, PartyName},
};

use super::{Shared, convert, stretch};
use crate::store::{
    self,
    read_log::{Filter, Row},
};

pub(super) struct ReadLogs(pub(super) Shared);

#[tonic::async_trait]
impl ReadLogService for ReadLogs {
    async fn list_reads(
        &self,
        request: Request<pb::ListReadsRequest>,
    ) -> Result<Response<pb::ListReadsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }
}

async fn list(
    shared: &Shared,
    request: Request<pb::ListReadsRequest>,
) -> Result<pb::ListReadsResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListReadsRequest { parent: sent, participant, actor, page_size, page_token } =
        request.into_inner();
    let party = PartyName::parse("parent", &sent)?;
    principal.is_in(&party.federation, &sent)?;
    let federation = &party.federation;
    if !principal.holds(Role::PartyAdministrator, &Scope::Party(party.id.clone())) {
        return Err(Failure::not_found(&party));
    }
    let mut faults = Faults::new();
    let participant = convert::optional(&participant, |participant| {
        let parsed = ParticipantName::parse("participant", participant);
        convert::within(federation, "participant", parsed, |name| &name.federation)
    });
    let participant = faults.keep(participant);
    let actor = convert::optional(&actor, |actor| {
        let parsed = AccountName::parse("actor", actor);
        convert::within(federation, "actor", parsed, |name| &name.federation)
    });
    let actor = faults.keep(actor);
    let stretch = faults.keep_nested("", stretch(page_size, &page_token));
    let filter = faults.into_result(|| {
        let (participant, actor, stretch) = (participant?, actor?, stretch?);
        Some(Filter { participant, actor, stretch })
    })?;
    let (rows, next) =
        store::read_log::list(&shared.journal.database().read, &party, &filter).await?;
    Ok(pb::ListReadsResponse {
        reads: rows.iter().map(|row| render(&party, row)).collect(),
        next_page_token: next.map(|last| Page::token(&last.to_string())).unwrap_or_default(),
    })
}

fn render(party: &PartyName, row: &Row) -> pb::Read {
    let Row { number, time, actor, rpc, people, previous_hash: _, hash: _ } = row;
    let name = |id: &values::Slug| ParticipantName::new(party.federation.clone(), id.clone());
    pb::Read {
        number: *number,
        time: Some(timestamp(*time)),
        actor: actor.to_string(),
        rpc: rpc.clone(),
        participants: people.iter().map(|id| name(id).to_string()).collect(),
    }
}
