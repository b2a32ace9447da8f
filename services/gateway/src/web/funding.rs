//! The follow-up of money: granted against requisitioned, as a table and as a
//! picture for each recipient.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::{
    common::Period,
    finance::{
        FundingTable, GetFundingTableRequest,
        funding_table_service_client::FundingTableServiceClient,
    },
};
use tonic::Status;

use super::{
    error_page::Trouble,
    form::{FormErrors, Place},
    format,
    layout::{Layout, Visit, page_with},
    reads,
};
use crate::text;

pub(crate) mod picture;
pub(crate) mod table;

use table::FundingTableView;

#[derive(Template)]
#[template(path = "funding.html")]
struct FundingPage {
    layout: Layout,
    errors: FormErrors,
    first_day: String,
    last_day: String,
    shortcuts: Vec<Shortcut>,
    table: Option<FundingTableView>,
}

/// A link to a period that is often asked for.
struct Shortcut {
    text: String,
    first_day: String,
    last_day: String,
    is_current: bool,
}

/// The page for the period asked for; without one, for the latest period that
/// is reported on.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let asked = |name: &str| {
        query.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim().to_owned())
    };
    let (first_day, last_day) = match (asked("first_day"), asked("last_day")) {
        (None, None) => {
            let period = default_period(&visit).await;
            days(&period.map_err(|status| Trouble::of(&visit, &status))?)
        }
        (first_day, last_day) => (first_day.unwrap_or_default(), last_day.unwrap_or_default()),
    };
    let mut errors = FormErrors::default();
    let mut status = http::StatusCode::OK;
    let mut table = None;
    if let Some(period) = read_period(&visit, &first_day, &last_day, &mut errors) {
        match funding_table(&visit, period).await {
            Ok(found) => table = Some(FundingTableView::of(visit.reader.language, &found)),
            Err(refusal) if refusal.code() == tonic::Code::InvalidArgument => {
                errors.add_all(visit.reader.language, &refusal, |field| Some(place(&visit, field)));
            }
            Err(refusal) => return Err(Trouble::of(&visit, &refusal)),
        }
    }
    if !errors.is_empty() {
        status = http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    let layout = Layout::of(&visit, visit.t("funding-heading"));
    let shortcuts = shortcuts(&visit, &first_day, &last_day);
    Ok(page_with(status, &FundingPage { layout, errors, first_day, last_day, shortcuts, table }))
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
    Ok(latest.unwrap_or_else(|| {
        let today = platform::convert::date_to_proto(today);
        Period { first_day: Some(proto::Date { month: 1, day: 1, ..today }), last_day: Some(today) }
    }))
}

fn read_period(
    visit: &Visit,
    first_day: &str,
    last_day: &str,
    errors: &mut FormErrors,
) -> Option<Period> {
    let mut read = |field: &str, typed: &str| {
        let day = format::parse_date(typed).map(platform::convert::date_to_proto);
        if day.is_none() {
            let reason = if typed.is_empty() { "DATE_MISSING" } else { "DATE_MALFORMED" };
            let said = text::reason(visit.reader.language, reason, &[("value", typed)]);
            errors.add(place(visit, field), said);
        }
        day
    };
    let (first_day, last_day) =
        (read("period.first_day", first_day), read("period.last_day", last_day));
    Some(Period { first_day: Some(first_day?), last_day: Some(last_day?) })
}

fn place(visit: &Visit, field: &str) -> Place {
    let (id, label) = if field.ends_with("first_day") {
        ("first_day", visit.t("period-first-day"))
    } else {
        ("last_day", visit.t("period-last-day"))
    };
    Place { id: id.to_owned(), label }
}

fn days(period: &Period) -> (String, String) {
    (format::date(period.first_day.as_ref()), format::date(period.last_day.as_ref()))
}

fn shortcuts(visit: &Visit, first_day: &str, last_day: &str) -> Vec<Shortcut> {
    let year = first_day.split('-').next().filter(|year| year.len() == 4).unwrap_or_default();
    if year.is_empty() || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let shortcut = |id: &str, from: &str, to: &str| {
        let (from, to) = (format!("{year}-{from}"), format!("{year}-{to}"));
        let is_current = from == first_day && to == last_day;
        let text = text::message(visit.reader.language, id, &[("year", year)]);
        Shortcut { text, first_day: from, last_day: to, is_current }
    };
    vec![
        shortcut("half-year-first", "01-01", "06-30"),
        shortcut("half-year-second", "07-01", "12-31"),
        shortcut("whole-year", "01-01", "12-31"),
    ]
}
