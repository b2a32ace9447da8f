//! The days that can be claimed for: whole months, quarters and half-years, so
//! that what is claimed can be set against the months that have passed.

use chrono::{Datelike as _, Months, NaiveDate};
use values::Period;

use crate::domain::grant::GrantPeriod;

/// How many months a claim is for.
const LENGTHS: [u32; 3] = [1, 3, 6];

/// Nothing when the days are a calendar month, quarter or half-year, or what the
/// grant's days leave of one; otherwise the days nearest to them that are. Of
/// equally near ones the shortest, and of those the earliest.
#[must_use]
pub fn nearest_whole(period: Period, grant: GrantPeriod) -> Option<Period> {
    let days_off = |whole: &Period| {
        let off = |one: NaiveDate, other: NaiveDate| (one - other).num_days().abs();
        off(whole.first_day(), period.first_day()) + off(whole.last_day(), period.last_day())
    };
    let nearest = wholes(grant).min_by_key(days_off);
    nearest.filter(|nearest| *nearest != period)
}

/// Every month, quarter and half-year of the grant's year, as far as the grant
/// goes; the shortest first.
fn wholes(grant: GrantPeriod) -> impl Iterator<Item = Period> {
    let days = grant.days();
    let new_year = days.first_day().with_ordinal(1).expect("every year has a first day");
    LENGTHS.into_iter().flat_map(move |length| {
        (0..12 / length).filter_map(move |number| {
            let first = new_year.checked_add_months(Months::new(number * length))?;
            let next = first.checked_add_months(Months::new(length))?;
            let first_day = first.max(days.first_day());
            let last_day = next.pred_opt()?.min(days.last_day());
            Period::new("period", first_day, last_day).ok()
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn period(first: (u32, u32), last: (u32, u32)) -> Period {
        let day = |(month, day)| NaiveDate::from_ymd_opt(2025, month, day).unwrap();
        Period::new("period", day(first), day(last)).unwrap()
    }

    #[test]
    fn months_quarters_half_years_and_what_a_grant_leaves_of_them_are_whole() {
        let year = GrantPeriod::new(period((1, 1), (12, 31))).unwrap();
        let from_february = GrantPeriod::new(period((2, 10), (11, 20))).unwrap();
        for (grant, first, last, nearest) in [
            (year, (1, 1), (1, 31), None),
            (year, (4, 1), (6, 30), None),
            (year, (7, 1), (12, 31), None),
            (year, (1, 1), (1, 28), Some(period((1, 1), (1, 31)))),
            (year, (1, 1), (12, 31), Some(period((7, 1), (12, 31)))),
            (year, (2, 1), (4, 30), Some(period((3, 1), (3, 31)))),
            (year, (6, 30), (6, 30), Some(period((6, 1), (6, 30)))),
            (from_february, (2, 10), (2, 28), None),
            (from_february, (2, 10), (3, 31), None),
            (from_february, (2, 10), (6, 30), None),
            (from_february, (7, 1), (11, 20), None),
            (from_february, (2, 11), (2, 28), Some(period((2, 10), (2, 28)))),
        ] {
            assert_eq!(nearest_whole(period(first, last), grant), nearest, "{first:?}-{last:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_nearest_is_whole_and_within_the_grant(
            grant_first in 0_i64..365, grant_days in 0_i64..365, first in 0_i64..365, days in 0_i64..365,
        ) {
            let day = |ordinal: i64| {
                let new_year = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
                new_year + chrono::Duration::days(ordinal.min(364))
            };
            let between = |from, length| Period::new("period", day(from), day(from + length)).unwrap();
            let grant = GrantPeriod::new(between(grant_first, grant_days)).unwrap();
            if let Some(nearest) = nearest_whole(between(first, days), grant) {
                prop_assert!(grant.days().covers(nearest));
                prop_assert_eq!(nearest_whole(nearest, grant), None);
            }
        }
    }
}
