//! The text of a chapter: Markdown whose links bind words and numbers to
//! figures.
//!
//! A binding is an ordinary link, `[62 %](share:exits.work/exits)`: every
//! Markdown editor shows, inserts and keeps it, and a team reads the text past
//! it. What stands in the brackets is what the text says, and is checked against
//! the figure; empty brackets are shown with the figure's value. A number that is
//! no figure is marked the same way, with the reason as the link's title:
//! `[12 steg](no-statistic "Metodens namn")`, `[tre av fyra](quotation "SCB")`.
//!
//! Every number outside of a mark is kept with its place in the Markdown, in
//! bytes.

mod loose;
mod measure;
mod number;
mod token;
mod visible;

use std::ops::Range;

use values::Period;

pub use loose::LooseWord;
pub use measure::{CellAt, Measure, parse_cell};
pub use number::{Number, Stated, Unit};

use crate::domain::language::Language;
use crate::domain::vocabulary::Vocabulary;
use number::Found;
use token::Tokens;
use visible::{Block, Link};

/// The text of a chapter, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrative {
    /// The language it is written in.
    pub language: Language,
    /// As it was written.
    pub markdown: String,
    /// What is bound or marked, in order.
    pub marks: Vec<Mark>,
    /// The numbers that are neither, in order.
    pub unbound: Vec<Unbound>,
    /// True when a reader sees nothing of it.
    pub is_blank: bool,
}

/// A part of the text that is bound to a figure, or marked as none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Where the whole link stands in the Markdown.
    pub span: Range<usize>,
    /// Where what is in the brackets stands there.
    pub inner: Range<usize>,
    /// What is in the brackets, as a reader sees it.
    pub text: String,
    /// What it is.
    pub kind: MarkKind,
}

/// What a mark is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkKind {
    /// It says something of a figure.
    Bound {
        /// Of which.
        measure: Measure,
        /// What it says; nothing when the value is to be shown.
        claims: Vec<Claim>,
    },
    /// It is somebody else's words.
    Quotation {
        /// Whose.
        reason: String,
    },
    /// Its numbers count nothing.
    NoStatistic {
        /// Why not.
        reason: String,
    },
    /// It refers to a figure in a way that cannot be read.
    Unreadable {
        /// The part that cannot be.
        part: String,
    },
}

/// What a text says of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// That it is a number.
    Number(Number),
    /// That it is a date.
    Date(Period),
    /// A word of the vocabulary.
    Word {
        /// Its place there.
        word: usize,
        /// The text says the opposite: *inte en majoritet*.
        is_negated: bool,
    },
}

/// A number that is bound to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbound {
    /// Where it stands in the Markdown.
    pub span: Range<usize>,
    /// The number.
    pub number: Number,
    /// True where it numbers something, and counts nothing: *bilaga 3*, *för 3:e gången*.
    pub is_label: bool,
}

impl Unbound {
    /// True when a reader may take it for one of the counts that are hidden: the number
    /// itself; of *3 av 12* either number, where both are counts of those whom it is about.
    #[must_use]
    pub fn tells(&self, is_known: impl Fn(i64) -> bool, is_hidden: impl Fn(i64) -> bool) -> bool {
        if self.is_label || self.number.unit == Unit::Percent {
            return false;
        }
        match self.number.value {
            Stated::Exact(number) => number.as_count().is_some_and(is_hidden),
            Stated::OutOf { part, whole } => {
                let is_count = |count| is_known(count) || is_hidden(count);
                is_count(part) && is_count(whole) && (is_hidden(part) || is_hidden(whole))
            }
            Stated::Fraction { .. } | Stated::Word(_) | Stated::Unreadable => false,
        }
    }

    /// The counts that it names.
    #[must_use]
    pub fn numbers(&self) -> Vec<i64> {
        match self.number.value {
            Stated::Exact(number) => number.as_count().into_iter().collect(),
            Stated::OutOf { part, whole } => vec![part, whole],
            Stated::Fraction { .. } | Stated::Word(_) | Stated::Unreadable => Vec::new(),
        }
    }
}

impl Narrative {
    /// Reads a text.
    #[must_use]
    pub fn read(vocabulary: &Vocabulary, language: Language, markdown: &str) -> Self {
        let (blocks, links) = visible::read(markdown);
        let is_blank = blocks.iter().all(|block| block.text().trim().is_empty());
        let unbound = |block: &Block| unbound(vocabulary, language, block);
        let percent_follows = blocks.iter().flat_map(Block::percent_after_links);
        let mark = |(link, percent_follows)| mark(vocabulary, language, link, percent_follows);
        Self {
            language,
            markdown: markdown.to_owned(),
            unbound: blocks.iter().flat_map(unbound).collect(),
            marks: links.into_iter().zip(percent_follows).map(mark).collect(),
            is_blank,
        }
    }

