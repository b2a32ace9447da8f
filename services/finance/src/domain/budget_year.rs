//! The years that money is budgeted for.

use chrono::{Datelike as _, NaiveDate};
use values::Period;

/// The first year there can be.
const FIRST: i32 = 2000;
/// The last year there can be.
const LAST: i32 = 2999;

/// A calendar year that money is budgeted for, 2000 to 2999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BudgetYear(i32);

impl BudgetYear {
    /// The year of a number, when it is one.
    #[must_use]
    pub fn new(number: i32) -> Option<Self> {
        (FIRST..=LAST).contains(&number).then_some(Self(number))
    }

    /// The year of a day.
    #[must_use]
    pub fn of(day: NaiveDate) -> Option<Self> {
        Self::new(day.year())
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Its days.
    #[must_use]
    pub fn days(self) -> Period {
        Period::year(self.0).expect("every year from 2000 to 2999 has days")
    }

    /// The year after.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::new(self.0 + 1)
    }

    /// The day that something decided on another day counts on in this year: that
    /// day, or the nearest one of the year.
    #[must_use]
    pub fn nearest(self, day: NaiveDate) -> NaiveDate {
        day.clamp(self.days().first_day(), self.days().last_day())
    }

    /// True when nothing can be posted in it any more: the years are closed in
    /// order, as far as `closed_through`.
    #[must_use]
    pub fn is_closed(self, closed_through: Option<i32>) -> bool {
        closed_through.is_some_and(|closed| self.0 <= closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_decision_counts_on_its_day_or_on_the_nearest_of_the_year() {
        let year = BudgetYear::new(2025).unwrap();
        for (decided, counts) in [
            ("2024-11-28", "2025-01-01"),
            ("2025-05-05", "2025-05-05"),
            ("2026-02-01", "2025-12-31"),
        ] {
            assert_eq!(year.nearest(day(decided)), day(counts));
        }
    }

    #[test]
    fn a_year_is_closed_with_every_year_before_the_last_closed_one() {
        let year = BudgetYear::new(2025).unwrap();
        let closed = [None, Some(2024), Some(2025), Some(2026)];
        assert_eq!(closed.map(|through| year.is_closed(through)), [false, false, true, true]);
        assert_eq!((BudgetYear::new(1999), BudgetYear::new(3000)), (None, None));
    }
}
