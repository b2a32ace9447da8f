//! Words that say something of a figure, each with the condition under which it
//! is true. They are data with a version.

use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;

use crate::domain::definition::Text;
use crate::domain::language::Language;
use crate::domain::quantity::Ratio;

/// The words of both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vocabulary {
    version: i32,
    words: Vec<Word>,
    swedish: Phrasebook,
    english: Phrasebook,
}

/// What of it stands in texts of one language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Phrasebook {
    /// By first word; the longest first.
    phrases: HashMap<String, Vec<Phrase>>,
    negations: BTreeSet<String>,
    labels: BTreeSet<String>,
}

/// A word that is true of some figures and false of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its code: `majority`.
    pub code: String,
    /// The first phrase for it in each language.
    pub text: Text,
    /// What it can be said of.
    pub measures: Vec<Kind>,
    /// When it is true.
    pub condition: Condition,
    /// True when it is a number, and so has to be bound.
    pub is_number: bool,
}

/// The kinds of measure a word can be bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A figure itself.
    Figure,
    /// A share.
    Share,
    /// A change since the period before.
    Change,
    /// A figure against its plan.
    Plan,
}

/// Limits in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    /// Where it begins.
    pub lower: Option<Limit>,
    /// Where it ends.
    pub upper: Option<Limit>,
}

/// One limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// In thousandths of the base.
    pub permille: i64,
    /// True when it belongs to what is allowed.
    pub is_included: bool,
}

/// What a phrase does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// It says something of a figure: the word's place.
    Word(usize),
    /// It makes the number after it approximate.
    Approximation(Condition),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Phrase {
    words: Vec<String>,
    meaning: Meaning,
}

/// Why a vocabulary is not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// The text is not TOML of the expected form.
    Form(String),
    /// A code is given twice.
    CodeTwice(String),
    /// A word has no limit, or two at one end.
    LimitUnclear(String),
    /// A phrase is given twice in one language, or is empty.
    PhraseUnclear(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: i32,
    negations_sv: Vec<String>,
    negations_en: Vec<String>,
    labels_sv: BTreeSet<String>,
    labels_en: BTreeSet<String>,
    words: Vec<WordEntry>,
    approximations: Vec<Approximation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordEntry {
    code: String,
    measures: Vec<Kind>,
    #[serde(default)]
    number: bool,
    from: Option<i64>,
    above: Option<i64>,
    to: Option<i64>,
    below: Option<i64>,
    sv: Vec<String>,
    en: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approximation {
    code: String,
    from: Option<i64>,
    above: Option<i64>,
    to: Option<i64>,
    below: Option<i64>,
    sv: Vec<String>,
    en: Vec<String>,
}

impl Condition {
    /// True when the number is within the limits, as a part of the base. Nothing
    /// is divided, so a base of 0 is compared too: any number above 0 is more
    /// than it.
    #[must_use]
    pub fn holds(self, number: Ratio, base: Ratio) -> bool {
        let Self { lower, upper } = self;
        let thousandths = number.times(1000);
        let is_within = |limit: Option<Limit>, is_beyond: fn(Ratio, Ratio) -> bool| {
            limit.is_none_or(|Limit { permille, is_included }| {
                let at = base.times(permille);
                is_beyond(thousandths, at) || (is_included && thousandths == at)
            })
        };
        is_within(lower, |left, right| left > right) && is_within(upper, |left, right| left < right)
    }

    /// Within so many thousandths below and above the whole.
    #[must_use]
    pub const fn around(permille: i64, off: i64) -> Self {
        Self {
            lower: Some(Limit { permille: permille - off, is_included: true }),
            upper: Some(Limit { permille: permille + off, is_included: true }),
        }
    }
}

impl Vocabulary {
    /// Reads a vocabulary.
    ///
    /// # Errors
    /// The first fault, with the value at fault.
    pub fn load(text: &str) -> Result<Self, LoadError> {
        let file: File =
            toml::from_str(text).map_err(|error| LoadError::Form(error.message().to_owned()))?;
        let File {
            version,
            negations_sv,
            negations_en,
            labels_sv,
            labels_en,
            words,
            approximations,
        } = file;
        let mut vocabulary = Self {
            version,
            words: Vec::new(),
            swedish: Phrasebook::with(negations_sv, labels_sv),
            english: Phrasebook::with(negations_en, labels_en),
        };
        let mut codes = BTreeSet::new();
        for entry in words {
            let WordEntry { code, measures, number, from, above, to, below, sv, en } = entry;
            let condition = condition(&code, (from, above), (to, below))?;
            let meaning = Meaning::Word(vocabulary.words.len());
            let first = |phrases: &[String]| phrases.first().cloned().unwrap_or_default();
            let text = Text { sv: first(&sv), en: first(&en) };
            vocabulary.swedish.add(meaning, sv)?;
            vocabulary.english.add(meaning, en)?;
            let word = Word { code: code.clone(), text, measures, condition, is_number: number };
            vocabulary.words.push(word);
            if !codes.insert(code.clone()) {
                return Err(LoadError::CodeTwice(code));
            }
        }
        for entry in approximations {
            let Approximation { code, from, above, to, below, sv, en } = entry;
            let condition = condition(&code, (from, above), (to, below))?;
            vocabulary.swedish.add(Meaning::Approximation(condition), sv)?;
            vocabulary.english.add(Meaning::Approximation(condition), en)?;
            if !codes.insert(code.clone()) {
                return Err(LoadError::CodeTwice(code));
            }
        }
        vocabulary.swedish.sort();
        vocabulary.english.sort();
        Ok(vocabulary)
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.version
    }

    /// The words, in the order of the file.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The longest word that begins with `first`, by its place, with how many
    /// words of text it has. `next` answers those that follow, by distance.
    pub(crate) fn word<'a>(
        &self,
        language: Language,
        first: &str,
        next: impl Fn(usize) -> Option<&'a str>,
    ) -> Option<(usize, usize)> {
        let place = |meaning| match meaning {
            Meaning::Word(place) => Some(place),
            Meaning::Approximation(_) => None,
        };
        self.phrasebook(language).longest(first, next, place)
    }

    /// The longest approximation, likewise.
    pub(crate) fn approximation<'a>(
        &self,
        language: Language,
        first: &str,
        next: impl Fn(usize) -> Option<&'a str>,
    ) -> Option<(Condition, usize)> {
        let condition = |meaning| match meaning {
            Meaning::Word(_) => None,
            Meaning::Approximation(condition) => Some(condition),
        };
        self.phrasebook(language).longest(first, next, condition)
    }

    /// True when the word turns what is said into its opposite.
    pub(crate) fn negates(&self, language: Language, word: &str) -> bool {
        self.phrasebook(language).negations.contains(word)
    }

    /// True when a number after the word numbers something, and counts nothing.
    pub(crate) fn labels(&self, language: Language, word: &str) -> bool {
        self.phrasebook(language).labels.contains(&word.to_lowercase())
    }

    fn phrasebook(&self, language: Language) -> &Phrasebook {
        match language {
            Language::Swedish => &self.swedish,
            Language::English => &self.english,
        }
    }
}

