//! The tables of money. Gives and takes domain values.
//!
//! Architecture invariant: SQL and entities stay in here, and every function
//! starts from the federation, alone or as the first part of a name: a query
//! across federations cannot be written, but for the check of the whole
//! database.

pub(crate) mod account_plan;
pub(crate) mod attachment;
mod board_decision;
mod bound;
pub(crate) mod budget;
pub(crate) mod contribution;
mod entity;
pub(crate) mod export;
pub(crate) mod financial_year;
pub(crate) mod funding_table;
pub(crate) mod grant;
pub(crate) mod import;
pub(crate) mod ledger;
pub(crate) mod migrations;
pub(crate) mod own_cost;
pub(crate) mod recipient;
pub(crate) mod recovery;
pub(crate) mod requisition;
pub(crate) mod staffing_financing;
pub(crate) mod verify;

use std::collections::{BTreeMap, BTreeSet};

use platform::sql;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
    sea_query::{Expr, SimpleExpr},
};
use values::{Fault, Ore, Period, Slug};

use crate::domain::{
    budget::BudgetArea, budget_year::BudgetYear, ledger::Amount, signed_amount::SignedAmount,
};

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Listed<T> {
    /// What is on it.
    pub(crate) items: Vec<T>,
    /// The key of the last item, when there are more after it.
    pub(crate) next: Option<String>,
}

/// A stretch of a list whose newest come first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    /// At most this many.
    pub(crate) size: u64,
    /// Only what was recorded before this sequence.
    pub(crate) before: Option<i64>,
}

/// Takes off the row that only tells whether there is more.
fn cut<T>(mut rows: Vec<T>, size: u64, key: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let has_more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| has_more).map(key);
    (rows, next)
}

/// A page of a list whose newest come first: the rows of a selection before the
/// sequence that the stretch names, by the column that holds it.
async fn newest<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    mut selected: Select<E>,
    column: E::Column,
    sequence: impl Fn(&E::Model) -> i64,
    stretch: Stretch,
) -> Result<(Vec<E::Model>, Option<String>), DbErr> {
    if let Some(before) = stretch.before {
        selected = selected.filter(column.lt(before));
    }
    let rows = selected.order_by_desc(column).limit(stretch.size + 1).all(connection).await?;
    Ok(cut(rows, stretch.size, |row| sequence(row).to_string()))
}

/// Rows by what they belong to, each group in the order they came in.
fn grouped<K: Ord, T>(rows: Vec<T>, key: impl Fn(&T) -> K) -> BTreeMap<K, Vec<T>> {
    let mut groups = BTreeMap::<K, Vec<T>>::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

/// A condition: the column holds one of the ids, in a text that does not depend
/// on how many they are.
fn among(
    connection: &impl ConnectionTrait,
    column: impl ColumnTrait,
    ids: &BTreeSet<&str>,
) -> SimpleExpr {
    let backend = connection.get_database_backend();
    let ids = sql::texts(backend, ids.iter().copied());
    let place = match backend {
        DbBackend::Postgres => "$1",
        _ => "?",
    };
    Expr::cust_with_values(sql::is_among(backend, column.as_str(), place), [ids])
}

fn slug(column: &'static str, text: &str) -> Result<Slug, DbErr> {
    Slug::parse(column, text).map_err(unreadable)
}

fn period(first: chrono::NaiveDate, last: chrono::NaiveDate) -> Result<Period, DbErr> {
    Period::new("first_day", first, last).map_err(unreadable)
}

fn amount(column: &'static str, ore: i64) -> Result<Amount, DbErr> {
    Amount::new(Ore::new(ore)).map_err(|_| wrong(column, ore))
}

fn signed_amount(column: &'static str, ore: i64) -> Result<SignedAmount, DbErr> {
    SignedAmount::new(Ore::new(ore)).map_err(|_| wrong(column, ore))
}

fn budget_year(column: &'static str, number: i32) -> Result<BudgetYear, DbErr> {
    BudgetYear::new(number).ok_or_else(|| wrong(column, number))
}

fn budget_area(column: &'static str, code: &str) -> Result<BudgetArea, DbErr> {
    BudgetArea::from_code(code).ok_or_else(|| wrong(column, code))
}

/// What a row says when nothing the service writes can say it.
fn unreadable(fault: Fault) -> DbErr {
    DbErr::Type(format!("{}: {}", fault.field, fault.reason))
}

fn wrong(column: &'static str, value: impl std::fmt::Display) -> DbErr {
    DbErr::Type(format!("{column} is {value}"))
}
