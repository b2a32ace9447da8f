//! Asks the three services, over the gateway, as whoever the token says.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, anyhow, bail};
use gateway::text::{self, Language};
use platform::{failure::Problem, mount::LARGEST_MESSAGE};
use proto::{
    common::{Fact, ImportFault},
    finance::finance_import_service_client::FinanceImportServiceClient,
    organisation::organisation_import_service_client::OrganisationImportServiceClient,
    reporting::reporting_import_service_client::ReportingImportServiceClient,
};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Certificate, Channel, ClientTlsConfig},
};
use uuid::Uuid;

use super::{
    Section,
    plan::{Answer, Plan},
    report,
};

/// How long a gateway may take to be connected to.
const PATIENCE: Duration = Duration::from_secs(10);

/// The gateway, called with a token.
pub type Gateway = InterceptedService<Channel, Credentials>;

/// What every call carries: who asks, and the language of the answer.
#[derive(Clone)]
pub struct Credentials {
    authorization: MetadataValue<Ascii>,
    accept_language: MetadataValue<Ascii>,
}

impl Interceptor for Credentials {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        metadata.insert("authorization", self.authorization.clone());
        metadata.insert("accept-language", self.accept_language.clone());
        Ok(request)
    }
}

/// A way to the gateway. Over TLS, when the address says so, its certificate has to be issued
/// by whom the system trusts, or by the issuer that is given and nobody else.
///
/// # Errors
/// When the address or the issuer's certificate cannot be read, or no gateway answers.
pub async fn channel(server: &str, issuer: Option<&Path>) -> anyhow::Result<Channel> {
    let endpoint = Channel::from_shared(server.to_owned())?.connect_timeout(PATIENCE);
    if !server.starts_with("https:") {
        if issuer.is_some() {
            bail!("--ca is for a gateway over TLS, and {server} goes without: write https://");
        }
        let channel = endpoint.connect().await;
        return channel.with_context(|| format!("no gateway answers at {server}"));
    }
    let tls = match issuer {
        None => ClientTlsConfig::new().with_native_roots(),
        Some(file) => {
            let read = std::fs::read(file);
            let pem = read.with_context(|| format!("{} cannot be read", file.display()))?;
            ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem))
        }
    };
    let connected = async { anyhow::Ok(endpoint.tls_config(tls)?.connect().await?) };
    connected.await.with_context(|| {
        format!(
            "no gateway answers at {server}; when its certificate is of an issuer that this \
             machine does not know, name the issuer's with --ca FILE"
        )
    })
}

/// Calls the gateway behind `channel` with a bearer token.
///
/// # Errors
/// When the token has characters that no header can carry.
pub fn connect(channel: Channel, token: &str, language: Language) -> anyhow::Result<Gateway> {
    // The error shows the value, and a token belongs in no terminal.
    let bearer = format!("Bearer {}", token.trim()).parse();
    let mut authorization: MetadataValue<Ascii> =
        bearer.map_err(|_| anyhow!("the token has characters that no header can carry"))?;
    authorization.set_sensitive(true);
    let accept_language = MetadataValue::from_static(language.code());
    Ok(InterceptedService::new(channel, Credentials { authorization, accept_language }))
}

/// One run of an import.
pub(super) struct Run {
    id: Uuid,
    gateway: Gateway,
    language: Language,
}

/// What a request is sent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Check,
    Write,
}

impl Run {
    /// A run with request ids of its own.
    pub(super) fn new(gateway: Gateway, language: Language) -> Self {
        Self { id: Uuid::now_v7(), gateway, language }
    }

    /// Asks a service what it would do with its rows. It may count on the
    /// teams, parties and municipalities that the same import creates before its turn.
    ///
    /// # Errors
    /// When the service does not answer, or refuses to be asked.
    pub(super) async fn check(&self, plan: &Plan, section: Section) -> anyhow::Result<Answer> {
        let sent = self.send(plan, section, Purpose::Check).await;
        sent.with_context(|| report::not_asked(self.language, section))
    }

