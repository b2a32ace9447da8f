//! The half-years that teams report on.

use chrono::{Datelike as _, NaiveDate};
use values::{Fault, Faults, Period, Slug};

/// The first and the last year that can be reported on.
pub const YEARS: (i32, i32) = (2000, 2999);

/// A half-year that teams report on, with the day the figures are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportingPeriod {
    period: Period,
    due_date: NaiveDate,
}

impl ReportingPeriod {
    /// A period whose days are January–June or July–December of one year, due
    /// after its last day.
    ///
    /// # Errors
    /// `PERIOD_NOT_HALF_YEAR`, `YEAR_OUT_OF_RANGE`, `DUE_DATE_TOO_EARLY`.
    pub fn new(period: Period, due_date: NaiveDate) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        let year = period.first_day().year();
        if half(period).is_none() {
            faults.push(
                Fault::new("period", "PERIOD_NOT_HALF_YEAR")
                    .with("first_day", period.first_day())
                    .with("last_day", period.last_day()),
            );
        } else if !(YEARS.0..=YEARS.1).contains(&year) {
            faults.push(
                Fault::new("period", "YEAR_OUT_OF_RANGE")
                    .with("value", year)
                    .with("first", YEARS.0)
                    .with("last", YEARS.1),
            );
        }
        if due_date <= period.last_day() {
            faults.push(
                Fault::new("due_date", "DUE_DATE_TOO_EARLY")
                    .with("value", due_date)
                    .with("last_day", period.last_day()),
            );
        }
        faults.into_result(|| Some(Self { period, due_date }))
    }

    /// The days reported on.
    #[must_use]
    pub fn period(self) -> Period {
        self.period
    }

    /// The day the figures are due.
    #[must_use]
    pub fn due_date(self) -> NaiveDate {
        self.due_date
    }

    /// The year it lies in.
    #[must_use]
    pub fn year(self) -> i32 {
        self.period.first_day().year()
    }

    /// The id it has in every federation: `2025h1`.
    #[must_use]
    pub fn id(self) -> String {
        let half = half(self.period).expect("checked when it was made");
        format!("{}h{half}", self.year())
    }

    /// The id of the half-year before it.
    #[must_use]
    pub fn id_before(self) -> String {
        match half(self.period) {
            Some(1) | None => format!("{}h2", self.year() - 1),
            Some(_) => format!("{}h1", self.year()),
        }
    }

    /// True when the day it was due has passed.
    #[must_use]
    pub fn is_overdue(self, today: NaiveDate) -> bool {
        self.due_date < today
    }
}

/// Why a period is not created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreateRefusal {
    /// Another period has the name.
    Taken,
}

/// Decides whether a period is created.
///
/// # Errors
/// A refusal when its name is taken.
pub fn create(taken: bool) -> Result<(), CreateRefusal> {
    if taken { Err(CreateRefusal::Taken) } else { Ok(()) }
}

/// Checks that a period has the id that its days give it.
///
/// # Errors
/// `PERIOD_ID_WRONG` with the id it should have, for the field named.
pub fn check_id(field: &str, id: &Slug, period: ReportingPeriod) -> Result<(), Fault> {
    let expected = period.id();
    if id.as_str() == expected {
        return Ok(());
    }
    Err(Fault::new(field, "PERIOD_ID_WRONG").with("value", id).with("expected", expected))
}

/// Which half of one year the span is, if it is one.
fn half(period: Period) -> Option<u8> {
    let (first, last) = (period.first_day(), period.last_day());
    let days = ((first.month(), first.day()), (last.month(), last.day()));
    match days {
        ((1, 1), (6, 30)) if first.year() == last.year() => Some(1),
        ((7, 1), (12, 31)) if first.year() == last.year() => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn made(first: &str, last: &str, due: &str) -> Result<ReportingPeriod, Vec<&'static str>> {
        let period = Period::new("period", day(first), day(last)).unwrap();
        ReportingPeriod::new(period, day(due))
            .map_err(|faults| faults.into_vec().into_iter().map(|fault| fault.reason).collect())
    }

    #[test]
    fn a_half_year_has_the_id_of_its_year_and_half() {
        let first = made("2025-01-01", "2025-06-30", "2025-07-01").unwrap();
        assert_eq!(first.id(), "2025h1");
        let second = made("2025-07-01", "2025-12-31", "2026-01-01").unwrap();
        assert_eq!(second.id(), "2025h2");
        assert_eq!((first.id_before(), second.id_before()), ("2024h2".to_owned(), first.id()));
        let id = Slug::parse("id", "2025h1").unwrap();
        assert_eq!(check_id("name", &id, first), Ok(()));
        let fault = check_id("name", &id, second).unwrap_err();
        assert_eq!(
            fault.facts,
            [("value", "2025h1".to_owned()), ("expected", "2025h2".to_owned())]
        );
    }

    #[test]
    fn a_span_that_is_no_half_year_of_one_year_is_refused() {
        for (first, last) in [
            ("2025-01-01", "2025-06-29"),
            ("2025-01-02", "2025-06-30"),
            ("2025-01-01", "2025-12-31"),
            ("2025-01-01", "2026-06-30"),
            ("2025-07-01", "2026-12-31"),
            ("2025-04-01", "2025-09-30"),
        ] {
            let reasons = made(first, last, "2027-01-01").unwrap_err();
            assert_eq!(reasons, ["PERIOD_NOT_HALF_YEAR"], "{first} {last}");
        }
    }

    #[test]
    fn figures_are_due_after_the_last_day_and_every_fault_is_told() {
        assert_eq!(
            made("2025-01-01", "2025-06-30", "2025-06-30").unwrap_err(),
            ["DUE_DATE_TOO_EARLY"]
        );
        assert_eq!(
            made("2025-01-01", "2025-06-29", "2025-06-01").unwrap_err(),
            ["PERIOD_NOT_HALF_YEAR", "DUE_DATE_TOO_EARLY"]
        );
        assert_eq!(
            made("1999-01-01", "1999-06-30", "1999-07-01").unwrap_err(),
            ["YEAR_OUT_OF_RANGE"]
        );
    }

    #[test]
    fn figures_are_overdue_from_the_day_after_the_due_date() {
        let period = made("2025-01-01", "2025-06-30", "2025-07-15").unwrap();
        assert!(!period.is_overdue(day("2025-07-15")));
        assert!(period.is_overdue(day("2025-07-16")));
    }
}
