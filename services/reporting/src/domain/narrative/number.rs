//! Finds the numbers and the dates of a text: in digits and in words, Swedish
//! and English.
//!
//! A date is no figure, and is known as one by its form alone: `2025-06-30`,
//! `30 juni 2025`, `under 2025`, `andra halvåret`. What has no such form is a
//! number. `en` and `ett`, `a` and `one` are articles and pronouns, and are
//! numbers only beside a word that makes them so: `endast en`, `en tredjedel`.

mod date;
mod digits;
mod spelled;
mod word;

use std::ops::Range;

use values::Period;

use super::token::Tokens;
use crate::domain::language::Language;
use crate::domain::quantity::Quantity;
use crate::domain::vocabulary::{Condition, Vocabulary};

/// A number as a text states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// What it is.
    pub value: Stated,
    /// What it counts in.
    pub unit: Unit,
    /// How far the figure may be from it, where the text says *about*.
    pub approximation: Option<Condition>,
}

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stated {
    /// A number.
    Exact(Quantity),
    /// A part of a whole: *hälften*, *två tredjedelar*.
    Fraction {
        /// How many parts.
        part: i64,
        /// Of how many.
        whole: i64,
    },
    /// So many of so many: *122 av 195*, *three out of four*.
    OutOf {
        /// How many.
        part: i64,
        /// Of how many.
        whole: i64,
    },
    /// A word of the vocabulary, by its place: *fördubblats*.
    Word(usize),
    /// Something that is read as a number by people and not here.
    Unreadable,
}

/// What a number counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// People or things.
    None,
    /// Percent, or percentage points.
    Percent,
}

/// A number or a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A number.
    Number(Number),
    /// A date, as the days it may be, where its form tells them.
    Date(Option<Period>),
}

/// Phrases in which an ordinal counts nothing.
const IDIOMS: [&[&str]; 14] = [
    &["för", "det", "första"],
    &["för", "det", "andra"],
    &["för", "det", "tredje"],
    &["för", "första", "gången"],
    &["i", "första", "hand"],
    &["i", "andra", "hand"],
    &["i", "ett", "första", "skede"],
    &["det", "ena", "och", "det", "andra"],
    &["den", "ena", "och", "den", "andra"],
    &["at", "first"],
    &["first", "of", "all"],
    &["in", "the", "first", "place"],
    &["for", "the", "first", "time"],
    &["on", "the", "one", "hand"],
];

/// Every number and date of a text, with its place in it.
pub(super) fn scan(
    text: &str,
    language: Language,
    vocabulary: &Vocabulary,
) -> Vec<(Range<usize>, Found)> {
    let tokens = Tokens::read(text);
    let mut found = Vec::new();
    let mut at = 0;
    let mut date_end = None;
    while at < tokens.len() {
        if let Some((date, end)) = date::at(&tokens, at, date_end) {
            found.push((tokens.span(at, end), Found::Date(date)));
            (at, date_end) = (end, Some(end));
        } else if let Some(length) = idiom(&tokens, at) {
            at += length;
        } else if let Some((number, end)) = number(&tokens, at, language, vocabulary) {
            found.push((tokens.span(at, end), Found::Number(number)));
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

fn idiom(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    tokens.word(at)?;
    let stands_here = |idiom: &&&[&str]| {
        idiom.iter().enumerate().all(|(offset, word)| tokens.word(at + offset) == Some(word))
    };
    IDIOMS.iter().find(stands_here).map(|idiom| idiom.len())
}

fn number(
    tokens: &Tokens<'_>,
    at: usize,
    language: Language,
    vocabulary: &Vocabulary,
) -> Option<(Number, usize)> {
    if let Some(first) = tokens.word(at) {
        let next = |distance: usize| tokens.word(at + distance);
        if let Some((place, length)) = vocabulary.word(language, first, next)
            && vocabulary.words()[place].is_number
        {
            let number =
                Number { value: Stated::Word(place), unit: Unit::None, approximation: None };
            return Some((number, at + length));
        }
        if let Some((condition, length)) = vocabulary.approximation(language, first, next)
            && date::at(tokens, at + length, None).is_none()
            && let Some((number, end)) = plain_number(tokens, at + length, language)
        {
            return Some((Number { approximation: Some(condition), ..number }, end));
        }
    }
    plain_number(tokens, at, language)
}

fn plain_number(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<(Number, usize)> {
    let (value, is_about, end) = value(tokens, at, language)?;
    let (value, end) = match fraction(tokens, value, end, language) {
        Some((fraction, end)) => (fraction, end),
        None => (value, end),
    };
    let (unit, end) = unit(tokens, end);
    let approximation = is_about.then_some(Condition::around(1000, 250));
    Some((Number { value, unit, approximation }, end))
}

/// A number without unit; and whether it is one of about that size, as in *ett
/// tiotal*.
fn value(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<(Stated, bool, usize)> {
    match digits::at(tokens, at, language) {
        Some((value, end)) => Some((value, false, end)),
        None => spelled::at(tokens, at, language),
    }
}

/// `62 av 195`, `three out of four`.
fn fraction(
    tokens: &Tokens<'_>,
    part: Stated,
    end: usize,
    language: Language,
) -> Option<(Stated, usize)> {
    let next = match (tokens.word(end)?, tokens.word(end + 1)) {
        ("out", Some("of")) => end + 2,
        ("av" | "of", _) => end + 1,
        ("in", _) if date::at(tokens, end + 1, None).is_none() => end + 1,
        _ => return None,
    };
    let (whole, is_about, end) = value(tokens, next, language)?;
    match (part, whole) {
        (Stated::Exact(part), Stated::Exact(whole)) if !is_about => {
            let (part, whole) = (part.as_count()?, whole.as_count()?);
            (whole > 0).then_some((Stated::OutOf { part, whole }, end))
        }
        _ => None,
    }
}

fn unit(tokens: &Tokens<'_>, at: usize) -> (Unit, usize) {
    if tokens.is_sign(at, "%") {
        return (Unit::Percent, at + 1);
    }
    match (tokens.word(at), tokens.word(at + 1)) {
        (Some("procent" | "procentenheter" | "percent"), _) => (Unit::Percent, at + 1),
        (Some("per"), Some("cent")) | (Some("percentage"), Some("point" | "points")) => {
            (Unit::Percent, at + 2)
        }
        _ => (Unit::None, at),
    }
}

#[cfg(test)]
mod tests;
