//! Opening a half-year that teams report on.

use axum::response::Response;
use proto::{
    Date,
    common::Period,
    reporting::{
        CreateReportingPeriodRequest, ReportingPeriod,
        reporting_period_service_client::ReportingPeriodServiceClient,
    },
};
use tonic::{Code, Status};

use super::{
    due_report,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, form_page},
    },
    layout::Visit,
    rights,
    sign_in::see_other,
};

const NEW: &str = "/reporting-periods/new";
const PERIOD: &str = "reporting_period.period";

/// The form, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let form = form(&visit)?;
    Ok(page(&visit, form))
}

/// Opens the period and shows what is due for it; or shows the form again, with
/// everything that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = form(&visit)?;
    form.fill(&posted);
    let answer = open(&visit, &posted, &mut form).await;
    if answer.as_ref().is_err_and(|refusal| refusal.code() == Code::AlreadyExists) {
        form.say("year", visit.t("period-exists"));
        return Ok(page(&visit, form));
    }
    match form.kept(answer) {
        Some(name) => Ok(see_other(&due_report::address(&name), None)),
        None => Ok(page(&visit, form)),
    }
}

/// Answers the period's name.
async fn open(visit: &Visit, posted: &Posted, form: &mut Form) -> Result<String, Status> {
    form.needed("year", PERIOD);
    let year = form.small("year", PERIOD);
    let is_first = form.typed("half") != "2";
    form.note_source("year", "reporting_period_id");
    let given = form.day("due_date", "reporting_period.due_date");
    let (period, day_after) = half_year(year, is_first);
    let request = CreateReportingPeriodRequest {
        parent: visit.federation(),
        reporting_period_id: format!("{year}h{}", if is_first { 1 } else { 2 }),
        reporting_period: Some(ReportingPeriod {
            name: String::new(),
            period: Some(period),
            due_date: given.or(Some(day_after)),
        }),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = ReportingPeriodServiceClient::new(visit.state.reporting.clone());
    let answer = client.create_reporting_period(visit.request(request)?).await?.into_inner();
    Ok(answer.reporting_period.map(|period| period.name).unwrap_or_default())
}

/// The days of half a year, and the day after them: 1 July or 1 January, when reports are
/// due as a rule.
fn half_year(year: i32, is_first: bool) -> (Period, Date) {
    let day = |year, month, day| Date { year, month, day };
    let (first, last, after) = if is_first {
        (day(year, 1, 1), day(year, 6, 30), day(year, 7, 1))
    } else {
        (day(year, 7, 1), day(year, 12, 31), day(year.saturating_add(1), 1, 1))
    };
    (Period { first_day: Some(first), last_day: Some(last) }, after)
}

fn form(visit: &Visit) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::schedules_reports)?;
    let language = visit.reader.language;
    let half = |code, text_id| Choice::new(code, visit.t(text_id));
    let halves = vec![half("1", "period-half-first"), half("2", "period-half-second")];
    let mut form = Form::new(visit, NEW, "period-open");
    form.groups.push(Group::plain(vec![
        Input::new(language, "year", "field-year", Kind::Whole),
        Input::new(language, "half", "period-half", Kind::Choice(halves)),
        Input::new(language, "due_date", "period-due", Kind::Day)
            .optional(language)
            .help(language, "period-due-help"),
    ]));
    Ok(form)
}

fn page(visit: &Visit, form: Form) -> Response {
    let back = Back::to(due_report::LIST, visit.t("due-reports-heading"));
    form_page(visit, visit.t("period-heading"), back, visit.t("period-intro"), form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_year_is_due_the_day_after_it() {
        let day = |year, month, day| Some(Date { year, month, day });
        let (first, due) = half_year(2026, true);
        assert_eq!((first.first_day, first.last_day), (day(2026, 1, 1), day(2026, 6, 30)));
        assert_eq!(Some(due), day(2026, 7, 1));
        let (second, due) = half_year(2026, false);
        assert_eq!((second.first_day, second.last_day), (day(2026, 7, 1), day(2026, 12, 31)));
        assert_eq!(Some(due), day(2027, 1, 1));
    }
}
