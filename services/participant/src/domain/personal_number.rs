//! Personal numbers (personnummer) and coordination numbers
//! (samordningsnummer): twelve digits with a Luhn check digit over the last ten.
//!
//! A fault never carries the number, nor a part of it.

use std::fmt;

use chrono::{Datelike as _, NaiveDate};
use values::{Fault, number::luhn_check_digit};

/// What is added to the day of birth in a coordination number.
const COORDINATION: u32 = 60;

/// A checked number. Neither `Debug` nor `Display` shows it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PersonalNumber {
    digits: String,
    born: NaiveDate,
}

impl PersonalNumber {
    /// Reads `YYYYMMDDNNNN`, `YYYYMMDD-NNNN`, `YYMMDD-NNNN` or, from the year in
    /// which a person turns 100, `YYMMDD+NNNN`. Ten digits without century need
    /// today's date to be read.
    ///
    /// # Errors
    /// `PERSONAL_NUMBER_WRONG` with what is wrong as `what`: `form`, `interim` (a
    /// letter where the number should have a digit), `date`, `future` or
    /// `check_digit`.
    pub fn parse(field: &str, text: &str, today: NaiveDate) -> Result<Self, Fault> {
        read(text.trim(), today)
            .map_err(|what| Fault::new(field, "PERSONAL_NUMBER_WRONG").with("what", what.code()))
    }

    /// The twelve digits: for the record, never for a log or an error.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// The year of birth.
    #[must_use]
    pub fn birth_year(&self) -> i32 {
        self.born.year()
    }
}

impl fmt::Debug for PersonalNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PersonalNumber(hidden)")
    }
}

/// What is wrong with a number.
#[derive(Debug, Clone, Copy)]
enum Wrong {
    Form,
    Interim,
    Date,
    Future,
    CheckDigit,
}

impl Wrong {
    const fn code(self) -> &'static str {
        match self {
            Wrong::Form => "form",
            Wrong::Interim => "interim",
            Wrong::Date => "date",
            Wrong::Future => "future",
            Wrong::CheckDigit => "check_digit",
        }
    }
}

fn read(text: &str, today: NaiveDate) -> Result<PersonalNumber, Wrong> {
    let (day, plus, number) = divided(text)?;
    if !all_digits(day) {
        return Err(Wrong::Form);
    }
    let is_interim = number.starts_with(|first: char| first.is_ascii_alphabetic());
    if is_interim && all_digits(&number[1..]) {
        return Err(Wrong::Interim);
    }
    if !all_digits(number) {
        return Err(Wrong::Form);
    }
    let short = &day[day.len() - 6..];
    let born = match day.len() {
        8 => date(day)?,
        _ => latest(short, today.year() - if plus { 100 } else { 0 })?,
    };
    if born > today {
        return Err(Wrong::Future);
    }
    let checked = format!("{short}{}", &number[..3]);
    if number.as_bytes()[3] - b'0' != luhn_check_digit(&checked) {
        return Err(Wrong::CheckDigit);
    }
    Ok(PersonalNumber { digits: format!("{:04}{}{number}", born.year(), &short[2..]), born })
}

/// The day, whether a plus stands between, and the last four.
fn divided(text: &str) -> Result<(&str, bool, &str), Wrong> {
    if !text.is_ascii() {
        return Err(Wrong::Form);
    }
    let (day, plus, number) = match text.split_once(['-', '+']) {
        Some((day, number)) => (day, text.contains('+'), number),
        None if text.len() > 4 => {
            let (day, number) = text.split_at(text.len() - 4);
            (day, false, number)
        }
        None => return Err(Wrong::Form),
    };
    if !matches!(day.len(), 6 | 8) || number.len() != 4 || (plus && day.len() == 8) {
        return Err(Wrong::Form);
    }
    Ok((day, plus, number))
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The date of eight digits, whose day may be raised.
fn date(digits: &str) -> Result<NaiveDate, Wrong> {
    let part =
        |range: std::ops::Range<usize>| digits[range].parse::<u32>().map_err(|_| Wrong::Form);
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let day = if day > COORDINATION { day - COORDINATION } else { day };
    let year = i32::try_from(year).map_err(|_| Wrong::Date)?;
    NaiveDate::from_ymd_opt(year, month, day).ok_or(Wrong::Date)
}

/// The date of six digits, in the latest year of theirs up to the one given.
fn latest(digits: &str, until: i32) -> Result<NaiveDate, Wrong> {
    let two: i32 = digits[..2].parse().map_err(|_| Wrong::Form)?;
    let year = until - (until - two).rem_euclid(100);
    date(&format!("{year:04}{}", &digits[2..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 15).unwrap()
    }

    fn wrong(text: &str) -> String {
        let fault = PersonalNumber::parse("number", text, today()).unwrap_err();
        assert_eq!((fault.reason, fault.facts.len()), ("PERSONAL_NUMBER_WRONG", 1));
        fault.facts[0].1.clone()
    }

    // Skatteverket's official test numbers.
    #[test]
    fn every_way_of_writing_it_is_read() {
        for (text, digits) in [
            ("189001019802", "189001019802"),
            ("900101+9802", "189001019802"),
            ("19811228-9874", "198112289874"),
            ("811228-9874", "198112289874"),
            ("8112289874", "198112289874"),
            // A coordination number: the check digit is of the raised day.
            ("701063-2391", "197010632391"),
        ] {
            let read = PersonalNumber::parse("number", text, today()).unwrap();
            assert_eq!(read.digits(), digits, "{text}");
        }
        let number = PersonalNumber::parse("number", "701063-2391", today()).unwrap();
        assert_eq!(number.birth_year(), 1970);
        assert_eq!(format!("{number:?}"), "PersonalNumber(hidden)");
    }

    #[test]
    fn what_is_wrong_is_said_without_the_number() {
        for (text, what) in [
            ("", "form"),
            ("19811228", "form"),
            ("1981-12-28-9874", "form"),
            ("1981122898749", "form"),
            ("åäö228-9874", "form"),
            ("19811228-T874", "interim"),
            ("19811328-9874", "date"),
            ("20990101-2384", "future"),
            ("19811228-9875", "check_digit"),
        ] {
            assert_eq!(wrong(text), what, "{text}");
        }
    }
}
