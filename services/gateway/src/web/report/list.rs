//! The reports the person may read, by period and state, and what of them is late.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::reporting::{
    DueReport, ListReportsRequest, ListReportsResponse, Report, ReportState, ReportTemplate,
    ReportingPeriod,
};
use tonic::Status;

use super::{STATES, client, is_open, names::Names, of, state_code, state_text_id, state_view};
use crate::web::{
    due_report::Due,
    error_page::Trouble,
    filter::{Filter, next_page},
    form::{Posted, inputs::Choice},
    format,
    half_year_report::period_name,
    layout::{Layout, Visit, page},
    reads::{self, id_of},
    requisition::StateView,
    rights,
};

const PAGE_SIZE: i32 = 50;

#[derive(Template)]
#[template(path = "reports.html")]
struct ReportsPage {
    layout: Layout,
    filters: Vec<Filter>,
    rows: Vec<RowView>,
    next_page: Option<String>,
    may_draft: bool,
}

/// A report in a list.
#[derive(Debug, Clone)]
pub(crate) struct RowView {
    /// Its id, which is also its address.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// Where it stands.
    pub(crate) state: StateView,
    /// Whom it is about.
    pub(crate) about: String,
    /// The period it is about, as people call it.
    pub(crate) period: String,
    /// When it is due.
    pub(crate) due: DueView,
}

/// When a report is due.
#[derive(Debug, Clone, Default)]
pub(crate) struct DueView {
    /// The days it is about.
    pub(crate) days: String,
    /// The day it is due; empty when nobody has scheduled it.
    pub(crate) day: String,
    /// The day has passed, and it is not handed in.
    pub(crate) is_late: bool,
}

/// The list, of what is asked for.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::reads_written_reports)?;
    let asked = Posted::asked(query);
    let state = STATES.into_iter().find(|state| state_code(*state) == asked.get("state"));
    let state = state.unwrap_or(ReportState::Unspecified);
    let period = asked.get("period");
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let found = reports(&visit, period, state, PAGE_SIZE, asked.get("page_token"));
    let found = found.await.map_err(troubled)?;
    let around = Around::read(&visit, &found.reports).await.map_err(troubled)?;
    let layout = Layout::of(&visit, visit.t("written-reports-heading"));
    let filters = vec![
        Filter::new(&visit, "period", "requisition-period", period, around.periods(&visit)),
        Filter::new(
            &visit,
            "state",
            "requisition-state",
            state_code(state),
            STATES.map(|one| Choice::new(state_code(one), layout.t(state_text_id(one)))).to_vec(),
        ),
    ];
    Ok(page(&ReportsPage {
        next_page: next_page("/reports", &filters, &found.next_page_token),
        filters,
        rows: found.reports.iter().map(|it| around.row(&visit, it)).collect(),
        may_draft: rights::drafts_reports(&visit.session.principal),
        layout,
    }))
}

/// A page of reports.
///
/// # Errors
/// What reporting answered instead.
pub(crate) async fn reports(
    visit: &Visit,
    period: &str,
    state: ReportState,
    page_size: i32,
    page_token: &str,
) -> Result<ListReportsResponse, Status> {
    let request = ListReportsRequest {
        parent: visit.federation(),
        reporting_period: reads::name_if_given(visit, "reportingPeriods", period),
        state: state.into(),
        subject: String::new(),
        page_size,
        page_token: page_token.to_owned(),
    };
    let mut client = client(visit);
    Ok(client.list_reports(visit.request(request)?).await?.into_inner())
}

/// What rows of reports need to know besides the reports.
pub(crate) struct Around {
    due: Due,
    periods: Vec<ReportingPeriod>,
    templates: HashMap<String, ReportTemplate>,
    subjects: HashMap<String, String>,
}

impl Around {
    /// Reads it for these reports.
    ///
    /// # Errors
    /// What a service answered instead.
    pub(crate) async fn read(visit: &Visit, reports: &[Report]) -> Result<Self, Status> {
        let of_periods: Vec<&str> =
            reports.iter().map(|report| report.reporting_period.as_str()).collect();
        let (due, periods, templates, teams, areas) = tokio::try_join!(
            Due::of(visit, of_periods),
            reads::reporting_periods(visit),
            reads::report_templates(visit),
            reads::teams(visit),
            reads::areas(visit),
        )?;
        let teams = teams.into_iter().map(|team| (team.name, team.display_name));
        let areas = areas.into_iter().map(|area| (area.name, area.display_name));
        let federation = (visit.federation(), visit.t("report-totals"));
        Ok(Self {
            due,
            periods,
            templates: templates.into_iter().map(|it| (it.name.clone(), it)).collect(),
            subjects: teams.chain(areas).chain([federation]).collect(),
        })
    }

    /// A report's row.
    #[must_use]
    pub(crate) fn row(&self, visit: &Visit, report: &Report) -> RowView {
        let language = visit.reader.language;
        let period = self.periods.iter().find(|period| period.name == report.reporting_period);
        let due = self.due.find(&report.reporting_period, &report.template, &report.subject);
        RowView {
            id: id_of(&report.name).to_owned(),
            title: report.title.clone(),
            state: state_view(language, report.state()),
            about: self.subject(&report.subject).to_owned(),
            period: period_name(language, id_of(&report.reporting_period)),
            due: DueView::of(report, due, period),
        }
    }

    /// What the federation, an area or a team is called.
    #[must_use]
    pub(crate) fn subject<'a>(&'a self, name: &'a str) -> &'a str {
        self.subjects.get(name).map_or_else(|| id_of(name), String::as_str)
    }

    /// What a template is called.
    #[must_use]
    pub(crate) fn template(&self, visit: &Visit, name: &str) -> String {
        let title =
            |it: &ReportTemplate| of(visit.reader.language, &it.title_sv, &it.title_en).to_owned();
        self.templates.get(name).map_or_else(|| id_of(name).to_owned(), title)
    }

    /// The periods to choose from.
    fn periods(&self, visit: &Visit) -> Vec<Choice> {
        let choice = |period: &ReportingPeriod| {
            let id = id_of(&period.name);
            Choice::new(id, period_name(visit.reader.language, id))
        };
        self.periods.iter().map(choice).collect()
    }
}

impl DueView {
    /// When a report is due, as the service says.
    #[must_use]
    pub(super) fn of(
        report: &Report,
        due: Option<&DueReport>,
        period: Option<&ReportingPeriod>,
    ) -> Self {
        Self {
            days: format::period(period.and_then(|period| period.period.as_ref())),
            day: format::date(due.and_then(|due| due.due_date.as_ref())),
            is_late: is_open(report.state()) && due.is_some_and(|due| due.is_late),
        }
    }
}

/// Whom a report is about, on its own page.
pub(super) fn about(visit: &Visit, names: &Names, report: &Report) -> String {
    if report.subject == visit.federation() {
        visit.t("report-totals")
    } else {
        names.subject(&report.subject).to_owned()
    }
}
