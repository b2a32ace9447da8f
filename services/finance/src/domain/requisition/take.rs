//! The steps of a requisition's way: what each is checked against, and what it
//! does to the requisition and to the ledger.

use chrono::{DateTime, NaiveDate, Utc};
use values::{Ore, name::AccountName};

use super::{
    Action, ClaimFault, ClaimedCost, Corrected, CorrectionFault, OnGrant, Payment, Requisition,
    Step,
    claim::{claimed_before, period_fault},
    correction,
    state::{Movement, State},
};
use crate::domain::ledger::{Account, Voucher, YearClosed};

/// A step that somebody asks for, with the comment it needs, and a payment with
/// its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    action: Action,
    comment: String,
    payment: Option<Payment>,
}

/// What a step needs and does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestFault {
    /// A comment.
    CommentMissing,
    /// How it was paid.
    PaymentMissing,
}

impl Request {
    /// Checks that a step that needs a comment has one, and a payment its day.
    ///
    /// # Errors
    /// What is missing.
    pub fn new(
        action: Action,
        comment: String,
        payment: Option<Payment>,
    ) -> Result<Self, RequestFault> {
        if action.needs_comment() && comment.trim().is_empty() {
            return Err(RequestFault::CommentMissing);
        }
        if action == Action::Pay && payment.is_none() {
            return Err(RequestFault::PaymentMissing);
        }
        Ok(Self { action, comment, payment })
    }

    /// The step asked for.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }
}

/// What a step is checked against, besides the requisition itself.
#[derive(Debug, Clone, Copy)]
pub struct StepFacts<'a> {
    /// The version the caller has seen.
    pub etag: &'a str,
    /// The grant's days, and where its money stands.
    pub grant: OnGrant,
    /// What the same party claims on the same grant; needed to submit, and to
    /// approve a correction.
    pub claimed: &'a [ClaimedCost],
    /// What was approved or paid of the party's requisitions on the grant, net of
    /// corrections and recoveries; needed to submit.
    pub earlier_requisitioned: Ore,
    /// What it corrects, of a correction.
    pub corrected: Option<Corrected<'a>>,
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// Why a step is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepRefusal {
    /// Another change came between.
    Stale,
    /// The state forbids it.
    StateForbids {
        /// Where the requisition stands.
        state: State,
        /// What was asked.
        action: Action,
    },
    /// Who submitted does not approve.
    OwnApproval,
    /// Who gave the first approval does not give the second.
    SameApprover,
    /// What has changed since it was written: the grant has been given other days, or
    /// the same costs are claimed, or taken back, by others.
    Faulty(Vec<ClaimFault>),
    /// The payment's day has not come.
    PaymentDateInFuture(NaiveDate),
    /// Nothing more is posted in the year.
    YearClosed(i32),
    /// The grant has no room.
    GrantOverdrawn {
        /// What is claimed.
        asked: Ore,
        /// What is left of the grant.
        left: Ore,
    },
    /// The ledger does not hold what the state says it holds.
    LedgerBroken,
}

/// Takes a step: the requisition after it, and what it does to the ledger.
///
/// # Errors
/// What forbids it.
pub fn take(
    requisition: Requisition,
    facts: StepFacts<'_>,
    request: Request,
    actor: AccountName,
    time: DateTime<Utc>,
) -> Result<(Requisition, Option<Voucher>), StepRefusal> {
    let Request { action, comment, payment } = request;
    let state = requisition.state();
    if facts.etag != requisition.etag() {
        return Err(StepRefusal::Stale);
    }
    if !action.is_allowed_in(state) {
        return Err(StepRefusal::StateForbids { state, action });
    }
    let is_approval = matches!(action, Action::Review | Action::Approve);
    if is_approval && requisition.was_submitted_by(&actor) {
        return Err(StepRefusal::OwnApproval);
    }
    if action == Action::Approve && requisition.last_step().actor == actor {
        return Err(StepRefusal::SameApprover);
    }
    if let Some(payment) = payment.as_ref().filter(|payment| payment.day > facts.today) {
        return Err(StepRefusal::PaymentDateInFuture(payment.day));
    }
    check_claim(&requisition, facts, action)?;
    let movement = action.movement(state);
    let claim = requisition.claim();
    let voucher = movement.and_then(|movement| claim.voucher(movement, payment.as_ref()));
    if let Some(voucher) = &voucher {
        let closed = voucher.check_years(facts.closed_through);
        closed.map_err(|YearClosed(year)| StepRefusal::YearClosed(year))?;
        let after = facts.grant.balances.after(&claim.grant.id, voucher);
        after.map_err(|overdrawn| match overdrawn.account {
            Account::Left => {
                StepRefusal::GrantOverdrawn { asked: overdrawn.asked, left: overdrawn.available }
            }
            _ => StepRefusal::LedgerBroken,
        })?;
    }
    let mut record = requisition.0;
    record.steps.push(Step { state: action.leads_to(), actor, time, comment });
    record.revision += 1;
    if action == Action::Submit {
        record.earlier_requisitioned = facts.earlier_requisitioned;
    }
    record.payment = payment.or(record.payment);
    Ok((Requisition(record), voucher))
}

/// What may have changed since the requisition was written: the grant's days, and
/// what else is claimed or taken back.
fn check_claim(
    requisition: &Requisition,
    facts: StepFacts<'_>,
    action: Action,
) -> Result<(), StepRefusal> {
    let claim = requisition.claim();
    let is_correction = claim.corrects.is_some();
    if is_correction && action == Action::Submit {
        // It reserves nothing: only its approval would meet the closed year.
        let posted = claim.voucher(Movement::Post, None);
        let closed = posted.and_then(|posted| posted.check_years(facts.closed_through).err());
        if let Some(YearClosed(year)) = closed {
            return Err(StepRefusal::YearClosed(year));
        }
    }
    if is_correction && matches!(action, Action::Submit | Action::Approve) {
        let corrected = facts.corrected.ok_or(StepRefusal::LedgerBroken)?;
        let stands = correction::standing(corrected, facts.claimed, Some(&claim.name));
        let found = correction::too_large(&claim.cost_lines, &stands).into_iter();
        let found = found.map(|found| ClaimFault::Correction(CorrectionFault::TooLarge(found)));
        faultless(found.collect())?;
    }
    if is_correction || action != Action::Submit {
        return Ok(());
    }
    let mut faults = Vec::from_iter(period_fault(claim.period, facts.grant.period));
    let others = facts.claimed.iter().filter(|other| other.requisition != claim.name);
    faults.extend(claimed_before(claim.period, &claim.cost_lines, others));
    faultless(faults)
}

fn faultless(faults: Vec<ClaimFault>) -> Result<(), StepRefusal> {
    if faults.is_empty() { Ok(()) } else { Err(StepRefusal::Faulty(faults)) }
}
