//! Services that answer what a test tells them to, behind a real connection.

use std::sync::{Arc, Mutex};

use gateway::text::Language;
use proto::{
    common::{ImportEffect, ImportFault, ImportOutcome},
    finance::{
        ImportFinanceRequest, ImportFinanceResponse, StreamFinanceImportRequest,
        StreamFinanceImportResponse,
        finance_import_service_server::{FinanceImportService, FinanceImportServiceServer},
    },
    organisation::{
        ImportOrganisationRequest, ImportOrganisationResponse,
        organisation_import_service_server::{
            OrganisationImportService, OrganisationImportServiceServer,
        },
    },
    reporting::{
        ImportReportingRequest, ImportReportingResponse,
        reporting_import_service_server::{ReportingImportService, ReportingImportServiceServer},
    },
};
use tonic::{
    Request, Response, Status,
    metadata::MetadataMap,
    transport::{Channel, Server, server::TcpIncoming},
};

use crate::import::{Gateway, Section, connect};

/// One request that arrived.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) section: Section,
    pub(super) validate_only: bool,
    pub(super) expected_names: Vec<String>,
    pub(super) request_id: String,
    pub(super) authorization: String,
    pub(super) accept_language: String,
}

type Script = dyn Fn(&Seen) -> Result<Vec<ImportFault>, Status> + Send + Sync;

/// The three services. A request without faults is answered with one outcome
/// for each row.
#[derive(Clone)]
pub(super) struct Fake {
    seen: Arc<Mutex<Vec<Seen>>>,
    script: Arc<Script>,
}

impl Fake {
    /// Services that find what the script says in each request.
    pub(super) fn new(
        script: impl Fn(&Seen) -> Result<Vec<ImportFault>, Status> + Send + Sync + 'static,
    ) -> Self {
        Self { seen: Arc::default(), script: Arc::new(script) }
    }

    /// Starts listening and connects.
    pub(super) async fn gateway(&self) -> Gateway {
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = incoming.local_addr().unwrap();
        let services = Server::builder()
            .add_service(OrganisationImportServiceServer::new(self.clone()))
            .add_service(FinanceImportServiceServer::new(self.clone()))
            .add_service(ReportingImportServiceServer::new(self.clone()));
        tokio::spawn(services.serve_with_incoming(incoming));
        let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect_lazy();
        connect(channel, "token-of-the-test", Language::English).unwrap()
    }

    /// The requests so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    fn answer(&self, seen: Seen) -> Result<Vec<ImportFault>, Status> {
        let answer = (self.script)(&seen);
        self.seen.lock().unwrap().push(seen);
        answer
    }
}

/// A fault as a service answers it.
pub(super) fn fault(field: &str, reason: &str) -> ImportFault {
    ImportFault { field: field.to_owned(), reason: reason.to_owned(), facts: Vec::new() }
}

fn header(metadata: &MetadataMap, key: &str) -> String {
    let value = metadata.get(key).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

fn outcomes<'a>(list: &str, names: impl Iterator<Item = &'a String>) -> Vec<ImportOutcome> {
    let outcome = |(number, name): (usize, &String)| ImportOutcome {
        row: format!("{list}[{number}]"),
        name: name.clone(),
        effect: ImportEffect::Created.into(),
    };
    names.enumerate().map(outcome).collect()
}

macro_rules! arrived {
    ($section:expr, $request:expr, $expected_names:expr) => {{
        let metadata = $request.metadata().clone();
        let message = $request.into_inner();
        let seen = Seen {
            section: $section,
            validate_only: message.validate_only,
            expected_names: $expected_names(&message),
            request_id: message.request_id.clone(),
            authorization: header(&metadata, "authorization"),
            accept_language: header(&metadata, "accept-language"),
        };
        (message, seen)
    }};
}

#[tonic::async_trait]
impl OrganisationImportService for Fake {
    async fn import_organisation(
        &self,
        request: Request<ImportOrganisationRequest>,
    ) -> Result<Response<ImportOrganisationResponse>, Status> {
        let nothing = |_: &ImportOrganisationRequest| Vec::new();
        let (message, seen) = arrived!(Section::Organisation, request, nothing);
        let faults = self.answer(seen)?;
        let mut all = outcomes("federations", message.federations.iter().map(|row| &row.name));
        all.extend(outcomes("parties", message.parties.iter().map(|row| &row.name)));
        all.extend(outcomes("municipalities", message.municipalities.iter().map(|row| &row.name)));
        all.extend(outcomes("teams", message.teams.iter().map(|row| &row.name)));
        all.retain(|_| faults.is_empty());
        Ok(Response::new(ImportOrganisationResponse { outcomes: all, faults }))
    }
}

#[tonic::async_trait]
impl FinanceImportService for Fake {
    type StreamFinanceImportStream = tonic::Streaming<StreamFinanceImportResponse>;

    async fn stream_finance_import(
        &self,
        _: Request<tonic::Streaming<StreamFinanceImportRequest>>,
    ) -> Result<Response<Self::StreamFinanceImportStream>, Status> {
        Err(Status::unimplemented("the command sends one batch"))
    }

    async fn import_finance(
        &self,
        request: Request<ImportFinanceRequest>,
    ) -> Result<Response<ImportFinanceResponse>, Status> {
        let expected = |message: &ImportFinanceRequest| message.expected_names.clone();
        let (message, seen) = arrived!(Section::Finance, request, expected);
        let faults = self.answer(seen)?;
        let mut all = outcomes("recipients", message.recipients.iter().map(|row| &row.name));
        all.extend(outcomes("grants", message.grants.iter().map(|row| &row.name)));
        all.extend(outcomes("requisitions", message.requisitions.iter().map(|row| &row.name)));
        all.retain(|_| faults.is_empty());
        Ok(Response::new(ImportFinanceResponse { outcomes: all, faults }))
    }
}

#[tonic::async_trait]
impl ReportingImportService for Fake {
    async fn import_reporting(
        &self,
        request: Request<ImportReportingRequest>,
    ) -> Result<Response<ImportReportingResponse>, Status> {
        let expected = |message: &ImportReportingRequest| message.expected_names.clone();
        let (message, seen) = arrived!(Section::Reporting, request, expected);
        let faults = self.answer(seen)?;
        let periods = message.reporting_periods.iter().map(|row| &row.name);
        let mut all = outcomes("reporting_periods", periods);
        let figures = message.reported_figures.iter().map(|row| &row.name);
        all.extend(outcomes("reported_figures", figures));
        all.retain(|_| faults.is_empty());
        Ok(Response::new(ImportReportingResponse { outcomes: all, faults }))
    }
}
