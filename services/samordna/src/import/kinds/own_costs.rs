//! What the federation itself costs.

use proto::finance::OwnCost;
use values::name::OwnCostName;

use super::{Collection, Kind, budget_rows::AREAS};
use crate::import::{Section, fields::Fields};

/// Own costs, by id.
pub(in crate::import) const OWN_COSTS: Collection =
    Collection { path: OwnCostName::COLLECTION, noun: "OWN_COST" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "own-costs",
    section: Section::Finance,
    columns: &["own_cost", "area", "amount_kronor", "day", "description", "reference"],
    optional_columns: &["synthetic"],
    key: "own_cost",
    defines: Some(OWN_COSTS),
    needs: None,
    read: |table, desk, requests| {
        requests.finance.own_costs = desk.each(table, "own_costs", own_cost);
    },
};

fn own_cost(fields: &mut Fields<'_>) -> OwnCost {
    OwnCost {
        name: fields.own_name(OWN_COSTS),
        area: fields.code("area", AREAS),
        amount_ore: fields.amount_ore("amount_kronor", "amount_ore"),
        day: fields.date("day"),
        description: fields.text("description"),
        reference: fields.optional_text("reference"),
        synthetic: fields.synthetic(),
    }
}
