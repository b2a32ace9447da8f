//! Reports: their heads, what is compiled under them, and their way to publication.

mod check_text;
pub(super) mod compile;
mod counted;
mod explain;
mod fetch;
mod get;
pub(super) mod outside;
pub(super) mod recent;
pub(super) mod step;
pub(super) mod write;

use std::collections::BTreeSet;

use platform::{
    Failure, Principal,
    journalled::{Kept, Recorded, all_decoded, decoded, id_of, next_page_token},
    page::Page,
    principal,
};
use proto::reporting::{self as pb, report_service_server::ReportService};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status, async_trait};
use values::{
    Fault, Faults,
    name::{ReportName, ReportingPeriodName, TeamName},
};

use super::{Shell, convert, parent, permissions};
use crate::{
    domain::{
        half_year_report::Reader,
        report::{Content, Report, State, Subject},
    },
    store::{
        self,
        report::{Filter, Row},
    },
};

pub(super) struct Reports(pub(super) Shell);

#[async_trait]
impl ReportService for Reports {
    async fn create_report(
        &self,
        request: Request<pb::CreateReportRequest>,
    ) -> Result<Response<pb::CreateReportResponse>, Status> {
        let report = Some(write::create(&self.0, request).await?);
        Ok(Response::new(pb::CreateReportResponse { report }))
    }

    async fn get_report(
        &self,
        request: Request<pb::GetReportRequest>,
    ) -> Result<Response<pb::GetReportResponse>, Status> {
        Ok(Response::new(get::get(&self.0, request).await?))
    }

    async fn fetch_figures(
        &self,
        request: Request<pb::FetchFiguresRequest>,
    ) -> Result<Response<pb::FetchFiguresResponse>, Status> {
        Ok(Response::new(fetch::fetch(&self.0, request).await?))
    }

    async fn list_reports(
        &self,
        request: Request<pb::ListReportsRequest>,
    ) -> Result<Response<pb::ListReportsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(list(&self.0, &principal, request.into_inner()).await?))
    }

    async fn update_report(
        &self,
        request: Request<pb::UpdateReportRequest>,
    ) -> Result<Response<pb::UpdateReportResponse>, Status> {
        let report = Some(write::update(&self.0, request).await?);
        Ok(Response::new(pb::UpdateReportResponse { report }))
    }

    async fn submit_report(
        &self,
        request: Request<pb::SubmitReportRequest>,
    ) -> Result<Response<pb::SubmitReportResponse>, Status> {
        let report = Some(step::submit(&self.0, request).await?);
        Ok(Response::new(pb::SubmitReportResponse { report }))
    }

    async fn return_report(
        &self,
        request: Request<pb::ReturnReportRequest>,
    ) -> Result<Response<pb::ReturnReportResponse>, Status> {
        let report = Some(step::give_back(&self.0, request).await?);
        Ok(Response::new(pb::ReturnReportResponse { report }))
    }

    async fn accept_report(
        &self,
        request: Request<pb::AcceptReportRequest>,
    ) -> Result<Response<pb::AcceptReportResponse>, Status> {
        let report = Some(step::accept(&self.0, request).await?);
        Ok(Response::new(pb::AcceptReportResponse { report }))
    }

    async fn explain_finding(
        &self,
        request: Request<pb::ExplainFindingRequest>,
    ) -> Result<Response<pb::ExplainFindingResponse>, Status> {
        let report = Some(explain::explain(&self.0, request).await?);
        Ok(Response::new(pb::ExplainFindingResponse { report }))
    }

    async fn withdraw_explanation(
        &self,
        request: Request<pb::WithdrawExplanationRequest>,
    ) -> Result<Response<pb::WithdrawExplanationResponse>, Status> {
        let report = Some(explain::withdraw(&self.0, request).await?);
        Ok(Response::new(pb::WithdrawExplanationResponse { report }))
    }

    async fn check_text(
        &self,
        request: Request<pb::CheckTextRequest>,
    ) -> Result<Response<pb::CheckTextResponse>, Status> {
        Ok(Response::new(check_text::check_text(&self.0, request).await?))
    }
}

