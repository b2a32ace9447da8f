//! Which figures a number that is not bound could be bound to: those that it
//! states.

use super::small::of_measure;
use super::{Measured, Report, Subject};
use crate::domain::definition::Cell;
use crate::domain::narrative::{CellAt, Measure, Number, Stated, Unit};
use crate::domain::template::{Cells, Relation, Template};
use crate::domain::vocabulary::{Condition, Vocabulary};

/// How many are proposed.
const MOST: usize = 5;
/// *More than 30* is true of 1000, and hardly meant of it.
const NEAR_PERMILLE: i64 = 250;

/// The bindings that would make the number true in a chapter: of the chapter's
/// own figures, or else of the others'. A percentage is a share before it is a
/// figure. None is to a count that may not be published; a chapter's own that may not is
/// still what the number says, so then nothing of the others is proposed.
#[must_use]
pub fn propose(
    template: &Template,
    vocabulary: &Vocabulary,
    report: &Report,
    here: Option<&str>,
    number: &Number,
) -> Vec<Measure> {
    let fits = |measure: &Measure| {
        if !counts_in(template, measure, number.unit) {
            return false;
        }
        let Some(measured) = Measured::of(report, here, measure) else { return false };
        match number.value {
            Stated::Word(word) => measured.is(&vocabulary.words()[word]) == Some(true),
            Stated::Exact(stated) => {
                let is_near = measured.counted_in(number.unit).is_some_and(|value| {
                    Condition::around(1000, NEAR_PERMILLE).holds(value, stated.ratio())
                });
                is_near && measured.agrees(number)
            }
            Stated::Fraction { .. } | Stated::OutOf { .. } | Stated::Unreadable => {
                measured.agrees(number)
            }
        }
    };
    // In a report on one, a chapter of the whole report means that one.
    let is_only = report.subjects.len() == 1;
    let is_here =
        |id: &str, subject: &Subject| here.map_or(subject.is_whole || is_only, |here| here == id);
    for wants_here in [true, false] {
        let of = report.subjects.iter().filter(|(id, one)| is_here(id, one) == wants_here);
        let mut proposals = Vec::new();
        for (id, subject) in of {
            let named = (!wants_here).then_some(id.as_str());
            proposals.extend(candidates(template, subject, named).into_iter().filter(&fits));
        }
        let is_found = !proposals.is_empty();
        // Bound to such a count, the report could not be published.
        proposals.retain(|measure| of_measure(report, here, measure).is_empty());
        proposals.sort_by_key(|measure| rank(measure, number.unit));
        proposals.dedup();
        proposals.truncate(MOST);
        if is_found {
            return proposals;
        }
    }
    Vec::new()
}

/// False for a number in percent of a figure that counts people or things.
pub(super) fn counts_in(template: &Template, measure: &Measure, unit: Unit) -> bool {
    match (measure, unit) {
        (Measure::Figure(cells), Unit::Percent) => {
            cells.iter().all(|cell| template.is_percent(&cell.cell))
        }
        (Measure::Figure(_), Unit::None)
        | (
            Measure::Share { .. } | Measure::Change(_) | Measure::Plan(_) | Measure::Date(_),
            Unit::None | Unit::Percent,
        ) => true,
    }
}

fn candidates(template: &Template, subject: &Subject, named: Option<&str>) -> Vec<Measure> {
    let Subject { figures, untold: _, before, planned, goals: _, is_whole: _ } = subject;
    let at = |cell: &Cell| CellAt { subject: named.map(str::to_owned), cell: cell.clone() };
    let mut candidates = Vec::new();
    for (cell, _) in figures.iter() {
        candidates.push(Measure::Figure(vec![at(cell)]));
        if before.number(cell).is_some() {
            candidates.push(Measure::Change(vec![at(cell)]));
        }
        if planned.number(cell).is_some() {
            candidates.push(Measure::Plan(vec![at(cell)]));
        }
    }
    let all =
        |cells: &[Cells]| Cells::stated(cells, figures).into_iter().map(at).collect::<Vec<_>>();
    for relation in &template.relations {
        match relation {
            Relation::Whole(whole) => {
                for part in all(&whole.parts) {
                    let base = vec![at(&whole.whole)];
                    candidates.push(Measure::Share { part: vec![part], base });
                }
            }
            Relation::Share(share) => {
                let (part, base) = (all(&share.part), all(&share.base));
                candidates.push(Measure::Share { part, base });
            }
            Relation::Flow(_)
            | Relation::Bands { .. }
            | Relation::PlannedIntake(_)
            | Relation::Same { .. }
            | Relation::Change(_)
            | Relation::SumOfTeams(_) => {}
        }
    }
    candidates
}

/// The shares of a whole that some cells of one subject are.
pub(super) fn shares_of(
    template: &Template,
    report: &Report,
    here: Option<&str>,
    cells: &[CellAt],
) -> Vec<Measure> {
    let Some(first) = cells.first() else { return Vec::new() };
    let Some((_, subject)) = report.subject(here, first) else { return Vec::new() };
    let mut shares = candidates(template, subject, first.subject.as_deref());
    shares.retain(|share| match share {
        Measure::Share { part, base: _ } => part == cells,
        Measure::Figure(_) | Measure::Change(_) | Measure::Plan(_) | Measure::Date(_) => false,
    });
    shares
}

/// What is proposed first.
fn rank(measure: &Measure, unit: Unit) -> u8 {
    match (measure, unit) {
        (Measure::Figure(_), Unit::None) | (Measure::Share { .. }, Unit::Percent) => 0,
        (Measure::Plan(_) | Measure::Change(_), Unit::Percent) => 1,
        (Measure::Share { .. }, Unit::None) | (Measure::Figure(_), Unit::Percent) => 2,
        (Measure::Plan(_) | Measure::Change(_), Unit::None) | (Measure::Date(_), _) => 3,
    }
}
