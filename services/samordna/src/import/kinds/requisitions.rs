//! Claims on grants. What they are for stands in a table of its own.

use proto::finance::Requisition;
use values::{Fault, PaymentAccount, name::RequisitionName};

use super::{Collection, Kind, grants::GRANTS, parties::PARTIES, requisition_lines};
use crate::import::{Section, fields::Fields};

/// Requisitions, by id.
pub(in crate::import) const REQUISITIONS: Collection =
    Collection { path: RequisitionName::COLLECTION, noun: "REQUISITION" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "requisitions",
    section: Section::Finance,
    columns: &["requisition", "grant", "party", "first_day", "last_day", "payment_reference"],
    optional_columns: &["dnr", "organisation_number", "forecast_rest_kronor", "synthetic"],
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
        payment_reference: payment_reference(fields),
        dnr: fields.optional_text("dnr"),
        organisation_number: fields.optional_text("organisation_number"),
        forecast_rest_ore: fields.optional_amount_ore("forecast_rest_kronor", "forecast_rest_ore"),
        synthetic: fields.synthetic(),
        // What only Samordna itself tells.
        ..Default::default()
    }
}

/// Where the money goes. Every tenth registry number of the form `2025-0015` is a bankgiro
/// by its check digit: such a one may have come into the wrong column.
fn payment_reference(fields: &mut Fields<'_>) -> String {
    let text = fields.optional_text("payment_reference");
    if reads_like_dnr(&text) {
        fields.doubt("payment_reference", Fault::new("", "PAYMENT_REFERENCE_LIKE_DNR"));
    }
    text
}

/// True for a bankgiro that begins with a year, and has no word before it.
fn reads_like_dnr(text: &str) -> bool {
    let year = text.trim().split_once('-').map(|(head, _)| head).filter(|head| head.len() == 4);
    let is_year =
        year.and_then(|year| year.parse().ok()).is_some_and(|year| (1990..2100).contains(&year));
    is_year && matches!(PaymentAccount::parse("", text), Ok(PaymentAccount::Bankgiro(_)))
}
