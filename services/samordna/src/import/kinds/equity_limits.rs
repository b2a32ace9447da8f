//! How much equity a year may end with, one row for each limit.

use std::collections::HashMap;

use proto::finance::{EquityLimit, EquityPolicy};

use super::{Kind, financial_years::FINANCIAL_YEARS};
use crate::import::{
    Section,
    fields::{Desk, Fields},
    table::Table,
};

pub(in crate::import) const KIND: Kind = Kind {
    name: "equity-limits",
    section: Section::Finance,
    columns: &["year", "above_percent", "state_reduction_percent", "consequence"],
    optional_columns: &[],
    key: "year",
    defines: None,
    needs: None,
    read: |table, desk, requests| {
        requests.finance.equity_policies = equity_policies(table, desk);
    },
};

/// Gathers the rows of each year, wherever they stand in the file, in the order in which
/// the first row of each stands.
fn equity_policies(table: &Table, desk: &mut Desk<'_>) -> Vec<EquityPolicy> {
    let mut gathered: Vec<EquityPolicy> = Vec::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for row in &table.rows {
        let mut fields = desk.fields(table, row, String::new());
        let year = fields.year().map(|year| year.to_string()).unwrap_or_default();
        let name = fields.name(FINANCIAL_YEARS, &year);
        let number = *numbers.entry(name.clone()).or_insert(gathered.len());
        let resource = format!("equity_policies[{number}]");

        let mut fields = desk.fields(table, row, resource.clone());
        if number == gathered.len() {
            gathered.push(EquityPolicy { name, equity_limits: Vec::new() });
            fields.begin(&["year"]);
        } else {
            fields.join(&resource);
        }
        // Every row is blamed for an unknown year, since every one has to be corrected.
        fields.note("name", &["year"]);
        fields.refer("name", FINANCIAL_YEARS, &year);

        let Some(policy) = gathered.get_mut(number) else {
            continue;
        };
        let path = format!("{resource}.equity_limits[{}]", policy.equity_limits.len());
        let mut fields = desk.fields(table, row, path);
        fields.part(&["above_percent"]);
        policy.equity_limits.push(equity_limit(&mut fields));
    }
    gathered
}

fn equity_limit(fields: &mut Fields<'_>) -> EquityLimit {
    EquityLimit {
        above_percent: fields.percent("above_percent"),
        state_reduction_percent: fields.optional_percent("state_reduction_percent"),
        consequence: fields.optional_text("consequence"),
    }
}
