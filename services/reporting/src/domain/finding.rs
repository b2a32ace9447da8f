//! Findings: partitions whose reported parts do not sum to their reported
//! total.
//!
//! A total alone can contradict nothing, and neither can parts alone: without a
//! reported total there is no figure they would have to sum to, and none is made
//! up for them.

use crate::domain::definition::{Cell, Definitions, Figure, Partition};
use crate::domain::reported_figures::Counts;

/// A partition whose parts do not sum to its total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name the parts are reported under.
    pub figure: String,
    /// The partition.
    pub partition: String,
    /// The parts that were reported, in the order of the definitions.
    pub parts: Vec<(Cell, i64)>,
    /// The figure whose total they must sum to.
    pub total_figure: String,
    /// What they sum to.
    pub parts_sum: i64,
    /// The total as reported.
    pub total: i64,
}

impl Finding {
    /// Sum of the parts − total.
    #[must_use]
    pub fn difference(&self) -> i64 {
        self.parts_sum - self.total
    }
}

/// Every finding in a team's figures, in the order of the definitions.
#[must_use]
pub fn find(definitions: &Definitions, counts: &Counts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for figure in definitions.figures() {
        let Some(total) = counts.get(&figure.total_cell()) else {
            continue;
        };
        let of_partition = |partition| check(figure, partition, total, counts);
        findings.extend(figure.partitions.iter().filter_map(of_partition));
    }
    findings
}

fn check(figure: &Figure, partition: &Partition, total: i64, counts: &Counts) -> Option<Finding> {
    let reported = |cell: Cell| counts.get(&cell).map(|count| (cell, count));
    let parts: Vec<_> = partition.cells().filter_map(reported).collect();
    let parts_sum = parts.iter().map(|(_, count)| count).sum();
    if parts.is_empty() || parts_sum == total {
        return None;
    }
    Some(Finding {
        figure: partition.reported_as.clone(),
        partition: partition.code.clone(),
        parts,
        total_figure: figure.code.clone(),
        parts_sum,
        total,
    })
}

#[cfg(test)]
mod tests;
