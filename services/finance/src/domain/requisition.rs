//! A party's claim on a grant, and its way from draft to payment with four
//! eyes.
//!
//! A draft reserves nothing; submitted and reviewed reserve; the second
//! approval posts; returned, rejected and withdrawn release. Whoever submitted
//! never approves, and the two approvals are two people's. A correction goes the
//! same way, reserves nothing, and takes back what its second approval posts.

use chrono::{DateTime, NaiveDate, Utc};
use values::{Ore, name::AccountName};

use super::attachment::Attachment;

pub mod book;
pub mod claim;
pub mod correction;
pub mod period;
pub mod reach;
pub mod state;
pub mod take;
pub mod update;

pub use book::{Book, Change, ClaimedCosts, Kept, Known, OnGrant};
pub use claim::{
    Claim, ClaimFacts, ClaimFault, ClaimParts, ClaimedCost, GrantFact, PartyFact, claim_faults,
};
pub use correction::{ByKind, Corrected, CorrectionFault, RecoveredCost, TooLarge};
pub use reach::Reach;
pub use state::{Action, Movement, State};
pub use take::{Request, RequestFault, StepFacts, StepRefusal, take};
pub use update::{UpdateRefusal, update};

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

/// How a requisition was paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The day of the payment.
    pub day: NaiveDate,
    /// The bank's reference.
    pub bank_reference: String,
}

/// A payment as far as it could be read: what could not is told by the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentParts {
    /// The day of the payment.
    pub day: Option<NaiveDate>,
    /// The bank's reference.
    pub bank_reference: Option<String>,
}

impl PaymentParts {
    /// Its day, when that has not come.
    #[must_use]
    pub fn future_day(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.day.filter(|day| *day > today)
    }

    /// All of it, when all of it could be read.
    #[must_use]
    pub fn whole(self) -> Option<Payment> {
        Some(Payment { day: self.day?, bank_reference: self.bank_reference? })
    }
}

/// A requisition as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What is claimed.
    pub claim: Claim,
    /// Every step so far, in order.
    pub steps: Vec<Step>,
    /// How often it was written.
    pub revision: i32,
    /// What of the party's requisitions on the grant was approved or paid, net of
    /// corrections and recoveries, when this one was last submitted.
    pub earlier_requisitioned: Ore,
    /// How it was paid.
    pub payment: Option<Payment>,
    /// Its files, in the order they were attached.
    pub attachments: Vec<Attachment>,
}

/// A requisition: the claim and every step so far, of which there is always
/// one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requisition(Record);

impl Requisition {
    /// A requisition as it was kept; `None` without steps.
    #[must_use]
    pub fn kept(record: Record) -> Option<Self> {
        (!record.steps.is_empty()).then_some(Self(record))
    }

    /// A requisition that begins with one step, before which so much was
    /// requisitioned.
    #[must_use]
    pub fn begun(claim: Claim, step: Step, earlier_requisitioned: Ore) -> Self {
        Self(Record {
            claim,
            steps: vec![step],
            revision: 1,
            earlier_requisitioned,
            payment: None,
            attachments: Vec::new(),
        })
    }

    /// All that is kept of it.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.0
    }

    /// What is claimed.
    #[must_use]
    pub fn claim(&self) -> &Claim {
        &self.0.claim
    }

    /// Every step so far, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0.steps
    }

    /// The latest step.
    #[must_use]
    pub fn last_step(&self) -> &Step {
        self.0.steps.last().expect("a requisition has a step")
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.last_step().state
    }

    /// True once it is paid.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        self.state() == State::Paid
    }

    /// Names this version.
    #[must_use]
    pub fn etag(&self) -> String {
        self.0.revision.to_string()
    }

    /// The same with other files.
    pub(super) fn with_attachments(mut self, attachments: Vec<Attachment>) -> Self {
        self.0.attachments = attachments;
        self.0.revision += 1;
        self
    }

    /// Its files.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        &self.0.attachments
    }

    /// True when the account ever submitted it.
    #[must_use]
    pub fn was_submitted_by(&self, account: &AccountName) -> bool {
        self.0.steps.iter().any(|step| step.state == State::Submitted && step.actor == *account)
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
    let claim = match parts.with_number(facts.party).whole() {
        Some(claim) if faults.is_empty() => claim,
        Some(_) | None => return Err(DraftRefusal::Faulty(faults)),
    };
    if is_taken {
        return Err(DraftRefusal::Taken);
    }
    let step = Step { state: State::Draft, actor, time, comment: String::new() };
    Ok(Requisition::begun(claim, step, Ore::ZERO))
}

#[cfg(test)]
mod tests;
