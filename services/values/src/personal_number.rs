//! Personal numbers within a text. Reports and requisitions are about figures and money,
//! never about a person: a text that names one is not taken in, and what refuses it never
//! repeats it.

use chrono::NaiveDate;

use crate::{Fault, Faults, number::luhn_check_digit};

/// What is added to the day of birth in a coordination number.
const COORDINATION: u32 = 60;

/// Checks a text that somebody wrote.
///
/// # Errors
/// `PERSONAL_NUMBER_IN_TEXT` for the field named, with the place of the number's first
/// digit in characters from 1, for each number.
pub fn check(field: &str, text: &str) -> Result<(), Faults> {
    let mut faults = Faults::new();
    for place in find(text) {
        faults.push(Fault::new(field, "PERSONAL_NUMBER_IN_TEXT").with("place", place));
    }
    faults.into_result(|| Some(()))
}

/// Where personal and coordination numbers begin, in characters from 1: ten or twelve
/// digits with a date that exists and the right check digit, written together or with
/// a sign or a space before the last four.
#[must_use]
pub fn find(text: &str) -> Vec<usize> {
    let characters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        if !characters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let (first, end) = digits(&characters, at);
        let (second, second_end) = match characters.get(end) {
            Some(sign) if is_separator(*sign) => digits(&characters, end + 1),
            Some(_) | None => (String::new(), end),
        };
        let is_split = matches!(first.len(), 6 | 8) && second.len() == 4;
        if is_split && is_number(&format!("{first}{second}")) {
            found.push(at + 1);
            at = second_end;
            continue;
        }
        if is_number(&first) {
            found.push(at + 1);
        }
        at = end;
    }
    found
}

/// The digits from a place on, and where they end.
fn digits(characters: &[char], from: usize) -> (String, usize) {
    let digits: String =
        characters.iter().skip(from).take_while(|character| character.is_ascii_digit()).collect();
    let end = from + digits.len();
    (digits, end)
}

fn is_separator(character: char) -> bool {
    matches!(character, '-' | '+' | ' ' | '\u{a0}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn is_number(digits: &str) -> bool {
    let short = match digits.len() {
        10 => digits,
        12 => &digits[2..],
        _ => return false,
    };
    let part = |range: std::ops::Range<usize>| short[range].parse::<u32>().unwrap_or_default();
    let (month, day) = (part(2..4), part(4..6));
    let day = if day > COORDINATION { day - COORDINATION } else { day };
    let exists = |century: u32| {
        let year = i32::try_from(century * 100 + part(0..2)).unwrap_or_default();
        NaiveDate::from_ymd_opt(year, month, day).is_some()
    };
    // Ten digits leave the century open: 29 February is a day of one of them or none.
    let has_date = match digits.len() {
        12 => {
            let century = digits[..2].parse().unwrap_or_default();
            (18..=20).contains(&century) && exists(century)
        }
        _ => exists(19) || exists(20),
    };
    let check_digit = digits.as_bytes().last().map(|digit| digit - b'0');
    has_date && check_digit == Some(luhn_check_digit(&short[..9]))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Test numbers of the tax agency, which nobody has.
    const NUMBER: &str = "189001019802";

    #[test]
    fn a_number_is_found_however_it_is_written_and_told_by_its_place_alone() {
        for text in [
            "189001019802",
            "18900101-9802",
            "900101-9802",
            "900101+9802",
            "9001019802",
            "900101 9802",
            "900101–9802",
        ] {
            assert_eq!(find(text), [1], "{text}");
            assert_eq!(find(&format!("Åsa, {text}.")), [6], "{text}");
        }
        let faults = check("text", &format!("ett {NUMBER}, två {NUMBER}")).unwrap_err().into_vec();
        assert_eq!(faults.len(), 2);
        assert_eq!(faults[0].facts, [("place", "5".to_owned())]);
        assert!(!format!("{faults:?}").contains("9802"));
    }

    #[test]
    fn a_coordination_number_is_one_too() {
        assert_eq!(find("701063-2391"), [1]);
    }

    #[test]
    fn other_numbers_are_none() {
        for text in [
            "",
            "2025-06-30",
            "900101-9803",
            "901301-9802",
            "900132-9802",
            "202100-5489",
            "1890010198020",
            "90010-19802",
            "13 841 tkr av 5 873 tkr",
        ] {
            assert_eq!(find(text), Vec::<usize>::new(), "{text}");
        }
    }
}
