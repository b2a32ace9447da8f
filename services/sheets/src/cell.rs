//! What one cell means: texts, whole numbers, dates and codes. Amounts have a
//! file of their own.
//!
//! Only the writing is checked here. What the values may be is the services'
//! rule and stands there alone: a negative amount is read without complaint and
//! refused by finance.

use chrono::{Datelike as _, NaiveDate};
use proto::Date;
use values::Fault;

use crate::value::{Value, digits};

/// Reads a text. Every id, code and name is one, also where it has digits only:
/// of a number nobody can tell how many zeros stood before it.
///
/// # Errors
/// `CELL_NOT_TEXT` for a number, a date or a truth value.
pub fn text(value: &Value) -> Result<&str, Fault> {
    match value {
        Value::Text(text) => Ok(text),
        Value::Number(_)
        | Value::Percentage(_)
        | Value::Currency(..)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Boolean(_) => Err(Fault::new("", "CELL_NOT_TEXT")),
    }
}

/// Reads a whole number.
///
/// # Errors
/// `NUMBER_NOT_WHOLE` for one with decimals, such as 12,5 people;
/// `NUMBER_MALFORMED` for what is no number, or one too large to keep.
pub fn whole_number(value: &Value) -> Result<i64, Fault> {
    match value {
        Value::Text(text) => whole(text, text),
        Value::Number(number) => whole(&digits(*number), &value.text()),
        Value::Percentage(_)
        | Value::Currency(..)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Boolean(_) => {
            Err(Fault::new("", "NUMBER_MALFORMED").with("value", shown(&value.text())))
        }
    }
}

/// Reads a whole percentage, `80` or `80 %`. A workbook's cell that shows 80 %
/// holds 0.8.
///
/// # Errors
/// The same as for a whole number.
pub fn percent(value: &Value) -> Result<i32, Fault> {
    let written = value.text();
    let number = match value {
        Value::Text(text) => whole(text.strip_suffix('%').unwrap_or(text).trim_end(), text)?,
        Value::Percentage(part) => whole(&digits(part * 100.0), &written)?,
        Value::Number(_)
        | Value::Currency(..)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Boolean(_) => whole_number(value)?,
    };
    let malformed = |_| Fault::new("", "NUMBER_MALFORMED").with("value", shown(&written));
    i32::try_from(number).map_err(malformed)
}

fn whole(digits: &str, written: &str) -> Result<i64, Fault> {
    let malformed = || Fault::new("", "NUMBER_MALFORMED").with("value", shown(written));
    let (is_negative, number) = signed(digits);
    let parts = number.split_once([',', '.']);
    if parts.is_some_and(|(whole, decimals)| is_digits(whole) && is_digits(decimals)) {
        return Err(Fault::new("", "NUMBER_NOT_WHOLE").with("value", shown(written)));
    }
    if !is_digits(number) {
        return Err(malformed());
    }
    let read: i64 = number.parse().map_err(|_| malformed())?;
    Ok(if is_negative { -read } else { read })
}

/// Reads a date: a workbook's own, or one written `2025-06-30`.
///
/// # Errors
/// `DATE_MALFORMED`, also for a day that is not in the calendar.
pub fn date(value: &Value) -> Result<Date, Fault> {
    let read = match value {
        Value::Date(date) => Some(*date),
        Value::Text(text) => iso_date(text),
        Value::Number(_)
        | Value::Percentage(_)
        | Value::Currency(..)
        | Value::Time(_)
        | Value::Boolean(_) => None,
    };
    let malformed = || Fault::new("", "DATE_MALFORMED").with("value", shown(&value.text()));
    let date = read.ok_or_else(malformed)?;
    let small = |number: u32| i32::try_from(number).expect("a month or a day");
    Ok(Date { year: date.year(), month: small(date.month()), day: small(date.day()) })
}

/// Reads `2025-06-30`.
pub fn iso_date(text: &str) -> Option<NaiveDate> {
    let is_iso = text.len() == 10
        && text.bytes().enumerate().all(|(position, byte)| match position {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let read = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    read.filter(|date| is_iso && date.year() >= 1)
}

/// Reads one of a few words.
///
/// # Errors
/// `CODE_UNKNOWN`, with the words allowed.
pub fn code<T: Copy>(value: &Value, allowed: &[(&str, T)]) -> Result<T, Fault> {
    let text = value.text();
    let found = allowed.iter().find(|(word, _)| *word == text);
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let words: Vec<&str> = allowed.iter().map(|(word, _)| *word).collect();
        Fault::new("", "CODE_UNKNOWN").with("value", shown(&text)).with("allowed", words.join(", "))
    })
}

/// Reads yes or no, in either language and as spreadsheets write them.
///
/// # Errors
/// `CODE_UNKNOWN`, with the words allowed.
pub fn yes_or_no(value: &Value) -> Result<bool, Fault> {
    const WORDS: [(&str, bool); 8] = [
        ("yes", true),
        ("no", false),
        ("ja", true),
        ("nej", false),
        ("true", true),
        ("false", false),
        ("sant", true),
        ("falskt", false),
    ];
    let lower = Value::Text(value.text().to_lowercase());
    code(&lower, &WORDS).map_err(|_| {
        Fault::new("", "CODE_UNKNOWN")
            .with("value", shown(&value.text()))
            .with("allowed", "yes, no, ja, nej")
    })
}

/// What may be shown of a cell. One that has a personal number in it, put
/// there by mistake, must not reach a terminal or a log: anything with ten
/// digits in a row is left out, or with the letter of an interim number in
/// their midst, whatever stands between them that is neither.
pub fn shown(text: &str) -> String {
    let (mut digits_in_a_row, mut before_letter) = (0, None);
    for character in text.chars() {
        if character.is_numeric() {
            digits_in_a_row += 1;
        } else if character.is_alphabetic() {
            before_letter = Some(digits_in_a_row).filter(|digits| *digits >= 6);
            digits_in_a_row = 0;
        }
        if digits_in_a_row >= 10 || (digits_in_a_row >= 3 && before_letter.is_some()) {
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
pub fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-').or_else(|| text.strip_prefix('\u{2212}')) {
        Some(number) => (true, number),
        None => (false, text),
    }
}

/// True for digits alone.
pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
