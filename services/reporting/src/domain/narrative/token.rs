//! A text as words, runs of digits and signs, with their places.

use std::borrow::Cow;
use std::ops::Range;

/// The tokens of a text.
pub(super) struct Tokens<'a>(Vec<Token<'a>>);

struct Token<'a> {
    kind: Kind,
    /// In lower case.
    text: Cow<'a, str>,
    span: Range<usize>,
    /// Nothing stands between it and the token before.
    is_tight: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Digits,
    Sign,
}

fn kind(character: char) -> Kind {
    if character.is_numeric() {
        Kind::Digits
    } else if character.is_alphabetic() {
        Kind::Word
    } else {
        Kind::Sign
    }
}

impl<'a> Tokens<'a> {
    /// Divides a text.
    pub(super) fn read(text: &'a str) -> Self {
        let mut tokens = Vec::with_capacity(text.len() / 5);
        let mut characters = text.char_indices().peekable();
        let mut last_end = None;
        while let Some((start, character)) = characters.next() {
            if character.is_whitespace() {
                continue;
            }
            let kind = kind(character);
            let mut end = start + character.len_utf8();
            if kind != Kind::Sign {
                let is_same = |next: &(usize, char)| self::kind(next.1) == kind;
                while let Some((at, next)) = characters.next_if(is_same) {
                    end = at + next.len_utf8();
                }
            }
            let is_tight = last_end == Some(start);
            last_end = Some(end);
            let text = lower_case(&text[start..end]);
            tokens.push(Token { kind, text, span: start..end, is_tight });
        }
        Self(tokens)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Where the tokens from `first` up to and without `end` stand.
    pub(super) fn span(&self, first: usize, end: usize) -> Range<usize> {
        self.0[first].span.start..self.0[end - 1].span.end
    }

    /// The word at a place, in lower case.
    pub(super) fn word(&self, at: usize) -> Option<&str> {
        self.of_kind(at, Kind::Word)
    }

    /// The word before a place.
    pub(super) fn word_before(&self, at: usize) -> Option<&str> {
        self.word(at.checked_sub(1)?)
    }

    /// The run of digits at a place.
    pub(super) fn digits(&self, at: usize) -> Option<&str> {
        self.of_kind(at, Kind::Digits)
    }

    /// True when one of the signs stands at the place.
    pub(super) fn is_sign(&self, at: usize, signs: &str) -> bool {
        self.of_kind(at, Kind::Sign).is_some_and(|sign| signs.contains(sign))
    }

    /// True when nothing stands between the token and the one before.
    pub(super) fn is_tight(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(|token| token.is_tight)
    }

    fn of_kind(&self, at: usize, kind: Kind) -> Option<&str> {
        let token = self.0.get(at)?;
        (token.kind == kind).then_some(token.text.as_ref())
    }
}

fn lower_case(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_uppercase) {
        Cow::Owned(text.to_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}
