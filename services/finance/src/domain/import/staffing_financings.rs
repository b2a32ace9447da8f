//! The staffing of an import.

use super::{Noun, Place, Planner, RowFault};
use crate::domain::staffing_financing::{
    self, CreateFacts, CreateRefusal, Place as Where, StaffingFinancing, StaffingFinancingParts,
};

/// Adds the staffing to the plan.
pub(super) fn plan(rows: Vec<StaffingFinancingParts>, planner: &mut Planner<'_>) {
    let recorded = &planner.record.staffing_financings;
    let noun = Noun {
        at: Place::StaffingFinancing,
        name: |row: &StaffingFinancingParts| row.name.as_ref(),
        recorded,
        is_same,
    };
    planner.each(rows, &noun, |row, planner| {
        let others = recorded.values().chain(&planner.plan.staffing_financings);
        let facts = CreateFacts {
            is_taken: false,
            municipality_is_known: match &row.place {
                Some(Where::Municipality(name)) => planner.outside.municipalities.contains(name),
                Some(Where::Nowhere) | None => true,
            },
            overlapping: row.days().and_then(|days| days.overlapping(others)),
        };
        let created = staffing_financing::create(row, facts).map_err(faults)?;
        planner.plan.staffing_financings.push(created);
        Ok(())
    });
}

/// Posts may have been ended since: a row that still leaves them open is the same.
fn is_same(row: &StaffingFinancingParts, recorded: &StaffingFinancing) -> bool {
    let StaffingFinancingParts { name: _, place, title, first_day, last_day, posts, synthetic } =
        row;
    let (Some(place), Some(title), Some(first_day), Some(last_day)) =
        (place, title, first_day, last_day)
    else {
        return true;
    };
    let was_ended = recorded.revision > 1 && last_day.is_none();
    *place == recorded.place
        && *title == recorded.title
        && *first_day == recorded.first_day
        && (was_ended || *last_day == recorded.last_day)
        && *posts == recorded.posts
        && *synthetic == recorded.synthetic
}

fn faults(refusal: CreateRefusal) -> Vec<RowFault> {
    match refusal {
        CreateRefusal::Faulty(found) => found.into_iter().map(RowFault::Staffing).collect(),
        // Rows that are there have been looked at.
        CreateRefusal::Taken => Vec::new(),
    }
}
