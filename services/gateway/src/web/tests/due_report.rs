//! What is due, in the browser: where each report stands, who is reminded, and what the
//! office schedules.

use http::StatusCode;
use platform::Failure;
use proto::{
    Date,
    reporting::{
        CreateReportingPeriodRequest, CreateReportingPeriodResponse, ListDueReportsRequest,
        ListDueReportsResponse, ReportSubjectKind, ReportingPeriod, ScheduleReportsRequest,
        SendReminderRequest,
    },
};
use values::Fault;

use super::{browser::World, vastmanland::name};

const LIST: &str = "/samordna.reporting.v1.DueReportService/ListDueReports";
const SCHEDULE: &str = "/samordna.reporting.v1.DueReportService/ScheduleReports";
const OPEN: &str = "/samordna.reporting.v1.ReportingPeriodService/CreateReportingPeriod";
const REMIND: &str = "/samordna.reporting.v1.ReminderService/SendReminder";

#[tokio::test]
async fn the_office_sees_who_has_sent_what_who_is_late_and_who_was_reminded() {
    let world = World::new().await;
    let page = world.signed_in("maria").await.get("/due-reports?which=late").await;
    let text = page.text();
    for shown in [
        "Försenade: 2.",
        "Delårsrapport: vem som ska lämna den",
        "Samordningsteam Hallstahammar 2025-07-01 Inte påbörjad ! Försenad \u{2212}14 2025-07-08 (på begäran) Påminn",
        "Samordningsteam Sala 2025-07-01 Inskickad",
        "2025-07-02 försenad Samordningsteam Hallstahammar",
        "Systemet",
        "Maria Holm",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    assert!(page.html.contains("href=\"/reports/r1\""), "the report that is begun is linked");
    let asked: Vec<ListDueReportsRequest> = world.services.asked(LIST);
    let period = name("reportingPeriods", "2025h1");
    assert!(asked[0].late_only && asked[0].reporting_period == period);
}

#[tokio::test]
async fn a_page_offers_what_the_role_may_and_no_more() {
    let world = World::new().await;
    for (who, reminders, office) in [
        ("maria", true, true),
        ("olle", true, false),
        ("leila", true, false),
        ("sofia", false, false),
    ] {
        let mut browser = world.signed_in(who).await;
        let page = browser.get("/due-reports").await;
        assert_eq!(page.status, StatusCode::OK, "{who}");
        assert_eq!(page.text().contains("Påminnelser"), reminders, "{who}");
        assert_eq!(page.html.contains("/due-reports/schedule"), office, "{who}");
        assert_eq!(page.html.contains("/due-reports/remind"), office, "{who}");
        let form = browser.get("/due-reports/schedule").await.status;
        assert_eq!(form == StatusCode::OK, office, "{who}");
    }
    let outside = world.signed_in("anna").await.get("/due-reports").await;
    assert_eq!(outside.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_report_is_reminded_of_by_hand_and_a_refusal_is_told() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let path =
        "/due-reports/remind?period=2025h1&template=status-report-1&subject=teams/hallstahammar";
    let form = browser.get(path).await;
    assert!(form.text().contains("Senaste påminnelse 2025-07-08 (på begäran)"), "{}", form.text());
    let done = browser.submit(&form, "/due-reports/remind", &[]).await;
    assert_eq!(done.location, "/due-reports?period=2025h1");
    let asked: Vec<SendReminderRequest> = world.services.asked(REMIND);
    assert_eq!(asked[0].subject, name("teams", "hallstahammar"));
    assert_eq!(asked[0].template, name("reportTemplates", "status-report-1"));
    assert!(!asked[0].request_id.is_empty());
    world.services.refuse(REMIND, Failure::refused("REPORT_NOT_OUTSTANDING"));
    let refused = browser.submit(&form, "/due-reports/remind", &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let other =
        browser.get("/due-reports/remind?period=2025h1&template=x&subject=federation").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn reports_are_scheduled_and_what_is_wrong_is_said_at_its_field() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let form = browser.get("/due-reports/schedule").await;
    let fields = [
        ("period", "2025h1"),
        ("template", "half-year-report-1"),
        ("about", "REPORT_SUBJECT_KIND_FEDERATION"),
        ("due_date", "2025-08-15"),
    ];
    let done = browser.submit(&form, "/due-reports/schedule", &fields).await;
    assert_eq!(done.location, "/due-reports?period=2025h1");
    let asked: Vec<ScheduleReportsRequest> = world.services.asked(SCHEDULE);
    assert_eq!(asked[0].about(), ReportSubjectKind::Federation);
    assert_eq!(asked[0].due_date, Some(Date { year: 2025, month: 8, day: 15 }));
    assert!(!asked[0].validate_only);
    let fault = Fault::new("about", "REPORT_SUBJECT_OF_OTHER_KIND");
    world.services.refuse(SCHEDULE, Failure::from(fault));
    let refused = browser.submit(&form, "/due-reports/schedule", &fields).await;
    assert!(refused.html.contains("id=\"about-error\""), "{}", refused.html);
    let empty = browser.submit(&form, "/due-reports/schedule", &[]).await;
    assert!(empty.html.contains("id=\"template-error\""));
    let asked: Vec<ScheduleReportsRequest> = world.services.asked(SCHEDULE);
    assert!(asked[2].validate_only);
}

#[tokio::test]
async fn a_period_is_opened_and_its_figures_are_due_the_day_after_unless_said() {
    let world = World::new().await;
    let opened = ReportingPeriod { name: name("reportingPeriods", "2026h1"), ..Default::default() };
    world.services.answer(OPEN, &CreateReportingPeriodResponse { reporting_period: Some(opened) });
    let mut browser = world.signed_in("maria").await;
    let list = browser.get("/due-reports").await;
    assert!(list.html.contains("href=\"/reporting-periods/new\""), "{}", list.html);
    let path = "/reporting-periods/new";
    let form = browser.get(path).await;
    let done = browser.submit(&form, path, &[("year", "2026"), ("half", "1")]).await;
    assert_eq!(done.location, "/due-reports?period=2026h1");
    let fields = [("year", "2025"), ("half", "2"), ("due_date", "2026-01-31")];
    browser.submit(&form, path, &fields).await;
    let asked: Vec<CreateReportingPeriodRequest> = world.services.asked(OPEN);
    let due = |at: usize| asked[at].reporting_period.as_ref().unwrap().due_date;
    assert_eq!(due(0), Some(Date { year: 2026, month: 7, day: 1 }));
    assert_eq!(asked[0].reporting_period_id, "2026h1");
    assert_eq!(due(1), Some(Date { year: 2026, month: 1, day: 31 }));
    assert_eq!(asked[1].reporting_period_id, "2025h2");

    let empty = browser.submit(&form, path, &[("half", "1")]).await;
    assert!(empty.html.contains("id=\"year-error\""), "{}", empty.html);
    world
        .services
        .refuse(OPEN, Failure::from(Fault::new("reporting_period.period", "YEAR_OUT_OF_RANGE")));
    let refused = browser.submit(&form, path, &[("year", "1"), ("half", "1")]).await;
    assert!(refused.html.contains("id=\"year-error\""), "{}", refused.html);
    let taken = Failure::Exists { name: name("reportingPeriods", "2026h1") };
    world.services.refuse(OPEN, taken);
    let refused = browser.submit(&form, path, &[("year", "2026"), ("half", "1")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Halvåret är redan upplagt."), "{}", refused.text());
    assert!(!refused.html.contains("reportingPeriods/"), "{}", refused.html);
    let lead = world.signed_in("leila").await.get(path).await;
    assert_eq!(lead.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_due_day_of_a_report_is_the_one_that_is_scheduled() {
    let world = World::new().await;
    let mut browser = world.signed_in("sofia").await;
    for path in ["/reports", "/reports/r1"] {
        assert!(browser.get(path).await.text().contains("2025-07-01"), "{path}");
    }
    world.services.answer(LIST, &ListDueReportsResponse::default());
    for path in ["/reports", "/reports/r1"] {
        let text = browser.get(path).await.text();
        assert!(text.contains("Ingen dag är bestämd") && !text.contains("Försenad"), "{path}");
    }
}
