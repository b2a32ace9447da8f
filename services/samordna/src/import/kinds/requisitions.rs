//! Claims on grants. What they are for stands in a table of its own.

use proto::finance::Requisition;
use values::name::RequisitionName;

use super::{Collection, Kind, grants::GRANTS, parties::PARTIES, requisition_lines};
use crate::import::{Section, fields::Fields};

/// Requisitions, by id.
pub(in crate::import) const REQUISITIONS: Collection =
    Collection { path: RequisitionName::COLLECTION, noun: "REQUISITION" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "requisitions",
    section: Section::Finance,
    columns: &["requisition", "grant", "party", "first_day", "last_day", "payment_reference"],
    optional_columns: &["dnr", "organisation_number", "synthetic"],
    key: "requisition",
    defines: Some(REQUISITIONS),
    needs: Some("requisition-lines"),
    read: |table, desk, requests| {
        requests.finance.requisitions = desk.each(table, "requisitions", requisition);
    },
};

/// A requisition without its cost lines, which stand in a table of their own.
fn requisition(fields: &mut Fields<'_>) -> Requisition {
    fields.whole("cost_lines", &["requisition", "grant"]);
    fields.whole("amount_ore", &["requisition", "grant"]);
    fields.has_parts_in(&requisition_lines::KIND);
    Requisition {
        name: fields.own_name(REQUISITIONS),
        grant: fields.reference("grant", "grant", GRANTS),
        party: fields.reference("party", "party", PARTIES),
        period: fields.period(),
        cost_lines: Vec::new(),
        payment_reference: fields.optional_text("payment_reference"),
        dnr: fields.optional_text("dnr"),
        organisation_number: fields.optional_text("organisation_number"),
        synthetic: fields.synthetic(),
        // What only Samordna itself tells.
        ..Default::default()
    }
}
