//! The steps of a referral's way: which may follow which, and on which day.

use chrono::{DateTime, NaiveDate, Utc};
use values::name::{AccountName, EnrolmentName};

use super::{Decision, Referral, State, Step};
use crate::domain::{case::Recorded, code::DecisionReason};

/// What is done with a referral.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The team has received it.
    Receive,
    /// The person is called to an intake talk.
    Call,
    /// The intake talk was held.
    Talk,
    /// The team decides.
    Decide {
        /// To what.
        state: State,
        /// Why, and what the sender is told.
        decision: Decision,
    },
    /// The sender takes it back.
    Revoke,
    /// It was a mistake.
    RegisterInError,
}

/// What forbids a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepRefusal {
    /// It does not lead on from where the referral stands.
    NotFrom {
        /// Where it stands.
        state: State,
    },
    /// Nobody decides to that.
    NoDecision {
        /// What was asked for.
        state: State,
    },
    /// The reason does not go with the decision.
    ReasonNotFitting {
        /// What was asked for.
        state: State,
        /// The reason that was sent.
        reason: DecisionReason,
    },
    /// The day is before the last step's.
    Before {
        /// The earliest day allowed.
        earliest: NaiveDate,
    },
    /// The day is in the future.
    InFuture {
        /// The latest day allowed.
        today: NaiveDate,
    },
    /// It has led to an enrolment, which has to be registered in error first.
    Enrolled {
        /// Which.
        enrolment: Option<EnrolmentName>,
    },
}

/// Who takes a step, when and why.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Who.
    pub actor: AccountName,
    /// When it is recorded.
    pub now: DateTime<Utc>,
    /// Today.
    pub today: NaiveDate,
    /// The day it happened.
    pub day: NaiveDate,
    /// Why.
    pub comment: String,
}

/// The referral after a step.
///
/// # Errors
/// What forbids it.
pub fn take(referral: &Referral, action: Action, taken: Taken) -> Result<Referral, StepRefusal> {
    let from = referral.state();
    let (to, decision) = target(referral, from, action)?;
    if taken.day > taken.today {
        return Err(StepRefusal::InFuture { today: taken.today });
    }
    if taken.day < referral.since() && to != State::RegisteredInError {
        return Err(StepRefusal::Before { earliest: referral.since() });
    }
    let mut after = referral.clone();
    let Taken { actor, now, today: _, day, comment } = taken;
    after.steps.push(Step { state: to, actor, time: now, day, comment });
    after.decision = decision.or(after.decision);
    Ok(after)
}

/// The referral after its person is enrolled.
#[must_use]
pub fn enrolled(
    referral: &Referral,
    enrolment: EnrolmentName,
    first_day: NaiveDate,
    recorded: Recorded,
) -> Referral {
    let after = Referral { enrolment: Some(enrolment), ..referral.clone() };
    to(after, State::Enrolled, first_day, recorded)
}

/// The referral after its enrolment turned out to be a mistake: accepted, since the day
/// it was.
#[must_use]
pub fn reinstated(referral: &Referral, recorded: Recorded) -> Referral {
    let accepted_on = referral.accepted_on().unwrap_or(referral.content.referral_date);
    let after = Referral { enrolment: None, ..referral.clone() };
    to(after, State::Accepted, accepted_on, recorded)
}

fn to(mut referral: Referral, state: State, day: NaiveDate, recorded: Recorded) -> Referral {
    let Recorded { actor, time } = recorded;
    referral.steps.push(Step { state, actor, time, day, comment: String::new() });
    referral
}

fn target(
    referral: &Referral,
    from: State,
    action: Action,
) -> Result<(State, Option<Decision>), StepRefusal> {
    let not_from = Err(StepRefusal::NotFrom { state: from });
    match action {
        Action::Receive if from == State::Sent => Ok((State::Received, None)),
        Action::Call if matches!(from, State::Received | State::Reconsidering) => {
            Ok((State::Called, None))
        }
        Action::Talk if from == State::Called => Ok((State::Talked, None)),
        Action::Receive | Action::Call | Action::Talk => not_from,
        Action::Decide { state, decision } => {
            let decides = matches!(
                from,
                State::Received | State::Called | State::Talked | State::Reconsidering
            );
            if !decides {
                return not_from;
            }
            fits(state, decision.reason)?;
            Ok((state, Some(decision)))
        }
        Action::Revoke if from.is_open() => Ok((State::Revoked, None)),
        Action::Revoke => not_from,
        Action::RegisterInError if from == State::Enrolled => {
            Err(StepRefusal::Enrolled { enrolment: referral.enrolment.clone() })
        }
        Action::RegisterInError if from == State::RegisteredInError => not_from,
        Action::RegisterInError => Ok((State::RegisteredInError, None)),
    }
}

/// Whether a reason goes with a decision.
fn fits(state: State, reason: DecisionReason) -> Result<(), StepRefusal> {
    let fits = match (state, reason) {
        (State::Accepted, reason) => reason == DecisionReason::MeetsCriteria,
        (State::Declined, reason) => matches!(
            reason,
            DecisionReason::PersonDeclines | DecisionReason::NotReached | DecisionReason::Other
        ),
        (State::NotEligible | State::Reconsidering, reason) => {
            reason != DecisionReason::MeetsCriteria
        }
        (
            State::Sent
            | State::Received
            | State::Called
            | State::Talked
            | State::Revoked
            | State::Enrolled
            | State::RegisteredInError,
            _,
        ) => return Err(StepRefusal::NoDecision { state }),
    };
    if fits { Ok(()) } else { Err(StepRefusal::ReasonNotFitting { state, reason }) }
}
