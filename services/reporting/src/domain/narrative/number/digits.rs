//! Numbers in digits.

use super::{Stated, Tokens};
use crate::domain::language::Language;
use crate::domain::quantity::Quantity;

/// Reads `195`, `13 841`, `58,2`, `2:a`, `½`. What is no plain number is
/// unreadable, and a number all the same.
pub(super) fn at(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<(Stated, usize)> {
    let first = tokens.digits(at)?;
    if let Some(fraction) = vulgar_fraction(first) {
        return Some((fraction, at + 1));
    }
    let mut text = first.to_owned();
    let mut end = at + 1;
    while text.len() <= 12 && first.len() <= 3 {
        let Some((group, next)) = group(tokens, end, language) else { break };
        text.push_str(group);
        end = next;
    }
    if tokens.is_sign(end, ".,")
        && tokens.is_tight(end)
        && tokens.is_tight(end + 1)
        && let Some(decimals) = tokens.digits(end + 1)
    {
        text.push('.');
        text.push_str(decimals);
        end += 2;
    }
    let value = Quantity::parse(&text).map_or(Stated::Unreadable, Stated::Exact);
    Some((value, ordinal_end(tokens, end)))
}

/// Three digits after a thousands separator: a space, or a comma in English.
fn group<'a>(tokens: &'a Tokens<'_>, at: usize, language: Language) -> Option<(&'a str, usize)> {
    let digits_at = match language {
        Language::English if tokens.is_sign(at, ",") && tokens.is_tight(at) => at + 1,
        Language::English | Language::Swedish => at,
    };
    let digits = tokens.digits(digits_at)?;
    let is_separate = (digits_at == at) != tokens.is_tight(digits_at);
    (digits.len() == 3 && is_separate).then_some((digits, digits_at + 1))
}

/// After `2:a`, `3:e` or `2nd`.
fn ordinal_end(tokens: &Tokens<'_>, at: usize) -> usize {
    let is_ending = |at: usize, endings: &[&str]| {
        tokens.is_tight(at) && tokens.word(at).is_some_and(|word| endings.contains(&word))
    };
    if tokens.is_sign(at, ":") && tokens.is_tight(at) && is_ending(at + 1, &["a", "e"]) {
        at + 2
    } else if is_ending(at, &["st", "nd", "rd", "th"]) {
        at + 1
    } else {
        at
    }
}

fn vulgar_fraction(text: &str) -> Option<Stated> {
    let (part, whole) = match text {
        "½" => (1, 2),
        "⅓" => (1, 3),
        "⅔" => (2, 3),
        "¼" => (1, 4),
        "¾" => (3, 4),
        "⅕" => (1, 5),
        _ => return None,
    };
    Some(Stated::Fraction { part, whole })
}
