//! The steps of a requisition's way: one path for all of them.

use platform::{Draft, Failure, Step, Write, convert::text, principal};
use proto::{WriteRequest, finance as pb};
use tonic::Request;
use values::{
    Fault, Faults,
    name::{AccountName, PartyName, RequisitionName},
};

use super::order::Order;
use crate::{
    domain::requisition::{self, Action, Book, Change, Reach, State, StepFacts, StepRefusal},
    rpc::{Shared, convert, draft, permissions, recorded},
};

/// What a step asks for, whichever it is.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) etag: String,
    pub(super) comment: String,
}

/// A step that is to be taken.
pub(super) struct Stepping {
    pub(super) name: RequisitionName,
    pub(super) request: requisition::Request,
    etag: String,
    reach: Reach,
    actor: AccountName,
}

pub(super) async fn take<M: WriteRequest + Into<Asked>>(
    shared: &Shared,
    request: Request<M>,
    action: Action,
    rpc: &'static str,
) -> Result<pb::Requisition, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, rpc, request.get_ref())?;
    let (name, etag, request) = parse(request.into_inner().into(), action)?;
    principal.is_in(&name.federation, &name.to_string())?;
    let reach = permissions::acting(&principal, action);
    let actor = principal.account;
    let stepping = Stepping { name: name.clone(), request, etag, reach: reach.clone(), actor };
    let entries = shared.journal.order(write, Order::Step(stepping)).await?;
    let answer = recorded(&entries)?;
    check_reach(&answer, &reach, &name)?;
    Ok(answer)
}

impl Stepping {
    pub(super) fn decide(&self, book: &Book, step: Step) -> Result<(Vec<Draft>, Change), Failure> {
        let Self { name, request, etag, reach, actor } = self;
        let found = book.requisition(name);
        let standing = found.filter(|found| reach.covers(&found.claim().party));
        let standing = standing.ok_or_else(|| Failure::not_found(name))?;
        let claim = standing.claim();
        let balances = book.balances(&claim.grant);
        let facts = StepFacts {
            etag,
            balances: balances.ok_or_else(|| refused(StepRefusal::LedgerBroken, name))?,
            claimed: book.claimed(&claim.grant, &claim.party),
        };
        let (standing, request) = (standing.clone(), request.clone());
        let (after, voucher) = requisition::take(standing, facts, request, actor.clone(), step.now)
            .map_err(|refusal| refused(refusal, name))?;
        let resource = convert::requisition::render(&after);
        let drafts = vec![draft(kind(after.state()), name, &resource)];
        Ok((drafts, Change { sequence: step.sequence, after, voucher }))
    }
}

type Parsed = (RequisitionName, String, requisition::Request);

fn parse(asked: Asked, action: Action) -> Result<Parsed, Faults> {
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
    faults.into_result(|| Some((name?, etag, request?)))
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
