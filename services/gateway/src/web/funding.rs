//! The follow-up of money: granted against requisitioned, as a table and as a
//! picture for each recipient.

use askama::Template;
use axum::{extract::Query, response::Response};
use http::StatusCode;
use proto::{
    common::Period,
    finance::{
        ExportFundingTableRequest, FundingTable, GetFundingTableRequest, TableFormat,
        funding_table_service_client::FundingTableServiceClient,
    },
};
use tonic::Status;

use super::{
    download,
    error_page::Trouble,
    filter::{Filter, with_query},
    form::{FormErrors, Place, Posted},
    format,
    layout::{Layout, Visit, page_with},
    reads, rights,
};
use crate::text;

mod asked;
pub(crate) mod picture;
pub(crate) mod table;

use asked::FundingQuery;
use table::FundingTableView;

#[derive(Template)]
#[template(path = "funding.html")]
struct FundingPage {
    layout: Layout,
    errors: FormErrors,
    query: FundingQuery,
    filters: Vec<Filter>,
    shortcuts: Vec<Shortcut>,
    downloads: Vec<(String, String)>,
    reads_unit_costs: bool,
    table: Option<FundingTableView>,
}

/// A link to a period that is often asked for.
struct Shortcut {
    text: String,
    href: String,
    is_current: bool,
}

/// The page for what is asked for; without a period, for the latest one that is
/// reported on.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let mut query = FundingQuery::asked(&Posted::asked(query));
    if query.first_day.is_empty() && query.last_day.is_empty() {
        let period = period_so_far(&visit).await.map_err(troubled)?;
        (query.first_day, query.last_day) = days(&period);
    }
    let mut errors = FormErrors::default();
    let mut table = None;
    if let Some(period) = read_period(&visit, &query, &mut errors) {
        match compute(&visit, query.request(&visit, period)).await {
            Ok(found) => table = Some(FundingTableView::of(visit.reader.language, &found)),
            Err(refusal) if refusal.code() == tonic::Code::InvalidArgument => {
                errors.add_all(visit.reader.language, &refusal, |field| place(&visit, field));
            }
            Err(refusal) => return Err(troubled(refusal)),
        }
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let downloads = if table.is_some() { downloads(&visit, &query) } else { Vec::new() };
    let page = FundingPage {
        layout: Layout::of(&visit, visit.t("funding-heading")),
        errors,
        filters: query.filters(&visit).await.map_err(troubled)?,
        shortcuts: shortcuts(&visit, &query),
        downloads,
        reads_unit_costs: rights::reads_reports(&visit.session.principal),
        query,
        table,
    };
    Ok(page_with(status, &page))
}

/// The table as a file.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn download(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let asked = Posted::asked(query);
    let query = FundingQuery::asked(&asked);
    let mut errors = FormErrors::default();
    let period = read_period(&visit, &query, &mut errors);
    let request = ExportFundingTableRequest {
        table: Some(query.request(&visit, period.unwrap_or_default())),
        format: download::format_of(asked.get("format")).into(),
    };
    let request = visit.request(request).map_err(troubled)?;
    let mut client = download::client(&visit);
    let answer = client.export_funding_table(request).await.map_err(troubled)?;
    Ok(download::exported(answer.into_inner().file))
}

/// The table of a period, for the year of its first day.
///
/// # Errors
/// What finance answered instead.
pub(crate) async fn funding_table(visit: &Visit, period: Period) -> Result<FundingTable, Status> {
    let year = period.first_day.as_ref().map_or(0, |day| day.year);
    let request = GetFundingTableRequest {
        parent: visit.federation(),
        year,
        period: Some(period),
        ..Default::default()
    };
    compute(visit, request).await
}

async fn compute(visit: &Visit, request: GetFundingTableRequest) -> Result<FundingTable, Status> {
    let mut client = FundingTableServiceClient::new(visit.state.finance.clone());
    let answer = client.get_funding_table(visit.request(request)?).await?;
    Ok(answer.into_inner().funding_table.unwrap_or_default())
}

/// The latest period that is reported on and has begun, else the year so far:
/// what people most often come to see.
///
/// # Errors
/// What reporting answered instead.
pub(crate) async fn default_period(visit: &Visit) -> Result<Period, Status> {
    let today = visit.state.clock.today();
    let periods = reads::reporting_periods(visit).await?;
    let has_begun = |period: &Period| {
        let first_day = platform::convert::date_from_proto("first_day", period.first_day);
        first_day.is_ok_and(|first_day| first_day <= today)
    };
    let latest = periods.into_iter().filter_map(|period| period.period).find(has_begun);
    Ok(latest.unwrap_or_else(|| year_so_far(visit)))
}

