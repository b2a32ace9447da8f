//! What changes while an enrolment goes on.

use chrono::NaiveDate;
use values::name::AccountName;

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
    /// A consent is withdrawn before it was given.
    WithdrawnBefore {
        /// When it was given.
        given: NaiveDate,
    },
    /// It was registered in error already.
    InError,
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
) -> Result<Enrolment, ChangeRefusal> {
    if enrolment.registered_in_error {
        return Err(ChangeRefusal::InError);
    }
    if consent.given > today || consent.withdrawn.is_some_and(|day| day > today) {
        return Err(ChangeRefusal::InFuture { today });
    }
    let given = consent.given;
    if consent.withdrawn.is_some_and(|day| day < given) {
        return Err(ChangeRefusal::WithdrawnBefore { given });
    }
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
pub fn register_in_error(enrolment: &Enrolment) -> Result<Enrolment, ChangeRefusal> {
    if enrolment.registered_in_error {
        return Err(ChangeRefusal::InError);
    }
    Ok(Enrolment { registered_in_error: true, ..enrolment.clone() })
}
