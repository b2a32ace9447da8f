//! The edge: takes partners' calls, finds out who calls, and passes the body on
//! unread to the service that answers.

mod drain;
mod explain;
mod media_type;
mod places;

use std::{collections::HashMap, sync::LazyLock};

use axum::{
    extract::{Request, State as FromState},
    http::HeaderMap,
    response::Response,
    routing::any,
};
use platform::{Failure, Transport, stop::Stopping};
use prost::Message as _;
use tonic::Status;
use tower::Service as _;
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

pub(crate) use places::Places;

use crate::{State, text::Language};

/// The service that answers a public gRPC service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Upstream {
    Organisation,
    Finance,
    Reporting,
    Own,
}

/// Every gRPC service that partners may call. What has no line is not there.
const SERVICES: [(&str, Upstream); 68] = [
    ("samordna.organisation.v1.FederationService", Upstream::Organisation),
    ("samordna.organisation.v1.PartyService", Upstream::Organisation),
    ("samordna.organisation.v1.AreaService", Upstream::Organisation),
    ("samordna.organisation.v1.MunicipalityService", Upstream::Organisation),
    ("samordna.organisation.v1.TeamService", Upstream::Organisation),
    ("samordna.organisation.v1.OrganisationImportService", Upstream::Organisation),
    ("samordna.participant.v1.CriteriaService", Upstream::Organisation),
    ("samordna.participant.v1.ReferralService", Upstream::Organisation),
    ("samordna.participant.v1.ParticipantService", Upstream::Organisation),
    ("samordna.participant.v1.ParticipantEventService", Upstream::Organisation),
    ("samordna.participant.v1.EnrolmentService", Upstream::Organisation),
    ("samordna.participant.v1.ParticipantImportService", Upstream::Organisation),
    ("samordna.participant.v1.QueueService", Upstream::Organisation),
    ("samordna.participant.v1.MilestoneService", Upstream::Organisation),
    ("samordna.participant.v1.PlacementService", Upstream::Organisation),
    ("samordna.participant.v1.FollowUpService", Upstream::Organisation),
    ("samordna.participant.v1.SurveyService", Upstream::Organisation),
    ("samordna.participant.v1.ActivityCountService", Upstream::Organisation),
    ("samordna.participant.v1.ReadLogService", Upstream::Organisation),
    ("samordna.participant.v1.DisposalService", Upstream::Organisation),
    ("samordna.participant.v1.PositionService", Upstream::Organisation),
    ("samordna.participant.v1.IntakePauseService", Upstream::Organisation),
    ("samordna.participant.v1.ReservedPlacesService", Upstream::Organisation),
    ("samordna.participant.v1.GroupActivityService", Upstream::Organisation),
    ("samordna.participant.v1.QuestionnaireService", Upstream::Organisation),
    ("samordna.participant.v1.BandingService", Upstream::Organisation),
    ("samordna.participant.v1.TableLayoutService", Upstream::Organisation),
    ("samordna.participant.v1.TabulationService", Upstream::Organisation),
    ("samordna.participant.v1.DataSetService", Upstream::Organisation),
    ("samordna.finance.v1.RecipientService", Upstream::Finance),
    ("samordna.finance.v1.GrantService", Upstream::Finance),
    ("samordna.finance.v1.RequisitionService", Upstream::Finance),
    ("samordna.finance.v1.FundingTableService", Upstream::Finance),
    ("samordna.finance.v1.FinanceImportService", Upstream::Finance),
    ("samordna.finance.v1.AttachmentService", Upstream::Finance),
    ("samordna.finance.v1.RecoveryService", Upstream::Finance),
    ("samordna.finance.v1.ContributionService", Upstream::Finance),
    ("samordna.finance.v1.FinancialYearService", Upstream::Finance),
    ("samordna.finance.v1.BudgetService", Upstream::Finance),
    ("samordna.finance.v1.OwnCostService", Upstream::Finance),
    ("samordna.finance.v1.LedgerService", Upstream::Finance),
    ("samordna.finance.v1.StaffingFinancingService", Upstream::Finance),
    ("samordna.finance.v1.AccountPlanService", Upstream::Finance),
    ("samordna.finance.v1.ExportService", Upstream::Finance),
    ("samordna.finance.v1.EventService", Upstream::Finance),
    ("samordna.reporting.v1.ReportingPeriodService", Upstream::Reporting),
    ("samordna.reporting.v1.ReportedFiguresService", Upstream::Reporting),
    ("samordna.reporting.v1.HalfYearReportService", Upstream::Reporting),
    ("samordna.reporting.v1.FigureDefinitionService", Upstream::Reporting),
    ("samordna.reporting.v1.ReleaseService", Upstream::Reporting),
    ("samordna.reporting.v1.RestatementService", Upstream::Reporting),
    ("samordna.reporting.v1.ReportingImportService", Upstream::Reporting),
    ("samordna.reporting.v1.UnitCostService", Upstream::Reporting),
    ("samordna.reporting.v1.ProgrammePlanService", Upstream::Reporting),
    ("samordna.reporting.v1.HeldActivitiesService", Upstream::Reporting),
    ("samordna.reporting.v1.LocalGoalService", Upstream::Reporting),
    ("samordna.reporting.v1.SteeringGroupService", Upstream::Reporting),
    ("samordna.reporting.v1.SteeringGroupMeetingService", Upstream::Reporting),
    ("samordna.reporting.v1.DueReportService", Upstream::Reporting),
    ("samordna.reporting.v1.ReminderService", Upstream::Reporting),
    ("samordna.reporting.v1.NationalFollowUpService", Upstream::Reporting),
    ("samordna.reporting.v1.ReportTemplateService", Upstream::Reporting),
    ("samordna.reporting.v1.ReportService", Upstream::Reporting),
    ("samordna.reporting.v1.AttachmentService", Upstream::Reporting),
    ("samordna.reporting.v1.ChapterService", Upstream::Reporting),
    ("samordna.reporting.v1.CommentService", Upstream::Reporting),
    ("samordna.gateway.v1.AccountService", Upstream::Own),
    ("samordna.gateway.v1.RoleGrantService", Upstream::Own),
];

