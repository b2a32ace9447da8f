//! The own costs of an import.

use super::{Noun, Place, Planner, RowFault};
use crate::domain::own_cost::{self, OwnCost, OwnCostParts, RecordFacts, RecordRefusal};

/// Adds the costs to the plan.
pub(super) fn plan(rows: Vec<OwnCostParts>, planner: &mut Planner<'_>) {
    let noun = Noun {
        at: Place::OwnCost,
        name: |row: &OwnCostParts| row.name.as_ref(),
        recorded: &planner.record.own_costs,
        is_same,
    };
    planner.each(rows, &noun, |row, planner| {
        let facts = RecordFacts {
            is_taken: false,
            closed_through: planner.record.closed_through,
            today: planner.outside.today,
        };
        let (cost, voucher) = own_cost::record(row, facts).map_err(faults)?;
        planner.post(voucher);
        planner.plan.own_costs.push(cost);
        Ok(())
    });
}

fn is_same(row: &OwnCostParts, recorded: &OwnCost) -> bool {
    row.clone().whole().is_none_or(|cost| cost == *recorded)
}

fn faults(refusal: RecordRefusal) -> Vec<RowFault> {
    match refusal {
        RecordRefusal::Faulty(found) => found.into_iter().map(RowFault::OwnCost).collect(),
        RecordRefusal::YearClosed(year) => vec![RowFault::YearClosed(year)],
        // Rows that are there have been looked at.
        RecordRefusal::Taken => Vec::new(),
    }
}
