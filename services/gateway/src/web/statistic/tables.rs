//! The protected tables: totals across parties in registered layouts, with what is small
//! hidden; and the ledger of those that were given out.

use askama::Template;
use axum::{extract::Query, response::Response};
use chrono::{Datelike as _, NaiveDate};
use http::StatusCode;
use platform::convert::{date_to_proto, instant};
use proto::{
    common::Period,
    participant::{
        GetProtectedTablesRequest, ListReleasedTablesRequest, ReleasedTable, TableLayout,
        tabulation_service_client::TabulationServiceClient,
    },
};
use tonic::Status;

use super::{answered, counted::TableView, pages, words::Words};
use crate::web::{
    error_page::Trouble,
    filter::{Filter, next_page},
    form::{
        Fields, FormErrors, Posted,
        fields::Form,
        inputs::{Button, Choice},
        page::Fact,
    },
    format,
    layout::{Layout, Tab, Visit, page_with},
    reads::{self, id_of},
    rights,
};

const PATH: &str = "/statistics/tables";
const PAGE_SIZE: i32 = 25;
/// Years back that periods are offered from.
const YEARS: i32 = 3;

#[derive(Template)]
#[template(path = "statistics_tables.html")]
struct TablesPage {
    layout: Layout,
    tabs: Vec<Tab>,
    errors: FormErrors,
    filters: Vec<Filter>,
    has_layouts: bool,
    shown: Option<ShownView>,
    ledger: Vec<LedgerView>,
    next_page: Option<String>,
}

/// A protected table.
struct ShownView {
    title: String,
    facts: Vec<Fact>,
    table: TableView,
    threshold: String,
    sequence: String,
    is_newest: bool,
    /// The form that asks for the newest; none where this is it, and for whoever may not.
    newer: Option<Form>,
}

/// A table that was given out.
struct LedgerView {
    layout: String,
    title: String,
    period: String,
    released: String,
    publication: String,
}

/// The page: with a layout and a period, also their table.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    answer(visit, &Posted::asked(query), false).await
}

/// The same with what is known now, and more of it hidden.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_newest(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    answer(visit, &posted, true).await
}

async fn answer(visit: Visit, posted: &Posted, hide_more: bool) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let layouts = reads::table_layouts(&visit).await.map_err(troubled)?;
    let periods = periods(&visit);
    let chosen = layouts.iter().find(|it| id_of(&it.name) == posted.get("layout"));
    let period = periods.iter().find(|(choice, _)| choice.code == posted.get("period"));
    let mut errors = FormErrors::default();
    let mut shown = None;
    if let (Some(layout), Some((choice, period))) = (chosen, period) {
        let found = protected(&visit, layout, *period, hide_more).await;
        if let Some((table, is_newest)) = answered(&visit, &mut errors, found)? {
            let words = Words::read(&visit).await.map_err(troubled)?;
            let is_offered = !is_newest && rights::hides_more(&visit.session.principal);
            let newer = is_offered.then(|| newer(&visit, layout, choice));
            let newest = (is_newest, newer);
            shown = Some(ShownView::of(&visit, &words, (layout, &table), newest));
        }
    }
    let (ledger, next_page_token) =
        ledger(&visit, posted.get("page_token")).await.map_err(troubled)?;
    let period_id = period.map_or("", |(choice, _)| choice.code.as_str());
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = TablesPage {
        layout: Layout::of(&visit, visit.t("statistics-tables")),
        tabs: pages(&visit, PATH),
        errors,
        next_page: next_page(PATH, &[], &next_page_token),
        filters: filters(&visit, (&layouts, chosen), (&periods, period_id)),
        has_layouts: !layouts.is_empty(),
        shown,
        ledger: ledger.iter().map(|it| LedgerView::of(&visit, &layouts, it)).collect(),
    };
    Ok(page_with(status, &page))
}

fn filters(
    visit: &Visit,
    (layouts, layout): (&[TableLayout], Option<&TableLayout>),
    (periods, period): (&[(Choice, Period)], &str),
) -> Vec<Filter> {
    let choice = |it: &TableLayout| Choice::new(id_of(&it.name), it.title.clone());
    let layouts = layouts.iter().map(choice).collect();
    let layout = layout.map_or("", |it| id_of(&it.name));
    let periods = periods.iter().map(|(choice, _)| choice.clone()).collect();
    vec![
        Filter::new(visit, "layout", "tables-layout", layout, layouts).with_none(visit, "choose"),
        Filter::new(visit, "period", "requisition-period", period, periods)
            .with_none(visit, "choose"),
    ]
}

