//! One word that says a number from its beginning to its end: *tjugotvå*,
//! *tredjedel*, *hundratals*.

use std::sync::LazyLock;

use crate::domain::language::Language;

/// What a single word says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Cardinal,
    Ordinal,
    /// *tiotal*, *hundratals*.
    About,
    /// *tredjedel*.
    Part,
    /// *treårig*.
    Compound,
}

/// Reads one word that says a number from its beginning to its end.
pub(super) fn single(word: &str, language: Language) -> Option<(i64, Form)> {
    if word == "sex" && language == Language::English {
        return None;
    }
    let mut values = Vec::new();
    let mut rest = word;
    loop {
        if let Some((value, form)) = last(rest) {
            values.push(value);
            return Some((evaluate(&values)?, form));
        }
        if !values.is_empty()
            && let Some(form) = ending(rest)
        {
            return Some((evaluate(&values)?, form));
        }
        let (text, value) = longest_prefix(rest)?;
        values.push(value);
        rest = &rest[text.len()..];
        if rest.is_empty() {
            return Some((evaluate(&values)?, Form::Cardinal));
        }
    }
}

/// An ordinal to the end of the word, alone or before *del*.
fn last(rest: &str) -> Option<(i64, Form)> {
    let fits = |entry: &&(&str, i64)| rest.starts_with(entry.0);
    BEGINNINGS.ordinals(rest).iter().filter(fits).find_map(|(text, value)| {
        match &rest[text.len()..] {
            "" if !ONLY_BEFORE_PART.contains(text) => Some((*value, Form::Ordinal)),
            "del" | "delar" | "delen" | "delarna" | "dels" => Some((*value, Form::Part)),
            _ => None,
        }
    })
}

fn ending(rest: &str) -> Option<Form> {
    match rest {
        "tal" | "tals" | "talet" => Some(Form::About),
        _ if ENDINGS.contains(&rest) => Some(Form::Compound),
        _ => None,
    }
}

fn longest_prefix(rest: &str) -> Option<(&'static str, i64)> {
    let fits = |entry: &&(&str, i64)| rest.starts_with(entry.0);
    BEGINNINGS.cardinals(rest).iter().filter(fits).max_by_key(|(text, _)| text.len()).copied()
}

