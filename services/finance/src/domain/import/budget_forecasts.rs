//! The forecasts of an import: of those for the same area the later row is in force.

use super::{Noun, Place, Planner, RowFault};
use crate::domain::budget::forecast::{self, Forecast, ForecastParts, RecordFacts, RecordRefusal};

/// Adds the forecasts to the plan.
pub(super) fn plan(rows: Vec<ForecastParts>, planner: &mut Planner<'_>) {
    let noun = Noun {
        at: Place::BudgetForecast,
        name: |row: &ForecastParts| row.name.as_ref(),
        recorded: &planner.record.budget_forecasts,
        is_same,
    };
    planner.each(rows, &noun, |row, planner| {
        let facts = RecordFacts {
            is_taken: false,
            closed_through: planner.record.closed_through,
            today: planner.outside.today,
        };
        let recorded = forecast::record(row, facts).map_err(faults)?;
        planner.plan.budget_forecasts.push(recorded);
        Ok(())
    });
}

fn is_same(row: &ForecastParts, recorded: &Forecast) -> bool {
    row.clone().whole().is_none_or(|forecast| forecast == *recorded)
}

fn faults(refusal: RecordRefusal) -> Vec<RowFault> {
    match refusal {
        RecordRefusal::Faulty(found) => found.into_iter().map(RowFault::Forecast).collect(),
        RecordRefusal::YearClosed(year) => vec![RowFault::YearClosed(year.number())],
        // Rows that are there have been looked at.
        RecordRefusal::Taken => Vec::new(),
    }
}