    /// The numbers in the brackets of a mark, read with the word before it where that makes
    /// a label of the first: *bilaga* `[3](no-statistic "Bilagans nummer")`.
    #[must_use]
    pub fn numbers_in(&self, vocabulary: &Vocabulary, mark: &Mark) -> Vec<Unbound> {
        let before = last_word(&self.markdown[..mark.span.start]);
        let mut unbound = Self::read(vocabulary, self.language, &mark.text).unbound;
        let starts = |one: &&mut Unbound| mark.text[..one.span.start].trim().is_empty();
        if let Some(first) = unbound.first_mut().filter(starts) {
            first.is_label |= vocabulary.labels(self.language, before);
        }
        unbound
    }

    /// The Markdown as it is published: each mark as its words, or, when its
    /// brackets are empty, as the value that `value` answers; a value that is
    /// not known stays a dash.
    #[must_use]
    pub fn shown(&self, value: impl Fn(&Measure) -> Option<String>) -> String {
        let mut shown = String::with_capacity(self.markdown.len());
        let mut at = 0;
        for Mark { span, inner, text, kind } in &self.marks {
            shown.push_str(&self.markdown[at..span.start]);
            at = span.end;
            match kind {
                MarkKind::Bound { measure, claims: _ } if text.trim().is_empty() => {
                    shown.push_str(value(measure).as_deref().unwrap_or("–"));
                }
                MarkKind::Bound { .. }
                | MarkKind::Quotation { reason: _ }
                | MarkKind::NoStatistic { reason: _ }
                | MarkKind::Unreadable { part: _ } => {
                    shown.push_str(&self.markdown[inner.clone()]);
                }
            }
        }
        shown.push_str(&self.markdown[at..]);
        shown
    }
}

fn mark(vocabulary: &Vocabulary, language: Language, link: Link, percent_follows: bool) -> Mark {
    let Link { span, destination, title, inner, text } = link;
    let kind = match destination.as_str() {
        "quotation" => MarkKind::Quotation { reason: title },
        "no-statistic" => MarkKind::NoStatistic { reason: title },
        _ => match Measure::parse(&destination) {
            Some(Ok(measure)) => {
                let mut claims = claims(vocabulary, language, &text);
                if percent_follows && let Some(Claim::Number(number)) = claims.last_mut() {
                    number.unit = Unit::Percent;
                }
                MarkKind::Bound { measure, claims }
            }
            Some(Err(part)) => MarkKind::Unreadable { part },
            None => MarkKind::Unreadable { part: destination },
        },
    };
    Mark { span, inner, text, kind }
}

fn unbound(vocabulary: &Vocabulary, language: Language, block: &Block) -> Vec<Unbound> {
    let number = |(place, found): (Range<usize>, Found)| match found {
        Found::Number(number) => {
            let (before, said) = (&block.text()[..place.start], &block.text()[place.clone()]);
            let is_ordinal = [":e", ":a"].into_iter().any(|ending| said.ends_with(ending));
            let is_label = is_ordinal || vocabulary.labels(language, last_word(before));
            Some(Unbound { span: block.span(place), number, is_label })
        }
        Found::Date(_) => None,
    };
    number::scan(block.text(), language, vocabulary).into_iter().filter_map(number).collect()
}

/// The word that a text ends with.
fn last_word(text: &str) -> &str {
    let word = text.split_whitespace().next_back().unwrap_or_default();
    word.trim_matches(['*', '_', '(', '”', '"'])
}

/// What the words in a pair of brackets say.
fn claims(vocabulary: &Vocabulary, language: Language, text: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (_, found) in number::scan(text, language, vocabulary) {
        match found {
            Found::Number(Number { value: Stated::Word(_), unit: _, approximation: _ }) => {}
            Found::Number(number) => claims.push(Claim::Number(number)),
            Found::Date(Some(date)) => claims.push(Claim::Date(date)),
            Found::Date(None) => {}
        }
    }
    let tokens = Tokens::read(text);
    let mut is_negated = false;
    let mut at = 0;
    while at < tokens.len() {
        let word = tokens.word(at).unwrap_or_default();
        is_negated |= vocabulary.negates(language, word);
        let next = |distance: usize| tokens.word(at + distance);
        match vocabulary.word(language, word, next) {
            Some((word, length)) if !is_comparison(vocabulary, language, &tokens, at) => {
                claims.push(Claim::Word { word, is_negated });
                at += length;
            }
            _ => at += 1,
        }
    }
    claims
}

/// True for *fler än 60*: the word belongs to the number.
fn is_comparison(
    vocabulary: &Vocabulary,
    language: Language,
    tokens: &Tokens<'_>,
    at: usize,
) -> bool {
    let next = |distance: usize| tokens.word(at + distance);
    let first = tokens.word(at).unwrap_or_default();
    let approximation = vocabulary.approximation(language, first, next);
    approximation.is_some_and(|(_, length)| tokens.digits(at + length).is_some())
}

#[cfg(test)]
mod tests;
