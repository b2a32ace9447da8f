//! What is answered when a row, or the undoing of an import, is forbidden.

use platform::Failure;
use values::{Fault, Faults};

use crate::{
    domain::participant_import::{Refusal, Row, UndoRefusal},
    rpc::{enrolment, referral},
};

/// What forbids to take a row in, as the ordinary step would tell it.
pub(super) fn row(refusal: Refusal, row: &Row) -> Failure {
    match refusal {
        Refusal::Send(refusal) => referral::unsent(refusal, &row.name, true),
        Refusal::Answer(refusal) => {
            let day = row.answered.as_ref().map(|answered| answered.day);
            renamed(referral::untaken(refusal, day.unwrap_or(row.content.referral_date)))
        }
        Refusal::NotAccepted => Fault::new("enrolment", "ENROLMENT_NOT_ACCEPTED").into(),
        Refusal::Enrol { refusal, of } => enrolment::unbegun(refusal, &of.0, &of.1),
        Refusal::NotEnrolled => Fault::new("exit", "EXIT_NOT_ENROLLED").into(),
        Refusal::Exit(refusal) => match &row.exit {
            Some(exit) => enrolment::unended(refusal, "exit", exit.day),
            None => Fault::new("exit", "FIELD_MISSING").into(),
        },
    }
}

/// The fields of a decision stand beside the referral in a row.
fn renamed(failure: Failure) -> Failure {
    let renamed = |mut fault: Fault| {
        fault.field = match fault.field.as_str() {
            "day" => "decision_date".to_owned(),
            "state" => "decision_state".to_owned(),
            _ => fault.field,
        };
        fault
    };
    match failure {
        Failure::Invalid(faults) => {
            let mut told = Faults::new();
            faults.into_vec().into_iter().map(renamed).for_each(|fault| told.push(fault));
            Failure::Invalid(told)
        }
        other => other,
    }
}

/// What forbids a row as faults of it.
///
/// # Errors
/// What is no fault of the row.
pub(super) fn faults(failure: Failure) -> Result<Faults, Failure> {
    match failure {
        Failure::Invalid(faults) => Ok(faults),
        Failure::Refused { reason, facts } => {
            Ok(Fault { field: String::new(), reason, facts }.into())
        }
        Failure::Exists { name } => {
            Ok(Fault::new("id", "DIFFERS_FROM_RECORD").with("name", name).into())
        }
        other => Err(other),
    }
}

/// What forbids to take an import back.
pub(super) fn undo(refusal: UndoRefusal) -> Failure {
    match refusal {
        UndoRefusal::Touched { count, first } => {
            Failure::refused("IMPORT_TOUCHED").with("count", count).with("referral", first.id)
        }
        UndoRefusal::Disposed { count } => Failure::refused("IMPORT_DISPOSED").with("count", count),
    }
}
