//! What the text of a report and what is stated in it may tell.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::Threshold;

use super::{Figure, Source, Told};
use crate::domain::check::{Chapter, Report};
use crate::domain::definition::{Cell, Definitions};
use crate::domain::figures::{Figures, Value};
use crate::domain::finding::Place as At;
use crate::domain::language::Language;
use crate::domain::narrative::{MarkKind, Measure, Narrative, Unbound};
use crate::domain::protection::Counted;
use crate::domain::template::{Cells, Flow, Relation, Whole};
use crate::domain::vocabulary::Vocabulary;

/// What a release hides, by the ids of its report's subjects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hiding {
    /// What is hidden.
    pub places: BTreeSet<(String, Cell)>,
    /// The counts that are.
    pub counts: BTreeMap<String, BTreeSet<i64>>,
    /// What releases of the period before hide, and the tables that were given out of it: a
    /// change since then would tell it.
    pub before: BTreeSet<(String, Cell)>,
}

/// The chapters that say something of a figure that is hidden, or of a change by few.
#[must_use]
pub fn shows_hidden<'a>(
    vocabulary: &Vocabulary,
    report: &'a Report,
    hiding: &Hiding,
    threshold: Threshold,
) -> Vec<&'a Chapter> {
    let tells = |chapter: &&Chapter| {
        let narrative = &chapter.narrative;
        let says =
            |unbound: &[Unbound]| says_hidden(unbound, report, chapter.subject.as_deref(), hiding);
        says(&narrative.unbound)
            || narrative.marks.iter().any(|mark| match &mark.kind {
                MarkKind::Bound { measure, claims: _ } => {
                    let places = report.places(chapter.subject.as_deref(), measure);
                    let is_change = matches!(measure, Measure::Change(_));
                    let is_told = |place| is_hidden(report, place, hiding, is_change, threshold);
                    places.iter().any(is_told)
                }
                MarkKind::Quotation { .. }
                | MarkKind::NoStatistic { .. }
                | MarkKind::Unreadable { .. } => says(&narrative.numbers_in(vocabulary, mark)),
            })
    };
    report.chapters.iter().filter(tells).collect()
}

/// True for words that stand in no chapter, an explanation or a title, and say a number that
/// is hidden of whom they are about.
#[must_use]
pub fn words_show_hidden(
    vocabulary: &Vocabulary,
    words: &str,
    (report, subject): (&Report, Option<&str>),
    hiding: &Hiding,
) -> bool {
    [Language::Swedish, Language::English].into_iter().any(|language| {
        let read = Narrative::read(vocabulary, language, words);
        says_hidden(&read.unbound, report, subject, hiding)
    })
}

/// True when a number that is bound to nothing is a hidden count of whom a text is about:
/// whoever reads it takes it for that, whatever it was meant to count.
fn says_hidden(unbound: &[Unbound], report: &Report, here: Option<&str>, hiding: &Hiding) -> bool {
    let Some((id, subject)) = report.of_chapter(here) else { return false };
    let Some(hidden) = hiding.counts.get(id) else { return false };
    let known: BTreeSet<i64> =
        subject.figures.iter().filter_map(|(_, value)| value.as_count()).collect();
    let is_told = |one: &Unbound| one.tells(|it| known.contains(&it), |it| hidden.contains(&it));
    unbound.iter().any(is_told)
}

fn is_hidden(
    report: &Report,
    place: &At,
    hiding: &Hiding,
    is_change: bool,
    threshold: Threshold,
) -> bool {
    let At::Cell { subject, cell } = place else { return false };
    let place = (subject.clone(), cell.clone());
    if hiding.places.contains(&place) || is_change && hiding.before.contains(&place) {
        return true;
    }
    let Some(of) = report.subjects.get(subject).filter(|_| is_change) else { return false };
    let count = |figures: &Figures| figures.get(cell).and_then(Value::as_count);
    let (now, before) = (count(&of.figures), count(&of.before));
    let change = now.zip(before).map(|(now, before)| (now - before).abs());
    before.into_iter().chain(change).any(|count| threshold.is_small(count))
}

/// True for what counts people: the figures of the definitions, and those of which parts
/// make a whole, or some come and some leave.
#[must_use]
pub fn counts_people(definitions: &Definitions, relations: &[Relation], cell: &Cell) -> bool {
    definitions.position(cell).is_some()
        || relations.iter().any(|relation| concerns(relation, cell))
}

/// What a report states: the counts of people of each subject, and the rest as figures.
#[must_use]
pub fn stated(
    definitions: &Definitions,
    relations: &[Relation],
    stated: &BTreeMap<String, Figures>,
) -> (BTreeMap<String, Counted>, Vec<Figure>) {
    let (mut counted, mut others) = (BTreeMap::<String, Counted>::new(), Vec::new());
    for (subject, figures) in stated {
        for (cell, value) in figures.iter() {
            match value.as_count().filter(|_| counts_people(definitions, relations, cell)) {
                Some(count) => {
                    counted.entry(subject.clone()).or_default().insert(cell.clone(), count);
                }
                None => others.push(Figure {
                    subject: subject.clone(),
                    cell: cell.clone(),
                    source: Source::Stated,
                    told: Told::Stated(value.plain()),
                    commitment: Vec::new(),
                    covered: None,
                }),
            }
        }
    }
    (counted, others)
}

fn concerns(relation: &Relation, cell: &Cell) -> bool {
    let among = |cells: &[Cells]| {
        cells.iter().any(|cells| match cells {
            Cells::One(one) => one == cell,
            Cells::Categories(figure) => *figure == cell.figure,
        })
    };
    match relation {
        Relation::Whole(Whole { partition: _, whole, parts }) => whole == cell || among(parts),
        Relation::Flow(Flow { opening, inflow, outflow, closing }) => {
            [opening, closing].contains(&cell) || inflow.contains(cell) || outflow.contains(cell)
        }
        Relation::Same { first, second } => among(first) || among(second),
        Relation::Bands { bands, shares: _ } => bands.iter().any(|band| band.cells.contains(cell)),
        Relation::Change(change) => change.cell == *cell,
        Relation::SumOfTeams(summed) => summed == cell,
        Relation::Share(_) | Relation::PlannedIntake(_) => false,
    }
}
