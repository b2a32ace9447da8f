//! `EventService`: the journal as each caller may see it. What a caller may not
//! read with the other RPCs, it is not told here.

use futures::{FutureExt as _, StreamExt as _, future, stream::BoxStream};
use platform::{Entry, Failure, convert::timestamp, journal::Told, principal, stop::Stopping};
use prost::Message;
use proto::finance as pb;
use proto::finance::{event::Resource, event_service_server::EventService};
use tonic::{Request, Response, Status};
use values::{
    Faults,
    name::{
        BudgetForecastName, BudgetName, ContributionDecisionName, ContributionPaymentName,
        FinancialYearName, GrantName, OwnCostName, PartyName, RecipientName, RecoveryName,
        RequisitionName, StaffingFinancingName,
    },
};

use super::{Shared, convert, permissions};
use crate::domain::requisition::Reach;

pub(super) struct Events(pub(super) Shared);

#[tonic::async_trait]
impl EventService for Events {
    type StreamEventsStream = BoxStream<'static, Result<pb::StreamEventsResponse, Status>>;

    async fn stream_events(
        &self,
        request: Request<pb::StreamEventsRequest>,
    ) -> Result<Response<Self::StreamEventsStream>, Status> {
        Ok(Response::new(stream(&self.0, request).await?))
    }
}

async fn stream(
    shared: &Shared,
    request: Request<pb::StreamEventsRequest>,
) -> Result<BoxStream<'static, Result<pb::StreamEventsResponse, Status>>, Failure> {
    let principal = principal::of(&request)?;
    let stopping = Stopping::of(request.extensions());
    let pb::StreamEventsRequest { parent, after } = request.into_inner();
    let mut faults = Faults::new();
    convert::parent(&principal, &parent, &mut faults)?;
    faults.into_result(|| Some(()))?;
    let reach = permissions::reading(&principal);
    let show = move |entries: Vec<Entry>| {
        let shown = entries.iter().map(|entry| event(entry, &reach)).collect();
        future::ready(shown).boxed()
    };
    let told = shared.journal.follow(&principal, &after, shared.pace, stopping, show).await?;
    Ok(told.map(|told| told.map(response).map_err(Status::from)).boxed())
}

fn response(told: Told<pb::Event>) -> pb::StreamEventsResponse {
    let Told { position, previous_position, event } = told;
    pb::StreamEventsResponse { position, previous_position, event }
}

/// The event of an entry; none for one that is not for a caller who reaches so
/// far, and for what the journal keeps beside the resources of an event.
fn event(entry: &Entry, reach: &Reach) -> Result<Option<pb::Event>, Failure> {
    let Entry { sequence: _, recorded_at, actor, kind, subject, payload } = entry;
    let Some(resource) = resource(subject, payload)? else { return Ok(None) };
    if !party_of(&resource)?.is_none_or(|party| reach.covers(&party)) {
        return Ok(None);
    }
    Ok(Some(pb::Event {
        kind: kind.clone(),
        subject: subject.clone(),
        record_time: Some(timestamp(*recorded_at)),
        actor: actor.clone(),
        resource: Some(resource),
    }))
}

/// The resource that an entry tells of, by the collection of its subject.
fn resource(subject: &str, payload: &[u8]) -> Result<Option<Resource>, Failure> {
    let collection = subject.split('/').nth(2).unwrap_or_default();
    Ok(Some(match collection {
        RecipientName::COLLECTION => Resource::Recipient(read(payload)?),
        GrantName::COLLECTION => Resource::Grant(read(payload)?),
        RequisitionName::COLLECTION => Resource::Requisition(read(payload)?),
        RecoveryName::COLLECTION => Resource::Recovery(read(payload)?),
        ContributionDecisionName::COLLECTION => Resource::ContributionDecision(read(payload)?),
        ContributionPaymentName::COLLECTION => Resource::ContributionPayment(read(payload)?),
        BudgetName::COLLECTION => Resource::Budget(read(payload)?),
        BudgetForecastName::COLLECTION => Resource::BudgetForecast(read(payload)?),
        OwnCostName::COLLECTION => Resource::OwnCost(read(payload)?),
        FinancialYearName::COLLECTION => Resource::FinancialYear(read(payload)?),
        StaffingFinancingName::COLLECTION => Resource::StaffingFinancing(read(payload)?),
        _ => return Ok(None),
    }))
}

fn read<M: Message + Default>(payload: &[u8]) -> Result<M, Failure> {
    M::decode(payload).map_err(|error| Failure::Internal(error.into()))
}

/// The party whose business it is; none for what everybody in the federation may
/// read.
fn party_of(resource: &Resource) -> Result<Option<PartyName>, Failure> {
    let party = match resource {
        Resource::Requisition(requisition) => &requisition.party,
        Resource::Recovery(recovery) => &recovery.party,
        Resource::Recipient(_)
        | Resource::Grant(_)
        | Resource::ContributionDecision(_)
        | Resource::ContributionPayment(_)
        | Resource::Budget(_)
        | Resource::BudgetForecast(_)
        | Resource::OwnCost(_)
        | Resource::FinancialYear(_)
        | Resource::StaffingFinancing(_) => return Ok(None),
    };
    let party = PartyName::parse("party", party);
    party.map(Some).map_err(|fault| anyhow::anyhow!("a recorded party: {}", fault.reason).into())
}
