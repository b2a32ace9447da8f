//! Fields that several nouns have: years, days that money is booked on, amounts
//! that may take back, and the stretch of a list.

use chrono::{Datelike as _, NaiveDate};
use platform::{
    convert::{date_from_proto, date_to_proto},
    page::Page,
};
use proto::finance as pb;
use values::{Fault, Faults, Ore, Slug, name::PartyName};

use super::{optional, unspecified, within};
use crate::{
    domain::{
        budget::BudgetArea,
        budget_year::BudgetYear,
        signed_amount::{SignedAmount, SignedAmountFault},
    },
    store::Stretch,
};

/// Reads a budget year.
pub(in crate::rpc) fn budget_year(field: &str, number: i32) -> Result<BudgetYear, Fault> {
    let out_of_range = || Fault::new(field, "YEAR_OUT_OF_RANGE").with("value", number);
    BudgetYear::new(number).ok_or_else(out_of_range)
}

/// Reads the year a list is narrowed to; none when it is not.
pub(in crate::rpc) fn year_filter(field: &str, number: i32) -> Result<Option<BudgetYear>, Fault> {
    if number == 0 { Ok(None) } else { budget_year(field, number).map(Some) }
}

/// Reads the party a list is narrowed to; none when it is not.
pub(in crate::rpc) fn party_filter(
    federation: &Slug,
    field: &str,
    sent: &str,
) -> Result<Option<PartyName>, Fault> {
    optional(sent, |sent| {
        within(federation, field, PartyName::parse(field, sent), |name| &name.federation)
    })
}

/// Reads a day that something is booked on: one of a budget year.
pub(in crate::rpc) fn booking_day(
    field: &str,
    date: Option<proto::Date>,
) -> Result<NaiveDate, Fault> {
    let day = date_from_proto(field, date)?;
    match BudgetYear::of(day) {
        Some(_) => Ok(day),
        None => Err(Fault::new(field, "YEAR_OUT_OF_RANGE").with("value", day.year())),
    }
}

/// Reads a year and a day of it to look from.
pub(in crate::rpc) fn day_in_year(
    year: i32,
    day: Option<proto::Date>,
) -> Result<(BudgetYear, NaiveDate), Faults> {
    let mut faults = Faults::new();
    let year = faults.keep(budget_year("year", year));
    let day = faults.keep(date_from_proto("day", day));
    if let Some((year, day)) = year.zip(day)
        && !year.days().contains(day)
    {
        faults.push(day_outside_year("day", day, year));
    }
    faults.into_result(|| year.zip(day))
}

/// A day that is not in its year, as it is told.
pub(in crate::rpc) fn day_outside_year(field: &str, day: NaiveDate, year: BudgetYear) -> Fault {
    Fault::new(field, "DAY_OUTSIDE_YEAR").with("value", day).with("year", year.number())
}

/// Reads an amount that may take back.
pub(in crate::rpc) fn signed_amount(field: &str, ore: i64) -> Result<SignedAmount, Fault> {
    SignedAmount::new(Ore::new(ore)).map_err(|fault| match fault {
        SignedAmountFault::Zero => Fault::new(field, "AMOUNT_ZERO"),
        SignedAmountFault::TooLarge(ore) => {
            Fault::new(field, "AMOUNT_TOO_LARGE").with("value", ore)
        }
    })
}

/// Reads an area of the budget.
pub(in crate::rpc) fn budget_area(field: &str, area: i32) -> Result<BudgetArea, Fault> {
    match pb::BudgetArea::try_from(area) {
        Ok(pb::BudgetArea::Board) => Ok(BudgetArea::Board),
        Ok(pb::BudgetArea::Administration) => Ok(BudgetArea::Administration),
        Ok(pb::BudgetArea::Audit) => Ok(BudgetArea::Audit),
        Ok(pb::BudgetArea::Initiatives) => Ok(BudgetArea::Initiatives),
        Ok(pb::BudgetArea::Unspecified) | Err(_) => Err(unspecified(field)),
    }
}

/// An area of the budget as it is sent.
pub(in crate::rpc) fn render_budget_area(area: BudgetArea) -> pb::BudgetArea {
    match area {
        BudgetArea::Board => pb::BudgetArea::Board,
        BudgetArea::Administration => pb::BudgetArea::Administration,
        BudgetArea::Audit => pb::BudgetArea::Audit,
        BudgetArea::Initiatives => pb::BudgetArea::Initiatives,
    }
}

/// A day as it is sent.
pub(in crate::rpc) fn render_day(day: NaiveDate) -> Option<proto::Date> {
    Some(date_to_proto(day))
}

/// Reads which stretch of a list with the newest first is asked for.
pub(in crate::rpc) fn stretch(page_size: i32, page_token: &str) -> Result<Stretch, Faults> {
    let Page { size, after } = Page::parse(page_size, page_token)?;
    let before = after.map(|key| key.parse::<i64>()).transpose();
    let before = before.map_err(|_| Fault::new("page_token", "PAGE_TOKEN_MALFORMED"))?;
    Ok(Stretch { size, before })
}
