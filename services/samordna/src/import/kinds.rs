//! Every kind of table an import may hold: the table of contents of
//! deploy/demo/README.md, in the order in which the tables are told about.
//!
//! A kind is one file in this folder, which says its columns and how a row
//! becomes a message, and its name here, once as a module and once in [`ALL`].
//! No other code lists the kinds; a test asks for the description of each.

mod account_plan;
mod account_plan_accounts;
mod account_plan_codes;
mod areas;
mod budget_forecasts;
mod budget_rows;
mod budgets;
mod contribution_payments;
mod contribution_shares;
mod contributions;
mod equity_limits;
mod federation;
mod financial_years;
mod grant_amendments;
mod grants;
mod municipalities;
mod own_costs;
mod parties;
mod recipients;
mod reported_figures;
mod reporting_periods;
mod requisition_lines;
mod requisitions;
mod staffing_financing;
mod teams;

use proto::{
    finance::ImportFinanceRequest, organisation::ImportOrganisationRequest,
    reporting::ImportReportingRequest,
};

use super::{Section, fields::Desk, table::Table};

pub(super) use municipalities::MUNICIPALITIES;
pub(super) use parties::PARTIES;
pub(super) use teams::TEAMS;

/// Every kind, each after those whose messages its rows become a part of.
pub(super) const ALL: [&Kind; 25] = [
    &federation::KIND,
    &parties::KIND,
    &areas::KIND,
    &municipalities::KIND,
    &teams::KIND,
    &recipients::KIND,
    &grants::KIND,
    &grant_amendments::KIND,
    &requisitions::KIND,
    &requisition_lines::KIND,
    &financial_years::KIND,
    &equity_limits::KIND,
    &contributions::KIND,
    &contribution_shares::KIND,
    &contribution_payments::KIND,
    &budgets::KIND,
    &budget_rows::KIND,
    &budget_forecasts::KIND,
    &own_costs::KIND,
    &staffing_financing::KIND,
    &account_plan::KIND,
    &account_plan_accounts::KIND,
    &account_plan_codes::KIND,
    &reporting_periods::KIND,
    &reported_figures::KIND,
];

/// One kind of table.
#[derive(Debug)]
pub(super) struct Kind {
    /// The name of its file, without ending, and of its sheet in a workbook.
    pub(super) name: &'static str,
    /// The service it is for.
    pub(super) section: Section,
    /// The columns it must have, in any order.
    pub(super) columns: &'static [&'static str],
    /// The columns it may have.
    pub(super) optional_columns: &'static [&'static str],
    /// The column that tells which resource a row belongs to.
    pub(super) key: &'static str,
    /// What each row defines under its key; `None` where rows define nothing
    /// that other rows refer to.
    pub(super) defines: Option<Collection>,
    /// The table without which this one says only half.
    pub(super) needs: Option<&'static str>,
    /// Puts the rows into the request of their service.
    pub(super) read: fn(&Table, &mut Desk<'_>, &mut Requests),
}

impl Kind {
    /// The column of that name, when the table knows it.
    pub(super) fn column(&self, name: &str) -> Option<&'static str> {
        let mut known = self.columns.iter().chain(self.optional_columns);
        known.find(|column| **column == name).copied()
    }
}

/// The kind of a name.
pub(super) fn named(name: &str) -> Option<&'static Kind> {
    ALL.into_iter().find(|kind| kind.name == name)
}

/// A kind of resource that rows define or refer to by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Collection {
    /// Its part of a resource name.
    pub(super) path: &'static str,
    /// The word that reasons about it are made with: `TEAM_UNKNOWN`.
    pub(super) noun: &'static str,
}

/// What is asked of each service, without request ids and to be carried out.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Requests {
    pub(super) organisation: ImportOrganisationRequest,
    pub(super) finance: ImportFinanceRequest,
    pub(super) reporting: ImportReportingRequest,
}

impl Requests {
    /// Requests without rows.
    pub(super) fn of(parent: &str) -> Self {
        let mut requests = Self::default();
        requests.organisation.parent = parent.to_owned();
        requests.finance.parent = parent.to_owned();
        requests.reporting.parent = parent.to_owned();
        requests
    }
}
