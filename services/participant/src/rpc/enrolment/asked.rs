//! What is asked to be changed about an enrolment, read from each of the requests.

use chrono::NaiveDate;
use platform::convert::{date_from_proto, text};
use proto::{WriteRequest, participant as pb};
use values::{
    Fault, Faults, Slug,
    name::{AccountName, EnrolmentName},
};

use crate::{
    domain::enrolment::{Consent, Exit, Extension, Recipient},
    rpc::{convert, people},
};

/// A change of an enrolment.
#[derive(Debug, Clone)]
pub(super) enum Change {
    TransferCoach { coach: AccountName, day: NaiveDate, reason: String },
    Extend(Extension),
    SetConsent(Consent),
    Exit(Exit),
    CorrectExit { exit: Option<Exit>, reason: String },
    Deliver { day: NaiveDate, to: Recipient },
    RegisterInError { reason: String },
}

/// What is asked for, read.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) name: EnrolmentName,
    pub(super) etag: String,
    pub(super) change: Change,
}

/// A request for a change.
pub(super) trait Asks: WriteRequest {
    /// The enrolment's name, as it was sent.
    fn sent_name(&self) -> &str;

    /// Reads it; `federation` is the caller's.
    fn read(self, federation: &Slug) -> Result<Asked, Faults>;
}

/// The name and the version that every request has.
fn of_all(faults: &mut Faults, name: &str, etag: &str) -> Option<EnrolmentName> {
    let name = faults.keep(EnrolmentName::parse("name", name));
    people::etag(etag, faults);
    name
}

fn missing(field: &str) -> Faults {
    Fault::new(field, "FIELD_MISSING").into()
}

/// Takes a request apart, and reads its change out of the fields that are its own.
macro_rules! asks {
    ($(
        $request:ident { $($field:ident),* }, |$federation:ident, $faults:ident| $change:expr;
    )*) => {
        $(
            impl Asks for pb::$request {
                fn sent_name(&self) -> &str {
                    &self.name
                }

                fn read(self, $federation: &Slug) -> Result<Asked, Faults> {
                    let pb::$request {
                        name,
                        etag,
                        $($field,)*
                        request_id: _,    // Told by the write.
                        validate_only: _, // Told by the write.
                    } = self;
                    let mut $faults = Faults::new();
                    let name = of_all(&mut $faults, &name, &etag);
                    let change: Option<Change> = $change;
                    $faults.into_result(|| Some(Asked { name: name?, etag, change: change? }))
                }
            }
        )*
    };
}

asks! {
    TransferCoachRequest { coach, day, reason }, |federation, faults| {
        let coach = faults.keep(convert::enrolment::coach(federation, "coach", &coach));
        let day = faults.keep(date_from_proto("day", day));
        let reason = faults.keep(text("reason", &reason, 1, 1000));
        coach.zip(day).zip(reason).map(|((coach, day), reason)| {
            Change::TransferCoach { coach, day, reason }
        })
    };
    ExtendEnrolmentRequest { planned_last_day, day, reason }, |_federation, faults| {
        let extension = convert::enrolment::extension(planned_last_day, day, &reason);
        faults.keep_nested("", extension).map(Change::Extend)
    };
    SetConsentRequest { consent }, |federation, faults| {
        let consent = match consent {
            Some(consent) => {
                faults.keep_nested("consent", convert::enrolment::consent(federation, consent))
            }
            None => faults.keep_nested("", Err(missing("consent"))),
        };
        consent.map(Change::SetConsent)
    };
    ExitEnrolmentRequest { exit }, |_federation, faults| {
        let exit = match exit {
            Some(exit) => faults.keep_nested("exit", convert::enrolment::exit(exit)),
            None => faults.keep_nested("", Err(missing("exit"))),
        };
        exit.map(Change::Exit)
    };
    CorrectExitRequest { exit, reason }, |_federation, faults| {
        let exit = exit.map(convert::enrolment::exit).transpose();
        let exit = faults.keep_nested("exit", exit);
        let reason = faults.keep(text("reason", &reason, 1, 1000));
        exit.zip(reason).map(|(exit, reason)| Change::CorrectExit { exit, reason })
    };
    DeliverDocumentationRequest { delivery }, |_federation, faults| {
        let delivery = match delivery {
            Some(delivery) => {
                faults.keep_nested("delivery", convert::enrolment::delivery(delivery))
            }
            None => faults.keep_nested("", Err(missing("delivery"))),
        };
        delivery.map(|(day, to)| Change::Deliver { day, to })
    };
    RegisterEnrolmentInErrorRequest { reason }, |_federation, faults| {
        let reason = faults.keep(text("reason", &reason, 1, 1000));
        reason.map(|reason| Change::RegisterInError { reason })
    };
}
