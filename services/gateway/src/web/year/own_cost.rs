//! What the federation itself costs: the year's costs, and the form that records
//! one.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use proto::finance::{
    ListOwnCostsRequest, OwnCost, RecordOwnCostRequest,
    own_cost_service_client::OwnCostServiceClient,
};
use tonic::Status;

use super::{
    address, back,
    budget::{OWN_AREAS, area_code, area_text_id},
    year_of,
};
use crate::web::{
    error_page::Trouble,
    filter::next_page,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::Back,
    },
    format,
    layout::{Layout, Visit, page_with},
    rights,
    sign_in::see_other,
};

const PAGE_SIZE: i32 = 50;

#[derive(Template)]
#[template(path = "own_costs.html")]
struct OwnCostsPage {
    layout: Layout,
    back: Back,
    rows: Vec<RowView>,
    next_page: Option<String>,
    may_write: bool,
    form: Form,
}

struct RowView {
    day: String,
    area: String,
    description: String,
    reference: String,
    amount: String,
}

/// The year's costs, newest first, and the form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path(year): Path<String>,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let year = year_of(&visit, &year)?;
    page(&visit, year, Posted::asked(query).get("page_token"), form(&visit, year)).await
}

/// Records the cost and shows the costs; or shows the form again, with
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
    let mut form = form(&visit, year);
    form.fill(&posted);
    let area = form.chosen("area", "own_cost.area", &OWN_AREAS, area_code);
    let cost = OwnCost {
        area: area.unwrap_or(OWN_AREAS[0]).into(),
        day: form.day("day", "own_cost.day"),
        amount_ore: form.ore("amount", "own_cost.amount_ore"),
        description: form.text("description", "own_cost.description"),
        reference: form.text("reference", "own_cost.reference"),
        ..OwnCost::default()
    };
    let answer = record(&visit, &posted, cost, form.is_faulty()).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("{}/own-costs", address(year)), None));
    }
    page(&visit, year, "", form).await
}

async fn record(
    visit: &Visit,
    posted: &Posted,
    cost: OwnCost,
    validate_only: bool,
) -> Result<(), Status> {
    let request = RecordOwnCostRequest {
        parent: visit.federation(),
        own_cost_id: posted.new_id(&[area_code(cost.area()), &format::date(cost.day.as_ref())]),
        own_cost: Some(cost),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = OwnCostServiceClient::new(visit.state.finance.clone());
    client.record_own_cost(visit.request(request)?).await.map(|_| ())
}

fn form(visit: &Visit, year: i32) -> Form {
    let language = visit.reader.language;
    let choose = Choice::new("", visit.t("choose"));
    let areas = OWN_AREAS.map(|area| Choice::new(area_code(area), visit.t(area_text_id(area))));
    let areas: Vec<Choice> = std::iter::once(choose).chain(areas).collect();
    let action = format!("{}/own-costs", address(year));
    let mut form = Form::new(visit, action, "own-cost-record");
    form.groups.push(Group::plain(vec![
        Input::new(language, "area", "budget-area", Kind::Choice(areas)),
        Input::new(language, "day", "own-cost-day", Kind::Day),
        Input::new(language, "amount", "draft-line-amount", Kind::Decimal)
            .help(language, "own-cost-amount-help"),
        Input::new(language, "description", "draft-line-description", Kind::Text(200)),
        Input::new(language, "reference", "own-cost-reference", Kind::Text(100))
            .help(language, "own-cost-reference-help")
            .optional(language),
    ]));
    form
}

async fn page(visit: &Visit, year: i32, page_token: &str, form: Form) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(visit, &status);
    let request = ListOwnCostsRequest {
        parent: visit.federation(),
        year,
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    let request = visit.request(request).map_err(troubled)?;
    let mut client = OwnCostServiceClient::new(visit.state.finance.clone());
    let found = client.list_own_costs(request).await.map_err(troubled)?.into_inner();
    let row = |cost: &OwnCost| RowView {
        day: format::date(cost.day.as_ref()),
        area: visit.t(area_text_id(cost.area())),
        description: cost.description.clone(),
        reference: cost.reference.clone(),
        amount: format::exact(cost.amount_ore),
    };
    let path = format!("{}/own-costs", address(year));
    let page = OwnCostsPage {
        layout: Layout::of(visit, visit.t1("own-costs-heading", "year", &year.to_string())),
        back: back(visit, year),
        rows: found.own_costs.iter().map(row).collect(),
        next_page: next_page(&path, &[], &found.next_page_token),
        may_write: rights::records_decisions(&visit.session.principal),
        form,
    };
    Ok(page_with(page.form.status(), &page))
}