/// The half-years and years that have ended, the latest first.
fn periods(visit: &Visit) -> Vec<(Choice, Period)> {
    let today = visit.state.clock.today();
    let mut periods = Vec::new();
    for year in (today.year() - YEARS..=today.year()).rev() {
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        for (part, text_id, first, last) in [
            ("", "whole-year", day(1, 1), day(12, 31)),
            ("h2", "half-year-second", day(7, 1), day(12, 31)),
            ("h1", "half-year-first", day(1, 1), day(6, 30)),
        ] {
            if last < today {
                let text = visit.t1(text_id, "year", &year.to_string());
                let (first_day, last_day) = (Some(date_to_proto(first)), Some(date_to_proto(last)));
                let choice = Choice::new(format!("{year}{part}"), text);
                periods.push((choice, Period { first_day, last_day }));
            }
        }
    }
    periods
}

/// The table, and whether it is what is known now.
async fn protected(
    visit: &Visit,
    layout: &TableLayout,
    period: Period,
    hide_more: bool,
) -> Result<(ReleasedTable, bool), Status> {
    let request = GetProtectedTablesRequest {
        parent: visit.federation(),
        layouts: vec![layout.name.clone()],
        period: Some(period),
        hide_more,
        validate_only: false,
    };
    let mut client = TabulationServiceClient::new(visit.state.organisation.clone());
    let answer = client.get_protected_tables(visit.request(request)?).await?.into_inner();
    Ok((answer.tables.into_iter().next().unwrap_or_default(), answer.are_newest))
}

/// Asks for the newest of the same table.
fn newer(visit: &Visit, layout: &TableLayout, period: &Choice) -> Form {
    let mut form = Form::new(visit, PATH, "records-hide-more");
    let text = visit.t("records-hide-more");
    form.buttons = vec![Button { code: "hide_more", text, variant: "secondary", color: "accent" }];
    form.hidden = vec![("layout", id_of(&layout.name).to_owned()), ("period", period.code.clone())];
    form
}

async fn ledger(visit: &Visit, page_token: &str) -> Result<(Vec<ReleasedTable>, String), Status> {
    let request = ListReleasedTablesRequest {
        parent: visit.federation(),
        publication: String::new(),
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    let mut client = TabulationServiceClient::new(visit.state.organisation.clone());
    let page = client.list_released_tables(visit.request(request)?).await?.into_inner();
    Ok((page.released_tables, page.next_page_token))
}

impl ShownView {
    fn of(
        visit: &Visit,
        words: &Words,
        (layout, found): (&TableLayout, &ReleasedTable),
        (is_newest, newer): (bool, Option<Form>),
    ) -> Self {
        let shape = layout.shape.clone().unwrap_or_default();
        let counts = found.table.clone().unwrap_or_default();
        let released = format::day(found.release_time.as_ref().and_then(instant));
        let threshold = format::whole(i64::from(found.threshold));
        let facts = vec![
            Fact::new(visit, "requisition-period", format::period(found.period.as_ref())),
            Fact::new(visit, "tables-released", released),
            Fact::new(visit, "tables-threshold", threshold.clone()),
        ];
        Self {
            title: layout.title.clone(),
            facts,
            table: TableView::of(visit, words, &shape, &counts, None),
            threshold,
            sequence: format::whole(found.sequence),
            is_newest,
            newer,
        }
    }
}

impl LedgerView {
    fn of(visit: &Visit, layouts: &[TableLayout], released: &ReleasedTable) -> Self {
        let layout = layouts.iter().find(|it| it.name == released.layout);
        let id = id_of(&released.layout);
        let publication = id_of(&released.publication);
        Self {
            layout: id.to_owned(),
            title: layout.map_or(id, |layout| layout.title.as_str()).to_owned(),
            period: format::period(released.period.as_ref()),
            released: format::day(released.release_time.as_ref().and_then(instant)),
            publication: if publication.is_empty() {
                visit.t("tables-only-read")
            } else {
                publication.to_owned()
            },
        }
    }
}
