//! Tables `financial_year` and `equity_limit`.

pub(crate) mod close;

use std::collections::HashMap;

use platform::sql::Batch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    Select,
};
use values::{Ore, Slug, name::FinancialYearName};

use super::{
    Listed, Stretch, budget_year,
    entity::{equity_limit, financial_year},
    grouped, ledger, newest, slug, wrong,
};
use crate::domain::{
    board_decision::BoardDecision,
    budget_year::BudgetYear,
    financial_year::{EquityLimit, EquityLimits, FinancialYear, FirstYear, close::Closing},
    ledger::Voucher,
};

/// One year.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
) -> Result<Option<FinancialYear>, DbErr> {
    let rows = of(federation)
        .filter(financial_year::Column::Year.eq(year.number()))
        .all(connection)
        .await?;
    with_limits(connection, federation, rows).await?.pop().transpose()
}

/// Years, newest first: those before the year that the stretch names. Takes two
/// statements: give it one picture of the database.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    stretch: Stretch,
) -> Result<Listed<FinancialYear>, DbErr> {
    let (all, by) = (of(federation), financial_year::Column::Year);
    let (rows, next) = newest(connection, all, by, |row| i64::from(row.year), stretch).await?;
    let read = with_limits(connection, federation, rows).await?;
    Ok(Listed { items: read.into_iter().collect::<Result<_, _>>()?, next })
}

/// What a year to open is checked against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BeforeOpen {
    /// True when it is there.
    pub(crate) is_taken: bool,
    /// The first of the years there are.
    pub(crate) first_year: Option<FirstYear>,
    /// The last closed year.
    pub(crate) closed_through: Option<i32>,
}

/// Looks at the years there are.
pub(crate) async fn before_open(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: Option<BudgetYear>,
) -> Result<BeforeOpen, DbErr> {
    let rows = of(federation).order_by_asc(financial_year::Column::Year).all(connection).await?;
    let number = year.map(BudgetYear::number);
    let first_year = rows
        .first()
        .map(|row| FirstYear { year: row.year, opening_equity: Ore::new(row.opening_equity_ore) });
    let closed = rows.iter().filter(|row| row.is_closed);
    Ok(BeforeOpen {
        is_taken: rows.iter().any(|row| Some(row.year) == number),
        first_year,
        closed_through: closed.map(|row| row.year).max(),
    })
}

/// Every year.
pub(super) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<HashMap<FinancialYearName, FinancialYear>, DbErr> {
    let rows = of(federation).all(connection).await?;
    let read = with_limits(connection, federation, rows).await?.into_iter();
    read.map(|read| read.map(|year| (year.name.clone(), year))).collect()
}

/// Adds a year with what it begins with.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &FinancialYear,
    sequence: i64,
    voucher: &Voucher,
) -> Result<(), DbErr> {
    let mut batch = Batch::on(connection);
    insert_all(&mut batch, std::slice::from_ref(added)).await?;
    let federation = &added.name.federation;
    ledger::append(&mut batch, federation, &[(sequence, voucher)], &[]).await?;
    batch.send().await
}

pub(super) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    added: &[FinancialYear],
) -> Result<(), DbErr> {
    batch.insert(financial_year::Entity, added.iter().map(row).collect()).await
}

/// Keeps the limits of a year, whole.
pub(crate) async fn keep_limits(
    connection: &impl ConnectionTrait,
    year: &FinancialYear,
) -> Result<(), DbErr> {
    let federation = year.name.federation.as_str();
    let mut batch = Batch::on(connection);
    let (federation_id, number) = (batch.bind(federation), batch.bind(year.year.number()));
    batch.push(format!(
        "DELETE FROM equity_limit WHERE federation_id = {federation_id} AND year = {number}"
    ));
    // New rows must not meet the old ones.
    batch.send().await?;
    let revision = batch.bind(year.revision);
    let (federation_id, number) = (batch.bind(federation), batch.bind(year.year.number()));
    batch.push(format!(
        "UPDATE financial_year SET revision = {revision} \
         WHERE federation_id = {federation_id} AND year = {number}"
    ));
    let limit_row = |(line, limit): (i32, &EquityLimit)| {
        let EquityLimit { above_percent, state_reduction_percent, consequence } = limit;
        equity_limit::Model {
            federation_id: federation.to_owned(),
            year: year.year.number(),
            line,
            above_percent: *above_percent,
            state_reduction_percent: *state_reduction_percent,
            consequence: consequence.clone(),
        }
    };
    let limits = (1..).zip(year.limits.as_slice()).map(limit_row).collect();
    batch.insert(equity_limit::Entity, limits).await?;
    batch.send().await
}

/// Every year, each as far as its rows make one: for the check of the whole
/// database.
pub(super) async fn readings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(FinancialYearName, Result<FinancialYear, DbErr>)>, DbErr> {
    let rows = of(federation).order_by_asc(financial_year::Column::Year).all(connection).await?;
    let name = |row: &financial_year::Model| FinancialYearName::of(federation, row.year);
    let names: Vec<_> = rows.iter().map(name).collect();
    let read = with_limits(connection, federation, rows).await?;
    Ok(names.into_iter().zip(read).collect())
}

