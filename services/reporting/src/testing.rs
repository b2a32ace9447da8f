//! Random half-year reports without a fault, for tests and for measuring: made
//! from a seed, with figures, text in both languages and all that a check looks
//! at.
//!
//! What is true here is decided by arithmetic of its own, on whole numbers, so
//! that a check and a report cannot be wrong in the same way.

mod figures;
#[cfg(feature = "pdf")]
pub mod printed;
mod prose;
mod seed;
mod spelled;

use std::collections::{BTreeMap, BTreeSet};

use disclosure::Threshold;
use values::Period;

pub use prose::{Meaning, Piece};
pub use seed::Seed;
pub use spelled::spell;

use crate::domain::check::{Chapter, Goals, People, Report, check};
use crate::domain::definition::{self, Definitions};
use crate::domain::finding::Finding;
use crate::domain::language::Language;
use crate::domain::narrative::Narrative;
use crate::domain::release::counts_people;
use crate::domain::template::{self, Template};
use crate::domain::vocabulary::Vocabulary;

const TEMPLATE: &str = include_str!("../tests/it/data/half-year-report.toml");
const WORDS: &str = include_str!("../definitions/words.toml");
const THRESHOLD: Threshold = Threshold::DEFAULT;
const GOALS: [&str; 2] = ["Bättre mående", "Bättre kunskap om arbetsmarknaden"];

/// What reports are checked by.
#[derive(Debug, Clone)]
pub struct Rules {
    definitions: Definitions,
    template: Template,
    vocabulary: Vocabulary,
}

/// A report whose text is still in pieces, so that a test can change one.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The report, without its chapters.
    pub report: Report,
    /// The chapters' texts.
    pub texts: Vec<Text>,
}

/// The text of a chapter.
#[derive(Debug, Clone)]
pub struct Text {
    /// Its section.
    pub section: &'static str,
    /// Whom it is about.
    pub subject: Option<String>,
    /// The language it is in.
    pub language: Language,
    /// What it is made of.
    pub pieces: Vec<Piece>,
}

impl Rules {
    /// The rules in force.
    ///
    /// # Panics
    /// When a file that was built in is not consistent.
    #[must_use]
    pub fn in_force() -> Self {
        let definitions = definition::load(crate::DEFINITIONS).expect("they are consistent");
        let template = template::load(TEMPLATE).expect("it is consistent");
        let vocabulary = Vocabulary::load(WORDS).expect("it is consistent");
        let template = template.with_partitions(&definitions);
        Self { definitions, template, vocabulary }
    }

    /// Reads every text of a report and checks all of it, as one save of an
    /// editor does at most.
    #[must_use]
    pub fn findings(&self, draft: &Draft) -> Vec<Finding> {
        let mut report = draft.report.clone();
        report.chapters = draft.texts.iter().map(|text| self.read(text)).collect();
        let cells = report.subjects.values().flat_map(|subject| subject.figures.iter());
        let people = cells
            .map(|(cell, _)| cell)
            .filter(|cell| counts_people(&self.definitions, &self.template.relations, cell));
        report.people.cells = people.cloned().collect();
        check(&self.template, &self.vocabulary, &report)
    }

    fn read(&self, text: &Text) -> Chapter {
        let Text { section, subject, language, pieces } = text;
        let markdown: String = pieces.iter().map(Piece::markdown).collect();
        let narrative = Narrative::read(&self.vocabulary, *language, &markdown);
        Chapter { section: (*section).to_owned(), subject: subject.clone(), narrative }
    }
}

impl Draft {
    /// A report of so many teams without a fault.
    ///
    /// # Panics
    /// Never: its period is a half-year.
    #[must_use]
    pub fn random(seed: u64, teams: usize) -> Self {
        let mut seed = Seed::new(seed);
        let (first_day, last_day) = figures::half_year(&mut seed);
        let period = Period::new("period", first_day, last_day).expect("a half-year");
        let mut subjects = BTreeMap::new();
        for number in 1..=teams {
            subjects.insert(format!("team-{number}"), figures::team(&mut seed, period));
        }
        let federation = figures::federation(&mut seed, subjects.values());
        subjects.insert("federation".to_owned(), federation);
        let titles: Vec<String> = GOALS.map(str::to_owned).to_vec();
        let mut texts = Vec::new();
        for (id, subject) in &mut subjects {
            let language = if seed.one_in(3) { Language::English } else { Language::Swedish };
            let sections: &[&'static str] =
                if subject.is_whole { &["introduction"] } else { &["participants", "exits"] };
            for section in sections {
                let pieces = prose::write(&mut seed, language, subject, section, period);
                let about = (!subject.is_whole).then(|| id.clone());
                texts.push(Text { section, subject: about, language, pieces });
            }
            let goals = Goals { version: "2.0".to_owned(), titles: titles.clone() };
            subject.goals = Some(goals);
        }
        let plan = BTreeMap::from([("2.0".to_owned(), titles)]);
        let (cells, hidden) = (BTreeSet::new(), BTreeSet::new());
        let (chapters, people) = (Vec::new(), People { threshold: THRESHOLD, cells, hidden });
        Self { report: Report { period, subjects, chapters, plan, people }, texts }
    }
}
