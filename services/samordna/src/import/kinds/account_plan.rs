//! The account plan, at most one row: what it is about stands in tables of its own.

use proto::finance::AccountPlan;
use sheets::{cell, value::Value};
use values::Fault;

use super::{Kind, account_plan_accounts};
use crate::import::{Section, fields::Fields};

/// Where the plan is in the request.
pub(super) const PATH: &str = "account_plan";

pub(in crate::import) const KIND: Kind = Kind {
    name: "account-plan",
    section: Section::Finance,
    columns: &["voucher_series", "party_dimension"],
    optional_columns: &[],
    key: "voucher_series",
    defines: None,
    needs: Some("account-plan-accounts"),
    read: |table, desk, requests| {
        let name = format!("{}/accountPlan", desk.parent());
        let mut rows = table.rows.iter();
        if let Some(row) = rows.next() {
            let mut fields = desk.fields(table, row, PATH.to_owned());
            begin(&mut fields);
            requests.finance.account_plan = Some(account_plan(&mut fields));
        }
        for row in rows {
            let mut fields = desk.fields(table, row, String::new());
            fields.refuse("voucher_series", Fault::new("", "NAME_TWICE").with("name", &name));
            account_plan(&mut fields);
        }
    },
};

fn begin(fields: &mut Fields<'_>) {
    fields.begin(&["voucher_series"]);
    fields.has_parts_in(&account_plan_accounts::KIND);
}

fn account_plan(fields: &mut Fields<'_>) -> AccountPlan {
    let dimension = fields.optional_whole_number("party_dimension");
    AccountPlan {
        voucher_series: fields.text("voucher_series"),
        // What is beyond any number is no dimension either.
        party_dimension: i32::try_from(dimension).unwrap_or(i32::MAX),
        ..Default::default()
    }
}

/// What something is called in the general ledger: `1930`, which a workbook may hold as
/// a number.
pub(super) fn code(value: &Value) -> Result<String, Fault> {
    let text = cell::text(value).map(str::to_owned);
    text.or_else(|fault| cell::whole_number(value).map_or(Err(fault), |code| Ok(code.to_string())))
}
