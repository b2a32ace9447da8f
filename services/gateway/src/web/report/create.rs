//! Drafting a report: by which template, for which period, on whom.

use axum::response::Response;
use proto::reporting::{CreateReportRequest, Report, ReportTemplate};
use tonic::Status;

use super::{address, client, of};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, form_page},
    },
    half_year_report::period_name,
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

const ACTION: &str = "/reports/new";
const THE_FEDERATION: &str = "federation";

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let form = form(&visit).await?;
    Ok(page(&visit, form))
}

/// Drafts the report and shows it; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = form(&visit).await?;
    form.fill(&posted);
    let report = read(&visit, &mut form);
    let answer = send(&visit, &posted, report, form.is_faulty()).await;
    match form.kept(answer) {
        Some(saved) => Ok(see_other(&address(id_of(&saved.name)), None)),
        None => Ok(page(&visit, form)),
    }
}

fn read(visit: &Visit, form: &mut Form) -> Report {
    let subject = match form.typed("subject") {
        THE_FEDERATION => visit.federation(),
        "" => String::new(),
        chosen => format!("{}/{chosen}", visit.federation()),
    };
    form.note_source("subject", "report.subject");
    if subject.is_empty() {
        form.wrong("subject", "FIELD_MISSING", "");
    }
    Report {
        template: form.resource("template", "report.template", "reportTemplates"),
        reporting_period: form.resource("period", "report.reporting_period", "reportingPeriods"),
        subject,
        title: form.text("title", "report.title"),
        dnr: form.text("dnr", "report.dnr"),
        ..Report::default()
    }
}

async fn send(
    visit: &Visit,
    posted: &Posted,
    report: Report,
    validate_only: bool,
) -> Result<Report, Status> {
    let parts = [id_of(&report.template), id_of(&report.reporting_period), id_of(&report.subject)];
    let request = CreateReportRequest {
        parent: visit.federation(),
        report_id: posted.new_id(&parts),
        report: Some(report.clone()),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = client(visit);
    let answer = client.create_report(visit.request(request)?).await?.into_inner();
    Ok(answer.report.unwrap_or_default())
}

async fn form(visit: &Visit) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::drafts_reports)?;
    let language = visit.reader.language;
    let (templates, periods, areas, teams) = tokio::try_join!(
        reads::report_templates(visit),
        reads::reporting_periods(visit),
        reads::areas(visit),
        reads::teams(visit),
    )
    .map_err(|status| Trouble::of(visit, &status))?;
    let choose = || Choice::new("", visit.t("choose"));
    let template = |it: &ReportTemplate| {
        let title = of(language, &it.title_sv, &it.title_en);
        let facts = visit.t1("written-report-template-version", "version", &it.version.to_string());
        Choice::new(id_of(&it.name), format!("{title} ({facts})"))
    };
    let templates = std::iter::once(choose()).chain(templates.iter().map(template)).collect();
    let period = |name: &str| Choice::new(id_of(name), period_name(language, id_of(name)));
    let periods = std::iter::once(choose()).chain(periods.iter().map(|it| period(&it.name)));
    let areas = areas.into_iter().map(|area| ("areas", area.name, area.display_name));
    let teams = teams.into_iter().map(|team| ("teams", team.name, team.display_name));
    let may = |(_, name, _): &(&str, String, String)| {
        rights::writes_report(&visit.session.principal, name)
    };
    let subjects = areas.chain(teams).filter(may).map(|(collection, name, display_name)| {
        Choice::new(format!("{collection}/{}", id_of(&name)), display_name)
    });
    let federation = rights::writes_report(&visit.session.principal, &visit.federation());
    let federation = federation.then(|| Choice::new(THE_FEDERATION, visit.t("report-totals")));
    let subjects = std::iter::once(choose()).chain(federation).chain(subjects).collect();
    let mut form = Form::new(visit, ACTION, "written-report-create");
    let input = |id: &str, label_id: &str, kind: Kind| Input::new(language, id, label_id, kind);
    form.groups.push(Group::plain(vec![
        input("template", "written-report-template", Kind::Choice(templates)),
        input("period", "requisition-period", Kind::Choice(periods.collect())),
        input("subject", "written-report-about", Kind::Choice(subjects))
            .help(language, "written-report-about-help"),
        input("title", "written-report-title", Kind::Text(200)),
        input("dnr", "field-dnr", Kind::Text(50)).optional(language),
    ]));
    Ok(form)
}

fn page(visit: &Visit, form: Form) -> Response {
    let back = Back::to("/reports", visit.t("written-reports-heading"));
    let title = visit.t("written-report-new");
    form_page(visit, title, back, visit.t("written-report-new-intro"), form)
}
