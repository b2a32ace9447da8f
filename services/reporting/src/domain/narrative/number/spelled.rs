//! Numbers in words: *tjugotvå*, *twenty-two*, *två tredjedelar*, *ett tiotal*,
//! *var tredje*.

use super::word::{Form, evaluate, single};
use super::{Stated, Tokens};
use crate::domain::language::Language;
use crate::domain::quantity::Quantity;

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
        "half" if tokens.is_sign(at + 1, "-") && tokens.is_tight(at + 1) => return None,
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
    let is_after_counting = matches!(
        tokens.word_before(at),
        Some(
            "endast"
                | "bara"
                | "blott"
                | "exakt"
                | "varav"
                | "därav"
                | "totalt"
                | "only"
                | "just"
                | "exactly"
                | "whom"
        )
    );
    let is_before_counted = tokens.word(at) == Some("one")
        && matches!(
            tokens.word(at + 1),
            Some(
                "participant" | "person" | "woman" | "man" | "exit" | "coach" | "position" | "team"
            )
        );
    let is_counted = is_after_counting || is_before_counted;
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
