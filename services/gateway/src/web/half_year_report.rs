//! The federation's half-year report: the periods there are, and the report of
//! one of them with its findings.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::reporting::{
    GetHalfYearReportRequest, HalfYearReport, ReportingPeriod, TeamChapter,
    half_year_report_service_client::HalfYearReportServiceClient,
};
use tonic::Status;

use super::{
    error_page::Trouble,
    format,
    funding::table::FundingTableView,
    layout::{Layout, Visit, page},
    reads::{self, id_of},
    rights,
};
use crate::text::{self, Language};

pub(crate) mod chapter;
pub(crate) mod figures;
mod total;

use chapter::{ChapterView, FindingLink};
use total::TotalView;

#[derive(Template)]
#[template(path = "half_year_reports.html")]
struct ReportsPage {
    layout: Layout,
    periods: Vec<PeriodView>,
    may_open: bool,
}

/// A period that is reported on, in a list.
#[derive(Debug, Clone)]
pub(crate) struct PeriodView {
    /// Its id, which is also its address.
    pub id: String,
    /// What people call it: "första halvåret 2025".
    pub name: String,
    /// Its days.
    pub days: String,
    /// The day the figures are due.
    pub due_date: String,
}

#[derive(Template)]
#[template(path = "half_year_report.html")]
struct ReportPage {
    layout: Layout,
    federation: String,
    period: PeriodView,
    compiled: String,
    definitions_version: i32,
    teams_reported: Option<String>,
    missing_teams: Vec<String>,
    findings: Vec<FindingLink>,
    table: FundingTableView,
    totals: Vec<TotalView>,
    chapters: Vec<ChapterView>,
}

/// The periods, the latest first.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn list(visit: Visit) -> Result<Response, Trouble> {
    let periods =
        reads::reporting_periods(&visit).await.map_err(|status| Trouble::of(&visit, &status))?;
    let periods =
        periods.iter().map(|period| PeriodView::of(visit.reader.language, period)).collect();
    let layout = Layout::of(&visit, visit.t("reports-heading"));
    let may_open = rights::schedules_reports(&visit.session.principal);
    Ok(page(&ReportsPage { layout, periods, may_open }))
}

/// The report of a period as it stands now.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(period_id): Path<String>) -> Result<Response, Trouble> {
    let (report, definitions, teams) = tokio::try_join!(
        report(&visit, &period_id),
        reads::figure_definitions(&visit),
        reads::teams(&visit),
    )
    .map_err(|status| Trouble::of(&visit, &status))?;
    let language = visit.reader.language;
    let teams_reported = teams_reported(language, &report);
    let HalfYearReport {
        name: _,
        federation_display_name,
        reporting_period,
        chapters,
        totals,
        funding_table,
        compile_time,
        definitions_version,
    } = report;
    let period = PeriodView::of(language, &reporting_period.unwrap_or_default());
    let chapters: Vec<ChapterView> =
        chapters.iter().map(|chapter| ChapterView::of(&visit, &definitions, chapter)).collect();
    let missing_teams: Vec<String> = chapters
        .iter()
        .filter(|chapter| !chapter.has_reported)
        .map(|chapter| chapter.display_name.clone())
        .collect();
    let compiled = compile_time.as_ref().and_then(platform::convert::instant);
    let title = text::message(language, "report-heading", &[("period", &period.name)]);
    Ok(page(&ReportPage {
        layout: Layout::of(&visit, title),
        federation: federation_display_name,
        compiled: format::day(compiled),
        definitions_version,
        teams_reported,
        missing_teams,
        findings: chapters.iter().flat_map(|chapter| chapter.findings.clone()).collect(),
        table: FundingTableView::of(language, &funding_table.unwrap_or_default()),
        totals: totals
            .iter()
            .map(|total| TotalView::of(language, &definitions, &teams, total))
            .collect(),
        period,
        chapters,
    }))
}

/// Compiles the report of a period.
///
/// # Errors
/// What reporting answered instead.
pub(crate) async fn report(visit: &Visit, period_id: &str) -> Result<HalfYearReport, Status> {
    let name = format!("{}/reportingPeriods/{period_id}/halfYearReport", visit.federation());
    let mut client = HalfYearReportServiceClient::new(visit.state.reporting.clone());
    let request = visit.request(GetHalfYearReportRequest { name })?;
    let answer = client.get_half_year_report(request).await?.into_inner();
    answer.half_year_report.ok_or_else(|| Status::not_found(""))
}

/// How many teams have reported; `None` for a person who is shown the chapters
/// of some teams only, and cannot count them here.
#[must_use]
pub(crate) fn teams_reported(language: Language, report: &HalfYearReport) -> Option<String> {
    let chapters = &report.chapters;
    let team_count = report.totals.iter().map(|total| total.team_count).max().unwrap_or(0);
    if i32::try_from(chapters.len()).is_ok_and(|shown| shown < team_count) {
        return None;
    }
    let has_reported = |chapter: &&TeamChapter| chapter.reported_figures.is_some();
    let reported = chapters.iter().filter(has_reported).count().to_string();
    let teams = chapters.len().to_string();
    let facts = [("reported", reported.as_str()), ("teams", teams.as_str())];
    Some(text::message(language, "report-teams-reported", &facts))
}

impl PeriodView {
    /// Makes a period ready to be shown.
    #[must_use]
    pub(crate) fn of(language: Language, period: &ReportingPeriod) -> Self {
        let id = id_of(&period.name);
        Self {
            id: id.to_owned(),
            name: period_name(language, id),
            days: format::period(period.period.as_ref()),
            due_date: format::date(period.due_date.as_ref()),
        }
    }
}

/// What people call a period: `2025h1` is "första halvåret 2025".
pub(crate) fn period_name(language: Language, id: &str) -> String {
    let half = |text_id: &str, year: &str| text::message(language, text_id, &[("year", year)]);
    match id.split_once('h') {
        Some((year, "1")) => half("half-year-first", year),
        Some((year, "2")) => half("half-year-second", year),
        _ => id.to_owned(),
    }
}
