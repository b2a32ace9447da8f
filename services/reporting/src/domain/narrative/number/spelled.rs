//! Numbers in words: *tjugotvå*, *twenty-two*, *två tredjedelar*, *ett tiotal*,
//! *var tredje*.

use super::{Stated, Tokens};
use crate::domain::language::Language;
use crate::domain::quantity::Quantity;

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

const ORDINALS: [(&str, i64); 59] = [
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
    ("half", 2),
];

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

/// What a single word says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Cardinal,
    Ordinal,
    /// *tiotal*, *hundratals*.
    About,
    /// *tredjedel*.
    Part,
    /// *treårig*.
    Compound,
}

/// Reads a number in words; and whether it is one of about that size.
pub(super) fn at(
    tokens: &Tokens<'_>,
    at: usize,
    language: Language,
) -> Option<(Stated, bool, usize)> {
    let first = tokens.word(at)?;
    if let Some(found) = every_other(tokens, at, language) {
        return Some(found);
    }
    match first {
        "hälften" | "halva" | "halv" | "halvt" | "half" => {
            return Some((Stated::Fraction { part: 1, whole: 2 }, false, at + 1));
        }
        "dussin" | "dussintal" | "dussintals" | "dozen" | "dozens" => {
            return Some((count(12), true, at + 1));
        }
        "en" | "ett" | "one" | "a" | "an" => return after_article(tokens, at, language),
        _ => {}
    }
    let (value, form) = single(first, language)?;
    match form {
        Form::Cardinal => Some(sequence(tokens, at, language, value)),
        Form::About => Some((count(value), true, at + 1)),
        Form::Part => Some((Stated::Fraction { part: 1, whole: value }, false, at + 1)),
        Form::Compound => Some((count(value), false, at + 1)),
        Form::Ordinal => {
            let is_pronoun = matches!(first, "andra" | "andre");
            let is_counted = matches!(tokens.word_before(at), Some("den" | "det"));
            (!is_pronoun || is_counted).then_some((count(value), false, at + 1))
        }
    }
}

/// *var tredje*, *varannan*, *every other*.
fn every_other(
    tokens: &Tokens<'_>,
    at: usize,
    language: Language,
) -> Option<(Stated, bool, usize)> {
    let every = |whole, end| Some((Stated::Fraction { part: 1, whole }, false, end));
    match (tokens.word(at)?, tokens.word(at + 1)) {
        ("varannan" | "vartannat", _) => every(2, at + 1),
        ("every", Some("other")) => every(2, at + 2),
        ("var" | "vart" | "every", Some(next)) => match single(next, language) {
            Some((whole, Form::Ordinal)) if whole > 1 => every(whole, at + 2),
            _ => None,
        },
        _ => None,
    }
}

/// *en tredjedel*, *ett tiotal*, *a hundred*, *endast en*, *en av fem*.
fn after_article(
    tokens: &Tokens<'_>,
    at: usize,
    language: Language,
) -> Option<(Stated, bool, usize)> {
    let is_indefinite = matches!(tokens.word(at), Some("a" | "an"));
    match tokens.word(at + 1) {
        Some("par") => return Some((count(2), true, at + 2)),
        Some("couple") => return Some((count(2), true, at + 2)),
        Some("quarter") => {
            return Some((Stated::Fraction { part: 1, whole: 4 }, false, at + 2));
        }
        Some("enda" | "single") if !is_indefinite => return Some((count(1), false, at + 2)),
        Some("procent" | "procentenhet" | "percent") => return Some((count(1), false, at + 1)),
        Some("av" | "in" | "out") if !is_indefinite => {
            let next = if tokens.word(at + 1) == Some("out") { at + 3 } else { at + 2 };
            let is_number = tokens.digits(next).is_some()
                || tokens.word(next).is_some_and(|word| {
                    matches!(single(word, language), Some((_, Form::Cardinal)))
                });
            return is_number.then_some((count(1), false, at + 1));
        }
        Some("halv" | "halvt" | "half" | "dussin" | "dozen") => {
            return self::at(tokens, at + 1, language);
        }
        Some(next) => match single(next, language) {
            Some((value, Form::Cardinal)) if value >= 100 => {
                return Some(sequence(tokens, at + 1, language, value));
            }
            Some((value, Form::About)) => return Some((count(value), true, at + 2)),
            Some((whole, Form::Part)) => {
                return Some((Stated::Fraction { part: 1, whole }, false, at + 2));
            }
            Some((whole, Form::Ordinal)) if whole > 2 && next.is_ascii() => {
                return Some((Stated::Fraction { part: 1, whole }, false, at + 2));
            }
            _ => {}
        },
        None => {}
    }
    let is_counted = matches!(
        tokens.word_before(at),
        Some("endast" | "bara" | "blott" | "exakt" | "only" | "just" | "exactly")
    );
    (is_counted && !is_indefinite).then_some((count(1), false, at + 1))
}

/// *two hundred and twenty-two*; *två tredjedelar*; as far as it is one number.
fn sequence(
    tokens: &Tokens<'_>,
    at: usize,
    language: Language,
    first: i64,
) -> (Stated, bool, usize) {
    let mut values = vec![first];
    let mut value = first;
    let mut end = at + 1;
    loop {
        let next = match tokens.word(end) {
            Some("and" | "och") if value >= 100 => end + 1,
            _ if tokens.is_sign(end, "-") && tokens.is_tight(end) && tokens.is_tight(end + 1) => {
                end + 1
            }
            _ => end,
        };
        let Some(word) = tokens.word(next) else { break };
        let parts_of = word.strip_suffix('s').and_then(|word| single(word, language));
        match (word, single(word, language), parts_of) {
            ("quarters", _, _) => return (fraction(value, 4), false, next + 1),
            (_, Some((whole, Form::Part)), _) => return (fraction(value, whole), false, next + 1),
            (_, _, Some((whole, Form::Ordinal))) => {
                return (fraction(value, whole), false, next + 1);
            }
            (_, Some((part, Form::Cardinal | Form::Ordinal)), _) => {
                values.push(part);
                let Some(sum) = evaluate(&values) else { break };
                value = sum;
                end = next + 1;
            }
            _ => break,
        }
    }
    (count(value), false, end)
}

fn fraction(part: i64, whole: i64) -> Stated {
    Stated::Fraction { part, whole }
}

fn count(count: i64) -> Stated {
    Quantity::new(count, 0).map_or(Stated::Unreadable, Stated::Exact)
}

/// Reads one word that says a number from its beginning to its end.
fn single(word: &str, language: Language) -> Option<(i64, Form)> {
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
    let first = rest.as_bytes().first()?;
    let fits = |entry: &&(&str, i64)| entry.0.as_bytes()[0] == *first && rest.starts_with(entry.0);
    ORDINALS.iter().filter(fits).find_map(|(text, value)| match &rest[text.len()..] {
        "" if !["åtton", "nion", "tion", "tjugon", "hundra", "tusen", "half"].contains(text) => {
            Some((*value, Form::Ordinal))
        }
        "del" | "delar" | "delen" | "delarna" | "dels" => Some((*value, Form::Part)),
        _ => None,
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
    let first = rest.as_bytes().first()?;
    let fits = |entry: &&(&str, i64)| entry.0.as_bytes()[0] == *first && rest.starts_with(entry.0);
    let found = CARDINALS.iter().filter(fits).max_by_key(|(text, _)| text.len())?;
    Some(*found)
}

/// What parts of a number come to: hundreds times what stands before, tens and
/// then ones. `None` when they are not one number.
fn evaluate(values: &[i64]) -> Option<i64> {
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
