//! Tables `budget` and `budget_row`.

pub(crate) mod forecast;

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use platform::sql::Batch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QueryResult,
};
use values::{
    Slug,
    name::{BudgetName, RecipientName},
};

use super::{
    Listed, Stretch, amount,
    board_decision::{self, Decisions},
    bound::Bound,
    budget_area, budget_year,
    entity::{budget, budget_row},
    grouped, slug,
};
use crate::domain::{
    board_decision::BoardDecision,
    budget::{Budget, BudgetRow},
    budget_year::BudgetYear,
};

/// One budget.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &BudgetName,
) -> Result<Option<Budget>, DbErr> {
    let rows =
        board_decision::find::<budget::Entity>(connection, &name.federation, &name.id).await?;
    with_rows(connection, &name.federation, rows).await?.pop().transpose()
}

/// The budget that was in force for a year on a day.
pub(crate) async fn in_force(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
    on: NaiveDate,
) -> Result<Option<Budget>, DbErr> {
    let rows = board_decision::in_force::<budget::Entity>(connection, federation, year, on).await?;
    with_rows(connection, federation, rows).await?.pop().transpose()
}

/// Budgets of a year or of all, newest first. Takes two statements: give it one
/// picture of the database.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: Option<BudgetYear>,
    stretch: Stretch,
) -> Result<Listed<Budget>, DbErr> {
    let (rows, next) =
        board_decision::list::<budget::Entity>(connection, federation, year, stretch).await?;
    let read = with_rows(connection, federation, rows).await?;
    Ok(Listed { items: read.into_iter().collect::<Result<_, _>>()?, next })
}

/// What a new budget is checked against.
#[derive(Debug, Clone)]
pub(crate) struct BeforeDecide {
    /// True when a budget of that name is there.
    pub(crate) is_taken: bool,
    /// How many budgets the year has.
    pub(crate) versions: i32,
    /// Those of the recipients that are there.
    pub(crate) recipients: HashSet<RecipientName>,
}

/// Looks for the name and the recipients of a new budget.
pub(crate) async fn before_decide(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    name: Option<&BudgetName>,
    year: Option<BudgetYear>,
    recipients: &[&RecipientName],
) -> Result<BeforeDecide, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let id = bound.bind(name.map(|name| name.id.as_str()));
    let number = bound.bind(year.map(BudgetYear::number));
    let ids = bound.bind_all(recipients.iter().map(|recipient| recipient.id.as_str()));
    // No list is empty in SQL.
    let ids = if ids.is_empty() { "NULL".to_owned() } else { ids };
    let sql = format!(
        "SELECT 'taken' AS what, CAST(COUNT(*) AS integer) AS number, '' AS recipient_id FROM budget \
         WHERE federation_id = {federation_id} AND budget_id = {id} \
         UNION ALL SELECT 'versions', COALESCE(MAX(version), 0), '' FROM budget \
         WHERE federation_id = {federation_id} AND year = {number} \
         UNION ALL SELECT 'recipient', 0, recipient_id FROM recipient \
         WHERE federation_id = {federation_id} AND recipient_id IN ({ids})"
    );
    let mut before = BeforeDecide { is_taken: false, versions: 0, recipients: HashSet::new() };
    for row in &bound.query(connection, sql).await? {
        take(&mut before, federation, row)?;
    }
    Ok(before)
}

fn take(before: &mut BeforeDecide, federation: &Slug, row: &QueryResult) -> Result<(), DbErr> {
    let number: i32 = row.try_get("", "number")?;
    match row.try_get::<String>("", "what")?.as_str() {
        "taken" => before.is_taken = number > 0,
        "versions" => before.versions = number,
        _ => {
            let id = slug("recipient_id", &row.try_get::<String>("", "recipient_id")?)?;
            before.recipients.insert(RecipientName::new(federation.clone(), id));
        }
    }
    Ok(())
}

/// The budgets of these names that are there.
pub(super) async fn named(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: &BTreeSet<&str>,
) -> Result<HashMap<BudgetName, Budget>, DbErr> {
    let rows = board_decision::named::<budget::Entity>(connection, federation, ids).await?;
    let read = with_rows(connection, federation, rows).await?.into_iter();
    read.map(|read| read.map(|budget| (budget.name.clone(), budget))).collect()
}

/// Adds a budget.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &Budget,
    sequence: i64,
) -> Result<(), DbErr> {
    let mut batch = Batch::on(connection);
    insert_all(&mut batch, &[(sequence, added)]).await?;
    batch.send().await
}

