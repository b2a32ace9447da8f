//! Half-years by the name they go by everywhere: `2025h1`.

use std::fmt;

use chrono::NaiveDate;
use values::{Fault, Period, Slug};

use crate::domain::reporting_period::YEARS;

/// January–June or July–December of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HalfYear {
    year: i32,
    half: i32,
}

impl HalfYear {
    /// A half of a year; `None` when there is no such half, or no such year is
    /// reported on.
    #[must_use]
    pub fn new(year: i32, half: i32) -> Option<Self> {
        let (first, last) = YEARS;
        let is_one = (first..=last).contains(&year) && (1..=2).contains(&half);
        is_one.then_some(Self { year, half })
    }

    /// Reads `2025h1`.
    ///
    /// # Errors
    /// `HALF_YEAR_MALFORMED` for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let halves = text.split_once('h');
        let numbers = halves.and_then(|(year, half)| year.parse().ok().zip(half.parse().ok()));
        numbers
            .and_then(|(year, half)| Self::new(year, half))
            .filter(|parsed| parsed.to_string() == text)
            .ok_or_else(|| Fault::new(field, "HALF_YEAR_MALFORMED").with("value", text))
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.year
    }

    /// True for January–June.
    #[must_use]
    pub fn is_first(self) -> bool {
        self.half == 1
    }

    /// Its days.
    #[must_use]
    pub fn period(self) -> Period {
        let (first, last) = if self.half == 1 { ((1, 1), (6, 30)) } else { ((7, 1), (12, 31)) };
        let day = |(month, day)| {
            NaiveDate::from_ymd_opt(self.year, month, day).expect("every year has these days")
        };
        Period::new("period", day(first), day(last)).expect("a half-year has days")
    }

    /// The one before it.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        if self.half == 1 { Self::new(self.year - 1, 2) } else { Self::new(self.year, 1) }
    }

    /// The one after it.
    #[must_use]
    pub fn after(self) -> Option<Self> {
        if self.half == 1 { Self::new(self.year, 2) } else { Self::new(self.year + 1, 1) }
    }

    /// The id of a reporting period of these days.
    #[must_use]
    pub fn id(self) -> Slug {
        Slug::parse("", &self.to_string()).expect("digits and a letter are an id")
    }
}

impl fmt::Display for HalfYear {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}h{}", self.year, self.half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_year_is_read_as_it_is_written_and_in_no_other_way() {
        let half = HalfYear::parse("half_year", "2025h2").unwrap();
        assert_eq!((half.to_string().as_str(), half.year()), ("2025h2", 2025));
        assert_eq!(half.period().first_day().to_string(), "2025-07-01");
        assert_eq!(half.period().last_day().to_string(), "2025-12-31");
        assert_eq!(half.before().map(|half| half.to_string()).as_deref(), Some("2025h1"));
        assert_eq!(half.after().map(|half| half.to_string()).as_deref(), Some("2026h1"));
        let first = HalfYear::new(2000, 1).unwrap();
        assert_eq!((first.before(), first.after()), (None, HalfYear::new(2000, 2)));
        for text in ["", "2025", "2025h0", "2025h3", "2025H1", "02025h1", "1999h1", "2025h+1"] {
            let fault = HalfYear::parse("half_year", text).unwrap_err();
            assert_eq!(fault.reason, "HALF_YEAR_MALFORMED", "{text}");
        }
    }
}
