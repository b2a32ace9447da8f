//! What a chapter's text says of counts of people that are too small to be published, or that
//! would tell one that is: a release refuses it, and whoever writes is told before.

use super::{Chapter, People, Report, Subject, cell_of};
use crate::domain::definition::Cell;
use crate::domain::figures::{Figures, Value};
use crate::domain::finding::{Fact, Finding, Place};
use crate::domain::narrative::{MarkKind, Measure, Unbound};
use crate::domain::vocabulary::Vocabulary;

/// What is the matter with a chapter's text, in the order of the text.
pub(super) fn check(vocabulary: &Vocabulary, report: &Report, chapter: &Chapter) -> Vec<Finding> {
    let Chapter { section: _, subject, narrative } = chapter;
    let finding = |span: std::ops::Range<usize>, said: &str, measure: Option<&Measure>, cells| {
        let mut concerned = vec![super::text::text(chapter, span)];
        concerned.extend::<Vec<Place>>(cells);
        let fact = Fact::SmallCountSaid { said: said.to_owned(), measure: measure.cloned() };
        let (subject, remedies) = (subject.clone(), Vec::new());
        Finding { subject, concerned, fact, remedies }
    };
    let here = subject.as_deref();
    let mut findings = Vec::new();
    for mark in &narrative.marks {
        let (measure, small) = match &mark.kind {
            MarkKind::Bound { measure, claims: _ } => {
                (Some(measure), of_measure(report, here, measure))
            }
            MarkKind::Quotation { .. }
            | MarkKind::NoStatistic { .. }
            | MarkKind::Unreadable { .. } => {
                let said = narrative.numbers_in(vocabulary, mark);
                (None, said.iter().flat_map(|one| of_number(report, here, one)).collect())
            }
        };
        if !small.is_empty() {
            findings.push(finding(mark.span.clone(), &mark.text, measure, small));
        }
    }
    for unbound in &narrative.unbound {
        let small = of_number(report, here, unbound);
        if !small.is_empty() {
            let said = &narrative.markdown[unbound.span.clone()];
            findings.push(finding(unbound.span.clone(), said, None, small));
        }
    }
    findings
}

/// The counts that something bound is about and that are small or hidden; of a change, also
/// those of which it is a small one, or that were small before.
pub(super) fn of_measure(report: &Report, here: Option<&str>, measure: &Measure) -> Vec<Place> {
    let People { threshold, cells, hidden } = &report.people;
    let is_small = |figures: &Figures, cell: &Cell| {
        let count = figures.get(cell).and_then(Value::as_count);
        count.is_some_and(|count| threshold.is_small(count))
    };
    let is_told = |place: &Place| {
        let Place::Cell { subject, cell } = place else { return false };
        let Some(of) = report.subjects.get(subject).filter(|_| cells.contains(cell)) else {
            return false;
        };
        let is_change = matches!(measure, Measure::Change(_));
        let is_hidden = || hidden.contains(&(subject.clone(), cell.clone()));
        is_small(&of.figures, cell)
            || of.untold.contains(cell)
            || of.figures.get(cell).is_some() && is_hidden()
            || is_change && (is_small(&of.before, cell) || is_small_change(*threshold, of, cell))
    };
    report.places(here, measure).into_iter().filter(is_told).collect()
}

fn is_small_change(threshold: disclosure::Threshold, of: &Subject, cell: &Cell) -> bool {
    let count = |figures: &Figures| figures.get(cell).and_then(Value::as_count);
    let change = count(&of.figures).zip(count(&of.before)).map(|(now, before)| now - before);
    change.is_some_and(|change| threshold.is_small(change.abs()))
}

/// The small and the hidden counts of those whom a chapter is about that a number is the same
/// as: whoever reads it takes it for one of them.
fn of_number(report: &Report, here: Option<&str>, unbound: &Unbound) -> Vec<Place> {
    let People { threshold, cells, hidden } = &report.people;
    let Some((id, subject)) = report.of_chapter(here) else { return Vec::new() };
    let counts = || {
        let counts = subject.figures.iter().filter(|(cell, _)| cells.contains(*cell));
        counts.filter_map(|(cell, value)| Some((cell, value.as_count()?)))
    };
    let is_hidden = |(cell, count): &(&Cell, i64)| {
        threshold.is_small(*count) || hidden.contains(&(id.to_owned(), (*cell).clone()))
    };
    let is = |said: i64| move |(_, count): &(&Cell, i64)| *count == said;
    let told = |number: i64| counts().filter(is_hidden).any(|one| is(number)(&one));
    if !unbound.tells(|known| counts().any(|one| is(known)(&one)), told) {
        return Vec::new();
    }
    let said = unbound.numbers();
    let is_said = |(_, count): &(&Cell, i64)| said.contains(count);
    let told = counts().filter(is_hidden).filter(is_said);
    told.map(|(cell, _)| cell_of(id, cell)).collect()
}
