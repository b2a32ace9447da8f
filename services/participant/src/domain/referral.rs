//! Referrals (aktualiseringar): from a party's question to the team's answer.

mod send;
mod step;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use values::name::{
    AccountName, CriteriaName, EnrolmentName, MunicipalityName, ParticipantImportName,
    ParticipantName, PartyName, ReferralName, TeamName,
};

use super::{
    code::{DecisionReason, ReferringKind},
    fact::Responsible,
    livelihood::Livelihoods,
};

pub use super::code::ReferralState as State;
pub use send::{SendFacts, SendRefusal, Sending, send};
pub use step::{Action, StepRefusal, Taken, enrolled, reinstated, take};

impl State {
    /// True while the referral has not come to an end.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            State::Sent
            | State::Received
            | State::Called
            | State::Talked
            | State::Reconsidering
            | State::Accepted => true,
            State::NotEligible
            | State::Declined
            | State::Revoked
            | State::Enrolled
            | State::RegisteredInError => false,
        }
    }
}

/// One step of a referral's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The state it led to.
    pub state: State,
    /// Who took it.
    pub actor: AccountName,
    /// When it was recorded.
    pub time: DateTime<Utc>,
    /// The day it happened.
    pub day: NaiveDate,
    /// Why; may be empty where no comment is needed.
    pub comment: String,
}

/// What the team decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Why.
    pub reason: DecisionReason,
    /// What the sender is told.
    pub feedback: String,
}

/// What a sender sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The team it is to.
    pub team: TeamName,
    /// The responsible municipality.
    pub municipality: MunicipalityName,
    /// The party that sends it.
    pub sender: PartyName,
    /// The kind of authority that sends it.
    pub referring_kind: ReferringKind,
    /// The sender's own word for it.
    pub sender_reference: String,
    /// The day of the referral.
    pub referral_date: NaiveDate,
    /// What the person lives on.
    pub livelihoods: Livelihoods,
    /// Whether the person is ready to take part.
    pub ready: bool,
    /// Why the person should be received though a criterion is not met.
    pub override_reason: String,
    /// A demonstration's.
    pub synthetic: bool,
}

/// A referral: what was sent, and every step since, of which there is always one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// Its name.
    pub name: ReferralName,
    /// The person.
    pub participant: ParticipantName,
    /// What was sent.
    pub content: Content,
    /// Who was responsible, one after the other; at least one.
    pub responsible: Vec<Responsible>,
    /// The criteria it was held against.
    pub criteria: Option<CriteriaName>,
    /// Every step, in order.
    pub steps: Vec<Step>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// Why it goes before others in the queue.
    pub queue_exception: Option<String>,
    /// What it led to.
    pub enrolment: Option<EnrolmentName>,
    /// The people it was about before they turned out to be another, the first first.
    pub merged_from: Vec<ParticipantName>,
    /// The import that it came with.
    pub import: Option<ParticipantImportName>,
}

impl Referral {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.steps.last().map_or(State::Sent, |step| step.state)
    }

    /// The day since which it stands there.
    #[must_use]
    pub fn since(&self) -> NaiveDate {
        self.steps.last().map_or(self.content.referral_date, |step| step.day)
    }

    /// The same without anybody's words, which may tell who the person is.
    #[must_use]
    pub fn protected(mut self) -> Referral {
        self.content.sender_reference.clear();
        self.content.override_reason.clear();
        self.queue_exception = self.queue_exception.map(|_| "…".to_owned());
        for step in &mut self.steps {
            step.comment.clear();
        }
        if let Some(decision) = &mut self.decision {
            decision.feedback.clear();
        }
        self
    }

    /// The day it came to the queue, if it ever did.
    #[must_use]
    pub fn accepted_on(&self) -> Option<NaiveDate> {
        let accepted = self.steps.iter().rfind(|step| step.state == State::Accepted);
        accepted.map(|step| step.day)
    }
}
