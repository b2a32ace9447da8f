//! The tables of money. Gives and takes domain values.
//!
//! Architecture invariant: SQL and entities stay in here, and every function
//! starts from the federation, alone or as the first part of a name: a query
//! across federations cannot be written, but for the check of the whole
//! database.

pub(crate) mod attachment;
mod bound;
mod entity;
pub(crate) mod funding_table;
pub(crate) mod grant;
pub(crate) mod import;
mod ledger;
pub(crate) mod migrations;
pub(crate) mod recipient;
pub(crate) mod recovery;
pub(crate) mod requisition;
pub(crate) mod verify;

use sea_orm::DbErr;
use values::{Fault, Ore, Period, Slug};

use crate::domain::ledger::Amount;

pub(crate) use ledger::closed_through;

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Listed<T> {
    /// What is on it.
    pub(crate) items: Vec<T>,
    /// The key of the last item, when there are more after it.
    pub(crate) next: Option<String>,
}

/// Takes off the row that only tells whether there is more.
fn cut<T>(mut rows: Vec<T>, size: u64, key: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let has_more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| has_more).map(key);
    (rows, next)
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

/// What a row says when nothing the service writes can say it.
fn unreadable(fault: Fault) -> DbErr {
    DbErr::Type(format!("{}: {}", fault.field, fault.reason))
}

fn wrong(column: &'static str, value: impl std::fmt::Display) -> DbErr {
    DbErr::Type(format!("{column} is {value}"))
}
