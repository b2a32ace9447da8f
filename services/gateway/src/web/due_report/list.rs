//! The overview: what is due of a period, where each report stands, and the reminders.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::Query, response::Response};
use platform::convert::instant;
use proto::reporting::{DueReport, Reminder, Report, ReportState, ReportingPeriod};
use tonic::Status;

use super::{LIST, PAGE_SIZE, is_outstanding, of_period, reminders, state_view, subject_code};
use crate::{
    text,
    web::{
        code,
        error_page::Trouble,
        filter::{Filter, with_query},
        form::{Posted, inputs::Choice},
        format,
        half_year_report::period_name,
        layout::{Layout, Visit, page},
        reads::{self, id_of},
        report::{
            self,
            list::{Around, reports},
        },
        requisition::StateView,
        rights,
    },
};

const EVERY: &str = "all";
const LATE: &str = "late";

#[derive(Template)]
#[template(path = "due_reports.html")]
struct DueReportsPage {
    layout: Layout,
    filters: Vec<Filter>,
    /// What is due, by template; no table when there is nothing.
    groups: Vec<GroupView>,
    late_count: String,
    reminders: Vec<ReminderView>,
    reads_reminders: bool,
    may_remind: bool,
    may_schedule: bool,
}

/// What is due by one template.
struct GroupView {
    id: String,
    title: String,
    rows: Vec<RowView>,
}

struct RowView {
    about: String,
    /// The address of the report, when it is begun.
    report: Option<String>,
    due_day: String,
    state: StateView,
    is_late: bool,
    /// Days left, while somebody has to send it in.
    days_left: String,
    /// When it was last reminded of, and why; empty when never.
    reminded: String,
    /// Where one reminds of it; none when nobody does.
    remind: Option<String>,
}

struct ReminderView {
    day: String,
    machine_time: String,
    kind: String,
    about: String,
    template: String,
    sender: String,
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::reads_written_reports)?;
    let asked = Posted::asked(query);
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let periods = reads::reporting_periods(&visit).await.map_err(troubled)?;
    let latest = periods.first().map_or("", |period| id_of(&period.name));
    let period = Some(asked.get("period")).filter(|it| !it.is_empty()).unwrap_or(latest);
    let which = if asked.get("which") == LATE { LATE } else { EVERY };
    let found = Found::read(&visit, period, which == LATE).await.map_err(troubled)?;
    let mut reminders = Vec::with_capacity(found.reminders.len());
    for reminder in &found.reminders {
        reminders.push(found.reminder(&visit, reminder).await);
    }
    let principal = &visit.session.principal;
    let late = found.due.iter().filter(|due| due.is_late).count();
    Ok(page(&DueReportsPage {
        layout: Layout::of(&visit, visit.t("due-reports-heading")),
        filters: filters(&visit, &periods, period, which),
        groups: found.groups(&visit, period),
        late_count: late.to_string(),
        reminders,
        reads_reminders: rights::reads_plans(principal),
        may_remind: rights::plans(principal),
        may_schedule: rights::schedules_reports(principal),
    }))
}

fn filters(visit: &Visit, periods: &[ReportingPeriod], period: &str, which: &str) -> Vec<Filter> {
    let choice = |it: &ReportingPeriod| {
        Choice::new(id_of(&it.name), period_name(visit.reader.language, id_of(&it.name)))
    };
    let periods = periods.iter().map(choice).collect();
    let kinds = vec![
        Choice::new(EVERY, visit.t("filter-all")),
        Choice::new(LATE, visit.t("due-reports-late-only")),
    ];
    vec![
        Filter::always(visit, "period", "requisition-period", period, periods),
        Filter::always(visit, "which", "due-reports-which", which, kinds),
    ]
}

/// What the page is made of.
struct Found {
    due: Vec<DueReport>,
    /// The latest first.
    reminders: Vec<Reminder>,
    /// The reports that are begun, by template and subject.
    begun: HashMap<(String, String), Report>,
    around: Around,
}

