//! The RPCs of money. A handler parses, asks other services, loads, decides and
//! saves in one step of the journal, and renders the answer from what was
//! recorded.
//!
//! Architecture invariant: no rule about money stands here. The answer of a
//! write comes from the journal's entries, so that a repetition answers the
//! same.

mod attachment;
mod convert;
mod funding_table;
mod grant;
mod import;
mod organisation;
pub(crate) mod permissions;
mod recipient;
mod recovery;
mod requisition;

use platform::{Database, Draft, Entry, Failure, Journal, Transport, mount};
use prost::Message;
use proto::finance::{
    attachment_service_server::AttachmentServiceServer,
    finance_import_service_server::FinanceImportServiceServer,
    funding_table_service_server::FundingTableServiceServer,
    grant_service_server::GrantServiceServer, recipient_service_server::RecipientServiceServer,
    recovery_service_server::RecoveryServiceServer,
    requisition_service_server::RequisitionServiceServer,
};
use tonic::service::Routes;

pub(crate) use convert::recovery::render as render_recovery;
pub(crate) use convert::requisition::render as render_requisition;
pub(crate) use convert::{grant::render as render_grant, recipient::render as render_recipient};

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
    let attachment = AttachmentServiceServer::new(attachment::Attachments(shared.clone()))
        .max_decoding_message_size(attachment::LARGEST_MESSAGE);
    Routes::new(RecipientServiceServer::new(recipient::Recipients(shared.clone())))
        .add_service(attachment)
        .add_service(RecoveryServiceServer::new(recovery::Recoveries(shared.clone())))
        .add_service(GrantServiceServer::new(grant::Grants(shared.clone())))
        .add_service(RequisitionServiceServer::new(requisition::Requisitions(shared.clone())))
        .add_service(FundingTableServiceServer::new(funding_table::FundingTables(shared)))
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
