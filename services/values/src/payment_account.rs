//! Where money is to be paid: a bankgiro or a plusgiro with its check digit, or
//! words of one's own.

use std::fmt;

use crate::{Fault, number::luhn_check_digit};

/// Where money is to be paid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaymentAccount {
    /// A bankgiro: seven or eight digits.
    Bankgiro(String),
    /// A plusgiro: two to eight digits.
    Plusgiro(String),
    /// A reference of one's own, or none.
    Own(String),
}

/// The words that tell what the number after them is.
const PREFIXES: [(&str, Giro); 4] = [
    ("bankgiro", Giro::Bankgiro),
    ("plusgiro", Giro::Plusgiro),
    ("bg", Giro::Bankgiro),
    ("pg", Giro::Plusgiro),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Giro {
    Bankgiro,
    Plusgiro,
}

impl PaymentAccount {
    /// Reads a number with or without a word before it: "BG 5050-1055",
    /// "bankgiro 5050-1055", "PG 28 65 43-4". Without the word a number is taken
    /// for one when it is written as one: `NNN-NNNN` or `NNNN-NNNN`, or in groups
    /// before a last digit. Everything else is a reference of one's own.
    ///
    /// # Errors
    /// `BANKGIRO_CHECK_DIGIT`, `PLUSGIRO_CHECK_DIGIT`, and `BANKGIRO_MALFORMED`,
    /// `PLUSGIRO_MALFORMED` when a number with the word before it has too few or
    /// too many digits; with the value as sent.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        let (named, rest) = match prefix(text) {
            Some((giro, rest)) => (Some(giro), rest),
            None => (None, text),
        };
        let is_number =
            rest.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, ' ' | '-'));
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        if !is_number || digits.is_empty() {
            return Ok(Self::Own(text.to_owned()));
        }
        let Some(giro) = named.or_else(|| written_as(rest)) else {
            return Ok(Self::Own(text.to_owned()));
        };
        giro.check(&digits).map_err(|reason| Fault::new(field, reason).with("value", text))?;
        Ok(match giro {
            Giro::Bankgiro => Self::Bankgiro(digits),
            Giro::Plusgiro => Self::Plusgiro(digits),
        })
    }
}

impl Giro {
    fn check(self, digits: &str) -> Result<(), &'static str> {
        let (lengths, malformed, check_digit) = match self {
            Giro::Bankgiro => (7..=8, "BANKGIRO_MALFORMED", "BANKGIRO_CHECK_DIGIT"),
            Giro::Plusgiro => (2..=8, "PLUSGIRO_MALFORMED", "PLUSGIRO_CHECK_DIGIT"),
        };
        if !lengths.contains(&digits.len()) {
            return Err(malformed);
        }
        let (body, last) = digits.split_at(digits.len() - 1);
        let is_right = last.as_bytes()[0] - b'0' == luhn_check_digit(body);
        if is_right { Ok(()) } else { Err(check_digit) }
    }
}

/// What the word before a number says it is, and the rest.
fn prefix(text: &str) -> Option<(Giro, &str)> {
    PREFIXES.into_iter().find_map(|(word, giro)| {
        let (head, rest) = text.split_at_checked(word.len())?;
        let is_word = head.eq_ignore_ascii_case(word);
        let rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == ':');
        is_word.then_some((giro, rest))
    })
}

/// What a number is by the way it is written.
fn written_as(text: &str) -> Option<Giro> {
    let (head, tail) = text.split_once('-')?;
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_grouped = head.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ');
    match (head.len(), tail.len()) {
        (3 | 4, 4) if is_digits(head) && is_digits(tail) => Some(Giro::Bankgiro),
        (1.., 1) if is_grouped && is_digits(tail) => Some(Giro::Plusgiro),
        _ => None,
    }
}

