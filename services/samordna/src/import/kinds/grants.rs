//! Money granted by a decision of the board.

use proto::finance::Grant;
use values::name::GrantName;

use super::{Collection, Kind, recipients::RECIPIENTS};
use crate::import::{Section, fields::Fields};

/// Grants, by id.
pub(in crate::import) const GRANTS: Collection =
    Collection { path: GrantName::COLLECTION, noun: "GRANT" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "grants",
    section: Section::Finance,
    columns: &[
        "grant",
        "recipient",
        "first_day",
        "last_day",
        "amount_kronor",
        "dnr",
        "decision_date",
        "deciding_body",
    ],
    optional_columns: &["parent_grant", "synthetic"],
    key: "grant",
    defines: Some(GRANTS),
    needs: None,
    read: |table, desk, requests| {
        requests.finance.grants = desk.each(table, "grants", grant);
    },
};

fn grant(fields: &mut Fields<'_>) -> Grant {
    Grant {
        name: fields.own_name(GRANTS),
        recipient: fields.reference("recipient", "recipient", RECIPIENTS),
        parent_grant: fields.optional_reference("parent_grant", "parent_grant", GRANTS),
        period: fields.period(),
        amount_ore: fields.amount_ore("amount_kronor", "amount_ore"),
        dnr: fields.text("dnr"),
        decision_date: fields.date("decision_date"),
        deciding_body: fields.text("deciding_body"),
        synthetic: fields.synthetic(),
        // What only Samordna itself tells.
        ..Default::default()
    }
}
