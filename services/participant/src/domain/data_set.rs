//! Data sets for evaluators: what may be agreed, and what is made of the tables that
//! leave.

#[cfg(test)]
mod tests;

use chrono::{Datelike as _, NaiveDate};
use values::{
    Fault, Faults, Period,
    name::{AccountName, TableLayoutName},
};

use super::{
    create::{self, Refusal},
    fact::Measure,
    table_layout::TableShape,
};

/// What was agreed with an evaluator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataAgreement {
    /// Who reads it.
    pub evaluator: AccountName,
    /// Of which half-year or year.
    pub period: Period,
    /// What is told, and of whom.
    pub layout: TableLayoutName,
    /// The last day it may be read.
    pub last_day: NaiveDate,
    /// The registry number.
    pub dnr: String,
}

/// Decides whether an agreement is entered; `shape` is the layout's, if it is there.
///
/// # Errors
/// `Taken`; `LAYOUT_UNKNOWN`; `LAYOUT_NOT_OF_PEOPLE`.
pub fn create(
    agreement: &DataAgreement,
    is_taken: bool,
    shape: Option<&TableShape>,
) -> Result<(), Refusal> {
    let layout =
        |reason| Faults::from(Fault::new("layout", reason).with("value", &agreement.layout));
    let faults = match shape.map(TableShape::measures) {
        None => layout("LAYOUT_UNKNOWN"),
        Some([measure]) if counts_once(*measure) => Faults::new(),
        Some(_) => layout("LAYOUT_NOT_OF_PEOPLE"),
    };
    create::create(is_taken, faults)
}

/// True for what happens to somebody once: a row is a person then, and nobody is in two
/// half-years of a data set for the same.
fn counts_once(measure: Measure) -> bool {
    match measure {
        Measure::Referred | Measure::New | Measure::ExitedIn => true,
        Measure::QueueOpening
        | Measure::QueueIn
        | Measure::QueueOut
        | Measure::QueueClosing
        | Measure::EnrolledOpening
        | Measure::EnrolledIn
        | Measure::EnrolledOut
        | Measure::EnrolledClosing
        | Measure::ExitedOpening
        | Measure::ExitedClosing
        | Measure::Participants => false,
    }
}

/// Refuses an agreement that is over.
///
/// # Errors
/// The last day it could be read.
pub fn may_read(agreement: &DataAgreement, today: NaiveDate) -> Result<(), NaiveDate> {
    if today <= agreement.last_day { Ok(()) } else { Err(agreement.last_day) }
}

/// A half-year as people write it.
#[must_use]
pub fn half_year(half: Period) -> String {
    let first = half.first_day();
    format!("{}H{}", first.year(), if first.month() < 7 { 1 } else { 2 })
}
