//! What budgets are divided on, row by row.

use proto::finance::{Budget, BudgetArea, BudgetRow};

use super::{
    Kind,
    budgets::{self, BUDGETS},
    recipients::RECIPIENTS,
};
use crate::import::{Section, fields::Fields, halves::Halves};

pub(in crate::import) const KIND: Kind = Kind {
    name: "budget-rows",
    section: Section::Finance,
    columns: &["budget", "area", "title", "amount_kronor", "recipient"],
    optional_columns: &[],
    key: "budget",
    defines: None,
    needs: Some("budgets"),
    read: |table, desk, requests| {
        ROWS.join(table, desk, &mut requests.finance.budgets);
    },
};

const ROWS: Halves<Budget, BudgetRow> = Halves {
    whole: &budgets::KIND,
    collection: BUDGETS,
    list: "budgets",
    field: "rows",
    blamed: &["title"],
    name: |budget| &budget.name,
    parts: |budget| &mut budget.rows,
    read: budget_row,
};

/// What a budget is divided on.
pub(super) const AREAS: &[(&str, i32)] = &[
    ("board", BudgetArea::Board as i32),
    ("administration", BudgetArea::Administration as i32),
    ("audit", BudgetArea::Audit as i32),
    ("initiatives", BudgetArea::Initiatives as i32),
];

fn budget_row(fields: &mut Fields<'_>) -> BudgetRow {
    BudgetRow {
        area: fields.code("area", AREAS),
        title: fields.text("title"),
        amount_ore: fields.amount_ore("amount_kronor", "amount_ore"),
        recipient: fields.optional_reference("recipient", "recipient", RECIPIENTS),
    }
}
