//! Between the contract's messages and the domain's values, in both directions.
//!
//! A message is taken apart completely, so that a new field stops the build. All
//! its faults are gathered, and what could be read is handed on beside them.

pub(super) mod account_plan;
pub(super) mod attachment;
pub(super) mod board_decision;
pub(super) mod budget;
pub(super) mod contribution;
mod cost_line;
pub(super) mod field;
pub(super) mod financial_year;
pub(super) mod funding_table;
pub(super) mod grant;
pub(super) mod ledger;
pub(super) mod own_cost;
pub(super) mod recipient;
pub(super) mod recovery;
pub(super) mod requisition;
pub(super) mod staffing_financing;

use std::fmt::Display;

use platform::{Failure, Principal, convert::text, principal};
use values::{Fault, Faults, Ore, Slug};

use crate::domain::{ledger::AmountFault, requisition::PaymentParts};

/// The federation that `parent` names, which is the caller's own. One that
/// cannot be read is a fault, and the caller's is used to find the others.
pub(super) fn parent(
    principal: &Principal,
    sent: &str,
    faults: &mut Faults,
) -> Result<Slug, Failure> {
    principal::parent(faults, principal, sent)
}

/// Checks the name that the content of a new resource may carry.
pub(super) fn given_name(field: &str, sent: &str, expected: &impl Display) -> Result<(), Fault> {
    let expected = expected.to_string();
    if sent.is_empty() || sent == expected {
        return Ok(());
    }
    Err(Fault::new(field, "NAME_MALFORMED").with("value", sent).with("form", expected))
}

/// The name that a new resource is to get: of the id that was sent, checked against
/// the one that its content may carry. `noun` is what the request calls the content.
pub(super) fn new_name<N: Display>(
    noun: &str,
    id: &str,
    carried: &str,
    name_of: impl FnOnce(Slug) -> N,
    faults: &mut Faults,
) -> Option<N> {
    let id = faults.keep(Slug::parse(&format!("{noun}_id"), id))?;
    let name = name_of(id);
    faults.keep(given_name(&format!("{noun}.name"), carried, &name));
    Some(name)
}

/// Everything that is wrong with the content: what could not be read of it, and
/// what was found when it was seen against the record.
pub(super) fn faulty(
    mut faults: Faults,
    noun: &str,
    found: impl IntoIterator<Item = Fault>,
) -> Failure {
    for fault in found {
        faults.nest(noun, fault.into());
    }
    faults.into()
}

/// Refuses a step for everything of what it is about that forbids it.
pub(super) fn forbidding(found: impl Iterator<Item = Fault>) -> Failure {
    let mut faults = Faults::new();
    found.for_each(|fault| faults.push(fault));
    Failure::RefusedAt(faults)
}

/// The name is taken.
pub(super) fn taken(name: Option<impl Display>) -> Failure {
    Failure::Exists { name: name.map(|name| name.to_string()).unwrap_or_default() }
}

/// Refuses a name of another federation.
pub(super) fn within<N: Display>(
    federation: &Slug,
    field: &str,
    parsed: Result<N, Fault>,
    federation_of: impl Fn(&N) -> &Slug,
) -> Result<N, Fault> {
    let name = parsed?;
    if federation_of(&name) == federation {
        Ok(name)
    } else {
        Err(Fault::new(field, "OTHER_FEDERATION").with("name", name))
    }
}

/// Nothing more is posted in the year.
pub(super) fn year_closed(year: i32) -> Failure {
    Failure::refused("YEAR_CLOSED").with("year", year)
}

/// The grant has less left than is asked of it.
pub(super) fn overdrawn(asked: Ore, left: Ore) -> Failure {
    Failure::refused("GRANT_OVERDRAWN").with("asked_ore", asked).with("left_ore", left)
}

/// Checks that the version last seen is sent.
pub(super) fn etag(sent: &str, faults: &mut Faults) {
    if sent.is_empty() {
        faults.push(Fault::new("etag", "FIELD_MISSING"));
    }
}

/// Reads a payment: its day and the bank's reference.
pub(super) fn payment(
    day_field: &str,
    day: Option<proto::Date>,
    bank_reference: &str,
    faults: &mut Faults,
) -> PaymentParts {
    PaymentParts {
        day: faults.keep(field::booking_day(day_field, day)),
        bank_reference: faults.keep(text("bank_reference", bank_reference, 1, 100)),
    }
}

/// Reads a name that may be left out.
fn optional<N>(
    sent: &str,
    read: impl FnOnce(&str) -> Result<N, Fault>,
) -> Result<Option<N>, Fault> {
    if sent.is_empty() { Ok(None) } else { read(sent).map(Some) }
}

/// A value that an enum does not have, or that is not set.
fn unspecified(field: &str) -> Fault {
    Fault::new(field, "ENUM_UNSPECIFIED")
}

fn amount_fault(field: &str, fault: AmountFault) -> Fault {
    match fault {
        AmountFault::NotPositive(ore) => {
            Fault::new(field, "AMOUNT_NOT_POSITIVE").with("value", ore)
        }
        AmountFault::TooLarge(ore) => Fault::new(field, "AMOUNT_TOO_LARGE").with("value", ore),
    }
}
