//! What became of people after the exit: shares, with how many answered and how far what
//! is not known could move them.

use askama::Template;
use axum::{extract::Query, response::Response};
use http::StatusCode;
use proto::participant::{
    FollowUpRate, GetFollowUpRatesRequest, follow_up_service_client::FollowUpServiceClient,
};
use tonic::Status;

use super::{Asked, Shortcut, answered, is_settled, pages};
use crate::web::{
    account::Places,
    error_page::Trouble,
    filter::Filter,
    form::{FormErrors, Posted},
    format,
    layout::{Layout, Tab, Visit, page_with},
};

const PATH: &str = "/statistics/follow-ups";

#[derive(Template)]
#[template(path = "statistics_rates.html")]
struct RatesPage {
    layout: Layout,
    tabs: Vec<Tab>,
    errors: FormErrors,
    asked: Asked,
    filters: Vec<Filter>,
    shortcuts: Vec<Shortcut>,
    rows: Option<Vec<RateView>>,
    hides: bool,
    /// True for whoever sees no people.
    is_settled: bool,
    sequence: String,
}

/// What became of people after so many months.
struct RateView {
    after: String,
    /// In the order of the columns.
    numbers: [String; 8],
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let posted = Posted::asked(query);
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let (asked, places) =
        tokio::try_join!(Asked::of(&visit, &posted), Places::read(&visit)).map_err(troubled)?;
    let mut errors = FormErrors::default();
    let period = asked.period(&visit, &mut errors);
    let as_known_at = asked.sequence(&visit, &mut errors);
    let mut found = None;
    if let Some(period) = period.filter(|_| errors.is_empty()) {
        let request = GetFollowUpRatesRequest {
            parent: visit.federation(),
            period: Some(period),
            teams: asked.teams(&visit),
            as_known_at,
        };
        let mut client = FollowUpServiceClient::new(visit.state.organisation.clone());
        let request = visit.request(request).map_err(troubled)?;
        let answer = client.get_follow_up_rates(request).await.map(tonic::Response::into_inner);
        found = answered(&visit, &mut errors, answer)?;
    }
    let sequence = found.as_ref().map_or(0, |found| found.sequence);
    let rates = found.map(|found| found.rates);
    let is_hidden = |rate: &FollowUpRate| rate.due.is_none() || rate.not_reached.is_none();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = RatesPage {
        layout: Layout::of(&visit, visit.t("rates-heading")),
        tabs: pages(&visit, PATH),
        filters: vec![asked.team_filter(&visit, &places)],
        shortcuts: asked.shortcuts(&visit, PATH, &[]),
        hides: rates.iter().flatten().any(is_hidden),
        rows: rates.map(|rates| rates.iter().map(|rate| RateView::of(&visit, rate)).collect()),
        is_settled: is_settled(&visit),
        sequence: format::whole(sequence),
        errors,
        asked,
    };
    Ok(page_with(status, &page))
}

impl RateView {
    fn of(visit: &Visit, rate: &FollowUpRate) -> Self {
        // Of nobody there is no share.
        let hidden = || match rate.due {
            Some(0) => "–".to_owned(),
            Some(_) | None => visit.t("statistics-hidden"),
        };
        let count = |count: Option<i64>| count.map_or_else(hidden, format::whole);
        let share = |share: Option<i32>| share.map_or_else(hidden, format::permille);
        let bounds = rate.lower_bound_per_mille.zip(rate.upper_bound_per_mille);
        Self {
            after: visit.t1("follow-up-months", "months", &rate.months.to_string()),
            numbers: [
                count(rate.due),
                count(rate.answered),
                share(rate.answered_per_mille),
                count(rate.not_reached),
                count(rate.declined),
                count(rate.not_asked),
                count(rate.in_work_or_studies),
                bounds.map_or_else(hidden, |(least, most)| {
                    format!("{}–{}", format::permille(least), format::permille(most))
                }),
            ],
        }
    }
}