pub(super) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    added: &[(i64, &Budget)],
) -> Result<(), DbErr> {
    let headers = added.iter().map(|(sequence, budget)| header(budget, *sequence)).collect();
    batch.insert(budget::Entity, headers).await?;
    let rows = added.iter().flat_map(|(_, budget)| row_models(budget)).collect();
    batch.insert(budget_row::Entity, rows).await
}

fn header(decided: &Budget, sequence: i64) -> budget::Model {
    let Budget {
        name,
        year,
        rows: _, // Rows of their own.
        decision,
        version,
        synthetic,
    } = decided;
    let BoardDecision { dnr, decision_date, deciding_body } = decision;
    budget::Model {
        federation_id: name.federation.to_string(),
        budget_id: name.id.to_string(),
        year: year.number(),
        version: *version,
        dnr: dnr.clone(),
        decision_date: *decision_date,
        deciding_body: deciding_body.clone(),
        synthetic: *synthetic,
        created_sequence: sequence,
    }
}

fn row_models(decided: &Budget) -> impl Iterator<Item = budget_row::Model> {
    let name = &decided.name;
    (1..).zip(&decided.rows).map(move |(line, row)| {
        let BudgetRow { area, title, amount, recipient } = row;
        budget_row::Model {
            federation_id: name.federation.to_string(),
            budget_id: name.id.to_string(),
            line,
            area: area.code().to_owned(),
            title: title.clone(),
            amount_ore: amount.ore().get(),
            recipient_id: recipient.as_ref().map(|recipient| recipient.id.to_string()),
        }
    })
}

/// Every budget, each as far as its rows make one: for the check of the whole
/// database.
pub(super) async fn readings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(BudgetName, Result<Budget, DbErr>)>, DbErr> {
    let rows = board_decision::all::<budget::Entity>(connection, federation).await?;
    let mut names = Vec::with_capacity(rows.len());
    for row in &rows {
        names.push(BudgetName::new(federation.clone(), slug("budget_id", &row.budget_id)?));
    }
    let read = with_rows(connection, federation, rows).await?;
    Ok(names.into_iter().zip(read).collect())
}

impl Decisions for budget::Entity {
    const FEDERATION_ID: budget::Column = budget::Column::FederationId;
    const ID: budget::Column = budget::Column::BudgetId;
    const YEAR: budget::Column = budget::Column::Year;
    const VERSION: budget::Column = budget::Column::Version;
    const DECISION_DATE: budget::Column = budget::Column::DecisionDate;
    const CREATED_SEQUENCE: budget::Column = budget::Column::CreatedSequence;

    fn created_sequence(row: &budget::Model) -> i64 {
        row.created_sequence
    }
}

/// Puts the rows to their budgets, in the same order.
async fn with_rows(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    budgets: Vec<budget::Model>,
) -> Result<Vec<Result<Budget, DbErr>>, DbErr> {
    if budgets.is_empty() {
        return Ok(Vec::new());
    }
    let ids = budgets.iter().map(|row| row.budget_id.as_str());
    let rows = budget_row::Entity::find()
        .filter(budget_row::Column::FederationId.eq(federation.as_str()))
        .filter(budget_row::Column::BudgetId.is_in(ids))
        .order_by_asc(budget_row::Column::Line)
        .all(connection)
        .await?;
    let mut rows_of = grouped(rows, |row| row.budget_id.clone());
    let whole = |row: budget::Model| {
        let rows = rows_of.remove(&row.budget_id).unwrap_or_default();
        value(row, rows.into_iter().map(row_value).collect::<Result<_, _>>()?)
    };
    Ok(budgets.into_iter().map(whole).collect())
}

fn value(row: budget::Model, rows: Vec<BudgetRow>) -> Result<Budget, DbErr> {
    let budget::Model {
        federation_id,
        budget_id,
        year,
        version,
        dnr,
        decision_date,
        deciding_body,
        synthetic,
        created_sequence: _,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    Ok(Budget {
        name: BudgetName::new(federation, slug("budget_id", &budget_id)?),
        year: budget_year("budget.year", year)?,
        rows,
        decision: BoardDecision { dnr, decision_date, deciding_body },
        version,
        synthetic,
    })
}

fn row_value(row: budget_row::Model) -> Result<BudgetRow, DbErr> {
    let budget_row::Model {
        federation_id,
        budget_id: _,
        line: _,
        area,
        title,
        amount_ore,
        recipient_id,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let recipient = recipient_id.map(|id| slug("recipient_id", &id)).transpose()?;
    Ok(BudgetRow {
        area: budget_area("budget_row.area", &area)?,
        title,
        amount: amount("budget_row.amount_ore", amount_ore)?,
        recipient: recipient.map(|id| RecipientName::new(federation, id)),
    })
}
