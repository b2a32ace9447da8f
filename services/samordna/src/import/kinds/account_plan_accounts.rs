//! What the ledger's accounts are called in the general ledger.

use proto::finance::{LedgerAccount, MappedAccount};

use super::{
    Kind,
    account_plan::{PATH, code},
    requisition_lines::COST_KINDS,
};
use crate::import::{Section, fields::Fields};

pub(in crate::import) const KIND: Kind = Kind {
    name: "account-plan-accounts",
    section: Section::Finance,
    columns: &["account", "cost_kind", "number", "title"],
    optional_columns: &[],
    key: "account",
    defines: None,
    needs: Some("account-plan"),
    read: |table, desk, requests| {
        for row in &table.rows {
            let plan = requests.finance.account_plan.get_or_insert_default();
            let path = format!("{PATH}.accounts[{}]", plan.accounts.len());
            let mut fields = desk.fields(table, row, path);
            fields.join(PATH);
            fields.part(&["account"]);
            plan.accounts.push(account(&mut fields));
        }
    },
};

const ACCOUNTS: &[(&str, i32)] = &[
    ("contributions", LedgerAccount::Contributions as i32),
    ("receivable", LedgerAccount::Receivable as i32),
    ("bank", LedgerAccount::Bank as i32),
    ("payable", LedgerAccount::Payable as i32),
    ("initiatives", LedgerAccount::Initiatives as i32),
];

/// The kind of cost; empty for every kind without a row of its own.
fn cost_kind(fields: &mut Fields<'_>) -> i32 {
    if fields.is_empty("cost_kind") {
        fields.note("cost_kind", &["cost_kind"]);
        return 0;
    }
    fields.code("cost_kind", COST_KINDS)
}

fn account(fields: &mut Fields<'_>) -> MappedAccount {
    MappedAccount {
        account: fields.code("account", ACCOUNTS),
        cost_kind: cost_kind(fields),
        number: fields.parsed("number", "number", code).unwrap_or_default(),
        title: fields.text("title"),
    }
}