/// The words by their first byte, which tells most words of a text at once that
/// they are no number.
struct Beginnings {
    cardinals: Vec<Vec<(&'static str, i64)>>,
    ordinals: Vec<Vec<(&'static str, i64)>>,
}

static BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| Beginnings {
    cardinals: by_first_byte(&CARDINALS),
    ordinals: by_first_byte(&ORDINALS),
});

impl Beginnings {
    fn cardinals(&self, word: &str) -> &[(&'static str, i64)] {
        word.bytes().next().map_or(&[], |first| &self.cardinals[usize::from(first)])
    }

    fn ordinals(&self, word: &str) -> &[(&'static str, i64)] {
        word.bytes().next().map_or(&[], |first| &self.ordinals[usize::from(first)])
    }
}

fn by_first_byte(words: &[(&'static str, i64)]) -> Vec<Vec<(&'static str, i64)>> {
    let mut by_first_byte = vec![Vec::new(); 256];
    for word in words {
        let first = word.0.bytes().next().expect("no word is empty");
        by_first_byte[usize::from(first)].push(*word);
    }
    by_first_byte
}

/// What parts of a number come to: hundreds times what stands before, tens and
/// then ones. `None` when they are not one number.
pub(super) fn evaluate(values: &[i64]) -> Option<i64> {
    let (mut total, mut current, mut room, mut scale) = (0, 0, 100, i64::MAX);
    for value in values {
        if *value >= 1000 {
            if *value >= scale {
                return None;
            }
            scale = *value;
            total += i64::max(current, 1) * value;
            (current, room) = (0, 100);
        } else if *value == 100 {
            if current >= 100 {
                return None;
            }
            current = i64::max(current, 1) * 100;
            room = 100;
        } else if *value < room && (*value > 0 || values.len() == 1) {
            current += value;
            room = if *value >= 20 { 10 } else { 0 };
        } else {
            return None;
        }
    }
    Some(total + current)
}

/// The words that numbers are made of. The longest that fits is taken first.
const CARDINALS: [(&str, i64); 66] = [
    ("noll", 0),
    ("zero", 0),
    ("ett", 1),
    ("en", 1),
    ("one", 1),
    ("två", 2),
    ("two", 2),
    ("tretton", 13),
    ("trettio", 30),
    ("tre", 3),
    ("three", 3),
    ("fyra", 4),
    ("fyrtio", 40),
    ("fourteen", 14),
    ("four", 4),
    ("femtio", 50),
    ("femton", 15),
    ("fem", 5),
    ("five", 5),
    ("sextio", 60),
    ("sexton", 16),
    ("sixteen", 16),
    ("sixty", 60),
    ("sex", 6),
    ("six", 6),
    ("sjuttio", 70),
    ("sjutton", 17),
    ("sju", 7),
    ("seventeen", 17),
    ("seventy", 70),
    ("seven", 7),
    ("åttio", 80),
    ("åtta", 8),
    ("eighteen", 18),
    ("eighty", 80),
    ("eight", 8),
    ("nittio", 90),
    ("nitton", 19),
    ("nio", 9),
    ("nineteen", 19),
    ("ninety", 90),
    ("nine", 9),
    ("tio", 10),
    ("ten", 10),
    ("elva", 11),
    ("eleven", 11),
    ("tolv", 12),
    ("twelve", 12),
    ("thirteen", 13),
    ("thirty", 30),
    ("fjorton", 14),
    ("forty", 40),
    ("fifteen", 15),
    ("fifty", 50),
    ("arton", 18),
    ("aderton", 18),
    ("tjugo", 20),
    ("twenty", 20),
    ("hundra", 100),
    ("hundred", 100),
    ("tusen", 1000),
    ("thousand", 1000),
    ("miljoner", 1_000_000),
    ("miljon", 1_000_000),
    ("millions", 1_000_000),
    ("million", 1_000_000),
];

const ORDINALS: [(&str, i64); 58] = [
    ("första", 1),
    ("förste", 1),
    ("first", 1),
    ("andra", 2),
    ("andre", 2),
    ("second", 2),
    ("tredje", 3),
    ("third", 3),
    ("fjärde", 4),
    ("fourth", 4),
    ("femte", 5),
    ("fifth", 5),
    ("sjätte", 6),
    ("sixth", 6),
    ("sjunde", 7),
    ("seventh", 7),
    ("åttonde", 8),
    ("åtton", 8),
    ("eighth", 8),
    ("nionde", 9),
    ("nion", 9),
    ("ninth", 9),
    ("tionde", 10),
    ("tion", 10),
    ("tenth", 10),
    ("elfte", 11),
    ("eleventh", 11),
    ("tolfte", 12),
    ("twelfth", 12),
    ("trettonde", 13),
    ("thirteenth", 13),
    ("fjortonde", 14),
    ("fourteenth", 14),
    ("femtonde", 15),
    ("fifteenth", 15),
    ("sextonde", 16),
    ("sixteenth", 16),
    ("sjuttonde", 17),
    ("artonde", 18),
    ("nittonde", 19),
    ("tjugonde", 20),
    ("twentieth", 20),
    ("trettionde", 30),
    ("thirtieth", 30),
    ("fyrtionde", 40),
    ("femtionde", 50),
    ("sextionde", 60),
    ("sjuttionde", 70),
    ("åttionde", 80),
    ("nittionde", 90),
    ("hundrade", 100),
    ("hundra", 100),
    ("hundredth", 100),
    ("tusende", 1000),
    ("tusen", 1000),
    ("tjugon", 20),
    ("fortieth", 40),
    ("fiftieth", 50),
];

/// Stems that are ordinals only before *del*: *åttondel*.
const ONLY_BEFORE_PART: [&str; 6] = ["åtton", "nion", "tion", "tjugon", "hundra", "tusen"];

/// Endings after which a word still says a number: *treårig*, *tvådelad*.
const ENDINGS: [&str; 15] = [
    "årig",
    "årigt",
    "åriga",
    "års",
    "månaders",
    "veckors",
    "dagars",
    "timmars",
    "procentig",
    "procentigt",
    "procentiga",
    "dubbel",
    "dubbelt",
    "dubbla",
    "faldigt",
];
