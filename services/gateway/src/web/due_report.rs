//! Which reports are due when, from whom, how far they have come, and who was reminded:
//! the overview, and the forms that schedule reports and remind of one. The due day of a
//! report on any other page comes from here too.

use std::collections::{BTreeSet, HashMap};

use proto::reporting::{
    DueReport, DueReportState, ListDueReportsRequest, ListRemindersRequest, Reminder,
    due_report_service_client::DueReportServiceClient,
    reminder_service_client::ReminderServiceClient,
};
use tonic::Status;

pub(crate) mod list;
pub(crate) mod remind;
pub(crate) mod schedule;

use super::{
    code,
    filter::with_query,
    layout::Visit,
    reads::{self, id_of},
    requisition::StateView,
};

/// The overview's address.
pub(super) const LIST: &str = "/due-reports";
/// The largest page there is.
const PAGE_SIZE: i32 = 1000;
/// What stands for the federation where a team is `teams/sala`.
const THE_FEDERATION: &str = "federation";

/// What is due of some periods, found by period, template and subject.
#[derive(Debug, Default)]
pub(crate) struct Due(HashMap<[String; 3], DueReport>);

impl Due {
    /// Reads what is due of each of these periods.
    ///
    /// # Errors
    /// What reporting answered instead.
    pub(crate) async fn of<'a>(
        visit: &Visit,
        periods: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, Status> {
        let mut found = HashMap::new();
        for period in periods.into_iter().collect::<BTreeSet<&str>>() {
            for due in of_period(visit, period, false).await? {
                let key = [period.to_owned(), due.template.clone(), due.subject.clone()];
                found.insert(key, due);
            }
        }
        Ok(Self(found))
    }

    /// What is due of a report; none when nobody has scheduled it.
    #[must_use]
    pub(crate) fn find(&self, period: &str, template: &str, subject: &str) -> Option<&DueReport> {
        self.0.get(&[period.to_owned(), template.to_owned(), subject.to_owned()])
    }
}

/// All that is due of a period, by template and subject.
async fn of_period(
    visit: &Visit,
    reporting_period: &str,
    late_only: bool,
) -> Result<Vec<DueReport>, Status> {
    let mut client = DueReportServiceClient::new(visit.state.reporting.clone());
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListDueReportsRequest {
            reporting_period: reporting_period.to_owned(),
            late_only,
            page_size: PAGE_SIZE,
            page_token,
        };
        let page = client.list_due_reports(visit.request(request)?).await?.into_inner();
        all.extend(page.due_reports);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}

/// All reminders of a period, the latest first.
async fn reminders(visit: &Visit, reporting_period: &str) -> Result<Vec<Reminder>, Status> {
    let mut client = ReminderServiceClient::new(visit.state.reporting.clone());
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListRemindersRequest {
            parent: visit.federation(),
            reporting_period: reporting_period.to_owned(),
            subject: String::new(),
            page_size: PAGE_SIZE,
            page_token,
        };
        let page = client.list_reminders(visit.request(request)?).await?.into_inner();
        all.extend(page.reminders);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}

/// A state as it is shown.
fn state_view(visit: &Visit, state: DueReportState) -> StateView {
    let color = match state {
        DueReportState::Unspecified | DueReportState::Missing | DueReportState::Draft => "neutral",
        DueReportState::FiguresReported | DueReportState::Submitted => "info",
        DueReportState::Returned => "warning",
        DueReportState::Accepted | DueReportState::Published => "success",
    };
    StateView { text: code::called(visit, state.as_str_name()), color }
}

/// True while somebody has to send the report in.
fn is_outstanding(state: DueReportState) -> bool {
    match state {
        DueReportState::Missing
        | DueReportState::FiguresReported
        | DueReportState::Draft
        | DueReportState::Returned => true,
        DueReportState::Unspecified
        | DueReportState::Submitted
        | DueReportState::Accepted
        | DueReportState::Published => false,
    }
}

/// The overview of a period.
pub(super) fn address(period: &str) -> String {
    with_query(LIST, &[("period", id_of(period))])
}

/// Whom a report is due from, in an address: `teams/sala`.
fn subject_code(visit: &Visit, subject: &str) -> String {
    if subject == visit.federation() {
        return THE_FEDERATION.to_owned();
    }
    let within = subject.strip_prefix(&visit.federation()).unwrap_or(subject);
    within.trim_start_matches('/').to_owned()
}

/// The same as a resource name.
fn subject_name(visit: &Visit, code: &str) -> String {
    match code.split_once('/') {
        Some((collection, id)) => reads::name(visit, collection, id),
        None => visit.federation(),
    }
}
