//! Why a reference comes to nothing.

use super::Report;
use crate::domain::finding::Lack;
use crate::domain::narrative::{CellAt, Measure};

/// What is missing for a reference that comes to nothing; `None` when each of its figures
/// is there, and one is hidden: that is a finding of another check.
pub(super) fn of(report: &Report, here: Option<&str>, measure: &Measure) -> Option<Lack> {
    let is_untold = |cell: &CellAt| {
        report.subject(here, cell).is_some_and(|(_, subject)| subject.untold.contains(&cell.cell))
    };
    let is_stated = |cell: &CellAt| {
        let subject = report.subject(here, cell).map(|(_, subject)| subject);
        subject.is_some_and(|subject| subject.figures.get(&cell.cell).is_some())
    };
    if !measure.cells().all(|cell| is_stated(cell) || is_untold(cell)) {
        return Some(Lack::Figure);
    }
    if measure.cells().any(is_untold) {
        return None;
    }
    Some(match measure {
        // A date that is referred to as a number, or the other way round.
        Measure::Figure(_) | Measure::Date(_) => Lack::Figure,
        Measure::Share { part: _, base: _ } => Lack::Base,
        Measure::Change(_) => Lack::Before,
        Measure::Plan(_) => Lack::Plan,
    })
}
