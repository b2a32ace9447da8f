//! What the text of a report and what is stated in it may tell.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::Threshold;

use super::{Figure, Source, Told};
use crate::domain::check::{Chapter, Report};
use crate::domain::definition::{Cell, Definitions};
use crate::domain::figures::{Figures, Value};
use crate::domain::finding::Place as At;
use crate::domain::narrative::{MarkKind, Measure};
use crate::domain::protection::Counted;
use crate::domain::template::{Cells, Flow, Relation, Whole};

/// The chapters that say something of a figure that is hidden, or of a change by few.
#[must_use]
pub fn shows_hidden<'a>(
    report: &'a Report,
    hidden: &BTreeSet<(String, Cell)>,
    threshold: Threshold,
) -> Vec<&'a Chapter> {
    let tells = |chapter: &&Chapter| {
        chapter.narrative.marks.iter().any(|mark| match &mark.kind {
            MarkKind::Bound { measure, claims: _ } => {
                let places = report.places(chapter.subject.as_deref(), measure);
                let is_change = matches!(measure, Measure::Change(_));
                places.iter().any(|place| is_hidden(report, place, hidden, is_change, threshold))
            }
            MarkKind::Quotation { .. }
            | MarkKind::NoStatistic { .. }
            | MarkKind::Unreadable { .. } => false,
        })
    };
    report.chapters.iter().filter(tells).collect()
}

fn is_hidden(
    report: &Report,
    place: &At,
    hidden: &BTreeSet<(String, Cell)>,
    is_change: bool,
    threshold: Threshold,
) -> bool {
    let At::Cell { subject, cell } = place else { return false };
    if hidden.contains(&(subject.clone(), cell.clone())) {
        return true;
    }
    let Some(of) = report.subjects.get(subject).filter(|_| is_change) else { return false };
    let count = |figures: &Figures| figures.get(cell).and_then(count);
    let (now, before) = (count(&of.figures), count(&of.before));
    let change = now.zip(before).map(|(now, before)| (now - before).abs());
    before.into_iter().chain(change).any(|count| threshold.is_small(count))
}

/// What a report states: the counts of people of each subject, and the rest as figures.
/// People are counted by the figures of the definitions, and by those of which parts make
/// a whole, or some come and some leave.
#[must_use]
pub fn stated(
    definitions: &Definitions,
    relations: &[Relation],
    stated: &BTreeMap<String, Figures>,
) -> (BTreeMap<String, Counted>, Vec<Figure>) {
    let (mut counted, mut others) = (BTreeMap::<String, Counted>::new(), Vec::new());
    for (subject, figures) in stated {
        for (cell, value) in figures.iter() {
            let counts_people = definitions.position(cell).is_some()
                || relations.iter().any(|relation| concerns(relation, cell));
            match count(value).filter(|_| counts_people) {
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

/// A number without decimals.
fn count(value: Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.plain().parse().ok(),
        Value::Date(_) => None,
    }
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
