//! Enrolments (inskrivningar): a person's time in a team, to the exit.

mod change;
mod exit;
#[cfg(test)]
mod tests;

use chrono::{Months, NaiveDate};
use values::name::{
    AccountName, EnrolmentName, ParticipantName, PartyName, ReferralName, TeamName,
};

use super::livelihood::Livelihoods;

pub use change::{ChangeRefusal, extend, register_in_error, set_consent, transfer_coach};
pub use exit::{Exit, ExitRefusal, Recipient, correct_exit, deliver, exit};

/// The longest time that is planned without a decision on an extension.
const NORMAL: Months = Months::new(12);

/// A coach's time with a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoachSpell {
    /// The coach.
    pub coach: AccountName,
    /// From which day.
    pub first_day: NaiveDate,
    /// Why it changed; empty for the first.
    pub reason: String,
}

/// What a consent is to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConsentKind {
    /// That the parties exchange information.
    ExchangeOfInformation = 1,
    /// To being asked and counted in the follow-up.
    FollowUp = 2,
}

/// What the person has agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// To what.
    pub kind: ConsentKind,
    /// The parties that it holds for.
    pub parties: Vec<PartyName>,
    /// When it was given.
    pub given: NaiveDate,
    /// When it was withdrawn.
    pub withdrawn: Option<NaiveDate>,
}

/// A decision to go on for longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The new planned last day.
    pub planned_last_day: NaiveDate,
    /// When it was decided.
    pub day: NaiveDate,
    /// Why.
    pub reason: String,
}

/// A person's time in a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Its name.
    pub name: EnrolmentName,
    /// The accepted referral.
    pub referral: ReferralName,
    /// The person.
    pub participant: ParticipantName,
    /// The team.
    pub team: TeamName,
    /// The day of the enrolment.
    pub first_day: NaiveDate,
    /// The planned last day.
    pub planned_last_day: NaiveDate,
    /// The coaches, one after the other; at least one.
    pub coaches: Vec<CoachSpell>,
    /// The consents, each kind once.
    pub consents: Vec<Consent>,
    /// The decisions to go on for longer.
    pub extensions: Vec<Extension>,
    /// The exit.
    pub exit: Option<Exit>,
    /// When the final documentation was delivered, and to whom.
    pub deliveries: Vec<(NaiveDate, Recipient)>,
    /// What the person lived on at the enrolment.
    pub livelihoods: Livelihoods,
    /// True when it was a mistake.
    pub registered_in_error: bool,
    /// A demonstration's.
    pub synthetic: bool,
}

impl Enrolment {
    /// The coach who has the person now, or had it last.
    #[must_use]
    pub fn coach(&self) -> Option<&AccountName> {
        self.coaches.last().map(|spell| &spell.coach)
    }

    /// True while it goes on.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.exit.is_none() && !self.registered_in_error
    }
}

/// Why a place is not the person's to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotNext {
    /// Others of the municipality go before.
    Others {
        /// How many.
        before: usize,
    },
    /// The referral does not stand in the queue.
    NotInQueue,
}

/// What an enrolment is held against.
#[derive(Debug, Clone)]
pub struct CreateFacts<Pause, Reserved> {
    /// True when there is one of the name.
    pub is_taken: bool,
    /// The day the referral was accepted; none when it does not stand in the queue.
    pub accepted_on: Option<NaiveDate>,
    /// How many of the municipality go before it.
    pub before: usize,
    /// A pause of the intake on the day.
    pub pause: Option<Pause>,
    /// What is reserved for others, when nothing else is free.
    pub reserved: Option<Reserved>,
    /// An open enrolment of the person in the team.
    pub open: Option<EnrolmentName>,
    /// Today.
    pub today: NaiveDate,
}

/// What forbids an enrolment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateRefusal<Pause, Reserved> {
    /// There is one of that name.
    Taken,
    /// The person is enrolled in the team.
    AlreadyEnrolled {
        /// Which enrolment goes on.
        enrolment: EnrolmentName,
    },
    /// The day is before the referral was accepted.
    BeforeAccepted {
        /// The earliest day allowed.
        earliest: NaiveDate,
    },
    /// The day is in the future.
    InFuture {
        /// The latest day allowed.
        today: NaiveDate,
    },
    /// More than a year is planned: that takes a decision on an extension.
    TooLong {
        /// The latest day allowed.
        latest: NaiveDate,
    },
    /// The planned last day is before the first.
    Reversed,
    /// Somebody else is next.
    NotNext(NotNext),
    /// The intake is paused.
    Paused(Pause),
    /// The free places are reserved for others.
    Reserved(Reserved),
}

/// Decides whether a person may be enrolled.
///
/// # Errors
/// What forbids it.
pub fn create<Pause, Reserved>(
    enrolment: &Enrolment,
    facts: CreateFacts<Pause, Reserved>,
) -> Result<(), CreateRefusal<Pause, Reserved>> {
    if facts.is_taken {
        return Err(CreateRefusal::Taken);
    }
    if let Some(enrolment) = facts.open {
        return Err(CreateRefusal::AlreadyEnrolled { enrolment });
    }
    let Some(earliest) = facts.accepted_on else {
        return Err(CreateRefusal::NotNext(NotNext::NotInQueue));
    };
    if enrolment.first_day < earliest {
        return Err(CreateRefusal::BeforeAccepted { earliest });
    }
    if enrolment.first_day > facts.today {
        return Err(CreateRefusal::InFuture { today: facts.today });
    }
    if enrolment.planned_last_day < enrolment.first_day {
        return Err(CreateRefusal::Reversed);
    }
    if let Some(latest) = enrolment.first_day.checked_add_months(NORMAL)
        && enrolment.planned_last_day > latest
    {
        return Err(CreateRefusal::TooLong { latest });
    }
    if let Some(pause) = facts.pause {
        return Err(CreateRefusal::Paused(pause));
    }
    if facts.before > 0 {
        return Err(CreateRefusal::NotNext(NotNext::Others { before: facts.before }));
    }
    facts.reserved.map_or(Ok(()), |reserved| Err(CreateRefusal::Reserved(reserved)))
}
