//! Templates of reports, in the browser: what each asks for, and how the office adds one.

use http::StatusCode;
use platform::Failure;
use proto::reporting::{
    CreateReportTemplateRequest, CreateReportTemplateResponse, GetReportTemplateResponse,
    ReportColumn, ReportColumnCategory, ReportSection, ReportSubjectKind, ReportTemplate,
};
use values::{Fault, Faults};

use super::{browser::World, services::Services, vastmanland::name};

const GET: &str = "/samordna.reporting.v1.ReportTemplateService/GetReportTemplate";
const CREATE: &str = "/samordna.reporting.v1.ReportTemplateService/CreateReportTemplate";
const NEW: &str = "/report-templates/new";

/// A template with a chapter for each team and a column of its own.
pub(super) fn prepare(services: &Services) {
    let section = |title_sv: &str, per_subject| ReportSection {
        title_sv: title_sv.to_owned(),
        per_subject,
        ..ReportSection::default()
    };
    let category =
        ReportColumnCategory { text_sv: "Kvinnor".to_owned(), ..ReportColumnCategory::default() };
    let column = ReportColumn {
        figure: "planned_intake".to_owned(),
        text_sv: "Planerat antal".to_owned(),
        categories: vec![category],
        ..ReportColumn::default()
    };
    let template = ReportTemplate {
        name: name("reportTemplates", "egen-1"),
        source: "version = 1\ntitle_sv = \"Egen\"".to_owned(),
        version: 1,
        title_sv: "Egen rapport".to_owned(),
        subject_kinds: vec![ReportSubjectKind::Team.into()],
        due_days: 31,
        sections: vec![section("Inledning", false), section("Avslut", true)],
        columns: vec![column],
        ..ReportTemplate::default()
    };
    services.answer(GET, &GetReportTemplateResponse { report_template: Some(template) });
}

#[tokio::test]
async fn whoever_reads_reports_reads_what_a_template_asks_for() {
    let world = World::new().await;
    let list = world.signed_in("leila").await.get("/report-templates").await;
    assert!(list.html.contains("href=\"/report-templates/half-year-report-1\""), "{}", list.html);
    assert!(!list.html.contains(NEW), "the office adds templates");
    let text = world.signed_in("leila").await.get("/report-templates/egen-1").await.text();
    for shown in [
        "Egen rapport",
        "Förbundets egen",
        "Inledning Avslut (ett för varje team)",
        "Planerat antal planned_intake : Kvinnor",
        "title_sv = &#34;Egen&#34;",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    let outside = world.signed_in("anna").await.get("/report-templates").await;
    assert_eq!(outside.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_office_adds_a_template_that_begins_with_another_and_is_told_every_fault() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let form = browser.get("/report-templates/new?from=egen-1").await;
    assert!(form.html.contains("title_sv = &#34;Egen&#34;</textarea>"), "{}", form.html);
    let created = ReportTemplate { name: name("reportTemplates", "egen-2"), ..Default::default() };
    world.services.answer(CREATE, &CreateReportTemplateResponse { report_template: Some(created) });
    let fields = [("id", "egen-2"), ("source", "version = 2\r\n")];
    let done = browser.submit(&form, NEW, &fields).await;
    assert_eq!(done.location, "/report-templates/egen-2");
    let asked: Vec<CreateReportTemplateRequest> = world.services.asked(CREATE);
    let sent = asked[0].report_template.as_ref().unwrap();
    assert_eq!(
        (asked[0].report_template_id.as_str(), sent.source.as_str()),
        ("egen-2", "version = 2\n")
    );

    let mut faults = Faults::new();
    for place in ["sections[3].title_en", "columns[7].code"] {
        faults.push(Fault::new(format!("report_template.source.{place}"), "TEXT_MISSING"));
    }
    faults.push(Fault::new("report_template_id", "ID_MALFORMED").with("value", "Egen"));
    world.services.refuse(CREATE, Failure::Invalid(faults));
    let refused = browser.submit(&form, NEW, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    assert!(
        text.contains("sections[3].title_en: ") && text.contains("columns[7].code: "),
        "{text}"
    );
    assert!(refused.html.contains("id=\"id-error\""), "{}", refused.html);
    assert!(refused.html.contains("version = 2"), "what was typed stays");
    let lead = world.signed_in("leila").await.get(NEW).await;
    assert_eq!(lead.status, StatusCode::FORBIDDEN);
}
