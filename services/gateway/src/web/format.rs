//! Numbers, amounts and dates as Swedish offices write them (sv-SE), in both
//! languages of the pages: the documents they are compared with are Swedish.
//!
//! Architecture invariant: nothing is computed here but the rounding of a
//! shown amount to whole tkr.

use chrono::{DateTime, SecondsFormat, Utc};
use platform::clock::day_in_sweden;
use proto::{Date, common};
use values::{Ore, share};

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
    let sign = if ore < 0 { MINUS.to_string() } else { String::new() };
    let (whole_kronor, rest) =
        (ore.unsigned_abs() / ORE_PER_KRONA, ore.unsigned_abs() % ORE_PER_KRONA);
    format!("{sign}{},{rest:02}{NO_BREAK_SPACE}kr", grouped(whole_kronor))
}

/// A share: `42 %`.
#[must_use]
pub fn percent(share: i32) -> String {
    format!("{}{NO_BREAK_SPACE}%", whole(i64::from(share)))
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

/// Reads an amount a person typed in kronor: spaces between thousands, comma or
/// full stop before one or two digits of öre. `None` when it is no amount.
#[must_use]
pub fn parse_kronor(typed: &str) -> Option<i64> {
    let compact = compact(typed);
    let (sign, digits) = match compact.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, compact.as_str()),
    };
    let (kronor, ore) = digits.split_once([',', '.']).unwrap_or((digits, "0"));
    let ore = match ore.len() {
        1 => only_digits(ore)?.checked_mul(10)?,
        2 => only_digits(ore)?,
        _ => return None,
    };
    only_digits(kronor)?.checked_mul(100)?.checked_add(ore)?.checked_mul(sign)
}

/// Reads a whole number a person typed. `None` when it is none.
#[must_use]
pub fn parse_whole(typed: &str) -> Option<i64> {
    let compact = compact(typed);
    match compact.strip_prefix('-') {
        Some(digits) => only_digits(digits)?.checked_neg(),
        None => only_digits(&compact),
    }
}

/// Reads a date a person typed or picked: `2025-06-30`. `None` when it is no
/// day of the calendar.
#[must_use]
pub fn parse_date(typed: &str) -> Option<chrono::NaiveDate> {
    typed.trim().parse().ok()
}

fn compact(typed: &str) -> String {
    typed
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect::<String>()
        .replace(MINUS, "-")
}

fn only_digits(text: &str) -> Option<i64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
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
        assert_eq!(percent(42), "42\u{a0}%");
        assert_eq!(organisation_number("2120001926"), "212000-1926");
    }

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        for (typed, ore) in [
            ("1 200,50", Some(120_050)),
            ("1\u{a0}200", Some(120_000)),
            ("1200.5", Some(120_050)),
            ("\u{2212}10", Some(-1_000)),
            ("0", Some(0)),
            ("12,345", None),
            ("12,", None),
            ("tolv", None),
            ("", None),
            ("-", None),
            ("1e3", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(parse_kronor(typed), ore, "{typed}");
        }
    }

    #[test]
    fn half_a_person_is_not_read_as_a_number() {
        assert_eq!(parse_whole("12,5"), None);
        assert_eq!(parse_whole("1 200"), Some(1200));
        assert_eq!(parse_whole("-3"), Some(-3));
        assert_eq!(parse_whole(""), None);
    }

    #[test]
    fn dates_are_iso() {
        let date = Date { year: 2025, month: 6, day: 30 };
        assert_eq!(super::date(Some(&date)), "2025-06-30");
        assert!(parse_date("2025-02-29").is_none());
        assert!(parse_date("2025-02-28").is_some());
    }
}