impl fmt::Display for PaymentAccount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bankgiro(digits) => {
                let (head, tail) = digits.split_at(digits.len() - 4);
                write!(formatter, "BG {head}-{tail}")
            }
            Self::Plusgiro(digits) => {
                let (head, tail) = digits.split_at(digits.len() - 1);
                let mut pairs: Vec<&str> = Vec::new();
                let mut rest = head;
                while !rest.is_empty() {
                    let (left, pair) = rest.split_at(rest.len().saturating_sub(2));
                    pairs.insert(0, pair);
                    rest = left;
                }
                write!(formatter, "PG {}-{tail}", pairs.join(" "))
            }
            Self::Own(text) => formatter.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<PaymentAccount, &'static str> {
        PaymentAccount::parse("payment_reference", text).map_err(|fault| fault.reason)
    }

    #[test]
    fn a_number_is_read_with_and_without_the_word_before_it() {
        let bankgiro = Ok(PaymentAccount::Bankgiro("50501055".to_owned()));
        for text in
            ["BG 5050-1055", "bg:5050-1055", "Bankgiro 5050 1055", "bg50501055", "5050-1055"]
        {
            assert_eq!(read(text), bankgiro, "{text}");
        }
        let plusgiro = Ok(PaymentAccount::Plusgiro("2865434".to_owned()));
        for text in ["PG 28 65 43-4", "PlusGiro: 286543-4", "pg2865434", "28 65 43-4"] {
            assert_eq!(read(text), plusgiro, "{text}");
        }
        assert_eq!(read("BG 5050-1055").unwrap().to_string(), "BG 5050-1055");
        assert_eq!(read("pg2865434").unwrap().to_string(), "PG 28 65 43-4");
    }

    #[test]
    fn a_wrong_check_digit_or_a_wrong_number_of_digits_is_refused() {
        for (text, reason) in [
            ("BG 5050-1056", "BANKGIRO_CHECK_DIGIT"),
            ("5050-1056", "BANKGIRO_CHECK_DIGIT"),
            ("Bankgiro 505-105", "BANKGIRO_MALFORMED"),
            ("bg 5050-10555", "BANKGIRO_MALFORMED"),
            ("PG 28 65 43-5", "PLUSGIRO_CHECK_DIGIT"),
            ("28 65 43-5", "PLUSGIRO_CHECK_DIGIT"),
            ("plusgiro 4", "PLUSGIRO_MALFORMED"),
            ("PG 28 65 43 21-4", "PLUSGIRO_MALFORMED"),
        ] {
            assert_eq!(read(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn a_reference_of_ones_own_stays_as_it_is() {
        for text in ["", "SYNT-0001", "Faktura 12", "12345678", "BG enligt avtal", "5050-105", "bg"]
        {
            assert_eq!(read(text), Ok(PaymentAccount::Own(text.to_owned())), "{text}");
        }
    }

    proptest! {
        #[test]
        fn of_ten_last_digits_one_is_right(body in "[0-9]{6,7}", digit in 0_u8..10) {
            let right = luhn_check_digit(&body) == digit;
            let bankgiro = read(&format!("BG {body}{digit}"));
            prop_assert_eq!(bankgiro.is_ok(), right);
            prop_assert_eq!(read(&format!("PG {body}{digit}")).is_ok(), right);
        }

        #[test]
        fn a_number_reads_back_as_it_is_written(body in "[0-9]{6,7}") {
            let digits = format!("{body}{}", luhn_check_digit(&body));
            for giro in ["BG", "PG"] {
                let account = read(&format!("{giro} {digits}")).unwrap();
                prop_assert_eq!(read(&account.to_string()), Ok(account));
            }
        }

        #[test]
        fn one_wrong_digit_is_always_found(body in "[0-9]{7}", place in 0_usize..8, by in 1_u8..10) {
            let mut digits = format!("{body}{}", luhn_check_digit(&body)).into_bytes();
            digits[place] = b'0' + (digits[place] - b'0' + by) % 10;
            let digits = String::from_utf8(digits).unwrap();
            prop_assert_eq!(read(&format!("BG {digits}")), Err("BANKGIRO_CHECK_DIGIT"));
        }

        #[test]
        fn whatever_is_sent_is_read_or_refused(text in "\\PC{0,40}") {
            let _ = read(&text);
        }
    }
}