impl Phrasebook {
    fn with(negations: Vec<String>, labels: BTreeSet<String>) -> Self {
        let negations = negations.into_iter().collect();
        Self { phrases: HashMap::new(), negations, labels }
    }

    fn add(&mut self, meaning: Meaning, texts: Vec<String>) -> Result<(), LoadError> {
        let is_word = |meaning: Meaning| matches!(meaning, Meaning::Word(_));
        for text in texts {
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            let Some(first) = words.first().cloned() else {
                return Err(LoadError::PhraseUnclear(text));
            };
            let phrases = self.phrases.entry(first).or_default();
            let is_same = |phrase: &Phrase| {
                phrase.words == words && is_word(phrase.meaning) == is_word(meaning)
            };
            if phrases.iter().any(is_same) {
                return Err(LoadError::PhraseUnclear(text));
            }
            phrases.push(Phrase { words, meaning });
        }
        Ok(())
    }

    fn sort(&mut self) {
        for phrases in self.phrases.values_mut() {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
        }
    }

    fn longest<'a, Found>(
        &self,
        first: &str,
        next: impl Fn(usize) -> Option<&'a str>,
        wanted: impl Fn(Meaning) -> Option<Found>,
    ) -> Option<(Found, usize)> {
        let phrase = |phrase: &Phrase| {
            let found = wanted(phrase.meaning)?;
            let mut rest = phrase.words.iter().enumerate().skip(1);
            let follows = rest.all(|(distance, word)| next(distance) == Some(word.as_str()));
            follows.then_some((found, phrase.words.len()))
        };
        self.phrases.get(first)?.iter().find_map(phrase)
    }
}

fn condition(
    code: &str,
    lower: (Option<i64>, Option<i64>),
    upper: (Option<i64>, Option<i64>),
) -> Result<Condition, LoadError> {
    let limit = |included: Option<i64>, excluded: Option<i64>| match (included, excluded) {
        (Some(_), Some(_)) => Err(LoadError::LimitUnclear(code.to_owned())),
        (Some(permille), None) => Ok(Some(Limit { permille, is_included: true })),
        (None, Some(permille)) => Ok(Some(Limit { permille, is_included: false })),
        (None, None) => Ok(None),
    };
    let condition = Condition { lower: limit(lower.0, lower.1)?, upper: limit(upper.0, upper.1)? };
    if condition.lower.is_none() && condition.upper.is_none() {
        return Err(LoadError::LimitUnclear(code.to_owned()));
    }
    Ok(condition)
}

#[cfg(test)]
mod tests;
