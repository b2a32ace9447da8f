//! The RPCs of money. A handler parses, asks other services, loads, decides and
//! saves in one step of the journal, and renders the answer from what was
//! recorded.
//!
//! Architecture invariant: no rule about money stands here. The answer of a
//! write comes from the journal's entries, so that a repetition answers the
//! same.

mod account_plan;
mod attachment;
mod budget;
mod contribution;
mod convert;
mod event;
mod export;
mod financial_year;
mod funding_table;
mod grant;
mod import;
mod ledger;
mod organisation;
mod own_cost;
pub(crate) mod permissions;
mod recipient;
mod recovery;
mod requisition;
mod staffing_financing;

use platform::{
    Database, Journal, Transport,
    journal::Pace,
    journalled::{draft, recorded},
    mount,
};
use proto::finance::{
    account_plan_service_server::AccountPlanServiceServer,
    attachment_service_server::AttachmentServiceServer, budget_service_server::BudgetServiceServer,
    contribution_service_server::ContributionServiceServer,
    event_service_server::EventServiceServer, export_service_server::ExportServiceServer,
    finance_import_service_server::FinanceImportServiceServer,
    financial_year_service_server::FinancialYearServiceServer,
    funding_table_service_server::FundingTableServiceServer,
    grant_service_server::GrantServiceServer, ledger_service_server::LedgerServiceServer,
    own_cost_service_server::OwnCostServiceServer,
    recipient_service_server::RecipientServiceServer,
    recovery_service_server::RecoveryServiceServer,
    requisition_service_server::RequisitionServiceServer,
    staffing_financing_service_server::StaffingFinancingServiceServer,
};
use tonic::service::Routes;

pub(crate) use convert::recovery::render as render_recovery;
pub(crate) use convert::requisition::render as render_requisition;
pub(crate) use convert::{
    account_plan::{name as account_plan_name, render as render_account_plan},
    budget::{render as render_budget, render_forecast as render_budget_forecast},
    contribution::{
        render as render_contribution_decision, render_payment as render_contribution_payment,
    },
    financial_year::render as render_financial_year,
    grant::render as render_grant,
    own_cost::render as render_own_cost,
    recipient::render as render_recipient,
    staffing_financing::render as render_staffing_financing,
};

/// What every handler is handed; cheap to clone.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) journal: Journal,
    pub(crate) organisation: Transport,
    pub(crate) under_warning_percent: u8,
    pub(crate) pace: Pace,
}

impl Shared {
    fn database(&self) -> &Database {
        self.journal.database()
    }
}

/// The services there are.
pub(crate) fn routes(shared: Shared) -> Routes {
    let import = FinanceImportServiceServer::new(import::FinanceImport(shared.clone()))
        .max_decoding_message_size(mount::LARGEST_MESSAGE);
    let attachment = AttachmentServiceServer::new(attachment::Attachments(shared.clone()))
        .max_decoding_message_size(platform::attachment::LARGEST_MESSAGE);
    Routes::new(RecipientServiceServer::new(recipient::Recipients(shared.clone())))
        .add_service(attachment)
        .add_service(RecoveryServiceServer::new(recovery::Recoveries(shared.clone())))
        .add_service(GrantServiceServer::new(grant::Grants(shared.clone())))
        .add_service(RequisitionServiceServer::new(requisition::Requisitions(shared.clone())))
        .add_service(BudgetServiceServer::new(budget::Budgets(shared.clone())))
        .add_service(ContributionServiceServer::new(contribution::Contributions(shared.clone())))
        .add_service(FinancialYearServiceServer::new(financial_year::FinancialYears(
            shared.clone(),
        )))
        .add_service(LedgerServiceServer::new(ledger::Ledger(shared.clone())))
        .add_service(OwnCostServiceServer::new(own_cost::OwnCosts(shared.clone())))
        .add_service(FundingTableServiceServer::new(funding_table::FundingTables(shared.clone())))
        .add_service(EventServiceServer::new(event::Events(shared.clone())))
        .add_service(StaffingFinancingServiceServer::new(staffing_financing::StaffingFinancings(
            shared.clone(),
        )))
        .add_service(AccountPlanServiceServer::new(account_plan::AccountPlans(shared.clone())))
        .add_service(ExportServiceServer::new(export::Exports(shared)))
        .add_service(import)
}
