//! The goals of a plan and whom it budgets for, ready to be shown.

use proto::reporting::{BudgetedParticipants, PlanGoal, QuantitativeGoal};

use crate::web::{code, format, layout::Visit, report::list::Around};

/// A goal.
pub(super) struct GoalView {
    /// Whose it is.
    pub(super) level: String,
    /// What it says.
    pub(super) title: String,
    /// The share that is to be reached; empty for a goal that is no share.
    pub(super) target: String,
    /// What is counted, of what.
    pub(super) measured: String,
    /// The cells it is counted by, as codes; empty when it is not.
    pub(super) cells: String,
}

impl GoalView {
    pub(super) fn of(visit: &Visit, goal: &PlanGoal) -> Self {
        let PlanGoal { level: _, title, quantitative } = goal;
        let (mut target, mut measured, mut cells) = (String::new(), String::new(), String::new());
        if let Some(share) = quantitative {
            let QuantitativeGoal {
                target_percent,
                numerator,
                denominator,
                numerator_cells,
                denominator_cells,
                destinations: _,
            } = share;
            target = format::percent(*target_percent);
            measured = format!("{numerator} / {denominator}");
            if !numerator_cells.is_empty() {
                let (part, base) = (numerator_cells.join(" + "), denominator_cells.join(" + "));
                cells = format!("{part} / {base}");
            }
        }
        Self {
            level: code::called(visit, goal.level().as_str_name()),
            title: title.clone(),
            target,
            measured,
            cells,
        }
    }
}

/// How many participants a team is budgeted for in a year.
pub(super) struct BudgetedView {
    /// The year.
    pub(super) year: i32,
    /// The team.
    pub(super) team: String,
    /// How many.
    pub(super) total: String,
    /// Of them women; empty when the budget does not say.
    pub(super) women: String,
    /// Of them men; empty when the budget does not say.
    pub(super) men: String,
}

impl BudgetedView {
    pub(super) fn of(around: &Around, budgeted: &BudgetedParticipants) -> Self {
        let BudgetedParticipants { year, team, total, women, men } = budgeted;
        let given = |count: Option<i64>| count.map(format::whole).unwrap_or_default();
        Self {
            year: *year,
            team: around.subject(team).to_owned(),
            total: format::whole(*total),
            women: given(*women),
            men: given(*men),
        }
    }
}
