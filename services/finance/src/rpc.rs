//! The RPCs of money. A handler parses, asks other services, loads, decides and
//! saves in one step of the journal, and renders the answer from what was
//! recorded.
//!
//! Architecture invariant: no rule about money stands here. The answer of a
//! write comes from the journal's entries, so that a repetition answers the
//! same.

mod attachment;
mod budget;
mod contribution;
mod convert;
mod event;
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

use platform::{Database, Draft, Entry, Failure, Journal, Transport, journal::Pace, mount};
use prost::Message;
use proto::finance::{
    attachment_service_server::AttachmentServiceServer, budget_service_server::BudgetServiceServer,
    contribution_service_server::ContributionServiceServer,
    event_service_server::EventServiceServer,
    finance_import_service_server::FinanceImportServiceServer,
    financial_year_service_server::FinancialYearServiceServer,
    funding_table_service_server::FundingTableServiceServer,
    grant_service_server::GrantServiceServer, ledger_service_server::LedgerServiceServer,
    own_cost_service_server::OwnCostServiceServer,
    recipient_service_server::RecipientServiceServer,
    recovery_service_server::RecoveryServiceServer,
    requisition_service_server::RequisitionServiceServer,
};
use tonic::service::Routes;

pub(crate) use convert::recovery::render as render_recovery;
pub(crate) use convert::requisition::render as render_requisition;
pub(crate) use convert::{
    budget::{render as render_budget, render_forecast as render_budget_forecast},
    contribution::{
        render as render_contribution_decision, render_payment as render_contribution_payment,
    },
    financial_year::render as render_financial_year,
    grant::render as render_grant,
    own_cost::render as render_own_cost,
    recipient::render as render_recipient,
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
        .max_decoding_message_size(attachment::LARGEST_MESSAGE);
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
        .add_service(EventServiceServer::new(event::Events(shared)))
        .add_service(import)
}

/// A draft of the journal: the resource as it became.
fn draft(kind: &'static str, subject: &impl std::fmt::Display, resource: &impl Message) -> Draft {
    Draft { kind, subject: subject.to_string(), payload: resource.encode_to_vec() }
}

/// The resource that a write recorded.
fn recorded<M: Message + Default>(entries: &[Entry]) -> Result<M, Failure> {
    let entry = entries
        .first()
        .ok_or_else(|| Failure::Internal(anyhow::anyhow!("a write recorded nothing")))?;
    M::decode(entry.payload.as_slice()).map_err(|error| Failure::Internal(error.into()))
}