/// One route for each public service.
pub(crate) fn routes() -> axum::Router<State> {
    let services = SERVICES.iter();
    services.fold(axum::Router::new(), |router, (service, upstream)| {
        let upstream = *upstream;
        let handler = move |FromState(state): FromState<State>, request: Request| {
            pass(state, upstream, request)
        };
        router.route(&format!("/{service}/{{method}}"), any(handler))
    })
}

async fn pass(state: State, upstream: Upstream, request: Request) -> Response {
    let method = request.uri().path().to_owned();
    let language = language_of(request.headers());
    if let Some(refusal) = media_type::refusal(request.headers(), language) {
        return refusal;
    }
    // A path may be anything a stranger sends; a method of the contract is not.
    let known = method_of_contract(&method);
    let name = if known.is_some() { method.as_str() } else { "unknown" };
    let span = tracing::info_span!("edge", otel.name = name, otel.kind = "server");
    // A span that is switched off by the log filter takes no parent.
    let _ = span.set_parent(platform::mount::trace_context(request.headers()));
    let stopping = Stopping::of(request.extensions());
    let answer = forward(&state, upstream, request).instrument(span).await;
    let response = answer.unwrap_or_else(|failure| Status::from(failure).into_http());
    let response = explain::explain(response, language);
    match known {
        Some(Answer::Streamed) => drain::drained(response, stopping, drain::GRACE),
        Some(Answer::Whole) | None => response,
    }
}

async fn forward(
    state: &State,
    upstream: Upstream,
    mut request: Request,
) -> Result<Response, Failure> {
    // The token first: a place is for somebody who may call, and no one has them all.
    let bearer = state.issuer.bearer(request.headers())?;
    let principal = state.callers.with_token(&bearer).await?;
    let limited = || Failure::Limited { retry_after: std::time::Duration::from_secs(1) };
    let _place = state.places.take(&bearer.account).ok_or_else(limited)?;
    let signed = state.sign(&principal)?;

    let headers = request.headers_mut();
    for private in ["authorization", "cookie", "connection", "host", platform::principal::HEADER] {
        headers.remove(private);
    }
    let signed =
        http::HeaderValue::try_from(signed.as_encoded_bytes()).map_err(anyhow::Error::from)?;
    headers.insert(platform::principal::HEADER, signed);

    let (mut transport, service) = way(state, upstream);
    let unavailable = |error: Box<dyn std::error::Error + Send + Sync>| {
        tracing::warn!(service, %error, "a service did not answer");
        Failure::Unavailable { service }
    };
    std::future::poll_fn(|context| transport.poll_ready(context)).await.map_err(unavailable)?;
    let answer = transport.call(request.map(tonic::body::Body::new)).await.map_err(unavailable)?;
    Ok(answer.map(axum::body::Body::new))
}

fn way(state: &State, upstream: Upstream) -> (Transport, &'static str) {
    match upstream {
        Upstream::Organisation => (state.organisation.clone(), "participant"),
        Upstream::Finance => (state.finance.clone(), "finance"),
        Upstream::Reporting => (state.reporting.clone(), "reporting"),
        Upstream::Own => (state.own.clone(), "gateway"),
    }
}

/// How a method answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Whole,
    Streamed,
}

/// How a method of the contract answers; none for any other path.
fn method_of_contract(path: &str) -> Option<Answer> {
    static METHODS: LazyLock<HashMap<String, Answer>> = LazyLock::new(|| {
        let contract = prost_types::FileDescriptorSet::decode(proto::DESCRIPTORS);
        let mut methods = HashMap::new();
        for file in contract.unwrap_or_default().file {
            for service in &file.service {
                for method in &service.method {
                    let path = format!("/{}.{}/{}", file.package(), service.name(), method.name());
                    let is_streamed = method.server_streaming();
                    let answer = if is_streamed { Answer::Streamed } else { Answer::Whole };
                    methods.insert(path, answer);
                }
            }
        }
        methods
    });
    METHODS.get(path).copied()
}

/// A partner's system reads English unless it asks for Swedish.
fn language_of(headers: &HeaderMap) -> Language {
    let wish = headers.get(http::header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    wish.and_then(Language::from_accept_language).unwrap_or(Language::English)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_of_the_contract_has_a_line_and_every_line_a_service() {
        let descriptors = prost_types::FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap();
        let mut in_contract: Vec<String> = Vec::new();
        for file in &descriptors.file {
            in_contract.extend(
                file.service.iter().map(|service| format!("{}.{}", file.package(), service.name())),
            );
        }
        let mut in_table: Vec<String> =
            SERVICES.iter().map(|(service, _)| (*service).to_owned()).collect();
        in_contract.sort();
        in_table.sort();
        assert_eq!(in_contract, in_table);
    }
}
