//! Spans of whole days.

use chrono::{Datelike as _, NaiveDate};

use crate::Fault;

/// A span of whole days, both ends included; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first_day: NaiveDate,
    last_day: NaiveDate,
}

impl Period {
    /// A span from one day to another.
    ///
    /// # Errors
    /// `PERIOD_REVERSED` when the last day comes before the first.
    pub fn new(field: &str, first_day: NaiveDate, last_day: NaiveDate) -> Result<Self, Fault> {
        if last_day < first_day {
            return Err(Fault::new(field, "PERIOD_REVERSED")
                .with("first_day", first_day)
                .with("last_day", last_day));
        }
        Ok(Self { first_day, last_day })
    }

    /// The calendar year, or `None` outside 1–9999.
    #[must_use]
    pub fn year(year: i32) -> Option<Self> {
        let in_range = (1..=9999).contains(&year);
        let first_day = NaiveDate::from_ymd_opt(year, 1, 1).filter(|_| in_range)?;
        let last_day = NaiveDate::from_ymd_opt(year, 12, 31)?;
        Some(Self { first_day, last_day })
    }

    /// The first day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        self.first_day
    }

    /// The last day.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        self.last_day
    }

    /// True when every day of `other` is a day of this span.
    #[must_use]
    pub fn covers(self, other: Period) -> bool {
        self.first_day <= other.first_day && other.last_day <= self.last_day
    }

    /// True when the spans share a day.
    #[must_use]
    pub fn overlaps(self, other: Period) -> bool {
        self.first_day <= other.last_day && other.first_day <= self.last_day
    }

    /// True when the day lies in the span.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first_day <= day && day <= self.last_day
    }

    /// The span up to and including `day`, or `None` when it begins later.
    #[must_use]
    pub fn until(self, day: NaiveDate) -> Option<Self> {
        (self.first_day <= day)
            .then_some(Self { first_day: self.first_day, last_day: self.last_day.min(day) })
    }

    /// The length in months, as a fraction: each calendar month counts by the
    /// share of its days in the span, so whole months count 1. The denominator
    /// is the same for every span, so that two lengths can be set against each
    /// other by their numerators.
    #[must_use]
    pub fn months(self) -> MonthCount {
        let mut numerator = 0;
        let mut month_start = self.first_day.with_day(1).expect("every month has a first day");
        while month_start <= self.last_day {
            let next =
                month_start.checked_add_months(chrono::Months::new(1)).expect("below year 10000");
            let days_in_month = (next - month_start).num_days();
            let from = self.first_day.max(month_start);
            let to = self.last_day.min(next.pred_opt().expect("after a first day"));
            let days_in_span = (to - from).num_days() + 1;
            numerator += days_in_span * MonthCount::DENOMINATOR / days_in_month;
            month_start = next;
        }
        MonthCount { numerator }
    }
}

/// A number of months as an exact fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthCount {
    /// Parts of a month, [`MonthCount::DENOMINATOR`] to the whole.
    pub numerator: i64,
}

impl MonthCount {
    /// The least common multiple of 28, 29, 30 and 31: every day of every month
    /// is a whole number of these parts.
    pub const DENOMINATOR: i64 = 4 * 3 * 5 * 7 * 29 * 31;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(first: (i32, u32, u32), last: (i32, u32, u32)) -> Period {
        let day = |(year, month, day)| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        Period::new("period", day(first), day(last)).unwrap()
    }

    #[test]
    fn whole_months_count_one_and_a_broken_month_counts_by_its_days() {
        let half_year = period((2025, 1, 1), (2025, 6, 30)).months();
        assert_eq!(half_year.numerator, 6 * MonthCount::DENOMINATOR);
        let broken = period((2025, 1, 1), (2025, 2, 14)).months();
        assert_eq!(broken.numerator, MonthCount::DENOMINATOR * 3 / 2);
        assert_eq!(period((2024, 2, 1), (2024, 2, 29)).months().numerator, MonthCount::DENOMINATOR);
    }

    #[test]
    fn a_period_that_ends_before_it_begins_is_refused() {
        let first = NaiveDate::from_ymd_opt(2025, 7, 1).unwrap();
        let last = NaiveDate::from_ymd_opt(2025, 6, 30).unwrap();
        assert_eq!(Period::new("period", first, last).unwrap_err().reason, "PERIOD_REVERSED");
    }

    #[test]
    fn spans_that_share_one_day_overlap_and_neighbours_do_not() {
        let first = period((2025, 1, 1), (2025, 6, 30));
        assert!(first.overlaps(period((2025, 6, 30), (2025, 7, 1))));
        assert!(!first.overlaps(period((2025, 7, 1), (2025, 7, 31))));
    }
}
