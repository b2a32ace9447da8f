//! Numbers, amounts and dates as Swedish offices write them (sv-SE), in both
//! languages of the pages: the documents they are compared with are Swedish.
//!
//! Architecture invariant: nothing is computed here but the rounding of a
//! shown amount to whole tkr.

use chrono::{DateTime, SecondsFormat, Utc};
use platform::clock::{day_in_sweden, time_in_sweden};
use proto::{Date, common};
use values::{Ore, share};

mod typed;

pub use typed::{NotKronor, parse_date, parse_hundredths, parse_kronor, parse_whole};

/// Keeps a number together when the line breaks.
pub const NO_BREAK_SPACE: char = '\u{a0}';
const MINUS: char = '\u{2212}';
const ORE_PER_TKR: i64 = 100_000;
const ORE_PER_KRONA: u64 = 100;

/// A whole number: `13 841`.
#[must_use]
pub fn whole(number: i64) -> String {
    let sign = if number < 0 { MINUS.to_string() } else { String::new() };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

/// A difference, with its sign: `+1`.
#[must_use]
pub fn signed(number: i64) -> String {
    if number > 0 { format!("+{}", whole(number)) } else { whole(number) }
}

/// An amount in whole thousands of kronor, half rounded up: `13 841`.
#[must_use]
pub fn tkr(ore: i64) -> String {
    let rounded = share::pro_rata(Ore::new(ore), 1, ORE_PER_TKR);
    whole(rounded.map_or(ore / ORE_PER_TKR, Ore::get))
}

/// An exact amount: `1 200,50 kr`.
#[must_use]
pub fn kronor(ore: i64) -> String {
    format!("{}{NO_BREAK_SPACE}kr", exact(ore))
}

/// An exact amount under a heading that says it is in kronor: `1 200,50`.
#[must_use]
pub fn exact(ore: i64) -> String {
    let sign = if ore < 0 { MINUS.to_string() } else { String::new() };
    let (whole_kronor, rest) =
        (ore.unsigned_abs() / ORE_PER_KRONA, ore.unsigned_abs() % ORE_PER_KRONA);
    format!("{sign}{},{rest:02}", grouped(whole_kronor))
}

/// Full-time posts, from percent of one: 1575 is `15,75`.
#[must_use]
pub fn posts(percent: i32) -> String {
    exact(i64::from(percent))
}

/// An answer in halves: 17 is `8,5`.
#[must_use]
pub fn halves(halves: i32) -> String {
    let half = if halves % 2 == 0 { "" } else { ",5" };
    format!("{}{half}", halves / 2)
}

/// A share in tenths of a percent: 125 is `12,5 %`.
#[must_use]
pub fn permille(share: i32) -> String {
    let sign = if share < 0 { MINUS.to_string() } else { String::new() };
    let tenths = u64::from(share.unsigned_abs());
    format!("{sign}{},{}{NO_BREAK_SPACE}%", grouped(tenths / 10), tenths % 10)
}

/// A share: `42 %`.
#[must_use]
pub fn percent(share: i32) -> String {
    format!("{}{NO_BREAK_SPACE}%", whole(i64::from(share)))
}

/// The size of a file: `17 kB`, rounded up.
#[must_use]
pub fn bytes(size: i64) -> String {
    let kilobytes = size.saturating_add(999) / 1000;
    format!("{}{NO_BREAK_SPACE}kB", whole(kilobytes))
}

/// A date: `2025-06-30`; empty when there is none.
#[must_use]
pub fn date(date: Option<&Date>) -> String {
    date.map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day))
        .unwrap_or_default()
}

/// A span of days: `2025-01-01 – 2025-06-30`.
#[must_use]
pub fn period(period: Option<&common::Period>) -> String {
    let Some(period) = period else {
        return String::new();
    };
    let (first, last) = (date(period.first_day.as_ref()), date(period.last_day.as_ref()));
    format!("{first}{NO_BREAK_SPACE}– {last}")
}

/// The day in Sweden of an instant: `2025-07-01`.
#[must_use]
pub fn day(instant: Option<DateTime<Utc>>) -> String {
    instant.map(|instant| day_in_sweden(instant).to_string()).unwrap_or_default()
}

/// The minute in Sweden of an instant: `2025-07-01 14:05`.
#[must_use]
pub fn minute(instant: Option<DateTime<Utc>>) -> String {
    let minute = |instant| time_in_sweden(instant).format("%Y-%m-%d %H:%M").to_string();
    instant.map(minute).unwrap_or_default()
}

/// An instant for machines: `2025-07-01T12:05:00Z`.
#[must_use]
pub fn machine_time(instant: Option<DateTime<Utc>>) -> String {
    instant.map(|instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default()
}

/// An organisation number: `212000-1926`.
#[must_use]
pub fn organisation_number(digits: &str) -> String {
    match digits.split_at_checked(6) {
        Some((head, tail)) if tail.len() == 4 => format!("{head}-{tail}"),
        _ => digits.to_owned(),
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(NO_BREAK_SPACE);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart_by_a_space_that_does_not_break() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1\u{a0}000"),
            (13_841, "13\u{a0}841"),
            (-2_095, "\u{2212}2\u{a0}095"),
            (1_234_567, "1\u{a0}234\u{a0}567"),
            (i64::MIN, "\u{2212}9\u{a0}223\u{a0}372\u{a0}036\u{a0}854\u{a0}775\u{a0}808"),
        ] {
            assert_eq!(whole(number), text);
        }
        assert_eq!(
            (signed(1), signed(-1), signed(0)),
            ("+1".into(), "\u{2212}1".into(), "0".into())
        );
    }

    #[test]
    fn tkr_are_rounded_half_up() {
        assert_eq!(tkr(1_384_100_000), "13\u{a0}841");
        assert_eq!(tkr(49_999), "0");
        assert_eq!(tkr(50_000), "1");
        assert_eq!(tkr(-32_400_000), "\u{2212}324");
    }

    #[test]
    fn exact_amounts_show_their_ore() {
        assert_eq!(kronor(120_050), "1\u{a0}200,50\u{a0}kr");
        assert_eq!(kronor(-5), "\u{2212}0,05\u{a0}kr");
        assert_eq!(exact(-120_050), "\u{2212}1\u{a0}200,50");
        assert_eq!((posts(1575), posts(650)), ("15,75".into(), "6,50".into()));
        assert_eq!((halves(17), halves(20)), ("8,5".into(), "10".into()));
        assert_eq!((percent(42), permille(125)), ("42\u{a0}%".into(), "12,5\u{a0}%".into()));
        assert_eq!(organisation_number("2120001926"), "212000-1926");
    }

    #[test]
    fn dates_are_iso() {
        let date = Date { year: 2025, month: 6, day: 30 };
        assert_eq!(super::date(Some(&date)), "2025-06-30");
        let instant = "2025-07-01T12:05:59Z".parse().ok();
        assert_eq!(
            (day(instant), minute(instant)),
            ("2025-07-01".into(), "2025-07-01 14:05".into())
        );
        assert!(parse_date("2025-02-29").is_none());
        assert!(parse_date("2025-02-28").is_some());
    }
}
