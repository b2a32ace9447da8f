//! Later decisions on grants: another amount, other days or both.

use proto::finance::GrantAmendment;

use super::{Kind, grants::GRANTS};
use crate::import::{Section, fields::Fields};

pub(in crate::import) const KIND: Kind = Kind {
    name: "grant-amendments",
    section: Section::Finance,
    columns: &[
        "grant",
        "first_day",
        "last_day",
        "amount_kronor",
        "dnr",
        "decision_date",
        "deciding_body",
        "reason",
    ],
    optional_columns: &[],
    key: "grant",
    defines: None,
    needs: None,
    read: |table, desk, requests| {
        requests.finance.grant_amendments = desk.each(table, "grant_amendments", grant_amendment);
    },
};

fn grant_amendment(fields: &mut Fields<'_>) -> GrantAmendment {
    GrantAmendment {
        name: fields.reference("grant", "name", GRANTS),
        period: fields.period(),
        amount_ore: fields.amount_ore("amount_kronor", "amount_ore"),
        dnr: fields.text("dnr"),
        decision_date: fields.date("decision_date"),
        deciding_body: fields.text("deciding_body"),
        reason: fields.text("reason"),
    }
}
