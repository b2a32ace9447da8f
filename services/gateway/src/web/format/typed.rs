//! What people type, read as the number or the day it stands for.

use super::MINUS;

/// Why something typed is no amount in kronor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotKronor {
    /// It is no number.
    Malformed,
    /// It is a number of something else.
    OtherCurrency,
}

/// Reads an amount a person typed in kronor, as öre: spaces between thousands,
/// comma or full stop before one or two digits of öre, `kr` after it or not.
///
/// # Errors
/// Why it is none.
pub fn parse_kronor(typed: &str) -> Result<i64, NotKronor> {
    let compact = compact(typed).to_lowercase().replace("kr.", "kr");
    let is_number = |character: char| character.is_ascii_digit() || "-,.".contains(character);
    let amount = compact.trim_matches(|character: char| !is_number(character));
    let around = compact.replacen(amount, " ", 1);
    if amount.is_empty() {
        return Err(NotKronor::Malformed);
    }
    if !["", "kr", "kronor", "sek"].contains(&around.trim()) {
        return Err(NotKronor::OtherCurrency);
    }
    parse_hundredths(amount).ok_or(NotKronor::Malformed)
}

/// Reads a number with at most two decimals, in hundredths: `6,25` is 625.
/// `None` when it is none.
#[must_use]
pub fn parse_hundredths(typed: &str) -> Option<i64> {
    let compact = compact(typed);
    let (sign, digits) = match compact.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, compact.as_str()),
    };
    let (whole, rest) = digits.split_once([',', '.']).unwrap_or((digits, "0"));
    let hundredths = match rest.len() {
        1 => only_digits(rest)?.checked_mul(10)?,
        2 => only_digits(rest)?,
        _ => return None,
    };
    only_digits(whole)?.checked_mul(100)?.checked_add(hundredths)?.checked_mul(sign)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        for (typed, ore) in [
            ("1 200,50", Ok(120_050)),
            ("1\u{a0}200", Ok(120_000)),
            ("1200.5", Ok(120_050)),
            ("1 234 kr", Ok(123_400)),
            ("1 234,50 KR.", Ok(123_450)),
            ("SEK 10", Ok(1_000)),
            ("10 kronor", Ok(1_000)),
            ("\u{2212}10", Ok(-1_000)),
            ("0", Ok(0)),
            ("12,345", Err(NotKronor::Malformed)),
            ("12,", Err(NotKronor::Malformed)),
            ("tolv", Err(NotKronor::Malformed)),
            ("kr", Err(NotKronor::Malformed)),
            ("", Err(NotKronor::Malformed)),
            ("-", Err(NotKronor::Malformed)),
            ("1e3", Err(NotKronor::Malformed)),
            ("99999999999999999999", Err(NotKronor::Malformed)),
            ("12 EUR", Err(NotKronor::OtherCurrency)),
            ("€ 12", Err(NotKronor::OtherCurrency)),
            ("12 tkr", Err(NotKronor::OtherCurrency)),
        ] {
            assert_eq!(parse_kronor(typed), ore, "{typed}");
        }
    }

    #[test]
    fn posts_have_two_decimals() {
        for (typed, hundredths) in
            [("6,25", Some(625)), ("6.5", Some(650)), ("15", Some(1500)), ("6,255", None)]
        {
            assert_eq!(parse_hundredths(typed), hundredths, "{typed}");
        }
    }

    #[test]
    fn half_a_person_is_not_read_as_a_number() {
        assert_eq!(parse_whole("12,5"), None);
        assert_eq!(parse_whole("1 200"), Some(1200));
        assert_eq!(parse_whole("-3"), Some(-3));
        assert_eq!(parse_whole(""), None);
    }
}