async fn list(
    shell: &Shell,
    principal: &Principal,
    message: pb::ListReportsRequest,
) -> Result<pb::ListReportsResponse, Failure> {
    let pb::ListReportsRequest { parent, reporting_period, state, subject, page_size, page_token } =
        message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let period = (!reporting_period.is_empty())
        .then(|| faults.keep(ReportingPeriodName::parse("reporting_period", &reporting_period)));
    let state = faults.keep(convert::report::state_from_proto(state));
    let subject = (!subject.is_empty())
        .then(|| faults.keep(Subject::parse("subject", &federation, &subject)));
    let page = faults.keep_nested("", Page::parse(page_size, &page_token));
    let (state, page) = faults.into_result(|| state.zip(page))?;
    let readable = permissions::report_subjects(principal);
    let subjects = match (subject.flatten(), readable) {
        (None, readable) => readable,
        (Some(subject), None) => Some(vec![subject]),
        (Some(subject), Some(readable)) => {
            Some(readable.into_iter().filter(|one| *one == subject).collect())
        }
    };
    let period = period.flatten().map(|period| period.id);
    let filter = Filter { period, state, subjects };
    let connection = &shell.journal.database().read;
    let listed = store::report::list(connection, &federation, &filter, &page).await?;
    let reports: Vec<pb::Report> = all_decoded(&listed)?;
    let key = |report: &pb::Report| id_of(&report.name).to_owned();
    let next_page_token = next_page_token(listed.has_more, &reports, key);
    let own = |report: pb::Report| {
        let subject = Subject::parse("subject", &federation, &report.subject)?;
        let reader = permissions::report_reader(principal, &subject);
        let reader = reader.unwrap_or(Reader::Teams(BTreeSet::new()));
        Ok(narrowed(report, &reader, &BTreeSet::new()))
    };
    let reports = reports.into_iter().map(own).collect::<Result<_, Fault>>()?;
    Ok(pb::ListReportsResponse { reports, next_page_token })
}

/// A report's head as its reader sees it: what is stated of another team is not for whoever
/// reads some teams, and of the explanations only those of these findings are.
fn narrowed(mut head: pb::Report, reader: &Reader, findings: &BTreeSet<String>) -> pb::Report {
    if let Reader::Teams(teams) = reader {
        let is_own = |name: &String| TeamName::parse("", name).is_ok_and(|of| teams.contains(&of));
        let whole = head.subject.clone();
        head.stated_cells.retain(|cell| cell.subject == whole || is_own(&cell.subject));
        head.explanations.retain(|explained| findings.contains(&explained.finding));
    }
    head
}

/// A report as it was recorded, with where.
pub(super) struct Standing {
    pub(super) kept: Kept,
    pub(super) report: Report,
}

/// The head of a report.
///
/// # Errors
/// `NotFound` when there is none.
pub(super) async fn head(
    connection: &impl ConnectionTrait,
    name: &ReportName,
) -> Result<Standing, Failure> {
    let found = store::report::find(connection, name).await?;
    let kept = found.ok_or_else(|| Failure::not_found(name))?;
    let (_, report) = convert::report::recorded(decoded(&kept.payload)?)?;
    Ok(Standing { kept, report })
}

/// What of a report the caller reads: by the roles held, and as the author of some of
/// its chapters.
///
/// # Errors
/// `NotFound` for whoever reads nothing of it.
pub(super) async fn reader(
    connection: &impl ConnectionTrait,
    principal: &Principal,
    name: &ReportName,
    subject: &Subject,
) -> Result<Reader, Failure> {
    let by_role = permissions::report_reader(principal, subject);
    let mut teams = match by_role {
        Some(Reader::WholeFederation) => return Ok(Reader::WholeFederation),
        Some(Reader::Teams(teams)) => Some(teams),
        None => None,
    };
    for payload in store::chapter::of_report(connection, name).await? {
        let (of, chapter) = convert::chapter::recorded(decoded(&payload)?)?;
        if chapter.writing.authors.contains(&principal.account) {
            match subject {
                Subject::Federation => {
                    let team = |id| TeamName::new(name.federation.clone(), id);
                    teams.get_or_insert_default().extend(of.subject.map(team));
                }
                Subject::Area(_) | Subject::Team(_) => return Ok(Reader::WholeFederation),
            }
        }
    }
    teams.map(Reader::Teams).ok_or_else(|| Failure::not_found(name))
}

/// Refuses a report beside a published one on the same subject, of the same period and
/// template: two would tell the same otherwise. What was published is corrected.
pub(super) async fn check_alone(
    connection: &impl ConnectionTrait,
    name: &ReportName,
    content: &Content,
) -> Result<(), Failure> {
    let Content { subject, period, template, .. } = content;
    for payload in store::report::of_subject(connection, period, subject).await? {
        let (other, report) = convert::report::recorded(decoded(&payload)?)?;
        let is_published = report.state() == State::Published;
        if is_published && other != *name && report.content.template == *template {
            return Err(Failure::refused("REPORT_PUBLISHED_BESIDE").with("report", other));
        }
    }
    Ok(())
}

/// What a report that does not stand where a change begins answers.
pub(super) fn state_forbids(state: State) -> Failure {
    Failure::refused("REPORT_STATE_FORBIDS").with("report_state", state.code())
}

/// The row that finds a report.
pub(super) fn row_of(name: ReportName, report: &Report, recorded: Recorded) -> Row {
    Row {
        name,
        period: report.content.period.id.clone(),
        subject: report.content.subject.clone(),
        state: report.state(),
        revision: report.revision,
        recorded,
    }
}

/// The row that finds a recorded report; none for what stands below one.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Option<Row>> {
    let Ok(name) = ReportName::parse("name", name) else {
        return Ok(None);
    };
    let message: pb::Report = prost::Message::decode(payload)?;
    let (_, report) = convert::report::recorded(message)?;
    Ok(Some(row_of(name, &report, recorded)))
}
