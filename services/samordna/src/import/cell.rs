//! What the text of one cell means: amounts, whole numbers, dates and codes.
//!
//! Only the writing is checked here. What the values may be is the services'
//! rule and stands there alone: a negative amount is read without complaint and
//! refused by finance.

use chrono::{Datelike as _, NaiveDate};
use proto::Date;
use values::Fault;

/// Reads kronor with at most two decimals after a comma, `1550000` or
/// `1550000,50`, as öre.
///
/// # Errors
/// `AMOUNT_MALFORMED`, also for an amount too large to keep.
pub(super) fn amount_ore(text: &str) -> Result<i64, Fault> {
    let malformed = || Fault::new("", "AMOUNT_MALFORMED").with("value", shown(text));
    let (is_negative, number) = signed(text);
    let (kronor, decimals) = number.split_once(',').unwrap_or((number, "0"));
    if !is_digits(kronor) || !is_digits(decimals) || decimals.len() > 2 {
        return Err(malformed());
    }
    let ore_text = format!("{kronor}{decimals:0<2}");
    let ore: i64 = ore_text.parse().map_err(|_| malformed())?;
    Ok(if is_negative { -ore } else { ore })
}

/// Reads a whole number.
///
/// # Errors
/// `NUMBER_NOT_WHOLE` for one with decimals, such as 12,5 people;
/// `NUMBER_MALFORMED` for what is no number, or one too large to keep.
pub(super) fn whole_number(text: &str) -> Result<i64, Fault> {
    let malformed = || Fault::new("", "NUMBER_MALFORMED").with("value", shown(text));
    let (is_negative, number) = signed(text);
    let parts = number.split_once([',', '.']);
    if parts.is_some_and(|(whole, decimals)| is_digits(whole) && is_digits(decimals)) {
        return Err(Fault::new("", "NUMBER_NOT_WHOLE").with("value", shown(text)));
    }
    if !is_digits(number) {
        return Err(malformed());
    }
    let read: i64 = number.parse().map_err(|_| malformed())?;
    Ok(if is_negative { -read } else { read })
}

/// Reads a date written `2025-06-30`.
///
/// # Errors
/// `DATE_MALFORMED`, also for a day that is not in the calendar.
pub(super) fn date(text: &str) -> Result<Date, Fault> {
    let is_iso = text.len() == 10
        && text.bytes().enumerate().all(|(position, byte)| match position {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let read = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let read = read.filter(|date| is_iso && date.year() >= 1);
    let date = read.ok_or_else(|| Fault::new("", "DATE_MALFORMED").with("value", shown(text)))?;
    let small = |number: u32| i32::try_from(number).expect("a month or a day");
    Ok(Date { year: date.year(), month: small(date.month()), day: small(date.day()) })
}

/// Reads one of a few words.
///
/// # Errors
/// `CODE_UNKNOWN`, with the words allowed.
pub(super) fn code<T: Copy>(text: &str, allowed: &[(&str, T)]) -> Result<T, Fault> {
    let found = allowed.iter().find(|(word, _)| *word == text);
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let words: Vec<&str> = allowed.iter().map(|(word, _)| *word).collect();
        Fault::new("", "CODE_UNKNOWN").with("value", shown(text)).with("allowed", words.join(", "))
    })
}

/// What may be shown of a cell. One that has a personal number in it, put
/// there by mistake, must not reach a terminal or a log: anything with ten
/// digits in a row, hyphens aside, is left out.
pub(super) fn shown(text: &str) -> String {
    let mut digits_in_a_row = 0;
    for character in text.chars() {
        match character {
            '-' | '+' | ' ' => {}
            _ if character.is_numeric() => digits_in_a_row += 1,
            _ => digits_in_a_row = 0,
        }
        if digits_in_a_row >= 10 {
            return "…".to_owned();
        }
    }
    if text.chars().count() > LONGEST_SHOWN {
        let beginning: String = text.chars().take(LONGEST_SHOWN).collect();
        return format!("{beginning}…");
    }
    text.to_owned()
}

const LONGEST_SHOWN: usize = 60;

/// Spreadsheets in a Swedish setting write the mathematical minus sign.
fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-').or_else(|| text.strip_prefix('\u{2212}')) {
        Some(number) => (true, number),
        None => (false, text),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn kronor_are_read_as_ore() {
        for (text, ore) in [
            ("1550000", 155_000_000),
            ("1550000,5", 155_000_050),
            ("1550000,50", 155_000_050),
            ("0,01", 1),
            ("-0,05", -5),
            ("-100", -10_000),
            ("\u{2212}100", -10_000),
        ] {
            assert_eq!(amount_ore(text), Ok(ore), "{text}");
        }
    }

    #[test]
    fn an_amount_written_in_another_way_is_refused() {
        for text in [
            "",
            "-",
            ",",
            ",5",
            "5,",
            "1,234",
            "1.50",
            "1 550 000",
            "1\u{a0}550",
            "--1",
            "1-",
            "+1",
            "1e3",
            "kr 5",
            "5,-1",
            "99999999999999999999",
            "٣",
        ] {
            assert_eq!(amount_ore(text).unwrap_err().reason, "AMOUNT_MALFORMED", "{text}");
        }
    }

    #[test]
    fn half_a_person_is_told_apart_from_what_is_no_number() {
        assert_eq!(whole_number("12"), Ok(12));
        assert_eq!(whole_number("-3"), Ok(-3));
        for text in ["12,5", "12.5", "-0,5", "12,0"] {
            assert_eq!(whole_number(text).unwrap_err().reason, "NUMBER_NOT_WHOLE", "{text}");
        }
        for text in ["", "tolv", "1 000", "+1", "99999999999999999999", "1,2,3", ","] {
            assert_eq!(whole_number(text).unwrap_err().reason, "NUMBER_MALFORMED", "{text}");
        }
    }

    #[test]
    fn a_date_is_written_in_one_way() {
        assert_eq!(date("2025-06-30"), Ok(Date { year: 2025, month: 6, day: 30 }));
        for text in [
            "",
            "2025-6-30",
            "2025-02-29",
            "20250630",
            "30/6 2025",
            "0000-01-01",
            "+025-01-01",
            "2025-06-31",
            "2025‐06‐30",
        ] {
            assert_eq!(date(text).unwrap_err().reason, "DATE_MALFORMED", "{text}");
        }
    }

    #[test]
    fn an_unknown_code_is_answered_with_the_ones_allowed() {
        let allowed = [("yes", true), ("no", false)];
        assert_eq!(code("no", &allowed), Ok(false));
        let fault = code("ja", &allowed).unwrap_err();
        assert_eq!(fault.facts, [("value", "ja".to_owned()), ("allowed", "yes, no".to_owned())]);
    }

    #[test]
    fn what_may_be_a_personal_number_is_not_shown() {
        for text in
            ["191212121212", "121212-1212", "121212+1212", "1912-12-12 1212", "nr 1212121212"]
        {
            assert_eq!(shown(text), "…", "{text}");
        }
        assert_eq!(shown("2025-06-31"), "2025-06-31");
        assert_eq!(shown(&"x".repeat(70)).chars().count(), 61);
    }

    proptest! {
        #[test]
        fn no_text_makes_a_reader_panic(text in ".*") {
            let _ = (amount_ore(&text), whole_number(&text), date(&text), shown(&text));
        }

        #[test]
        fn an_amount_reads_back_as_it_was_written(ore in 0..i64::MAX) {
            prop_assert_eq!(amount_ore(&format!("{},{:02}", ore / 100, ore % 100)), Ok(ore));
        }
    }
}
