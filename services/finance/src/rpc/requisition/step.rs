//! The steps of a requisition's way: one path for all of them.

use chrono::NaiveDate;
use platform::{Draft, Failure, Step, Write, clock::day_in_sweden, convert::prose, principal};
use proto::{WriteRequest, finance as pb};
use tonic::Request;
use values::{
    Fault, Faults,
    name::{AccountName, PartyName, RequisitionName},
};

use super::order::Order;
use crate::{
    domain::requisition::{
        self, Action, Book, Change, PaymentParts, Reach, RequestFault, State, StepFacts,
        StepRefusal,
    },
    rpc::{Shared, convert, draft, permissions, recorded},
};

/// What a step asks for, whichever it is.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) etag: String,
    pub(super) comment: String,
    pub(super) payment: Option<Paid>,
}

/// How it was paid, as it was sent.
pub(super) struct Paid {
    pub(super) day: Option<proto::Date>,
    pub(super) bank_reference: String,
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
    let today = day_in_sweden(shared.journal.clock().now());
    let (name, etag, request) = parse(request.into_inner().into(), action, today)?;
    principal.is_in(&name.federation, &name.to_string())?;
    let reach = permissions::acting(&principal, action);
    let actor = principal.account;
    let stepping = Stepping { name: name.clone(), request, etag, reach: reach.clone(), actor };
    let entries = shared.journal.order(write, Order::Step(stepping)).await?;
    let answer: pb::Requisition = recorded(&entries)?;
    check_reach(&answer.party, &reach, &name)?;
    Ok(answer)
}

impl Stepping {
    pub(super) fn decide(&self, book: &Book, step: Step) -> Result<(Vec<Draft>, Change), Failure> {
        let Self { name, request, etag, reach, actor } = self;
        let found = book.requisition(name);
        let standing = found.filter(|found| reach.covers(&found.claim().party));
        let standing = standing.ok_or_else(|| Failure::not_found(name))?;
        let claim = standing.claim();
        let grant = book.on_grant(&claim.grant);
        let facts = StepFacts {
            etag,
            grant: grant.ok_or_else(|| refused(StepRefusal::LedgerBroken, name))?,
            claimed: book.claimed(&claim.grant, &claim.party),
            earlier_requisitioned: book.requisitioned(&claim.grant, &claim.party),
            corrected: claim.corrects.as_ref().and_then(|name| book.corrected(name)),
            closed_through: book.closed_through(),
            today: day_in_sweden(step.now),
        };
        let (standing, request) = (standing.clone(), request.clone());
        let before = Some(standing.state());
        let (after, voucher) = requisition::take(standing, facts, request, actor.clone(), step.now)
            .map_err(|refusal| refused(refusal, name))?;
        let resource = convert::requisition::render(&after);
        let drafts = vec![draft(kind(after.state()), name, &resource)];
        Ok((drafts, Change { sequence: step.sequence, before, after, voucher }))
    }
}

type Parsed = (RequisitionName, String, requisition::Request);

fn parse(asked: Asked, action: Action, today: NaiveDate) -> Result<Parsed, Faults> {
    let Asked { name, etag, comment, payment } = asked;
    let mut faults = Faults::new();
    let name = faults.keep(RequisitionName::parse("name", &name));
    convert::etag(&etag, &mut faults);
    let payment = payment.map(|Paid { day, bank_reference }| {
        convert::payment("payment_date", day, &bank_reference, &mut faults)
    });
    let future = payment.as_ref().and_then(|payment| payment.future_day(today));
    let payment = payment.and_then(PaymentParts::whole);
    let comment = prose(&mut faults, "comment", &comment, 0, 1000);
    let request = comment.map(|comment| requisition::Request::new(action, comment, payment));
    let request = request.and_then(|request| match request {
        Ok(request) => Some(request),
        Err(RequestFault::CommentMissing) => {
            faults.push(Fault::new("comment", "COMMENT_MISSING"));
            None
        }
        // Told where it was read.
        Err(RequestFault::PaymentMissing) => None,
    });
    if let Some(day) = future.filter(|_| !faults.is_empty()) {
        // Alone it is told where the step is decided, after what comes before it.
        faults.push(paid_in_future(day));
    }
    faults.into_result(|| Some((name?, etag, request?)))
}

fn paid_in_future(day: NaiveDate) -> Fault {
    Fault::new("payment_date", "PAYMENT_DATE_IN_FUTURE").with("value", day)
}

/// A repetition is answered without looking again: the caller must still reach
/// what the first time recorded.
pub(in crate::rpc) fn check_reach(
    party: &str,
    reach: &Reach,
    name: &impl std::fmt::Display,
) -> Result<(), Failure> {
    match PartyName::parse("party", party) {
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
        StepRefusal::Faulty(found) => {
            convert::forbidding(found.into_iter().map(convert::requisition::fault))
        }
        StepRefusal::PaymentDateInFuture(day) => paid_in_future(day).into(),
        StepRefusal::YearClosed(year) => convert::year_closed(year),
        StepRefusal::GrantOverdrawn { asked, left } => convert::overdrawn(asked, left),
        StepRefusal::LedgerBroken => {
            Failure::Internal(anyhow::anyhow!("the ledger of {name} does not fit its state"))
        }
    }
}
