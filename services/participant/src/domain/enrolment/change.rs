//! What changes while an enrolment goes on.

use chrono::NaiveDate;
use values::name::{AccountName, ReferralName};

use super::{CoachSpell, Consent, Enrolment, Extension};

/// What forbids a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// It has ended, or was a mistake.
    NotOpen,
    /// The person has that coach already.
    SameCoach,
    /// The day is before the one it has to follow.
    Before {
        /// The earliest day allowed.
        earliest: NaiveDate,
    },
    /// The day is in the future.
    InFuture {
        /// The latest day allowed.
        today: NaiveDate,
    },
    /// The new last day is not after the present one.
    NotLonger {
        /// The present planned last day.
        planned_last_day: NaiveDate,
    },
    /// It was registered in error already.
    InError,
    /// The person has another open case with the team.
    OtherOpen {
        /// Which.
        referral: ReferralName,
    },
}

/// What forbids to note a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentRefusal {
    /// The enrolment was registered in error.
    InError,
    /// It is given in the future.
    GivenInFuture,
    /// It is withdrawn in the future.
    WithdrawnInFuture,
    /// It is withdrawn before it was given.
    WithdrawnBefore {
        /// When it was given.
        given: NaiveDate,
    },
}

/// Checks the days of a consent.
pub(super) fn check_consent(consent: &Consent, today: NaiveDate) -> Result<(), ConsentRefusal> {
    let given = consent.given;
    if given > today {
        return Err(ConsentRefusal::GivenInFuture);
    }
    match consent.withdrawn {
        Some(day) if day > today => Err(ConsentRefusal::WithdrawnInFuture),
        Some(day) if day < given => Err(ConsentRefusal::WithdrawnBefore { given }),
        Some(_) | None => Ok(()),
    }
}

fn on(day: NaiveDate, earliest: NaiveDate, today: NaiveDate) -> Result<(), ChangeRefusal> {
    if day < earliest {
        return Err(ChangeRefusal::Before { earliest });
    }
    if day > today { Err(ChangeRefusal::InFuture { today }) } else { Ok(()) }
}

fn open(enrolment: &Enrolment) -> Result<(), ChangeRefusal> {
    if enrolment.is_open() { Ok(()) } else { Err(ChangeRefusal::NotOpen) }
}

/// Gives the person another coach, after the last change of coach.
///
/// # Errors
/// What forbids it.
pub fn transfer_coach(
    enrolment: &Enrolment,
    coach: AccountName,
    day: NaiveDate,
    reason: String,
    today: NaiveDate,
) -> Result<Enrolment, ChangeRefusal> {
    open(enrolment)?;
    if enrolment.coach() == Some(&coach) {
        return Err(ChangeRefusal::SameCoach);
    }
    let last = enrolment.coaches.last().map_or(enrolment.first_day, |spell| spell.first_day);
    on(day, last.succ_opt().unwrap_or(last), today)?;
    let mut after = enrolment.clone();
    after.coaches.push(CoachSpell { coach, first_day: day, reason });
    Ok(after)
}

/// Decides to go on for longer.
///
/// # Errors
/// What forbids it.
pub fn extend(
    enrolment: &Enrolment,
    extension: Extension,
    today: NaiveDate,
) -> Result<Enrolment, ChangeRefusal> {
    open(enrolment)?;
    on(extension.day, enrolment.first_day, today)?;
    let planned_last_day = enrolment.planned_last_day;
    if extension.planned_last_day <= planned_last_day {
        return Err(ChangeRefusal::NotLonger { planned_last_day });
    }
    let mut after = enrolment.clone();
    after.planned_last_day = extension.planned_last_day;
    after.extensions.push(extension);
    Ok(after)
}

/// Notes a consent as it stands, in place of one of the same kind. A consent can be
/// withdrawn at any time, also after the exit.
///
/// # Errors
/// What forbids it.
pub fn set_consent(
    enrolment: &Enrolment,
    consent: Consent,
    today: NaiveDate,
) -> Result<Enrolment, ConsentRefusal> {
    if enrolment.mistake.is_some() {
        return Err(ConsentRefusal::InError);
    }
    check_consent(&consent, today)?;
    let mut after = enrolment.clone();
    after.consents.retain(|other| other.kind != consent.kind);
    after.consents.push(consent);
    after.consents.sort_by_key(|consent| consent.kind);
    Ok(after)
}

/// Notes that the enrolment was a mistake.
///
/// # Errors
/// When that is noted already.
pub fn register_in_error(
    enrolment: &Enrolment,
    reason: String,
) -> Result<Enrolment, ChangeRefusal> {
    if enrolment.mistake.is_some() {
        return Err(ChangeRefusal::InError);
    }
    Ok(Enrolment { mistake: Some(reason), ..enrolment.clone() })
}
