//! The days of the model: whole months of a year.

use chrono::NaiveDate;

/// The first and the last day.
pub(super) type Days = (NaiveDate, NaiveDate);

/// The year that most of it is about, over by [`today`].
pub(super) const YEAR: i32 = 2025;

/// The day on which everything is asked for.
pub(super) fn today() -> NaiveDate {
    day(2026, 2, 10)
}

pub(super) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// From the first day of a month to the last of another.
pub(super) fn months(year: i32, first: u32, last: u32) -> Days {
    let after = if last == 12 { day(year + 1, 1, 1) } else { day(year, last + 1, 1) };
    (day(year, first, 1), after.pred_opt().unwrap())
}

pub(super) fn covers(outer: Days, inner: Days) -> bool {
    outer.0 <= inner.0 && inner.1 <= outer.1
}

pub(super) fn overlap(one: Days, other: Days) -> bool {
    one.0 <= other.1 && other.0 <= one.1
}

/// True for a calendar month, quarter or half-year, or what days leave of one.
pub(super) fn is_whole(days: Days, within: Days, year: i32) -> bool {
    [1, 3, 6].into_iter().any(|length| {
        (0..12 / length).any(|number| {
            let whole = months(year, number * length + 1, (number + 1) * length);
            overlap(whole, within) && (whole.0.max(within.0), whole.1.min(within.1)) == days
        })
    })
}
