//! `DisposalService`: how long a party keeps its people, and those it keeps no longer.

pub(super) mod cases;
mod dispose;
mod retention;

use platform::{Failure, Principal, journalled::Recorded, page::Page, principal};
use prost::Message as _;
use proto::participant as pb;
use proto::participant::disposal_service_server::DisposalService;
use tonic::{Request, Response, Status};
use values::{
    Faults, Role, Scope, Slug,
    name::{DisposalName, ParticipantName, PartyName},
};

use super::{Shared, convert::disposal::answered, decoded, stretch};
use crate::store::{self, disposal::Row};

pub(crate) use cases::recorded as let_go_by;
pub(crate) use retention::row as retention_row;

pub(super) struct Disposals(pub(super) Shared);

#[tonic::async_trait]
impl DisposalService for Disposals {
    async fn set_retention(
        &self,
        request: Request<pb::SetRetentionRequest>,
    ) -> Result<Response<pb::SetRetentionResponse>, Status> {
        let retention = Some(retention::set(&self.0, request).await?);
        Ok(Response::new(pb::SetRetentionResponse { retention }))
    }

    async fn get_retention(
        &self,
        request: Request<pb::GetRetentionRequest>,
    ) -> Result<Response<pb::GetRetentionResponse>, Status> {
        let retention = Some(retention::get(&self.0, request).await?);
        Ok(Response::new(pb::GetRetentionResponse { retention }))
    }

    async fn dispose_participants(
        &self,
        request: Request<pb::DisposeParticipantsRequest>,
    ) -> Result<Response<pb::DisposeParticipantsResponse>, Status> {
        let disposal = Some(dispose::dispose(&self.0, request).await?);
        Ok(Response::new(pb::DisposeParticipantsResponse { disposal }))
    }

    async fn list_disposals(
        &self,
        request: Request<pb::ListDisposalsRequest>,
    ) -> Result<Response<pb::ListDisposalsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }
}

/// Refuses whoever does not administer the party: to them it is not there.
fn administers(principal: &Principal, party: &PartyName) -> Result<(), Failure> {
    let own = Scope::Party(party.id.clone());
    if principal.federation == party.federation && principal.holds(Role::PartyAdministrator, &own) {
        Ok(())
    } else {
        Err(Failure::not_found(party))
    }
}

async fn list(
    shared: &Shared,
    request: Request<pb::ListDisposalsRequest>,
) -> Result<pb::ListDisposalsResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListDisposalsRequest { parent, page_size, page_token } = request.into_inner();
    let mut faults = Faults::new();
    let party = faults.keep(PartyName::parse("parent", &parent));
    let stretch = faults.keep_nested("", stretch(page_size, &page_token));
    let (party, stretch) = faults.into_result(|| Some((party?, stretch?)))?;
    administers(&principal, &party)?;
    let read = &shared.journal.database().read;
    let (disposals, next) = store::disposal::list(read, &party, stretch).await?;
    let disposals = disposals.iter().map(|payload| Ok(answered(decoded(payload)?)));
    Ok(pb::ListDisposalsResponse {
        disposals: disposals.collect::<Result<_, Failure>>()?,
        next_page_token: next.map(|next| Page::token(&next.to_string())).unwrap_or_default(),
    })
}

/// The row that finds a recorded disposal.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Row> {
    let disposal = pb::Disposal::decode(payload)?;
    let Recorded { created_sequence, sequence } = recorded;
    anyhow::ensure!(created_sequence == sequence, "was changed");
    anyhow::ensure!(disposal.name == name, "is recorded under another name");
    let name = DisposalName::parse("name", name).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let party = PartyName::parse("party", &disposal.party);
    Ok(Row { name, party: party.map_err(|fault| anyhow::anyhow!("{fault:?}"))?, sequence })
}

/// Somebody who was disposed of.
#[derive(Debug, Clone)]
pub(crate) struct Disposed {
    /// Who.
    pub(crate) person: Slug,
    /// By which party.
    pub(crate) party: PartyName,
    /// True with protected identity.
    pub(crate) is_protected: bool,
}

/// Those whom a recorded disposal was of.
pub(crate) fn disposed(
    _name: &str,
    payload: &[u8],
    _recorded: Recorded,
) -> anyhow::Result<Vec<Disposed>> {
    let disposal = pb::Disposal::decode(payload)?;
    let party = PartyName::parse("party", &disposal.party);
    let party = party.map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let open = disposal.participants.iter().map(|name| (name, false));
    let withheld = disposal.withheld_participants.iter().map(|name| (name, true));
    let disposed = |(name, is_protected): (&String, bool)| {
        let person = ParticipantName::parse("participants", name);
        let person = person.map_err(|fault| anyhow::anyhow!("{fault:?}"))?.id;
        Ok(Disposed { person, party: party.clone(), is_protected })
    };
    open.chain(withheld).map(disposed).collect()
}
