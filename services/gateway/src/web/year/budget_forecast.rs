//! Recording what the office expects of an area, and what it does about it.

use axum::{extract::Path, response::Response};
use proto::finance::{
    BudgetForecast, RecordBudgetForecastRequest, budget_service_client::BudgetServiceClient,
};
use tonic::Status;

use super::{
    address, back,
    budget::{AREAS, area_code, area_text_id},
    year_of,
};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::form_page,
    },
    layout::Visit,
    rights,
    sign_in::see_other,
};

/// The form, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(year): Path<String>) -> Result<Response, Trouble> {
    let year = year_of(&visit, &year)?;
    let form = form(&visit, year)?;
    Ok(page(&visit, year, form))
}

/// Records the forecast and shows the year; or shows the form again, with
/// everything that is wrong.
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
    let mut form = form(&visit, year)?;
    form.fill(&posted);
    let area = form.chosen("area", "budget_forecast.area", &AREAS, area_code);
    let forecast = BudgetForecast {
        year,
        area: area.unwrap_or(AREAS[0]).into(),
        day: form.day("day", "budget_forecast.day"),
        forecast_ore: form.ore("forecast", "budget_forecast.forecast_ore"),
        measures: form.text("measures", "budget_forecast.measures"),
        ..BudgetForecast::default()
    };
    let answer = record(&visit, &posted, forecast, form.is_faulty()).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("{}#budget", address(year)), None));
    }
    Ok(page(&visit, year, form))
}

async fn record(
    visit: &Visit,
    posted: &Posted,
    forecast: BudgetForecast,
    validate_only: bool,
) -> Result<(), Status> {
    let area = area_code(forecast.area());
    let request = RecordBudgetForecastRequest {
        parent: visit.federation(),
        budget_forecast_id: posted.new_id(&[&forecast.year.to_string(), area]),
        budget_forecast: Some(forecast),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = BudgetServiceClient::new(visit.state.finance.clone());
    client.record_budget_forecast(visit.request(request)?).await.map(|_| ())
}

fn form(visit: &Visit, year: i32) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::records_decisions)?;
    let language = visit.reader.language;
    let choose = Choice::new("", visit.t("choose"));
    let areas = AREAS.map(|area| Choice::new(area_code(area), visit.t(area_text_id(area))));
    let areas: Vec<Choice> = std::iter::once(choose).chain(areas).collect();
    let action = format!("{}/forecasts/new", address(year));
    let mut form = Form::new(visit, action, "forecast-record");
    let today = visit.state.clock.today().to_string();
    form.groups.push(Group::plain(vec![
        Input::new(language, "area", "budget-area", Kind::Choice(areas)),
        Input::new(language, "day", "forecast-day", Kind::Day).value(today),
        Input::new(language, "forecast", "forecast-amount", Kind::Decimal)
            .help(language, "forecast-amount-help"),
        Input::new(language, "measures", "forecast-measures", Kind::Lines(2000))
            .help(language, "forecast-measures-help")
            .optional(language),
    ]));
    Ok(form)
}

fn page(visit: &Visit, year: i32, form: Form) -> Response {
    let title = visit.t1("forecast-heading", "year", &year.to_string());
    form_page(visit, title, back(visit, year), visit.t("forecast-intro"), form)
}
