//! The reports the person may read, by period and state, and what of them is late.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::Query, response::Response};
use chrono::{Days, NaiveDate};
use proto::{
    common::Period,
    reporting::{
        ListReportsRequest, ListReportsResponse, Report, ReportState, ReportTemplate,
        ReportingPeriod,
    },
};
use tonic::Status;

use super::{STATES, client, is_open, names::Names, state_code, state_text_id, state_view};
use crate::web::{
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
    /// The day it is due; empty when that is not known.
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
    let (around, found) = tokio::try_join!(
        Around::read(&visit),
        reports(&visit, period, state, PAGE_SIZE, asked.get("page_token"))
    )
    .map_err(troubled)?;
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

/// What a report's row needs to know besides the report.
pub(crate) struct Around {
    periods: Vec<ReportingPeriod>,
    templates: HashMap<String, ReportTemplate>,
    subjects: HashMap<String, String>,
}

impl Around {
    /// Reads it.
    ///
    /// # Errors
    /// What a service answered instead.
    pub(crate) async fn read(visit: &Visit) -> Result<Self, Status> {
        let (periods, templates, teams, areas) = tokio::try_join!(
            reads::reporting_periods(visit),
            reads::report_templates(visit),
            reads::teams(visit),
            reads::areas(visit),
        )?;
        let teams = teams.into_iter().map(|team| (team.name, team.display_name));
        let areas = areas.into_iter().map(|area| (area.name, area.display_name));
        let federation = (visit.federation(), visit.t("report-totals"));
        Ok(Self {
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
        let about = self.subjects.get(&report.subject).map(String::as_str);
        RowView {
            id: id_of(&report.name).to_owned(),
            title: report.title.clone(),
            state: state_view(language, report.state()),
            about: about.unwrap_or_else(|| id_of(&report.subject)).to_owned(),
            period: period_name(language, id_of(&report.reporting_period)),
            due: DueView::of(visit, report, self.templates.get(&report.template), period),
        }
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
    /// When a report is due: so many days after its period as its template says.
    #[must_use]
    pub(super) fn of(
        visit: &Visit,
        report: &Report,
        template: Option<&ReportTemplate>,
        period: Option<&ReportingPeriod>,
    ) -> Self {
        let Some(period) = period.and_then(|period| period.period.as_ref()) else {
            return Self::default();
        };
        let due = template.and_then(|template| due_day(period, template.due_days));
        let today = visit.state.clock.today();
        Self {
            days: format::period(Some(period)),
            day: due.map(|day| day.to_string()).unwrap_or_default(),
            is_late: is_open(report.state()) && due.is_some_and(|day| day < today),
        }
    }
}

fn due_day(period: &Period, days: i32) -> Option<NaiveDate> {
    let last = platform::convert::date_from_proto("last_day", period.last_day).ok()?;
    last.checked_add_days(Days::new(u64::try_from(days).ok()?))
}

/// Whom a report is about, on its own page.
pub(super) fn about(visit: &Visit, names: &Names, report: &Report) -> String {
    if report.subject == visit.federation() {
        visit.t("report-totals")
    } else {
        names.subject(&report.subject).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_due_so_many_days_after_its_period() {
        let last_day = Some(proto::Date { year: 2025, month: 6, day: 30 });
        let period = Period { first_day: None, last_day };
        let due = |days| due_day(&period, days).map(|day| day.to_string());
        assert_eq!(due(1).as_deref(), Some("2025-07-01"));
        assert_eq!(due(31).as_deref(), Some("2025-07-31"));
        assert_eq!(due(-1), None);
        assert_eq!(due_day(&Period::default(), 1), None);
    }
}
