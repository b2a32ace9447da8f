//! `RecoveryService`: proposals, steps and reads.

mod read;
mod step;

use platform::{Failure, Write, principal};
use proto::finance as pb;
use proto::finance::recovery_service_server::RecoveryService;
use tonic::{Request, Response, Status};
use values::{Fault, Faults, name::RecoveryName};

use super::{Shared, convert, draft, recorded};
use crate::{
    domain::{
        recovery::{self, ProposeFacts, ProposeRefusal},
        requisition::Reach,
    },
    store::{self, requisition::Wanted},
};

const CREATE: &str = "/samordna.finance.v1.RecoveryService/CreateRecovery";

pub(super) struct Recoveries(pub(super) Shared);

#[tonic::async_trait]
impl RecoveryService for Recoveries {
    async fn create_recovery(
        &self,
        request: Request<pb::CreateRecoveryRequest>,
    ) -> Result<Response<pb::CreateRecoveryResponse>, Status> {
        let recovery = Some(create(&self.0, request).await?);
        Ok(Response::new(pb::CreateRecoveryResponse { recovery }))
    }

    async fn decide_recovery(
        &self,
        request: Request<pb::DecideRecoveryRequest>,
    ) -> Result<Response<pb::DecideRecoveryResponse>, Status> {
        let recovery = Some(step::decide(&self.0, request).await?);
        Ok(Response::new(pb::DecideRecoveryResponse { recovery }))
    }

    async fn cancel_recovery(
        &self,
        request: Request<pb::CancelRecoveryRequest>,
    ) -> Result<Response<pb::CancelRecoveryResponse>, Status> {
        let recovery = Some(step::cancel(&self.0, request).await?);
        Ok(Response::new(pb::CancelRecoveryResponse { recovery }))
    }

    async fn settle_recovery(
        &self,
        request: Request<pb::SettleRecoveryRequest>,
    ) -> Result<Response<pb::SettleRecoveryResponse>, Status> {
        let recovery = Some(step::settle(&self.0, request).await?);
        Ok(Response::new(pb::SettleRecoveryResponse { recovery }))
    }

    async fn get_recovery(
        &self,
        request: Request<pb::GetRecoveryRequest>,
    ) -> Result<Response<pb::GetRecoveryResponse>, Status> {
        let recovery = Some(read::get(&self.0, request).await?);
        Ok(Response::new(pb::GetRecoveryResponse { recovery }))
    }

    async fn list_recoveries(
        &self,
        request: Request<pb::ListRecoveriesRequest>,
    ) -> Result<Response<pb::ListRecoveriesResponse>, Status> {
        Ok(Response::new(read::list(&self.0, request).await?))
    }
}

async fn create(
    shared: &Shared,
    request: Request<pb::CreateRecoveryRequest>,
) -> Result<pb::Recovery, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, CREATE, request.get_ref())?;
    let pb::CreateRecoveryRequest {
        parent,
        recovery_id,
        recovery: content,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let content = content.ok_or_else(|| Fault::new("recovery", "FIELD_MISSING"))?;
    let name_of = |id| RecoveryName::new(federation.clone(), id);
    let name = convert::new_name("recovery", &recovery_id, &content.name, name_of, &mut faults);
    let (mut parts, inner) = convert::recovery::parse(&federation, content);
    faults.nest("recovery", inner);
    parts.name = name;

    let entries = shared.journal.write(write, move |transaction, step| {
        let (parts, faults, federation) = (parts.clone(), faults.clone(), federation.clone());
        let actor = principal.account.clone();
        Box::pin(async move {
            let name = parts.name.clone();
            let is_taken = match &name {
                Some(name) => {
                    let found = store::recovery::find(transaction, name, &Reach::Federation);
                    found.await?.is_some()
                }
                None => false,
            };
            let requisition = parts.requisition.clone();
            let mut wanted = Wanted::default();
            if let Some(requisition) = &requisition {
                wanted.recovery(requisition);
            }
            let book = store::requisition::book(transaction, &federation, &wanted).await?;
            let recovered = requisition.as_ref().and_then(|name| book.corrected(name));
            let claim = recovered.map(|recovered| recovered.requisition.claim());
            let facts = ProposeFacts {
                is_taken,
                recovered,
                claimed: claim.map_or(&[], |claim| book.claimed(&claim.grant, &claim.party)),
            };
            let proposed = recovery::propose(parts, facts, actor, step.now)
                .map_err(|refusal| refused(refusal, name.as_ref(), faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            store::recovery::insert(transaction, &proposed, step.sequence).await?;
            let resource = convert::recovery::render(&proposed);
            Ok(vec![draft("recovery.proposed", &proposed.proposal().name, &resource)])
        })
    });
    recorded(&entries.await?)
}

fn refused(refusal: ProposeRefusal, name: Option<&RecoveryName>, faults: Faults) -> Failure {
    match refusal {
        ProposeRefusal::Faulty(found) => {
            convert::faulty(faults, "recovery", found.into_iter().map(convert::recovery::fault))
        }
        ProposeRefusal::Taken => convert::taken(name),
        ProposeRefusal::NotPaid => Failure::refused("NOT_PAID"),
        ProposeRefusal::TooLarge(found) => {
            convert::faulty(faults, "recovery", found.iter().map(convert::recovery::too_large))
        }
    }
}
