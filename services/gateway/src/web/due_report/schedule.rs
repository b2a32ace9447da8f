//! Scheduling reports: of which period, by which template, from whom, until when.

use axum::response::Response;
use proto::reporting::{
    ReportSubjectKind, ReportTemplate, ReportingPeriod, ScheduleReportsRequest,
    due_report_service_client::DueReportServiceClient,
};
use tonic::Status;

use super::{LIST, address};
use crate::web::{
    code,
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
    report, rights,
    sign_in::see_other,
};

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let form = form(&visit).await?;
    Ok(page(&visit, form))
}

/// Schedules them and shows what is due then; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = form(&visit).await?;
    form.fill(&posted);
    let answer = schedule(&visit, &posted, &mut form).await;
    match form.kept(answer) {
        Some(period) => Ok(see_other(&address(&period), None)),
        None => Ok(page(&visit, form)),
    }
}

/// Answers the period.
async fn schedule(visit: &Visit, posted: &Posted, form: &mut Form) -> Result<String, Status> {
    let kinds = code::all::<ReportSubjectKind>();
    let about = form.chosen("about", "about", &kinds, |it| it.as_str_name());
    let reporting_period = form.resource("period", "reporting_period", "reportingPeriods");
    let request = ScheduleReportsRequest {
        reporting_period: reporting_period.clone(),
        template: form.resource("template", "template", "reportTemplates"),
        about: about.unwrap_or_default().into(),
        due_date: form.day("due_date", "due_date"),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = DueReportServiceClient::new(visit.state.reporting.clone());
    client.schedule_reports(visit.request(request)?).await?;
    Ok(reporting_period)
}

async fn form(visit: &Visit) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::schedules_reports)?;
    let language = visit.reader.language;
    let (templates, periods) =
        tokio::try_join!(reads::report_templates(visit), reads::reporting_periods(visit))
            .map_err(|status| Trouble::of(visit, &status))?;
    let choose = || Choice::new("", visit.t("choose"));
    let template = |it: &ReportTemplate| {
        let title = report::of(language, &it.title_sv, &it.title_en);
        let version =
            visit.t1("written-report-template-version", "version", &it.version.to_string());
        Choice::new(id_of(&it.name), format!("{title} ({version})"))
    };
    let period =
        |it: &ReportingPeriod| Choice::new(id_of(&it.name), period_name(language, id_of(&it.name)));
    let templates = std::iter::once(choose()).chain(templates.iter().map(template)).collect();
    let periods = std::iter::once(choose()).chain(periods.iter().map(period)).collect();
    let kinds = code::all::<ReportSubjectKind>();
    let kinds = code::choices(visit, kinds.iter().map(ReportSubjectKind::as_str_name));
    let input = |id: &str, label_id: &str, kind: Kind| Input::new(language, id, label_id, kind);
    let mut form = Form::new(visit, format!("{LIST}/schedule"), "due-reports-schedule-save");
    form.groups.push(Group::plain(vec![
        input("period", "requisition-period", Kind::Choice(periods)),
        input("template", "written-report-template", Kind::Choice(templates)),
        input("about", "due-reports-about", Kind::Choice(kinds))
            .help(language, "written-report-about-help"),
        input("due_date", "report-due-date", Kind::Day)
            .optional(language)
            .help(language, "due-reports-day-help"),
    ]));
    Ok(form)
}

fn page(visit: &Visit, form: Form) -> Response {
    let back = Back::to(LIST, visit.t("due-reports-heading"));
    let title = visit.t("due-reports-schedule");
    form_page(visit, title, back, visit.t("due-reports-schedule-intro"), form)
}
