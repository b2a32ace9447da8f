//! The budget years that are opened.

use proto::finance::{Decision, FinancialYear};
use values::name::FinancialYearName;

use super::{Collection, Kind};
use crate::import::{Section, fields::Fields};

/// Years, by number.
pub(in crate::import) const FINANCIAL_YEARS: Collection =
    Collection { path: FinancialYearName::COLLECTION, noun: "FINANCIAL_YEAR" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "financial-years",
    section: Section::Finance,
    columns: &["year", "opening_equity_kronor", "dnr", "decision_date", "deciding_body"],
    optional_columns: &["synthetic"],
    key: "year",
    defines: Some(FINANCIAL_YEARS),
    needs: None,
    read: |table, desk, requests| {
        requests.finance.financial_years = desk.each(table, "financial_years", financial_year);
    },
};

fn financial_year(fields: &mut Fields<'_>) -> FinancialYear {
    let year = fields.year();
    FinancialYear {
        name: fields.own_name_of(FINANCIAL_YEARS, year.map(|year| year.to_string())),
        year: year.unwrap_or_default(),
        opening_equity_ore: fields.amount_ore("opening_equity_kronor", "opening_equity_ore"),
        opening_decision: Some(decision(&mut fields.inner("opening_decision"))),
        synthetic: fields.synthetic(),
        // What only Samordna itself tells.
        ..Default::default()
    }
}

fn decision(fields: &mut Fields<'_>) -> Decision {
    Decision {
        dnr: fields.text("dnr"),
        decision_date: fields.date("decision_date"),
        deciding_body: fields.text("deciding_body"),
    }
}
