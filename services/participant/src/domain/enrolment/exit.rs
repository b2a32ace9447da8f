//! The exit: exactly one outcome, and what is delivered at the end.

use chrono::NaiveDate;

use super::Enrolment;
use crate::domain::{code::ExitOutcome, fact::Ended, livelihood::Livelihoods};

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

/// Who receives the final documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient {
    /// The person.
    Participant = 1,
    /// The referring party.
    ReferringParty = 2,
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

/// Replaces what was wrong about the exit; without one the person has not left.
///
/// # Errors
/// What forbids it.
pub fn correct_exit(
    enrolment: &Enrolment,
    corrected: Option<Exit>,
    today: NaiveDate,
) -> Result<Enrolment, ExitRefusal> {
    if enrolment.exit.is_none() || enrolment.registered_in_error {
        return Err(ExitRefusal::NotEnded);
    }
    if let Some(exit) = &corrected {
        check(enrolment, exit, today)?;
    }
    Ok(Enrolment { exit: corrected, ..enrolment.clone() })
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
    let Some(exit) = enrolment.exit.as_ref().filter(|_| !enrolment.registered_in_error) else {
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
