//! What a chapter's text says of its figures, and the numbers in it that say
//! nothing of any.

use super::proposal::{counts_in, propose};
use super::{Chapter, Measured, Report, lack};
use crate::domain::finding::{Fact, Finding, Place, Remedy};
use crate::domain::narrative::{Claim, Mark, MarkKind, Measure, Stated};
use crate::domain::template::Template;
use crate::domain::vocabulary::{Vocabulary, Word};

/// What is the matter with a chapter's text, in the order of the text.
pub(super) fn check(
    template: &Template,
    vocabulary: &Vocabulary,
    report: &Report,
    chapter: &Chapter,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for mark in &chapter.narrative.marks {
        findings.extend(of_mark(template, vocabulary, report, chapter, mark));
    }
    let here = chapter.subject.as_deref();
    for unbound in &chapter.narrative.unbound {
        let proposals = propose(template, vocabulary, report, here, &unbound.number);
        let said = chapter.narrative.markdown[unbound.span.clone()].to_owned();
        findings.push(Finding {
            subject: chapter.subject.clone(),
            concerned: vec![text(chapter, unbound.span.clone())],
            fact: Fact::NumberUnbound { said },
            remedies: proposals.into_iter().map(Remedy::Bind).collect(),
        });
    }
    findings
}

pub(super) fn text(chapter: &Chapter, span: std::ops::Range<usize>) -> Place {
    Place::Text { subject: chapter.subject.clone(), section: chapter.section.clone(), span }
}

fn of_mark(
    template: &Template,
    vocabulary: &Vocabulary,
    report: &Report,
    chapter: &Chapter,
    mark: &Mark,
) -> Vec<Finding> {
    let finding = |fact, remedies| Finding {
        subject: chapter.subject.clone(),
        concerned: vec![text(chapter, mark.span.clone())],
        fact,
        remedies,
    };
    match &mark.kind {
        MarkKind::Quotation { reason } | MarkKind::NoStatistic { reason } => {
            let is_missing = reason.is_empty();
            is_missing
                .then(|| finding(Fact::ReasonMissing { said: mark.text.clone() }, Vec::new()))
                .into_iter()
                .collect()
        }
        MarkKind::Unreadable { part } => {
            vec![finding(Fact::ReferenceUnreadable { part: part.clone() }, Vec::new())]
        }
        MarkKind::Bound { measure, claims } => {
            let here = chapter.subject.as_deref();
            let Some(measured) = Measured::of(report, here, measure) else {
                let missing = |lack| Fact::FigureMissing { measure: measure.clone(), lack };
                let lack = lack::of(report, here, measure);
                return lack.map(|lack| finding(missing(lack), Vec::new())).into_iter().collect();
            };
            let verdict =
                |claim| self::verdict(template, vocabulary, mark, measure, &measured, claim);
            let verdicts: Vec<Verdict> = claims.iter().map(verdict).collect();
            let is_silent = verdicts.iter().all(|verdict| matches!(verdict, Verdict::Nothing));
            if is_silent && !mark.text.trim().is_empty() {
                return vec![finding(Fact::NothingSaid { said: mark.text.clone() }, Vec::new())];
            }
            let places = report.places(here, measure);
            let mut findings = Vec::new();
            for verdict in verdicts {
                let Verdict::Wrong(fact, remedies) = verdict else { continue };
                let mut found = finding(fact, remedies);
                found.concerned.extend(places.iter().cloned());
                if matches!(found.fact, Fact::WordDiffers { .. }) {
                    found.concerned.extend(others_on_base(report, chapter, mark, measure));
                }
                findings.push(found);
            }
            findings
        }
    }
}

enum Verdict {
    True,
    /// It says nothing of such a measure.
    Nothing,
    Wrong(Fact, Vec<Remedy>),
}

fn verdict(
    template: &Template,
    vocabulary: &Vocabulary,
    mark: &Mark,
    measure: &Measure,
    measured: &Measured,
    claim: &Claim,
) -> Verdict {
    let (bound, said) = (|| measure.clone(), || mark.text.clone());
    match claim {
        Claim::Number(number) => {
            if !counts_in(template, measure, number.unit) {
                let fact = Fact::NumberDiffers { said: said(), measure: bound(), right: None };
                return Verdict::Wrong(fact, Vec::new());
            }
            if measured.agrees(number) {
                return Verdict::True;
            }
            let right = match number.value {
                Stated::Exact(stated) => measured.number(number.unit, stated.decimals()),
                Stated::Fraction { .. }
                | Stated::OutOf { .. }
                | Stated::Word(_)
                | Stated::Unreadable => measured.measure_of_word(),
            };
            let remedies = right.map(Remedy::Write).into_iter().collect();
            Verdict::Wrong(Fact::NumberDiffers { said: said(), measure: bound(), right }, remedies)
        }
        Claim::Date(date) => match measured {
            Measured::Date(stated) if stated.covers(*date) || date.covers(*stated) => Verdict::True,
            Measured::Date(_) => {
                Verdict::Wrong(Fact::DateDiffers { said: said(), measure: bound() }, Vec::new())
            }
            Measured::Figure(_)
            | Measured::Share { .. }
            | Measured::Change { .. }
            | Measured::Plan { .. } => Verdict::Nothing,
        },
        Claim::Word { word, is_negated } => {
            let word = &vocabulary.words()[*word];
            match measured.is(word) {
                None => Verdict::Nothing,
                Some(is_true) if is_true != *is_negated => Verdict::True,
                Some(_) => {
                    let fact = Fact::WordDiffers {
                        said: said(),
                        word: word.code.clone(),
                        measure: bound(),
                        measured: measured.measure_of_word(),
                    };
                    let is_true = |word: &&Word| measured.is(word) == Some(true);
                    let words = vocabulary.words().iter().filter(is_true);
                    let codes = words.map(|word| word.code.clone()).collect();
                    Verdict::Wrong(fact, vec![Remedy::Say(codes)])
                }
            }
        }
    }
}

/// Where else the report says something in words of the same base: what a word
/// that is not true stands against.
fn others_on_base(
    report: &Report,
    chapter: &Chapter,
    mark: &Mark,
    measure: &Measure,
) -> Vec<Place> {
    let Measure::Share { part: _, base } = measure else { return Vec::new() };
    let mut others = Vec::new();
    for other in report.chapters.iter().filter(|other| other.subject == chapter.subject) {
        for candidate in &other.narrative.marks {
            let MarkKind::Bound { measure: Measure::Share { part: _, base: same }, claims } =
                &candidate.kind
            else {
                continue;
            };
            let is_word = claims.iter().any(|claim| matches!(claim, Claim::Word { .. }));
            let is_self = other.section == chapter.section && candidate.span == mark.span;
            if is_word && !is_self && same == base {
                others.push(text(other, candidate.span.clone()));
            }
        }
    }
    others
}