/// The year so far.
pub(crate) fn year_so_far(visit: &Visit) -> Period {
    let today = platform::convert::date_to_proto(visit.state.clock.today());
    Period { first_day: Some(proto::Date { month: 1, day: 1, ..today }), last_day: Some(today) }
}

/// The same as far as it has come: a forecast from days that are not over would take
/// them for days on which nothing was requisitioned. When a year has begun without such a
/// period, the year so far, as soon as money is granted for it.
///
/// # Errors
/// What reporting or finance answered instead.
pub(crate) async fn period_so_far(visit: &Visit) -> Result<Period, Status> {
    let period = default_period(visit).await?;
    let this_year = year_so_far(visit);
    let year = |period: &Period| period.first_day.as_ref().map_or(0, |day| day.year);
    if year(&period) < year(&this_year) {
        let table = funding_table(visit, this_year).await?;
        if !table.rows.is_empty() {
            return Ok(this_year);
        }
    }
    let today = visit.state.clock.today();
    let last_day = platform::convert::date_from_proto("last_day", period.last_day);
    let has_ended = last_day.is_ok_and(|last_day| last_day <= today);
    let last_day =
        if has_ended { period.last_day } else { Some(platform::convert::date_to_proto(today)) };
    Ok(Period { last_day, ..period })
}

fn read_period(visit: &Visit, query: &FundingQuery, errors: &mut FormErrors) -> Option<Period> {
    let mut read = |id: &str, label_id: &str, typed: &str| {
        let day = format::parse_date(typed).map(platform::convert::date_to_proto);
        if day.is_none() {
            let reason = if typed.is_empty() { "DATE_MISSING" } else { "DATE_MALFORMED" };
            let said = text::reason(visit.reader.language, reason, &[("value", typed)]);
            errors.add(Place { id: id.to_owned(), label: visit.t(label_id) }, said);
        }
        day
    };
    let first_day = read("first_day", "period-first-day", &query.first_day);
    let last_day = read("last_day", "period-last-day", &query.last_day);
    Some(Period { first_day: Some(first_day?), last_day: Some(last_day?) })
}

/// What is wrong with the period is said at its days, anything else of the page
/// as a whole.
fn place(visit: &Visit, field: &str) -> Option<Place> {
    let (id, label) = match field {
        "year" | "period" | "period.first_day" => ("first_day", visit.t("period-first-day")),
        "period.last_day" => ("last_day", visit.t("period-last-day")),
        _ => return None,
    };
    Some(Place { id: id.to_owned(), label })
}

fn days(period: &Period) -> (String, String) {
    (format::date(period.first_day.as_ref()), format::date(period.last_day.as_ref()))
}

fn downloads(visit: &Visit, query: &FundingQuery) -> Vec<(String, String)> {
    let link = |format: TableFormat| {
        let code = download::format_code(format);
        (
            query.address("/funding/download", &[("format", code)]),
            visit.t1("download-as", "format", &visit.t(download::text_id(format))),
        )
    };
    download::FORMATS.map(link).to_vec()
}

fn shortcuts(visit: &Visit, query: &FundingQuery) -> Vec<Shortcut> {
    let year = query.first_day.split('-').next().filter(|year| year.len() == 4).unwrap_or_default();
    if year.is_empty() || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let to = |text: String, first_day: String, last_day: String| {
        let asked = FundingQuery { first_day, last_day, ..query.clone() };
        let is_current = asked == *query;
        Shortcut { text, href: asked.address("/funding", &[]), is_current }
    };
    let shortcut = |id: &str, from: &str, until: &str| {
        to(visit.t1(id, "year", year), format!("{year}-{from}"), format!("{year}-{until}"))
    };
    let (first_day, today) = days(&year_so_far(visit));
    let this_year = first_day.split('-').next().unwrap_or_default().to_owned();
    vec![
        shortcut("half-year-first", "01-01", "06-30"),
        shortcut("half-year-second", "07-01", "12-31"),
        shortcut("whole-year", "01-01", "12-31"),
        to(visit.t1("year-so-far", "year", &this_year), first_day, today),
    ]
}

/// The way to the year so far.
pub(crate) fn way_to_year_so_far(visit: &Visit) -> (String, String) {
    let (first_day, today) = days(&year_so_far(visit));
    let year = first_day.split('-').next().unwrap_or_default();
    let days = [("first_day", first_day.as_str()), ("last_day", &today)];
    (with_query("/funding", &days), visit.t1("overview-year-so-far", "year", year))
}
