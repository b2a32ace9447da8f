//! A party's claim on a grant, and its way from draft to payment with four
//! eyes.
//!
//! A draft reserves nothing; submitted and reviewed reserve; the second
//! approval posts; returned, rejected and withdrawn release. Whoever submitted
//! never approves, and the two approvals are two people's.

use chrono::{DateTime, Utc};
use values::{
    Ore,
    name::{AccountName, RequisitionName},
};

use super::{
    cost_line::CostKind,
    ledger::{Account, Balances, Voucher},
};

pub mod book;
pub mod claim;
pub mod reach;
pub mod state;

pub use book::{Book, Change, ClaimedCosts, Kept, OnGrant};
pub use claim::{Claim, ClaimFacts, ClaimFault, ClaimParts, ClaimedCost, GrantFact, claim_faults};
pub use reach::Reach;
pub use state::{Action, Movement, State};

/// One step of a requisition's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The state it led to.
    pub state: State,
    /// The account that took it.
    pub actor: AccountName,
    /// When.
    pub time: DateTime<Utc>,
    /// Why; empty where no comment is needed.
    pub comment: String,
}

/// A requisition: the claim and every step so far, of which there is always
/// one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requisition {
    claim: Claim,
    steps: Vec<Step>,
}

impl Requisition {
    /// A requisition as it was kept; `None` without steps.
    #[must_use]
    pub fn kept(claim: Claim, steps: Vec<Step>) -> Option<Self> {
        (!steps.is_empty()).then_some(Self { claim, steps })
    }

    /// A requisition that begins with one step.
    #[must_use]
    pub fn begun(claim: Claim, step: Step) -> Self {
        Self { claim, steps: vec![step] }
    }

    /// What is claimed.
    #[must_use]
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Every step so far, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The latest step.
    #[must_use]
    pub fn last_step(&self) -> &Step {
        self.steps.last().expect("a requisition has a step")
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.last_step().state
    }

    /// Names this version: every change is a step.
    #[must_use]
    pub fn etag(&self) -> String {
        self.steps.len().to_string()
    }

    /// True when the account ever submitted it.
    #[must_use]
    pub fn was_submitted_by(&self, account: &AccountName) -> bool {
        self.steps.iter().any(|step| step.state == State::Submitted && step.actor == *account)
    }
}

/// Why a requisition is not drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftRefusal {
    /// The claim cannot be right; without a fault when the reader has told
    /// them all.
    Faulty(Vec<ClaimFault>),
    /// The name is taken.
    Taken,
}

/// Drafts a requisition.
///
/// # Errors
/// What forbids it.
pub fn draft(
    parts: ClaimParts,
    is_taken: bool,
    facts: ClaimFacts<'_>,
    actor: AccountName,
    time: DateTime<Utc>,
) -> Result<Requisition, DraftRefusal> {
    let faults = claim_faults(&parts, facts);
    let claim = match parts.whole() {
        Some(claim) if faults.is_empty() => claim,
        Some(_) | None => return Err(DraftRefusal::Faulty(faults)),
    };
    if is_taken {
        return Err(DraftRefusal::Taken);
    }
    let step = Step { state: State::Draft, actor, time, comment: String::new() };
    Ok(Requisition::begun(claim, step))
}

/// A step that somebody asks for, with the comment it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    action: Action,
    comment: String,
}

/// The step needs a comment and has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommentMissing;

impl Request {
    /// Checks that a step that needs a comment has one.
    ///
    /// # Errors
    /// When it has none.
    pub fn new(action: Action, comment: String) -> Result<Self, CommentMissing> {
        if action.needs_comment() && comment.trim().is_empty() {
            return Err(CommentMissing);
        }
        Ok(Self { action, comment })
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
    /// Where the grant's money stands.
    pub balances: Balances,
    /// What the same party claims on the same grant; needed to submit.
    pub claimed: &'a [ClaimedCost],
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
    /// The same kind of cost for some of the same days is claimed already.
    ClaimedBefore {
        /// The requisition that claims it.
        requisition: RequisitionName,
        /// The kind of cost.
        kind: CostKind,
    },
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
    mut requisition: Requisition,
    facts: StepFacts<'_>,
    request: Request,
    actor: AccountName,
    time: DateTime<Utc>,
) -> Result<(Requisition, Option<Voucher>), StepRefusal> {
    let Request { action, comment } = request;
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
    if action == Action::Submit {
        let claim = &requisition.claim;
        let others = facts.claimed.iter();
        let others = others.filter(|other| other.requisition != claim.name);
        let found = claim::claimed_before(claim.period, &claim.cost_lines, others);
        if let Some(ClaimFault::ClaimedBefore { requisition, kind, .. }) = found.into_iter().next()
        {
            return Err(StepRefusal::ClaimedBefore { requisition, kind });
        }
    }
    let movement = action.movement(state);
    let voucher = movement.map(|movement| requisition.claim.voucher(movement, time));
    if let Some(voucher) = &voucher {
        let after = facts.balances.after(&requisition.claim.grant.id, voucher);
        after.map_err(|overdrawn| match overdrawn.account {
            Account::Left => {
                StepRefusal::GrantOverdrawn { asked: overdrawn.asked, left: overdrawn.available }
            }
            _ => StepRefusal::LedgerBroken,
        })?;
    }
    requisition.steps.push(Step { state: action.leads_to(), actor, time, comment });
    Ok((requisition, voucher))
}

#[cfg(test)]
mod tests;
