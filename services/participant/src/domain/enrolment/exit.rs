//! The exit: exactly one outcome, and what is delivered at the end.

use chrono::{DateTime, NaiveDate, Utc};
use values::name::{AccountName, ReferralName};

use super::Enrolment;
use crate::domain::{case::Recorded, code::ExitOutcome, fact::Ended, livelihood::Livelihoods};

/// How an enrolment ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// The last day.
    pub day: NaiveDate,
    /// To what.
    pub outcome: ExitOutcome,
    /// True when the work is subsidised.
    pub subsidised: bool,
    /// The extent of the work or the studies, in percent; 0 when it is not stated.
    pub extent_percent: u8,
    /// What the person lives on afterwards.
    pub livelihoods: Livelihoods,
}

impl Exit {
    /// What of it is counted.
    #[must_use]
    pub fn ended(&self) -> Ended {
        Ended { outcome: self.outcome, livelihood: self.livelihoods.largest() }
    }
}

/// What was wrong about an exit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The exit that was replaced.
    pub replaced: Exit,
    /// Who corrected it.
    pub actor: AccountName,
    /// When it was recorded.
    pub time: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// Who receives the final documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient {
    /// The person.
    Participant = 1,
    /// The referring party.
    ReferringParty = 2,
}

impl Recipient {
    /// The recipient of a number of the contract.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<Recipient> {
        match number {
            1 => Some(Recipient::Participant),
            2 => Some(Recipient::ReferringParty),
            _ => None,
        }
    }
}

/// What forbids an exit, or what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExitRefusal {
    /// It has ended already, or was a mistake.
    NotOpen,
    /// It has not ended.
    NotEnded,
    /// The day is before the last thing that happened in the enrolment.
    Before {
        /// The earliest day allowed.
        earliest: NaiveDate,
    },
    /// The day is in the future.
    InFuture {
        /// The latest day allowed.
        today: NaiveDate,
    },
    /// Only work is subsidised.
    SubsidyNotWork,
    /// Only work and studies have an extent.
    ExtentNotFitting,
    /// It was delivered to that recipient already.
    Delivered {
        /// When.
        day: NaiveDate,
    },
    /// The person has another open case with the team.
    OtherOpen {
        /// Which.
        referral: ReferralName,
    },
}

/// Ends the enrolment.
///
/// # Errors
/// What forbids it.
pub fn exit(enrolment: &Enrolment, exit: Exit, today: NaiveDate) -> Result<Enrolment, ExitRefusal> {
    if !enrolment.is_open() {
        return Err(ExitRefusal::NotOpen);
    }
    check(enrolment, &exit, today)?;
    Ok(Enrolment { exit: Some(exit), ..enrolment.clone() })
}

/// What a correction of an exit is held against.
#[derive(Debug, Clone)]
pub struct CorrectFacts {
    /// Another open case of the person with the team.
    pub open_case: Option<ReferralName>,
    /// Today.
    pub today: NaiveDate,
}

/// Replaces what was wrong about the exit; without one the person has not left, and no
/// final documentation is delivered.
///
/// # Errors
/// What forbids it.
pub fn correct_exit(
    enrolment: &Enrolment,
    corrected: Option<Exit>,
    reason: String,
    recorded: Recorded,
    facts: CorrectFacts,
) -> Result<Enrolment, ExitRefusal> {
    let Some(replaced) = enrolment.exit.clone().filter(|_| enrolment.mistake.is_none()) else {
        return Err(ExitRefusal::NotEnded);
    };
    let mut after = enrolment.clone();
    match &corrected {
        Some(exit) => check(enrolment, exit, facts.today)?,
        None => after.deliveries.clear(),
    }
    if let Some(referral) = facts.open_case.filter(|_| corrected.is_none()) {
        return Err(ExitRefusal::OtherOpen { referral });
    }
    let Recorded { actor, time } = recorded;
    after.corrections.push(Correction { replaced, actor, time, reason });
    Ok(Enrolment { exit: corrected, ..after })
}

fn check(enrolment: &Enrolment, exit: &Exit, today: NaiveDate) -> Result<(), ExitRefusal> {
    let coached = enrolment.coaches.last().map(|spell| spell.first_day);
    let earliest = coached.map_or(enrolment.first_day, |day| day.max(enrolment.first_day));
    if exit.day < earliest {
        return Err(ExitRefusal::Before { earliest });
    }
    if exit.day > today {
        return Err(ExitRefusal::InFuture { today });
    }
    let is_work = exit.outcome == ExitOutcome::Work;
    if exit.subsidised && !is_work {
        return Err(ExitRefusal::SubsidyNotWork);
    }
    if exit.extent_percent > 0 && !is_work && exit.outcome != ExitOutcome::Studies {
        return Err(ExitRefusal::ExtentNotFitting);
    }
    Ok(())
}

/// Notes that the final documentation was delivered, once to each recipient.
///
/// # Errors
/// What forbids it.
pub fn deliver(
    enrolment: &Enrolment,
    day: NaiveDate,
    to: Recipient,
    today: NaiveDate,
) -> Result<Enrolment, ExitRefusal> {
    let Some(exit) = enrolment.exit.as_ref().filter(|_| enrolment.mistake.is_none()) else {
        return Err(ExitRefusal::NotEnded);
    };
    if let Some((day, _)) = enrolment.deliveries.iter().find(|(_, other)| *other == to) {
        return Err(ExitRefusal::Delivered { day: *day });
    }
    if day < exit.day {
        return Err(ExitRefusal::Before { earliest: exit.day });
    }
    if day > today {
        return Err(ExitRefusal::InFuture { today });
    }
    let mut after = enrolment.clone();
    after.deliveries.push((day, to));
    Ok(after)
}
