//! `RequisitionService`: drafts, steps and reads. All seven steps go one way;
//! what each may do is the domain's.

mod order;
mod read;
mod step;
mod update;

use platform::{Draft, Failure, Step, Write, principal};
use proto::finance as pb;
use proto::finance::requisition_service_server::RequisitionService;
use tonic::{Request, Response, Status};
use values::{
    Fault, Faults, Slug,
    name::{AccountName, RequisitionName},
};

use super::{Shared, convert, draft, organisation, permissions, recorded};
use crate::domain::requisition::{
    self, Action, Book, Change, ClaimFacts, ClaimParts, DraftRefusal, GrantFact, PartyFact, Reach,
};
use order::Order;
pub(super) use step::check_reach;

const CREATE: &str = "/samordna.finance.v1.RequisitionService/CreateRequisition";

pub(super) struct Requisitions(pub(super) Shared);

/// The answer of each step: the requisition after it.
macro_rules! steps {
    ($(
        $method:ident, $request:ident, $response:ident, $action:ident, $rpc:literal
        $(, $payment_date:ident, $bank_reference:ident)?;
    )*) => {
        #[tonic::async_trait]
        impl RequisitionService for Requisitions {
            async fn create_requisition(
                &self,
                request: Request<pb::CreateRequisitionRequest>,
            ) -> Result<Response<pb::CreateRequisitionResponse>, Status> {
                let requisition = Some(create(&self.0, request).await?);
                Ok(Response::new(pb::CreateRequisitionResponse { requisition }))
            }

            async fn update_requisition(
                &self,
                request: Request<pb::UpdateRequisitionRequest>,
            ) -> Result<Response<pb::UpdateRequisitionResponse>, Status> {
                let requisition = Some(update::update(&self.0, request).await?);
                Ok(Response::new(pb::UpdateRequisitionResponse { requisition }))
            }

            async fn get_requisition(
                &self,
                request: Request<pb::GetRequisitionRequest>,
            ) -> Result<Response<pb::GetRequisitionResponse>, Status> {
                let requisition = Some(read::get(&self.0, request).await?);
                Ok(Response::new(pb::GetRequisitionResponse { requisition }))
            }

            async fn list_requisitions(
                &self,
                request: Request<pb::ListRequisitionsRequest>,
            ) -> Result<Response<pb::ListRequisitionsResponse>, Status> {
                Ok(Response::new(read::list(&self.0, request).await?))
            }

            $(
                async fn $method(
                    &self,
                    request: Request<pb::$request>,
                ) -> Result<Response<pb::$response>, Status> {
                    let rpc = concat!("/samordna.finance.v1.RequisitionService/", $rpc);
                    let requisition = Some(step::take(&self.0, request, Action::$action, rpc).await?);
                    Ok(Response::new(pb::$response { requisition }))
                }
            )*
        }
        $(
            impl From<pb::$request> for step::Asked {
                fn from(message: pb::$request) -> Self {
                    let pb::$request {
                        name,
                        etag,
                        comment,
                        request_id: _,    // Told by the write.
                        validate_only: _, // Told by the write.
                        $($payment_date, $bank_reference,)?
                    } = message;
                    let payment: Option<step::Paid> = None$(.or(Some(step::Paid {
                        day: $payment_date,
                        bank_reference: $bank_reference,
                    })))?;
                    Self { name, etag, comment, payment }
                }
            }
        )*
    };
}

steps! {
    submit_requisition, SubmitRequisitionRequest, SubmitRequisitionResponse, Submit, "SubmitRequisition";
    return_requisition, ReturnRequisitionRequest, ReturnRequisitionResponse, Return, "ReturnRequisition";
    review_requisition, ReviewRequisitionRequest, ReviewRequisitionResponse, Review, "ReviewRequisition";
    approve_requisition, ApproveRequisitionRequest, ApproveRequisitionResponse, Approve, "ApproveRequisition";
    reject_requisition, RejectRequisitionRequest, RejectRequisitionResponse, Reject, "RejectRequisition";
    withdraw_requisition, WithdrawRequisitionRequest, WithdrawRequisitionResponse, Withdraw, "WithdrawRequisition";
    pay_requisition, PayRequisitionRequest, PayRequisitionResponse, Pay, "PayRequisition",
        payment_date, bank_reference;
}

