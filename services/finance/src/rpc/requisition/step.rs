//! The steps of a requisition's way: one path for all of them.

use platform::{Failure, Write, convert::text, principal};
use proto::{WriteRequest, finance as pb};
use tonic::Request;
use values::{
    Fault, Faults,
    name::{PartyName, RequisitionName},
};

use crate::{
    domain::requisition::{self, Action, Reach, State, StepFacts, StepRefusal},
    rpc::{Shared, convert, draft, permissions, recorded},
    store,
};

/// What a step asks for, whichever it is.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) etag: String,
    pub(super) comment: String,
}

/// What was asked for, read.
#[derive(Clone)]
struct Order {
    name: RequisitionName,
    etag: String,
    request: requisition::Request,
}

pub(super) async fn take<M: WriteRequest + Into<Asked>>(
    shared: &Shared,
    request: Request<M>,
    action: Action,
    rpc: &'static str,
) -> Result<pb::Requisition, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, rpc, request.get_ref())?;
    let order = parse(request.into_inner().into(), action)?;
    principal.is_in(&order.name.federation, &order.name.to_string())?;
    let reach = permissions::acting(&principal, action);
    let (name, within) = (order.name.clone(), reach.clone());

    let entries = shared.journal.write(write, move |transaction, step| {
        let (order, reach, actor) = (order.clone(), reach.clone(), principal.account.clone());
        Box::pin(async move {
            let found =
                store::requisition::before_step(transaction, &order.name, &reach, action).await?;
            let standing = found.ok_or_else(|| Failure::not_found(&order.name))?;
            let facts = StepFacts {
                etag: &order.etag,
                balances: standing.balances,
                claimed: &standing.claimed,
            };
            let name = order.name;
            let (after, voucher) =
                requisition::take(standing.requisition, facts, order.request, actor, step.now)
                    .map_err(|refusal| refused(refusal, &name))?;
            let sequence = step.sequence;
            store::requisition::keep_step(transaction, &after, sequence, voucher.as_ref()).await?;
            let resource = convert::requisition::render(&after);
            Ok(vec![draft(kind(after.state()), &name, &resource)])
        })
    });
    let answer = recorded(&entries.await?)?;
    check_reach(&answer, &within, &name)?;
    Ok(answer)
}

fn parse(asked: Asked, action: Action) -> Result<Order, Faults> {
    let Asked { name, etag, comment } = asked;
    let mut faults = Faults::new();
    let name = faults.keep(RequisitionName::parse("name", &name));
    if etag.is_empty() {
        faults.push(Fault::new("etag", "FIELD_MISSING"));
    }
    let request = text("comment", &comment, 0, 1000).and_then(|comment| {
        requisition::Request::new(action, comment)
            .map_err(|requisition::CommentMissing| Fault::new("comment", "COMMENT_MISSING"))
    });
    let request = faults.keep(request);
    faults.into_result(|| Some(Order { name: name?, etag, request: request? }))
}

/// A repetition is answered without looking again: the caller must still reach
/// what the first time recorded.
fn check_reach(
    answer: &pb::Requisition,
    reach: &Reach,
    name: &RequisitionName,
) -> Result<(), Failure> {
    let party = PartyName::parse("party", &answer.party);
    match party {
        Ok(party) if reach.covers(&party) => Ok(()),
        Ok(_) | Err(_) => Err(Failure::not_found(name)),
    }
}

fn kind(state: State) -> &'static str {
    match state {
        State::Draft => "requisition.drafted",
        State::Submitted => "requisition.submitted",
        State::Returned => "requisition.returned",
        State::Reviewed => "requisition.reviewed",
        State::Approved => "requisition.approved",
        State::Paid => "requisition.paid",
        State::Rejected => "requisition.rejected",
        State::Withdrawn => "requisition.withdrawn",
    }
}

fn refused(refusal: StepRefusal, name: &RequisitionName) -> Failure {
    match refusal {
        StepRefusal::Stale => Failure::Stale { name: name.to_string() },
        StepRefusal::StateForbids { state, action } => Failure::refused("STATE_FORBIDS")
            .with("state", state.code())
            .with("step", action.code()),
        StepRefusal::OwnApproval => Failure::refused("OWN_APPROVAL"),
        StepRefusal::SameApprover => Failure::refused("SAME_APPROVER"),
        StepRefusal::ClaimedBefore { requisition, kind } => Failure::refused("COST_CLAIMED_BEFORE")
            .with("requisition", requisition)
            .with("kind", kind.code()),
        StepRefusal::GrantOverdrawn { asked, left } => {
            Failure::refused("GRANT_OVERDRAWN").with("asked_ore", asked).with("left_ore", left)
        }
        StepRefusal::LedgerBroken => {
            Failure::Internal(anyhow::anyhow!("the ledger of {name} does not fit its state"))
        }
    }
}
