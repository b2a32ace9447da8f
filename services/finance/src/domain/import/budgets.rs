//! The budgets of an import.

use std::collections::HashSet;

use values::name::RecipientName;

use super::{Noun, Place, Planner, RowFault};
use crate::domain::budget::{
    self, Budget, BudgetParts, BudgetRow, DecideFacts, DecideRefusal, RowParts,
};

/// Adds the budgets to the plan. Their rows may name recipients that are there or
/// come with the import.
pub(super) fn plan(
    rows: Vec<BudgetParts>,
    recipients: &HashSet<RecipientName>,
    planner: &mut Planner<'_>,
) {
    let mut versions = planner.record.budget_versions.clone();
    let noun = Noun {
        at: Place::Budget,
        name: |row: &BudgetParts| row.name.as_ref(),
        recorded: &planner.record.budgets,
        is_same,
    };
    planner.each(rows, &noun, |row, planner| {
        let before = row.year.and_then(|year| versions.get(&year)).copied();
        let facts = DecideFacts {
            is_taken: false,
            recipients,
            versions: before.unwrap_or_default(),
            closed_through: planner.record.closed_through,
            today: planner.outside.today,
        };
        let decided = budget::decide(row, facts).map_err(faults)?;
        versions.insert(decided.year, decided.version);
        planner.plan.budgets.push(decided);
        Ok(())
    });
}

fn is_same(row: &BudgetParts, recorded: &Budget) -> bool {
    let BudgetParts { name: _, year, rows, decision, synthetic } = row;
    let row = |RowParts { area, title, amount, recipient }: &RowParts| {
        Some(BudgetRow {
            area: (*area)?,
            title: title.clone()?,
            amount: (*amount)?,
            recipient: recipient.clone()?,
        })
    };
    let rows = rows.as_ref().and_then(|rows| rows.iter().map(row).collect::<Option<Vec<_>>>());
    let (Some(year), Some(rows), Some(decision)) = (year, rows, decision.clone().whole()) else {
        return true;
    };
    *year == recorded.year
        && rows == recorded.rows
        && decision == recorded.decision
        && *synthetic == recorded.synthetic
}

fn faults(refusal: DecideRefusal) -> Vec<RowFault> {
    match refusal {
        DecideRefusal::Faulty(found) => found.into_iter().map(RowFault::Budget).collect(),
        DecideRefusal::YearClosed(year) => vec![RowFault::YearClosed(year.number())],
        // Rows that are there have been looked at.
        DecideRefusal::Taken => Vec::new(),
    }
}
