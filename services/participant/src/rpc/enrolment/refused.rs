//! What is answered when a rule forbids something about an enrolment.

use chrono::NaiveDate;
use platform::Failure;
use values::{Fault, name::ReferralName};

use crate::domain::{
    code::ReferringKind,
    enrolment::{
        ChangeRefusal, Consent, ConsentRefusal, CreateRefusal, Enrolment, ExitRefusal, NotNext,
    },
    intake_pause::IntakePause,
    referral::Referral,
    reserved_places::AllReserved,
};

/// What a refused enrolment answers.
pub(in crate::rpc) fn create(
    refusal: CreateRefusal<IntakePause, AllReserved>,
    asked: &Enrolment,
    referral: &Referral,
) -> Failure {
    let (first, planned) = (asked.first_day, asked.planned_last_day);
    let of_day = |reason| Fault::new("enrolment.first_day", reason).with("value", first);
    let of_planned = |reason| Fault::new("enrolment.planned_last_day", reason);
    match refusal {
        CreateRefusal::Taken => Failure::Exists { name: asked.name.to_string() },
        CreateRefusal::AlreadyEnrolled { enrolment } => {
            Failure::refused("ALREADY_ENROLLED").with("enrolment", enrolment.id)
        }
        CreateRefusal::Consent { row, refusal } => {
            consent(refusal, &format!("enrolment.consents[{row}]"), &asked.consents[row])
        }
        CreateRefusal::BeforeAccepted { earliest } => {
            of_day("DAY_TOO_EARLY").with("earliest", earliest).into()
        }
        CreateRefusal::InFuture { today: _ } => of_day("DAY_IN_FUTURE").into(),
        CreateRefusal::TooLong { latest } => {
            of_planned("PLANNED_TOO_LONG").with("value", planned).with("latest", latest).into()
        }
        CreateRefusal::Reversed => {
            of_planned("PERIOD_REVERSED").with("first_day", first).with("last_day", planned).into()
        }
        CreateRefusal::NotNext(NotNext::NotInQueue) => {
            let state = referral.state().name();
            Failure::refused("REFERRAL_STATE_FORBIDS").with("referral_state", state)
        }
        CreateRefusal::NotNext(NotNext::Others { before }) => {
            Failure::refused("NOT_NEXT").with("before", before).with("day", first)
        }
        CreateRefusal::Paused(pause) => paused(&pause),
        CreateRefusal::Reserved(AllReserved { reserved }) => {
            let each =
                |(channel, places): (&ReferringKind, &i64)| format!("{}:{places}", channel.name());
            let each: Vec<String> = reserved.iter().map(each).collect();
            Failure::refused("PLACES_RESERVED").with("reserved", each.join(","))
        }
    }
}

fn paused(pause: &IntakePause) -> Failure {
    let IntakePause { team: _, days, reason } = pause;
    let last_day = days.last_day().map(|day| day.to_string()).unwrap_or_default();
    Failure::refused("INTAKE_PAUSED")
        .with("first_day", days.first_day())
        .with("last_day", last_day)
        .with("why", reason)
}

/// What a refused change answers; the day is that of the field.
pub(super) fn change(refusal: ChangeRefusal, field: &str, day: NaiveDate) -> Failure {
    match refusal {
        ChangeRefusal::NotOpen => Failure::refused("ENROLMENT_NOT_OPEN"),
        ChangeRefusal::InError => Failure::refused("ENROLMENT_IN_ERROR"),
        ChangeRefusal::SameCoach => Fault::new("coach", "COACH_SAME").into(),
        ChangeRefusal::Before { earliest } => too_early(field, day, earliest),
        ChangeRefusal::InFuture { today: _ } => in_future(field, day),
        ChangeRefusal::NotLonger { planned_last_day } => {
            let fault = Fault::new("planned_last_day", "EXTENSION_NOT_LONGER");
            fault.with("planned_last_day", planned_last_day).into()
        }
        ChangeRefusal::OtherOpen { referral } => other_open(&referral),
    }
}

/// What a refused consent answers; the field is where it stands in the request.
pub(super) fn consent(refusal: ConsentRefusal, field: &str, told: &Consent) -> Failure {
    let withdrawn = told.withdrawn.unwrap_or(told.given);
    let at = |day: &str| format!("{field}.{day}");
    match refusal {
        ConsentRefusal::InError => Failure::refused("ENROLMENT_IN_ERROR"),
        ConsentRefusal::GivenInFuture => in_future(&at("given"), told.given),
        ConsentRefusal::WithdrawnInFuture => in_future(&at("withdrawn"), withdrawn),
        ConsentRefusal::WithdrawnBefore { given } => too_early(&at("withdrawn"), withdrawn, given),
    }
}

/// What a refused exit, or what belongs to it, answers; the day is that of the message
/// in the field.
pub(in crate::rpc) fn exit(refusal: ExitRefusal, field: &str, day: NaiveDate) -> Failure {
    let at = |part: &str| format!("{field}.{part}");
    match refusal {
        ExitRefusal::NotOpen => Failure::refused("ENROLMENT_NOT_OPEN"),
        ExitRefusal::NotEnded => Failure::refused("ENROLMENT_NOT_ENDED"),
        ExitRefusal::Before { earliest } => too_early(&at("day"), day, earliest),
        ExitRefusal::InFuture { today: _ } => in_future(&at("day"), day),
        ExitRefusal::SubsidyNotWork => Fault::new(at("subsidised"), "SUBSIDY_NOT_WORK").into(),
        ExitRefusal::ExtentNotFitting => {
            Fault::new(at("extent_percent"), "EXTENT_NOT_FITTING").into()
        }
        ExitRefusal::Delivered { day } => {
            Failure::refused("DOCUMENTATION_DELIVERED").with("day", day)
        }
        ExitRefusal::OtherOpen { referral } => other_open(&referral),
    }
}

fn too_early(field: &str, day: NaiveDate, earliest: NaiveDate) -> Failure {
    Fault::new(field, "DAY_TOO_EARLY").with("value", day).with("earliest", earliest).into()
}

fn in_future(field: &str, day: NaiveDate) -> Failure {
    Fault::new(field, "DAY_IN_FUTURE").with("value", day).into()
}

fn other_open(referral: &ReferralName) -> Failure {
    Failure::refused("REFERRAL_OPEN").with("referral", &referral.id)
}
