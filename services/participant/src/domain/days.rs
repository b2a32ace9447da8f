//! Spans of whole days that may go on without an end.

use chrono::NaiveDate;
use values::{Fault, Period};

/// A span of whole days, both ends included; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    first_day: NaiveDate,
    last_day: Option<NaiveDate>,
}

impl Days {
    /// A span from one day to another, or without an end.
    ///
    /// # Errors
    /// `PERIOD_REVERSED` for the field named when the last day comes before the first.
    pub fn new(
        field: &str,
        first_day: NaiveDate,
        last_day: Option<NaiveDate>,
    ) -> Result<Self, Fault> {
        if let Some(last_day) = last_day.filter(|last_day| *last_day < first_day) {
            return Err(Fault::new(field, "PERIOD_REVERSED")
                .with("first_day", first_day)
                .with("last_day", last_day));
        }
        Ok(Self { first_day, last_day })
    }

    /// The first day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        self.first_day
    }

    /// The last day; none while it goes on.
    #[must_use]
    pub fn last_day(self) -> Option<NaiveDate> {
        self.last_day
    }

    /// True when the day lies in the span.
    #[must_use]
    pub fn holds(self, day: NaiveDate) -> bool {
        self.first_day <= day && self.last_day.is_none_or(|last_day| day <= last_day)
    }

    /// How many days of the period lie in the span.
    #[must_use]
    pub fn days_within(self, period: Period) -> i64 {
        let first = self.first_day.max(period.first_day());
        let last = self.last_day.map_or(period.last_day(), |day| day.min(period.last_day()));
        ((last - first).num_days() + 1).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, month, day).unwrap()
    }

    #[test]
    fn both_ends_belong_to_a_span_and_one_without_an_end_goes_on() {
        let march = Days::new("", day(3, 1), Some(day(3, 31))).unwrap();
        let onwards = Days::new("", day(3, 1), None).unwrap();
        for (at, in_march, in_onwards) in [
            (day(2, 28), false, false),
            (day(3, 1), true, true),
            (day(3, 31), true, true),
            (day(4, 1), false, true),
        ] {
            assert_eq!((march.holds(at), onwards.holds(at)), (in_march, in_onwards), "{at}");
        }
    }

    #[test]
    fn the_days_of_a_period_are_counted_within_the_span() {
        let march = Days::new("", day(3, 1), Some(day(3, 31))).unwrap();
        let onwards = Days::new("", day(3, 1), None).unwrap();
        for (first, last, of_march, of_onwards) in [
            (day(1, 1), day(12, 31), 31, 306),
            (day(3, 31), day(4, 1), 1, 2),
            (day(3, 10), day(3, 10), 1, 1),
            (day(1, 1), day(2, 28), 0, 0),
            (day(4, 1), day(4, 30), 0, 30),
        ] {
            let period = Period::new("", first, last).unwrap();
            let counted = (march.days_within(period), onwards.days_within(period));
            assert_eq!(counted, (of_march, of_onwards), "{first}–{last}");
        }
    }

    #[test]
    fn a_span_that_ends_before_it_begins_is_refused() {
        let fault = Days::new("last_day", day(3, 2), Some(day(3, 1))).unwrap_err();
        assert_eq!((fault.field.as_str(), fault.reason), ("last_day", "PERIOD_REVERSED"));
    }
}
