//! Budget years: the list, one of them with its contributions, budget and equity,
//! and the forms of what is decided and recorded in it.

use askama::Template;
use axum::response::Response;
use chrono::Datelike as _;
use proto::finance::{
    Decision, FinancialYear, FinancialYearState, GetFinancialYearRequest,
    ListFinancialYearsRequest, financial_year_service_client::FinancialYearServiceClient,
};
use tonic::Status;

pub(crate) mod budget;
pub(crate) mod budget_decision;
pub(crate) mod budget_forecast;
pub(crate) mod close;
pub(crate) mod contribution;
pub(crate) mod contribution_decision;
pub(crate) mod contribution_payment;
mod equity;
pub(crate) mod equity_policy;
pub(crate) mod open;
pub(crate) mod own_cost;
pub(crate) mod show;

use super::{
    error_page::Trouble,
    form::{
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::Back,
    },
    format,
    layout::{Layout, Visit, page},
    reads, rights,
};
use crate::web::requisition::StateView;

#[derive(Template)]
#[template(path = "years.html")]
struct YearsPage {
    layout: Layout,
    rows: Vec<RowView>,
    may_open: bool,
}

struct RowView {
    year: i32,
    state: StateView,
    opened_by: String,
    closing_equity: String,
}

/// The years, newest first.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn list(visit: Visit) -> Result<Response, Trouble> {
    let years = years(&visit).await.map_err(|status| Trouble::of(&visit, &status))?;
    let row = |year: &FinancialYear| RowView {
        year: year.year,
        state: state_view(&visit, year.state()),
        opened_by: year.opening_decision.as_ref().map(decision_words).unwrap_or_default(),
        closing_equity: year
            .closing
            .as_ref()
            .map(|closing| format::tkr(closing.closing_equity_ore))
            .unwrap_or_default(),
    };
    Ok(page(&YearsPage {
        layout: Layout::of(&visit, visit.t("years-heading")),
        rows: years.iter().map(row).collect(),
        may_open: years.is_empty() && rights::records_decisions(&visit.session.principal),
    }))
}

/// The latest years there are, newest first.
///
/// # Errors
/// What finance answered instead.
pub(crate) async fn years(visit: &Visit) -> Result<Vec<FinancialYear>, Status> {
    let request = ListFinancialYearsRequest {
        parent: visit.federation(),
        page_size: 100,
        page_token: String::new(),
    };
    let mut client = FinancialYearServiceClient::new(visit.state.finance.clone());
    let answer = client.list_financial_years(visit.request(request)?).await?;
    Ok(answer.into_inner().financial_years)
}

/// The year that is asked for; without one, this year, or the latest there is while this
/// year is not opened.
///
/// # Errors
/// What finance answered instead.
pub(crate) async fn asked(visit: &Visit, typed: &str) -> Result<i32, Status> {
    if let Ok(year) = typed.parse() {
        return Ok(year);
    }
    let this_year = visit.state.clock.today().year();
    let known = years(visit).await?.into_iter().map(|year| year.year);
    Ok(known.filter(|year| *year <= this_year).max().unwrap_or(this_year))
}

/// The years to choose from: those there are, this one and the next.
pub(crate) async fn choices(visit: &Visit) -> Result<Vec<Choice>, Status> {
    let this_year = visit.state.clock.today().year();
    let known = years(visit).await?.into_iter().map(|year| year.year);
    let mut years: Vec<i32> = known.chain([this_year, this_year + 1]).collect();
    years.sort_unstable_by(|one, other| other.cmp(one));
    years.dedup();
    Ok(years.into_iter().map(|year| Choice::new(year.to_string(), year.to_string())).collect())
}

/// One year.
///
/// # Errors
/// What finance answered instead.
pub(crate) async fn financial_year(visit: &Visit, year: i32) -> Result<FinancialYear, Status> {
    let name = reads::name(visit, "financialYears", &year.to_string());
    let mut client = FinancialYearServiceClient::new(visit.state.finance.clone());
    let request = visit.request(GetFinancialYearRequest { name })?;
    let answer = client.get_financial_year(request).await?.into_inner();
    answer.financial_year.ok_or_else(|| Status::not_found(""))
}

/// The year of an address.
///
/// # Errors
/// The page that says there is no such page, for what is no year.
pub(crate) fn year_of(visit: &Visit, typed: &str) -> Result<i32, Trouble> {
    let year = typed.parse().ok().filter(|year| (2000..=2999).contains(year));
    year.ok_or_else(|| Trouble::no_such_page(visit))
}

/// The inputs of a decision: registry number, day and body.
pub(crate) fn decision_inputs(visit: &Visit, decision: &Decision) -> Group {
    let language = visit.reader.language;
    let dnr = Input::new(language, "dnr", "field-dnr", Kind::Text(40)).value(&decision.dnr);
    let day = Input::new(language, "decision_date", "field-decision-date", Kind::Day)
        .value(format::date(decision.decision_date.as_ref()));
    let body = Input::new(language, "deciding_body", "field-deciding-body", Kind::Text(100))
        .value(&decision.deciding_body);
    Group::row(visit.t("field-decision"), vec![dnr, day, body])
}

/// A decision that was typed, for the field of the message that holds its parts;
/// an empty field when the message itself does.
pub(crate) fn read_decision(form: &mut Form, field: &str) -> Decision {
    let part = |part: &str| {
        if field.is_empty() { part.to_owned() } else { format!("{field}.{part}") }
    };
    Decision {
        dnr: form.text("dnr", &part("dnr")),
        decision_date: form.day("decision_date", &part("decision_date")),
        deciding_body: form.text("deciding_body", &part("deciding_body")),
    }
}

/// A decision in words: `Styrelsen 2024-11-28, dnr SFV 2024/17`.
pub(crate) fn decision_words(decision: &Decision) -> String {
    let Decision { dnr, decision_date, deciding_body } = decision;
    format!("{deciding_body} {}, dnr {dnr}", format::date(decision_date.as_ref()))
}

fn state_view(visit: &Visit, state: FinancialYearState) -> StateView {
    let (color, id) = match state {
        FinancialYearState::Unspecified => ("neutral", "year-state-unknown"),
        FinancialYearState::Open => ("info", "year-state-open"),
        FinancialYearState::Closed => ("neutral", "year-state-closed"),
    };
    StateView { text: visit.t(id), color }
}

/// The way back to a year.
fn back(visit: &Visit, year: i32) -> Back {
    Back::to(address(year), visit.t1("year-heading", "year", &year.to_string()))
}

/// The address of a year.
fn address(year: i32) -> String {
    format!("/years/{year}")
}
