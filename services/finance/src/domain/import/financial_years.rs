//! The years of an import, opened one after the other.

use super::{Noun, Place, Planner, RowFault};
use crate::domain::financial_year::{
    self, FinancialYear, FirstYear, OpenFacts, OpenParts, OpenRefusal,
};

/// Adds the years to open, and what they begin with, to the plan.
pub(super) fn plan(rows: Vec<OpenParts>, planner: &mut Planner<'_>) {
    let record = planner.record;
    let first = record.financial_years.values().min_by_key(|year| year.year);
    let mut first = first.map(begun);
    let noun = Noun {
        at: Place::FinancialYear,
        name: |row: &OpenParts| row.name.as_ref(),
        recorded: &record.financial_years,
        is_same,
    };
    planner.each(rows, &noun, |row, planner| {
        let facts = OpenFacts {
            is_taken: false,
            first_year: first,
            closed_through: record.closed_through,
            today: planner.outside.today,
        };
        let (opened, voucher) = financial_year::open(row, facts).map_err(faults)?;
        if first.is_none_or(|first| opened.year.number() < first.year) {
            first = Some(begun(&opened));
        }
        planner.post(voucher);
        planner.plan.financial_years.push(opened);
        Ok(())
    });
}

fn begun(year: &FinancialYear) -> FirstYear {
    FirstYear { year: year.year.number(), opening_equity: year.opening_equity }
}

/// The limits and the closing have come since.
fn is_same(row: &OpenParts, recorded: &FinancialYear) -> bool {
    let OpenParts { name: _, year, opening_equity, opening, synthetic } = row;
    let (Some(year), Some(equity), Some(opening)) = (year, opening_equity, opening.clone().whole())
    else {
        return true;
    };
    *year == recorded.year
        && *equity == recorded.opening_equity
        && Some(opening) == recorded.opening
        && *synthetic == recorded.synthetic
}

fn faults(refusal: OpenRefusal) -> Vec<RowFault> {
    match refusal {
        OpenRefusal::Faulty(found) => found.into_iter().map(RowFault::Opening).collect(),
        OpenRefusal::EquityIsCarriedOver { first_year } => {
            vec![RowFault::EquityIsCarriedOver { first_year }]
        }
        OpenRefusal::LaterYearClosed { closed_through } => {
            vec![RowFault::LaterYearClosed { closed_through }]
        }
        // Rows that are there have been looked at.
        OpenRefusal::Taken => Vec::new(),
    }
}
