//! Entering a year's limits for its equity.

use axum::{extract::Path, response::Response};
use proto::finance::{
    EquityLimit, FinancialYear, SetEquityPolicyRequest,
    financial_year_service_client::FinancialYearServiceClient,
};
use tonic::Status;

use super::{address, back, financial_year, year_of};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind, line_id},
        page::form_page,
    },
    layout::Visit,
    rights,
    sign_in::see_other,
};

/// Limits a year may have.
const MOST_LINES: usize = 20;
const OF_LINE: [&str; 3] = ["above", "reduction", "consequence"];

/// The form, with the limits in force.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(year): Path<String>) -> Result<Response, Trouble> {
    let year = year_of(&visit, &year)?;
    let now = read_first(&visit, year).await?;
    let form = form(&visit, &now, (now.equity_limits.len() + 1).min(MOST_LINES));
    Ok(page(&visit, year, form))
}

/// Enters the limits and shows the year; or shows the form again, with one line
/// more or with everything that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(year): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let year = year_of(&visit, &year)?;
    let now = read_first(&visit, year).await?;
    let mut form = form(&visit, &now, posted.lines(1, MOST_LINES));
    form.fill_over(&posted);
    if posted.adds_line() {
        form.focus_last_line();
        return Ok(page(&visit, year, form));
    }
    let limits = read(&mut form);
    let answer = set(&visit, &now, &posted, limits, form.is_faulty()).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("{}#equity", address(year)), None));
    }
    Ok(page(&visit, year, form))
}

async fn set(
    visit: &Visit,
    now: &FinancialYear,
    posted: &Posted,
    equity_limits: Vec<EquityLimit>,
    validate_only: bool,
) -> Result<(), Status> {
    let request = SetEquityPolicyRequest {
        name: now.name.clone(),
        etag: posted.get("etag").to_owned(),
        equity_limits,
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = FinancialYearServiceClient::new(visit.state.finance.clone());
    client.set_equity_policy(visit.request(request)?).await.map(|_| ())
}

fn form(visit: &Visit, now: &FinancialYear, lines: usize) -> Form {
    let language = visit.reader.language;
    let action = format!("{}/equity-policy", address(now.year));
    let mut form = Form::new(visit, action, "policy-save").with_lines(lines, "draft-add-line");
    form.etag.clone_from(&now.etag);
    for line in 0..lines {
        let limit = now.equity_limits.get(line);
        let percent = |value: Option<i32>| value.map(|it| it.to_string()).unwrap_or_default();
        let consequence = limit.map(|limit| limit.consequence.clone()).unwrap_or_default();
        let of_line = |part: &str| line_id(line, part);
        let inputs = vec![
            Input::new(language, of_line("above"), "policy-above", Kind::Whole)
                .value(percent(limit.map(|limit| limit.above_percent))),
            Input::new(language, of_line("reduction"), "policy-reduction", Kind::Whole)
                .value(percent(limit.map(|limit| limit.state_reduction_percent))),
            Input::new(language, of_line("consequence"), "policy-consequence", Kind::Text(500))
                .value(consequence),
        ];
        let legend = visit.t1("policy-limit", "number", &(line + 1).to_string());
        form.groups.push(Group::line(legend, inputs));
    }
    form
}

fn read(form: &mut Form) -> Vec<EquityLimit> {
    let mut limits = Vec::new();
    for line in 0..form.lines {
        if form.is_blank(&OF_LINE.map(|part| line_id(line, part))) {
            continue;
        }
        let field = |part: &str| format!("equity_limits[{}].{part}", limits.len());
        let limit = EquityLimit {
            above_percent: form.small(&line_id(line, "above"), &field("above_percent")),
            state_reduction_percent: form
                .small(&line_id(line, "reduction"), &field("state_reduction_percent")),
            consequence: form.text(&line_id(line, "consequence"), &field("consequence")),
        };
        limits.push(limit);
    }
    limits
}

async fn read_first(visit: &Visit, year: i32) -> Result<FinancialYear, Trouble> {
    Trouble::unless(visit, rights::records_decisions)?;
    financial_year(visit, year).await.map_err(|status| Trouble::of(visit, &status))
}

fn page(visit: &Visit, year: i32, form: Form) -> Response {
    let title = visit.t1("policy-heading", "year", &year.to_string());
    form_page(visit, title, back(visit, year), visit.t("policy-intro"), form)
}