async fn create(
    shared: &Shared,
    request: Request<pb::CreateRequisitionRequest>,
) -> Result<pb::Requisition, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, CREATE, request.get_ref())?;
    let (caller, _, message) = request.into_parts();
    let pb::CreateRequisitionRequest {
        parent,
        requisition_id,
        requisition: content,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let content = content.ok_or_else(|| Fault::new("requisition", "FIELD_MISSING"))?;
    let name_of = |id| RequisitionName::new(federation.clone(), id);
    let name =
        convert::new_name("requisition", &requisition_id, &content.name, name_of, &mut faults);
    let (mut parts, inner) = convert::requisition::parse(&federation, content);
    faults.nest("requisition", inner);
    parts.name = name;
    let reach = permissions::own_parties(&principal);
    if let Some(party) = parts.party.as_ref().filter(|party| !reach.covers(party)) {
        return Err(Failure::not_found(party));
    }
    let party = match &parts.party {
        Some(party) => organisation::party_fact(&shared.organisation, &caller, party).await?,
        None => PartyFact::Unreadable,
    };

    let actor = principal.account;
    let drafting = Drafting { federation, parts, faults, party, reach, actor };
    recorded(&shared.journal.order(write, Order::Draft(drafting)).await?)
}

/// A requisition that is to be drafted, as far as it could be read.
struct Drafting {
    federation: Slug,
    parts: ClaimParts,
    faults: Faults,
    party: PartyFact,
    reach: Reach,
    actor: AccountName,
}

impl Drafting {
    fn decide(&self, book: &Book, step: Step) -> Result<(Vec<Draft>, Change), Failure> {
        let Self { federation: _, parts, faults, party, reach, actor } = self;
        let is_taken = parts.name.as_ref().is_some_and(|name| book.requisition(name).is_some());
        let facts = claim_facts(parts, party, reach, book);
        let after = requisition::draft(parts.clone(), is_taken, facts, actor.clone(), step.now)
            .map_err(|refusal| refused(refusal, parts.name.as_ref(), faults.clone()))?;
        if !faults.is_empty() {
            return Err(faults.clone().into());
        }
        let resource = convert::requisition::render(&after);
        let drafts = vec![draft("requisition.drafted", &after.claim().name, &resource)];
        Ok((drafts, Change { sequence: step.sequence, before: None, after, voucher: None }))
    }
}

/// What the content of a requisition is checked against. What another party has
/// claimed is not there to be corrected: nothing of it is told.
fn claim_facts<'a>(
    parts: &ClaimParts,
    party: &'a PartyFact,
    reach: &Reach,
    book: &'a Book,
) -> ClaimFacts<'a> {
    let grant = parts.grant.as_ref();
    let corrected = parts.corrects.as_ref().and_then(|name| book.corrected(name));
    let corrected =
        corrected.filter(|corrected| reach.covers(&corrected.requisition.claim().party));
    // Of a correction, what takes back of the same requisition.
    let corrected_claim = corrected.map(|corrected| corrected.requisition.claim());
    let claimed = match corrected_claim {
        Some(claim) => Some((&claim.grant, &claim.party)),
        None => grant.zip(parts.party.as_ref()),
    };
    ClaimFacts {
        party,
        grant: grant.map_or(GrantFact::Unknown, |grant| book.grant_fact(grant)),
        claimed: claimed.map_or(&[], |(grant, party)| book.claimed(grant, party)),
        corrected,
    }
}

fn refused(refusal: DraftRefusal, name: Option<&RequisitionName>, faults: Faults) -> Failure {
    match refusal {
        DraftRefusal::Faulty(found) => convert::faulty(
            faults,
            "requisition",
            found.into_iter().map(convert::requisition::fault),
        ),
        DraftRefusal::Taken => convert::taken(name),
    }
}