fn of(federation: &Slug) -> Select<financial_year::Entity> {
    financial_year::Entity::find()
        .filter(financial_year::Column::FederationId.eq(federation.as_str()))
}

/// Puts the limits to their years, in the same order.
async fn with_limits(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    rows: Vec<financial_year::Model>,
) -> Result<Vec<Result<FinancialYear, DbErr>>, DbErr> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let limits = equity_limit::Entity::find()
        .filter(equity_limit::Column::FederationId.eq(federation.as_str()))
        .filter(equity_limit::Column::Year.is_in(rows.iter().map(|row| row.year)))
        .order_by_asc(equity_limit::Column::Line)
        .all(connection)
        .await?;
    let mut limits_of = grouped(limits, |row| row.year);
    let whole = |row: financial_year::Model| {
        let limits = limits_of.remove(&row.year).unwrap_or_default();
        value(row, limits.into_iter().map(limit_value).collect())
    };
    Ok(rows.into_iter().map(whole).collect())
}

fn limit_value(row: equity_limit::Model) -> EquityLimit {
    let equity_limit::Model {
        federation_id: _,
        year: _,
        line: _,
        above_percent,
        state_reduction_percent,
        consequence,
    } = row;
    EquityLimit { above_percent, state_reduction_percent, consequence }
}

fn row(year: &FinancialYear) -> financial_year::Model {
    let FinancialYear {
        name,
        year,
        opening_equity,
        opening,
        limits: _, // Rows of their own.
        closing,
        revision,
        synthetic,
    } = year;
    let (opened, closed) = (opening.as_ref(), closing.as_ref());
    let closed_by = closed.map(|closing| &closing.decision);
    let dnr = |by: Option<&BoardDecision>| by.map(|by| by.dnr.clone()).unwrap_or_default();
    let body =
        |by: Option<&BoardDecision>| by.map(|by| by.deciding_body.clone()).unwrap_or_default();
    let ore = |part: fn(&Closing) -> Ore| closed.map(part).unwrap_or_default().get();
    financial_year::Model {
        federation_id: name.federation.to_string(),
        year: year.number(),
        is_closed: closed.is_some(),
        opening_equity_ore: opening_equity.get(),
        opening_dnr: dnr(opened),
        opening_decision_date: opened.map(|by| by.decision_date),
        opening_deciding_body: body(opened),
        closing_dnr: dnr(closed_by),
        closing_decision_date: closed_by.map(|by| by.decision_date),
        closing_deciding_body: body(closed_by),
        contributions_ore: ore(|closing| closing.contributions),
        initiatives_ore: ore(|closing| closing.initiatives),
        own_costs_ore: ore(|closing| closing.own_costs),
        closing_equity_ore: ore(|closing| closing.closing_equity),
        lapsed_ore: ore(|closing| closing.lapsed),
        unpaid_ore: ore(|closing| closing.unpaid),
        outstanding_ore: ore(|closing| closing.outstanding),
        revision: *revision,
        synthetic: *synthetic,
    }
}

fn value(row: financial_year::Model, limits: Vec<EquityLimit>) -> Result<FinancialYear, DbErr> {
    let financial_year::Model {
        federation_id,
        year,
        is_closed,
        opening_equity_ore,
        opening_dnr,
        opening_decision_date,
        opening_deciding_body,
        closing_dnr,
        closing_decision_date,
        closing_deciding_body,
        contributions_ore,
        initiatives_ore,
        own_costs_ore,
        closing_equity_ore,
        lapsed_ore,
        unpaid_ore,
        outstanding_ore,
        revision,
        synthetic,
    } = row;
    let closing = closing_decision_date.map(|decision_date| Closing {
        decision: BoardDecision {
            dnr: closing_dnr,
            decision_date,
            deciding_body: closing_deciding_body,
        },
        contributions: Ore::new(contributions_ore),
        initiatives: Ore::new(initiatives_ore),
        own_costs: Ore::new(own_costs_ore),
        closing_equity: Ore::new(closing_equity_ore),
        lapsed: Ore::new(lapsed_ore),
        unpaid: Ore::new(unpaid_ore),
        outstanding: Ore::new(outstanding_ore),
    });
    if closing.is_some() != is_closed {
        return Err(wrong("financial_year.is_closed", is_closed));
    }
    let limits = EquityLimits::new(limits);
    Ok(FinancialYear {
        name: FinancialYearName::of(&slug("federation_id", &federation_id)?, year),
        year: budget_year("financial_year.year", year)?,
        opening_equity: Ore::new(opening_equity_ore),
        opening: opening_decision_date.map(|decision_date| BoardDecision {
            dnr: opening_dnr,
            decision_date,
            deciding_body: opening_deciding_body,
        }),
        limits: limits.map_err(|fault| wrong("the limits of a year", format!("{fault:?}")))?,
        closing,
        revision,
        synthetic,
    })
}
