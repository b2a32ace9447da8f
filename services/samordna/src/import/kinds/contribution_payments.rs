//! What the parties have paid.

use proto::finance::ContributionPayment;
use values::name::ContributionPaymentName;

use super::{Collection, Kind, parties::PARTIES};
use crate::import::{Section, fields::Fields};

/// Payments, by id.
pub(in crate::import) const CONTRIBUTION_PAYMENTS: Collection =
    Collection { path: ContributionPaymentName::COLLECTION, noun: "CONTRIBUTION_PAYMENT" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "contribution-payments",
    section: Section::Finance,
    columns: &[
        "contribution_payment",
        "year",
        "party",
        "amount_kronor",
        "payment_date",
        "bank_reference",
    ],
    optional_columns: &["comment", "synthetic"],
    key: "contribution_payment",
    defines: Some(CONTRIBUTION_PAYMENTS),
    needs: None,
    read: |table, desk, requests| {
        requests.finance.contribution_payments = desk.each(table, "contribution_payments", payment);
    },
};

fn payment(fields: &mut Fields<'_>) -> ContributionPayment {
    ContributionPayment {
        name: fields.own_name(CONTRIBUTION_PAYMENTS),
        year: fields.year().unwrap_or_default(),
        party: fields.reference("party", "party", PARTIES),
        amount_ore: fields.amount_ore("amount_kronor", "amount_ore"),
        payment_date: fields.date("payment_date"),
        bank_reference: fields.text("bank_reference"),
        comment: fields.optional_text("comment"),
        synthetic: fields.synthetic(),
    }
}
