//! What parties, recipients and grants are called in the general ledger.

use proto::finance::{MappedGrant, MappedParty, MappedRecipient};

use super::{
    Kind,
    account_plan::{PATH, code},
    grants::GRANTS,
    parties::PARTIES,
    recipients::RECIPIENTS,
};
use crate::import::{
    Section,
    fields::{Desk, Fields},
    table::{Row, Table},
};

pub(in crate::import) const KIND: Kind = Kind {
    name: "account-plan-codes",
    section: Section::Finance,
    columns: &["kind", "id", "code"],
    optional_columns: &[],
    key: "id",
    defines: None,
    needs: Some("account-plan"),
    read: |table, desk, requests| {
        for row in &table.rows {
            let plan = requests.finance.account_plan.get_or_insert_default();
            let what = desk.fields(table, row, String::new()).code("kind", KINDS);
            match what {
                Some(What::Party) => {
                    let mut fields = part(table, desk, row, "parties", plan.parties.len());
                    let party = fields.reference("id", "party", PARTIES);
                    plan.parties.push(MappedParty { party, code: own_code(&mut fields) });
                }
                Some(What::Recipient) => {
                    let mut fields = part(table, desk, row, "recipients", plan.recipients.len());
                    let recipient = fields.reference("id", "recipient", RECIPIENTS);
                    let code = own_code(&mut fields);
                    plan.recipients.push(MappedRecipient { recipient, code });
                }
                Some(What::Grant) => {
                    let mut fields = part(table, desk, row, "grants", plan.grants.len());
                    let grant = fields.reference("id", "grant", GRANTS);
                    plan.grants.push(MappedGrant { grant, code: own_code(&mut fields) });
                }
                // Read all the same, for the faults in its other cells.
                None => {
                    let mut fields = desk.fields(table, row, String::new());
                    fields.id("id");
                    own_code(&mut fields);
                }
            }
        }
    },
};

/// What a code is of.
#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    Party,
    Recipient,
    Grant,
}

const KINDS: &[(&str, Option<What>)] = &[
    ("party", Some(What::Party)),
    ("recipient", Some(What::Recipient)),
    ("grant", Some(What::Grant)),
];

fn part<'a>(
    table: &'a Table,
    desk: &'a mut Desk<'_>,
    row: &'a Row,
    list: &str,
    number: usize,
) -> Fields<'a> {
    let mut fields = desk.fields(table, row, format!("{PATH}.{list}[{number}]"));
    fields.join(PATH);
    fields.part(&["id"]);
    fields
}

fn own_code(fields: &mut Fields<'_>) -> String {
    fields.parsed("code", "code", code).unwrap_or_default()
}
