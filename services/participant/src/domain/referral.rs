//! Referrals (aktualiseringar): from a party's question to the team's answer.

mod step;

use chrono::{DateTime, NaiveDate, Utc};
use values::name::{
    AccountName, CriteriaName, EnrolmentName, MunicipalityName, ParticipantName, PartyName,
    ReferralName, TeamName,
};

use super::{
    code::{DecisionReason, ReferringKind},
    criteria::{Applicant, Criteria, Unmet, in_force},
    livelihood::Livelihoods,
};

pub use step::{Action, StepRefusal, Taken, take};

/// Where a referral stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Sent.
    Sent = 1,
    /// Received by the team.
    Received = 2,
    /// The person is called to an intake talk.
    Called = 3,
    /// The intake talk was held.
    Talked = 4,
    /// To be considered again.
    Reconsidering = 5,
    /// Accepted; stands in the queue.
    Accepted = 6,
    /// Not eligible.
    NotEligible = 7,
    /// The person declined.
    Declined = 8,
    /// Taken back by the sender.
    Revoked = 9,
    /// Enrolled.
    Enrolled = 10,
    /// A mistake; counted nowhere.
    RegisteredInError = 11,
}

impl State {
    /// Every state, in the contract's order.
    pub const ALL: &'static [State] = &[
        State::Sent,
        State::Received,
        State::Called,
        State::Talked,
        State::Reconsidering,
        State::Accepted,
        State::NotEligible,
        State::Declined,
        State::Revoked,
        State::Enrolled,
        State::RegisteredInError,
    ];

    /// Its number in the contract.
    #[must_use]
    pub const fn number(self) -> i16 {
        self as i16
    }

    /// The state of a number of the contract.
    #[must_use]
    pub fn from_number(number: i32) -> Option<State> {
        State::ALL.iter().copied().find(|state| i32::from(state.number()) == number)
    }

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

    /// The day it came to the queue, if it ever did.
    #[must_use]
    pub fn accepted_on(&self) -> Option<NaiveDate> {
        let accepted = self.steps.iter().rfind(|step| step.state == State::Accepted);
        accepted.map(|step| step.day)
    }
}

/// What a referral is held against when it is sent.
#[derive(Debug)]
pub struct SendFacts<'a> {
    /// The municipalities that the team serves; none when there is no such team.
    pub served: Option<&'a [MunicipalityName]>,
    /// An open case of the person with the team.
    pub open_case: Option<ReferralName>,
    /// Every version of criteria of the federation.
    pub criteria: &'a [Criteria],
    /// The person's year of birth, when it is known.
    pub birth_year: Option<i32>,
    /// Today.
    pub today: NaiveDate,
}

/// What forbids to send a referral.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendRefusal {
    /// The day is in the future.
    InFuture {
        /// The latest day allowed.
        today: NaiveDate,
    },
    /// No such team, or it does not serve the municipality.
    TeamNotThere,
    /// The person has an open case with the team.
    Open {
        /// Which.
        referral: ReferralName,
    },
    /// Criteria that are not met, and no reason to override them.
    NotEligible {
        /// The criteria.
        criteria: CriteriaName,
        /// Each that is not met.
        unmet: Vec<Unmet>,
    },
}

/// Decides whether a referral may be sent: the criteria that it is held against.
///
/// # Errors
/// What forbids it.
pub fn send(content: &Content, facts: &SendFacts<'_>) -> Result<Option<CriteriaName>, SendRefusal> {
    if content.referral_date > facts.today {
        return Err(SendRefusal::InFuture { today: facts.today });
    }
    if !facts.served.is_some_and(|served| served.contains(&content.municipality)) {
        return Err(SendRefusal::TeamNotThere);
    }
    if let Some(referral) = &facts.open_case {
        return Err(SendRefusal::Open { referral: referral.clone() });
    }
    let Some(criteria) = in_force(facts.criteria, &content.team, content.referral_date) else {
        return Ok(None);
    };
    let applicant = Applicant {
        birth_year: facts.birth_year,
        livelihoods: &content.livelihoods,
        ready: content.ready,
    };
    let unmet = criteria.unmet(applicant, content.referral_date);
    if !unmet.is_empty() && content.override_reason.is_empty() {
        return Err(SendRefusal::NotEligible { criteria: criteria.name.clone(), unmet });
    }
    Ok(Some(criteria.name.clone()))
}
