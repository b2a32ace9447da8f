//! Prepared answers of reporting about what is due: the federation's report, begun, and
//! two teams' status reports, one of them late and reminded of.

use proto::{
    Date,
    reporting::{
        DueReport, DueReportState, ListDueReportsResponse, ListRemindersResponse, Reminder,
        ReminderKind, ScheduleReportsResponse, SendReminderResponse,
    },
};

use super::{FEDERATION, name};
use crate::web::tests::services::Services;

pub(super) fn prepare(services: &Services) {
    services.answer(
        "/samordna.reporting.v1.DueReportService/ListDueReports",
        &ListDueReportsResponse {
            due_reports: vec![
                due("half-year-report-1", FEDERATION.to_owned(), DueReportState::Draft),
                due("status-report-1", name("teams", "hallstahammar"), DueReportState::Missing),
                due("status-report-1", name("teams", "sala"), DueReportState::Submitted),
            ],
            next_page_token: String::new(),
        },
    );
    let reminder = |id: &str, kind: ReminderKind, sender: &str, day: &str| Reminder {
        name: name("reminders", id),
        reporting_period: name("reportingPeriods", "2025h1"),
        template: name("reportTemplates", "status-report-1"),
        subject: name("teams", "hallstahammar"),
        kind: kind.into(),
        send_time: Some(platform::convert::timestamp(day.parse().unwrap())),
        sender: sender.to_owned(),
        due_date: None,
    };
    let by_hand = name("accounts", "maria");
    services.answer(
        "/samordna.reporting.v1.ReminderService/ListReminders",
        &ListRemindersResponse {
            reminders: vec![
                reminder("2", ReminderKind::ByHand, &by_hand, "2025-07-08T08:00:00Z"),
                reminder("1", ReminderKind::Late, "service/reporting", "2025-07-02T08:00:00Z"),
            ],
            next_page_token: String::new(),
        },
    );
    services.answer(
        "/samordna.reporting.v1.ReminderService/SendReminder",
        &SendReminderResponse::default(),
    );
    services.answer(
        "/samordna.reporting.v1.DueReportService/ScheduleReports",
        &ScheduleReportsResponse::default(),
    );
}

fn due(template: &str, subject: String, state: DueReportState) -> DueReport {
    let is_late = !matches!(state, DueReportState::Submitted);
    DueReport {
        template: name("reportTemplates", template),
        subject,
        due_date: Some(Date { year: 2025, month: 7, day: 1 }),
        state: state.into(),
        is_late,
        days_left: -14,
    }
}
