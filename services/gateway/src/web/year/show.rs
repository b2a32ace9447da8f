//! One year: what has come in, what is budgeted, and what its equity is heading
//! for. A part that does not answer leaves the others standing.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use chrono::{Datelike as _, NaiveDate};
use proto::{
    Date,
    finance::{FinancialYear, FinancialYearClosing},
};
use tonic::{Code, Status};

use super::{
    budget::{self, BudgetView},
    contribution::{self, ContributionsView},
    decision_words,
    equity::{self, OutlookView},
    financial_year, state_view, year_of,
};
use crate::web::{
    error_page::{Section, Trouble, section},
    form::{Posted, page::Fact},
    format,
    layout::{Layout, Visit, page},
    requisition::StateView,
    rights,
};

#[derive(Template)]
#[template(path = "year.html")]
struct YearPage {
    layout: Layout,
    year: i32,
    day: String,
    state: Section<Option<StateView>>,
    is_synthetic: bool,
    facts: Vec<Fact>,
    contributions: Section<ContributionsView>,
    budget: Section<BudgetView>,
    outlook: Section<OutlookView>,
    may_write: bool,
    is_open: bool,
}

/// The page, as seen from the day asked for; without one, from today or the
/// year's nearest day.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path(year): Path<String>,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let year = year_of(&visit, &year)?;
    let asked = Posted::asked(query);
    let day = format::parse_date(asked.get("day"));
    let day = day_within(year, day.unwrap_or_else(|| visit.state.clock.today()));
    let (now, contributions, budget, outlook) = tokio::join!(
        financial_year(&visit, year),
        contribution::read(&visit, year, day, asked.get("page_token")),
        budget::read(&visit, year, day),
        equity::read(&visit, year, day),
    );
    let now = found(now);
    let (state, facts) = (state(&visit, &now), facts(&visit, &now));
    let closing = now.as_ref().ok().and_then(|now| now.as_ref()?.closing.as_ref());
    let outlook = outlook.map(|outlook| outlook.after(&visit, closing));
    let is_open =
        now.as_ref().is_ok_and(|now| now.as_ref().is_some_and(|now| now.closing.is_none()));
    Ok(page(&YearPage {
        layout: Layout::of(&visit, visit.t1("year-heading", "year", &year.to_string())),
        year,
        day: format::date(Some(&day)),
        state,
        is_synthetic: now.is_ok_and(|now| now.is_some_and(|now| now.synthetic)),
        facts,
        contributions: section(&visit, contributions),
        budget: section(&visit, budget),
        outlook: section(&visit, outlook),
        may_write: rights::records_decisions(&visit.session.principal),
        is_open,
    }))
}

/// A year that is not opened is no fault.
fn found(now: Result<FinancialYear, Status>) -> Result<Option<FinancialYear>, Status> {
    match now {
        Ok(now) => Ok(Some(now)),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(status),
    }
}

fn state(visit: &Visit, now: &Result<Option<FinancialYear>, Status>) -> Section<Option<StateView>> {
    let now = now.as_ref().map_err(Clone::clone);
    let state = now.map(|now| now.as_ref().map(|now| state_view(visit, now.state())));
    section(visit, state)
}

fn facts(visit: &Visit, now: &Result<Option<FinancialYear>, Status>) -> Vec<Fact> {
    let Ok(Some(now)) = now else {
        return Vec::new();
    };
    let mut facts = Vec::new();
    if let Some(decision) = &now.opening_decision
        && !decision.dnr.is_empty()
    {
        facts.push(Fact::new(visit, "year-opened-by", decision_words(decision)));
    }
    if let Some(closing) = &now.closing {
        facts.extend(closing_facts(visit, closing));
    }
    facts
}

/// How a year was closed, or would be.
pub(super) fn closing_facts(visit: &Visit, closing: &FinancialYearClosing) -> Vec<Fact> {
    let FinancialYearClosing {
        decision,
        contributions_ore,
        initiatives_ore,
        own_costs_ore,
        result_ore,
        closing_equity_ore,
        lapsed_ore,
        unpaid_ore,
        outstanding_ore,
    } = closing;
    let amount = |id: &str, ore: i64| Fact::new(visit, id, format::kronor(ore));
    let decision = decision.as_ref().map(decision_words).unwrap_or_default();
    vec![
        Fact::new(visit, "year-closed-by", decision),
        amount("year-contributions", *contributions_ore),
        amount("year-initiatives", *initiatives_ore),
        amount("year-own-costs", *own_costs_ore),
        amount("year-result", *result_ore),
        amount("year-closing-equity", *closing_equity_ore),
        amount("year-lapsed", *lapsed_ore),
        amount("year-unpaid", *unpaid_ore),
        amount("year-outstanding", *outstanding_ore),
    ]
}

/// The day itself within the year, else the year's day nearest to it.
fn day_within(year: i32, day: NaiveDate) -> Date {
    match day.year() {
        before if before < year => Date { year, month: 1, day: 1 },
        after if after > year => Date { year, month: 12, day: 31 },
        _ => platform::convert::date_to_proto(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_seen_from_a_day_of_it() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let from = |year, text| format::date(Some(&day_within(year, day(text))));
        assert_eq!(from(2025, "2025-07-15"), "2025-07-15");
        assert_eq!(from(2024, "2025-07-15"), "2024-12-31");
        assert_eq!(from(2026, "2025-07-15"), "2026-01-01");
    }
}