impl Found {
    async fn read(visit: &Visit, period: &str, late_only: bool) -> Result<Self, Status> {
        if period.is_empty() {
            let around = Around::read(visit, &[]).await?;
            return Ok(Self { due: vec![], reminders: vec![], begun: HashMap::new(), around });
        }
        let name = reads::name(visit, "reportingPeriods", period);
        let reads_reminders = rights::reads_plans(&visit.session.principal);
        let sent =
            async { if reads_reminders { reminders(visit, &name).await } else { Ok(Vec::new()) } };
        let (due, reminders, begun, around) = tokio::try_join!(
            of_period(visit, &name, late_only),
            sent,
            reports(visit, period, ReportState::Unspecified, PAGE_SIZE, ""),
            Around::read(visit, &[]),
        )?;
        let by_key = |it: Report| ((it.template.clone(), it.subject.clone()), it);
        let begun = begun.reports.into_iter().map(by_key).collect();
        Ok(Self { due, reminders, begun, around })
    }

    /// By template, in the order of the service.
    fn groups(&self, visit: &Visit, period: &str) -> Vec<GroupView> {
        let mut groups: Vec<GroupView> = Vec::new();
        for due in &self.due {
            let id = id_of(&due.template);
            if groups.last().is_none_or(|group| group.id != id) {
                let title = self.around.template(visit, &due.template);
                groups.push(GroupView { id: id.to_owned(), title, rows: Vec::new() });
            }
            let row = self.row(visit, period, due);
            if let Some(group) = groups.last_mut() {
                group.rows.push(row);
            }
        }
        groups
    }

    fn row(&self, visit: &Visit, period: &str, due: &DueReport) -> RowView {
        let begun = self.begun.get(&(due.template.clone(), due.subject.clone()));
        let reminded = self.reminders.iter().find(|reminder| {
            (&reminder.template, &reminder.subject) == (&due.template, &due.subject)
        });
        let is_open = is_outstanding(due.state());
        let may_remind = is_open && rights::plans(&visit.session.principal);
        let remind = may_remind.then(|| {
            let subject = subject_code(visit, &due.subject);
            let query = [
                ("period", period),
                ("template", id_of(&due.template)),
                ("subject", subject.as_str()),
            ];
            with_query(&format!("{LIST}/remind"), &query)
        });
        RowView {
            about: self.around.subject(&due.subject).to_owned(),
            report: begun.map(|begun| report::address(id_of(&begun.name))),
            due_day: format::date(due.due_date.as_ref()),
            state: state_view(visit, due.state()),
            is_late: due.is_late,
            days_left: if is_open {
                format::whole(i64::from(due.days_left))
            } else {
                String::new()
            },
            reminded: reminded.map(|it| sent_words(visit, it)).unwrap_or_default(),
            remind,
        }
    }

    async fn reminder(&self, visit: &Visit, reminder: &Reminder) -> ReminderView {
        let time = reminder.send_time.as_ref().and_then(instant);
        ReminderView {
            day: format::day(time),
            machine_time: format::machine_time(time),
            kind: code::called(visit, reminder.kind().as_str_name()),
            about: self.around.subject(&reminder.subject).to_owned(),
            template: self.around.template(visit, &reminder.template),
            sender: match reminder.sender.as_str() {
                "service/reporting" => visit.t("reminder-by-itself"),
                account => visit.state.display_name(account).await,
            },
        }
    }
}

/// When a reminder was sent, and what it says.
pub(super) fn sent_words(visit: &Visit, reminder: &Reminder) -> String {
    let day = format::day(reminder.send_time.as_ref().and_then(instant));
    let kind = code::called(visit, reminder.kind().as_str_name());
    let facts = [("day", day.as_str()), ("kind", kind.as_str())];
    text::message(visit.reader.language, "reminder-sent", &facts)
}
