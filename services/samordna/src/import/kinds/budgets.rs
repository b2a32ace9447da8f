//! Budgets as the board decides them. Their rows stand in a table of their own.

use proto::finance::Budget;
use values::name::BudgetName;

use super::{Collection, Kind, budget_rows};
use crate::import::{Section, fields::Fields};

/// Budgets, by id.
pub(in crate::import) const BUDGETS: Collection =
    Collection { path: BudgetName::COLLECTION, noun: "BUDGET" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "budgets",
    section: Section::Finance,
    columns: &["budget", "year", "dnr", "decision_date", "deciding_body"],
    optional_columns: &["synthetic"],
    key: "budget",
    defines: Some(BUDGETS),
    needs: Some("budget-rows"),
    read: |table, desk, requests| {
        requests.finance.budgets = desk.each(table, "budgets", budget);
    },
};

/// A budget without its rows, which stand in a table of their own.
fn budget(fields: &mut Fields<'_>) -> Budget {
    fields.whole("rows", &["budget"]);
    fields.has_parts_in(&budget_rows::KIND);
    Budget {
        name: fields.own_name(BUDGETS),
        year: fields.year().unwrap_or_default(),
        rows: Vec::new(),
        dnr: fields.text("dnr"),
        decision_date: fields.date("decision_date"),
        deciding_body: fields.text("deciding_body"),
        synthetic: fields.synthetic(),
        // What only Samordna itself tells.
        ..Default::default()
    }
}
