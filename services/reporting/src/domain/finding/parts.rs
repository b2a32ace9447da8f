//! Partitions whose stated parts do not sum to their stated total.
//!
//! A total alone can contradict nothing, and neither can parts alone: without a
//! stated total there is no figure they would have to sum to, and none is made
//! up for them.

use crate::domain::definition::{Cell, Definitions};
use crate::domain::figures::Figures;
use crate::domain::reported_figures::Counts;
use crate::domain::template::{self, Cells, Whole};

/// A partition whose parts do not sum to its total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartsDiffer {
    /// The name the parts are reported under.
    pub figure: String,
    /// The partition.
    pub partition: String,
    /// The parts that were reported, in the order of the definitions.
    pub parts: Vec<(Cell, i64)>,
    /// The cell that they must sum to.
    pub whole: Cell,
    /// What they sum to.
    pub parts_sum: i64,
    /// The whole as reported.
    pub total: i64,
}

impl PartsDiffer {
    /// Sum of the parts − total.
    #[must_use]
    pub fn difference(&self) -> i64 {
        self.parts_sum - self.total
    }
}

/// Every partition of a team's figures whose parts do not sum to its total, in
/// the order of the definitions.
#[must_use]
pub fn find(definitions: &Definitions, counts: &Counts) -> Vec<PartsDiffer> {
    let figures = Figures::from(counts);
    template::wholes(definitions).filter_map(|whole| of_whole(&whole, &figures)).collect()
}

/// What the parts of one whole sum to, when it is something else.
#[must_use]
pub fn of_whole(whole: &Whole, figures: &Figures) -> Option<PartsDiffer> {
    let Whole { partition, whole, parts } = whole;
    let count = |cell: &Cell| figures.number(cell)?.as_count();
    let total = count(whole)?;
    let counted = |cell: &Cell| count(cell).map(|count| (cell.clone(), count));
    let stated = Cells::stated(parts, figures);
    let parts_sum = stated.iter().filter_map(|cell| count(cell)).sum();
    if parts_sum == total {
        return None;
    }
    let parts: Vec<_> = stated.into_iter().filter_map(counted).collect();
    let (first, _) = parts.first()?;
    Some(PartsDiffer {
        figure: first.figure.clone(),
        partition: partition.clone(),
        whole: whole.clone(),
        parts,
        parts_sum,
        total,
    })
}

#[cfg(test)]
mod tests;
