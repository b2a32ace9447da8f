//! Numbers given out by authorities: organisation numbers and SCB codes.

use std::fmt;

use crate::Fault;

/// A Swedish organisation number: ten digits, the third at least 2, the last a
/// Luhn check digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationNumber(String);

impl OrganisationNumber {
    /// Reads `NNNNNN-NNNN` or `NNNNNNNNNN`.
    ///
    /// # Errors
    /// `ORGANISATION_NUMBER_MALFORMED` (not ten digits, or third digit below 2)
    /// or `ORGANISATION_NUMBER_CHECK_DIGIT` with the digit it should end in. The
    /// value itself is left out of the fault: a number that fails may be a
    /// personal number that was put in the wrong place.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let digits: String = match text.split_once('-') {
            Some((head, tail)) if head.len() == 6 => format!("{head}{tail}"),
            _ => text.to_owned(),
        };
        let is_ten_digits = digits.len() == 10 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_ten_digits || digits.as_bytes()[2] < b'2' {
            return Err(Fault::new(field, "ORGANISATION_NUMBER_MALFORMED"));
        }
        let expected = luhn_check_digit(&digits[..9]);
        if digits.as_bytes()[9] - b'0' != expected {
            return Err(Fault::new(field, "ORGANISATION_NUMBER_CHECK_DIGIT"));
        }
        Ok(Self(digits))
    }

    /// The ten digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrganisationNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", &self.0[..6], &self.0[6..])
    }
}

/// The digit that makes a row of digits pass the Luhn check.
#[must_use]
pub fn luhn_check_digit(digits: &str) -> u8 {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(position, byte)| {
            let digit = u32::from(byte - b'0');
            if position % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit }
        })
        .sum();
    u8::try_from((10 - sum % 10) % 10).expect("below ten")
}

/// SCB's code of a municipality: four digits, leading zero kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScbCode(String);

impl ScbCode {
    /// Checks the form.
    ///
    /// # Errors
    /// `SCB_CODE_MALFORMED` with the value as sent.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Fault::new(field, "SCB_CODE_MALFORMED").with("value", text))
        }
    }

    /// The four digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_organisation_number_is_read_with_and_without_hyphen() {
        for text in ["202100-5489", "2021005489"] {
            assert_eq!(OrganisationNumber::parse("n", text).unwrap().to_string(), "202100-5489");
        }
    }

    #[test]
    fn every_other_check_digit_is_refused() {
        for digit in (0..10).filter(|digit| *digit != 9) {
            let fault = OrganisationNumber::parse("n", &format!("202100-548{digit}")).unwrap_err();
            assert_eq!(fault.reason, "ORGANISATION_NUMBER_CHECK_DIGIT");
        }
    }

    #[test]
    fn a_number_of_another_form_is_refused() {
        for text in ["", "19121212-1212", "121212-1212", "20210-05489", "2021O05489", "２021005489"]
        {
            let fault = OrganisationNumber::parse("n", text).unwrap_err();
            assert_eq!(fault.reason, "ORGANISATION_NUMBER_MALFORMED", "{text}");
            assert!(fault.facts.is_empty(), "the value may be a personal number");
        }
    }

    #[test]
    fn a_leading_zero_of_a_municipality_is_kept() {
        assert_eq!(ScbCode::parse("c", "0484").unwrap().as_str(), "0484");
        assert!(ScbCode::parse("c", "484").is_err());
    }
}