    /// Has a service write its rows, in one transaction.
    ///
    /// # Errors
    /// When the service does not answer, or refuses to be asked. Whether it has
    /// written is then unknown; the next run tells.
    pub(super) async fn write(&self, plan: &Plan, section: Section) -> anyhow::Result<Answer> {
        self.send(plan, section, Purpose::Write).await
    }

    async fn send(
        &self,
        plan: &Plan,
        section: Section,
        purpose: Purpose,
    ) -> anyhow::Result<Answer> {
        let answer = match section {
            Section::Organisation => self.organisation(plan, purpose).await,
            Section::Finance => self.finance(plan, purpose).await,
            Section::Reporting => self.reporting(plan, purpose).await,
        };
        answer.or_else(|status| self.understand(&status))
    }

    async fn organisation(&self, plan: &Plan, purpose: Purpose) -> Result<Answer, Status> {
        let mut request = plan.requests.organisation.clone();
        request.request_id = self.request_id("organisation", purpose);
        request.validate_only = purpose == Purpose::Check;
        let mut client = OrganisationImportServiceClient::new(self.gateway.clone())
            .max_encoding_message_size(LARGEST_MESSAGE)
            .max_decoding_message_size(LARGEST_MESSAGE);
        let answer = client.import_organisation(request).await?.into_inner();
        Ok(Answer { outcomes: answer.outcomes, faults: answer.faults })
    }

    async fn finance(&self, plan: &Plan, purpose: Purpose) -> Result<Answer, Status> {
        let mut request = plan.requests.finance.clone();
        request.request_id = self.request_id("finance", purpose);
        request.validate_only = purpose == Purpose::Check;
        request.expected_names = expected_names(plan, purpose);
        if purpose == Purpose::Check {
            request.expected_parties = plan.expected_parties();
        }
        let mut client = FinanceImportServiceClient::new(self.gateway.clone())
            .max_encoding_message_size(LARGEST_MESSAGE)
            .max_decoding_message_size(LARGEST_MESSAGE);
        let answer = client.import_finance(request).await?.into_inner();
        Ok(Answer { outcomes: answer.outcomes, faults: answer.faults })
    }

    async fn reporting(&self, plan: &Plan, purpose: Purpose) -> Result<Answer, Status> {
        let mut request = plan.requests.reporting.clone();
        request.request_id = self.request_id("reporting", purpose);
        request.validate_only = purpose == Purpose::Check;
        request.expected_names = expected_names(plan, purpose);
        request.expected_names.retain(|name| name.contains("/teams/"));
        let mut client = ReportingImportServiceClient::new(self.gateway.clone())
            .max_encoding_message_size(LARGEST_MESSAGE)
            .max_decoding_message_size(LARGEST_MESSAGE);
        let answer = client.import_reporting(request).await?.into_inner();
        Ok(Answer { outcomes: answer.outcomes, faults: answer.faults })
    }

    fn request_id(&self, service: &str, purpose: Purpose) -> String {
        let purpose = match purpose {
            Purpose::Check => "check",
            Purpose::Write => "write",
        };
        format!("import-{}-{service}-{purpose}", self.id)
    }

    /// A refusal that names fields is about the rows; any other is about the
    /// call, and ends the run with a text.
    fn understand(&self, status: &Status) -> anyhow::Result<Answer> {
        let problem = Problem::of(status);
        if problem.faults.is_empty() {
            let facts: Vec<(&str, &str)> =
                problem.facts.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            let text = text::reason(self.language, &problem.reason, &facts);
            // The gateway's own messages are made of the same text.
            return Err(if text.contains(status.message()) {
                anyhow!("{text}")
            } else {
                anyhow!("{text} ({})", status.message())
            });
        }
        let fact = |(key, value)| Fact { key, value };
        let faults = problem.faults.into_iter().map(|fault| ImportFault {
            field: fault.field,
            reason: fault.reason,
            facts: fault.facts.into_iter().map(fact).collect(),
        });
        Ok(Answer { outcomes: Vec::new(), faults: faults.collect() })
    }
}

/// When writing, what a service refers to is there: the services before it have
/// been written.
fn expected_names(plan: &Plan, purpose: Purpose) -> Vec<String> {
    match purpose {
        Purpose::Check => plan.expected_names(),
        Purpose::Write => Vec::new(),
    }
}
