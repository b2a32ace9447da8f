//! All checks of a report at once: what its figures say of each other, and what
//! its text says of them.
//!
//! A check is a plain function from the report to findings; a report that is
//! right has none.

mod band;
mod goals;
mod lack;
mod measured;
mod plan;
mod proposal;
mod relation;
mod small;
mod text;
mod word;

use std::collections::{BTreeMap, BTreeSet};

use disclosure::Threshold;
use values::Period;

pub use band::Ages;
pub use measured::Measured;
pub use proposal::propose;
pub use word::{WordProposal, propose_words};

use crate::domain::definition::Cell;
use crate::domain::figures::Figures;
use crate::domain::finding::{Fact, Finding, Place};
use crate::domain::narrative::{CellAt, Measure, Narrative};
use crate::domain::template::{Section, Template};
use crate::domain::vocabulary::Vocabulary;

/// A report as it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The days it is about.
    pub period: Period,
    /// The teams, areas and the federation that it has figures of, by id.
    pub subjects: BTreeMap<String, Subject>,
    /// Its chapters, in order.
    pub chapters: Vec<Chapter>,
    /// The versions of the programme plan, with their goals.
    pub plan: BTreeMap<String, Vec<String>>,
    /// What counts people, who are not published when they are few.
    pub people: People,
}

/// Which counts are not published: those that are small, and those that a small one could be
/// computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People {
    /// The smallest that is.
    pub threshold: Threshold,
    /// Of what.
    pub cells: BTreeSet<Cell>,
    /// Whatever their size, by the subject's id: what a release would hide as things stand.
    pub hidden: BTreeSet<(String, Cell)>,
}

/// A team, an area or the federation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// What is stated of it.
    pub figures: Figures,
    /// What is counted of it and told to nobody: it is there, and has no number here.
    pub untold: BTreeSet<Cell>,
    /// What was stated the period before.
    pub before: Figures,
    /// What was planned for the period.
    pub planned: Figures,
    /// The goals it reports on.
    pub goals: Option<Goals>,
    /// True for the federation, which is the sum of the others.
    pub is_whole: bool,
}

/// The goals that are reported on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goals {
    /// The plan's version that they are of.
    pub version: String,
    /// What they say.
    pub titles: Vec<String>,
}

/// A chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// The section of the template that it is.
    pub section: String,
    /// Whom it is about; none for a chapter of the whole report.
    pub subject: Option<String>,
    /// Its text.
    pub narrative: Narrative,
}

/// Every finding of a report, in the order of the checks, and of the report
/// within each.
#[must_use]
pub fn check(template: &Template, vocabulary: &Vocabulary, report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, subject) in &report.subjects {
        for relation in &template.relations {
            findings.extend(relation::check(relation, report, id, subject));
        }
        findings.extend(goals::check(report, id, subject));
    }
    for chapter in &report.chapters {
        findings.extend(text::check(template, vocabulary, report, chapter));
        findings.extend(small::check(vocabulary, report, chapter));
    }
    for section in &template.sections {
        findings.extend(missing_chapters(report, section));
    }
    findings.sort_by_key(Finding::check);
    findings
}

/// What a reference of a chapter shows; `None` when its figure is not stated.
#[must_use]
pub fn value(report: &Report, chapter: &Chapter, measure: &Measure) -> Option<String> {
    let measured = Measured::of(report, chapter.subject.as_deref(), measure)?;
    measured.shown(chapter.narrative.language)
}

fn missing_chapters(report: &Report, section: &Section) -> Vec<Finding> {
    let has = |subject: Option<&str>| {
        report.chapters.iter().any(|chapter| {
            chapter.section == section.code
                && chapter.subject.as_deref() == subject
                && !chapter.narrative.is_blank
        })
    };
    let missing = |subject: Option<&str>| {
        let subject = subject.map(str::to_owned);
        let place = Place::Section { subject: subject.clone(), section: section.code.clone() };
        Finding {
            subject,
            concerned: vec![place],
            fact: Fact::ChapterMissing,
            remedies: Vec::new(),
        }
    };
    let teams = report.subjects.iter().filter(|(_, subject)| !subject.is_whole);
    let subjects: Vec<Option<&str>> = if section.is_per_subject {
        teams.map(|(id, _)| Some(id.as_str())).collect()
    } else {
        vec![None]
    };
    subjects.into_iter().filter(|subject| !has(*subject)).map(missing).collect()
}

impl Report {
    /// Whose cell a chapter about `here` means. A chapter of the whole report
    /// means the federation's, or, of a report on one, that one's.
    fn subject<'a>(
        &'a self,
        here: Option<&'a str>,
        cell: &'a CellAt,
    ) -> Option<(&'a str, &'a Subject)> {
        self.of_chapter(cell.subject.as_deref().or(here))
    }

    /// Whom a chapter about `here` is about.
    pub(in crate::domain) fn of_chapter<'a>(
        &'a self,
        here: Option<&'a str>,
    ) -> Option<(&'a str, &'a Subject)> {
        let mut ids = self.subjects.iter();
        let whole = match self.subjects.len() {
            1 => ids.next(),
            _ => ids.find(|(_, subject)| subject.is_whole),
        };
        let id = here.or(whole.map(|(id, _)| id.as_str()))?;
        self.subjects.get_key_value(id).map(|(id, subject)| (id.as_str(), subject))
    }

    /// The places of cells that a chapter refers to.
    #[must_use]
    pub fn places(&self, here: Option<&str>, measure: &Measure) -> Vec<Place> {
        let place = |cell: &CellAt| {
            let (subject, _) = self.subject(here, cell)?;
            Some(cell_of(subject, &cell.cell))
        };
        measure.cells().filter_map(place).collect()
    }
}

fn cell_of(subject: &str, cell: &Cell) -> Place {
    Place::Cell { subject: subject.to_owned(), cell: cell.clone() }
}

#[cfg(test)]
mod tests;
