//! Numbers below a thousand in words.

use crate::domain::language::Language;

const SWEDISH: [&str; 20] = [
    "noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv",
    "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton",
];
const SWEDISH_TENS: [&str; 8] =
    ["tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio"];
const ENGLISH: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const ENGLISH_TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// A number in words; `None` for one, which is an article too, and from a
/// thousand.
#[must_use]
pub fn spell(number: i64, language: Language) -> Option<String> {
    let number = usize::try_from(number).ok().filter(|number| *number < 1000 && *number != 1)?;
    Some(match language {
        Language::Swedish => swedish(number),
        Language::English => english(number),
    })
}

fn swedish(number: usize) -> String {
    match (number / 100, number % 100) {
        (0, rest @ 0..20) => SWEDISH[rest].to_owned(),
        (0, rest) if rest % 10 == 0 => SWEDISH_TENS[rest / 10 - 2].to_owned(),
        (0, rest) => format!("{}{}", SWEDISH_TENS[rest / 10 - 2], SWEDISH[rest % 10]),
        (hundreds, 0) => format!("{}hundra", SWEDISH[hundreds]),
        (hundreds, rest) => format!("{}hundra{}", SWEDISH[hundreds], swedish(rest)),
    }
}

fn english(number: usize) -> String {
    match (number / 100, number % 100) {
        (0, rest @ 0..20) => ENGLISH[rest].to_owned(),
        (0, rest) if rest % 10 == 0 => ENGLISH_TENS[rest / 10 - 2].to_owned(),
        (0, rest) => format!("{}-{}", ENGLISH_TENS[rest / 10 - 2], ENGLISH[rest % 10]),
        (hundreds, 0) => format!("{} hundred", ENGLISH[hundreds]),
        (hundreds, rest) => format!("{} hundred and {}", ENGLISH[hundreds], english(rest)),
    }
}
