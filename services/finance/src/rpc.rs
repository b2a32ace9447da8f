//! The RPCs of money. A handler parses, asks other services, loads, decides and
//! saves in one step of the journal, and renders the answer from what was
//! recorded.
//!
//! Architecture invariant: no rule about money stands here. The answer of a
//! write comes from the journal's entries, so that a repetition answers the
//! same.

mod account_plan;
mod convert;
mod export;
mod funding_table;
mod grant;
mod import;
mod organisation;
pub(crate) mod permissions;
mod recipient;
mod requisition;
mod staffing_financing;

use platform::{Database, Draft, Entry, Failure, Journal, Transport, mount};
use prost::Message;
use proto::finance::{
    account_plan_service_server::AccountPlanServiceServer,
    export_service_server::ExportServiceServer,
    finance_import_service_server::FinanceImportServiceServer,
    funding_table_service_server::FundingTableServiceServer,
    grant_service_server::GrantServiceServer, recipient_service_server::RecipientServiceServer,
    requisition_service_server::RequisitionServiceServer,
    staffing_financing_service_server::StaffingFinancingServiceServer,
};
use tonic::service::Routes;

pub(crate) use convert::requisition::render as render_requisition;
pub(crate) use convert::{
    account_plan::{name as account_plan_name, render as render_account_plan},
    grant::render as render_grant,
    recipient::render as render_recipient,
    staffing_financing::render as render_staffing_financing,
};

/// What every handler is handed; cheap to clone.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) journal: Journal,
    pub(crate) organisation: Transport,
    pub(crate) under_warning_percent: u8,
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
    Routes::new(RecipientServiceServer::new(recipient::Recipients(shared.clone())))
        .add_service(GrantServiceServer::new(grant::Grants(shared.clone())))
        .add_service(RequisitionServiceServer::new(requisition::Requisitions(shared.clone())))
        .add_service(FundingTableServiceServer::new(funding_table::FundingTables(shared.clone())))
        .add_service(StaffingFinancingServiceServer::new(staffing_financing::StaffingFinancings(
            shared.clone(),
        )))
        .add_service(AccountPlanServiceServer::new(account_plan::AccountPlans(shared.clone())))
        .add_service(ExportServiceServer::new(export::Exports(shared)))
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
