//! The tables of the organisation, of teams and of people. Gives and takes domain
//! values; of what is kept in the journal, the rows that find it and the payloads as
//! they are: those of people it cannot open.
//!
//! Architecture invariant: SQL and entities stay in here, and every function
//! starts from the federation, alone or as the first part of a name: a query
//! across federations cannot be written, but for the check of the whole
//! database.

pub(crate) mod along;
pub(crate) mod area;
pub(crate) mod banding;
pub(crate) mod counted;
pub(crate) mod criteria;
pub(crate) mod data_agreement;
pub(crate) mod disposal;
pub(crate) mod disposed;
pub(crate) mod disposed_fact;
pub(crate) mod enrolment;
mod entity;
pub(crate) mod event;
pub(crate) mod exported_case;
pub(crate) mod fact;
pub(crate) mod federation;
pub(crate) mod follow_up;
pub(crate) mod follow_up_end;
pub(crate) mod group_activity;
pub(crate) mod import;
pub(crate) mod intake_pause;
pub(crate) mod journalled;
pub(crate) mod known;
pub(crate) mod migrations;
pub(crate) mod milestone;
pub(crate) mod municipality;
pub(crate) mod participant_import;
pub(crate) mod party;
pub(crate) mod person;
pub(crate) mod placement;
pub(crate) mod position;
pub(crate) mod projection;
pub(crate) mod questionnaire;
pub(crate) mod queue;
pub(crate) mod read_log;
pub(crate) mod referral;
pub(crate) mod released_table;
pub(crate) mod reserved_places;
pub(crate) mod retention;
pub(crate) mod survey_answer;
pub(crate) mod table_layout;
pub(crate) mod tabulation;
pub(crate) mod team;
pub(crate) mod verify;

use platform::page::Page;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QueryResult, QuerySelect, Select, Statement, Value,
};
use values::{Fault, Slug};

/// Rows in one insert: well below what either database can bind.
const ROWS_AT_ONCE: usize = 500;

/// One page of a list, in order of id.
#[derive(Debug)]
pub(crate) struct Listed<N, T> {
    pub(crate) items: Vec<(N, T)>,
    pub(crate) has_more: bool,
}

/// The rows of a page, and one more to know whether it is the last.
fn on_page<E: EntityTrait>(select: Select<E>, id: E::Column, page: &Page) -> Select<E> {
    let after = page.after.as_ref().map(|after| id.gt(after.as_str()));
    let select = match after {
        Some(after) => select.filter(after),
        None => select,
    };
    select.order_by_asc(id).limit(page.size + 1)
}

/// Takes off the row that only tells whether there is more.
fn cut<N, T>(mut items: Vec<(N, T)>, page: &Page) -> Listed<N, T> {
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let has_more = items.len() > size;
    items.truncate(size);
    Listed { items, has_more }
}

async fn insert_all<A>(connection: &impl ConnectionTrait, models: Vec<A>) -> Result<(), DbErr>
where
    A: ActiveModelTrait + ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let mut models = models.into_iter().peekable();
    while models.peek().is_some() {
        let chunk: Vec<A> = models.by_ref().take(ROWS_AT_ONCE).collect();
        A::Entity::insert_many(chunk).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// Keeps a row as it has become.
async fn keep<A>(
    connection: &impl ConnectionTrait,
    row: <A::Entity as EntityTrait>::Model,
) -> Result<(), DbErr>
where
    A: ActiveModelTrait + ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let row = row.into_active_model().reset_all();
    A::Entity::update(row).exec_without_returning(connection).await?;
    Ok(())
}

/// A stretch of a list whose newest come first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    /// At most this many.
    pub(crate) size: u64,
    /// Only what has a lower number: of the journal, or of the read log.
    pub(crate) before: Option<i64>,
}

impl Stretch {
    /// The number that all on it are below.
    fn below(self) -> i64 {
        self.before.unwrap_or(i64::MAX)
    }

    /// How many rows to read: one more, to know whether it is the last.
    fn rows(self) -> i64 {
        i64::try_from(self.size).unwrap_or(i64::MAX - 1) + 1
    }

    /// Takes off the row that only tells whether there is more; answers the number that
    /// the next page begins below.
    fn cut<T>(self, mut items: Vec<T>, number: impl Fn(&T) -> i64) -> (Vec<T>, Option<i64>) {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let has_more = items.len() > size;
        items.truncate(size);
        let next = items.last().filter(|_| has_more).map(number);
        (items, next)
    }
}

/// Runs a handwritten query; its places are `$1`, `$2` and so on.
async fn query(
    connection: &impl ConnectionTrait,
    sql: String,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    let backend = connection.get_database_backend();
    connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await
}

fn slug(column: &str, text: &str) -> Result<Slug, DbErr> {
    Slug::parse(column, text).map_err(unreadable)
}

/// What a row says when nothing the service writes can say it.
fn unreadable(fault: Fault) -> DbErr {
    DbErr::Type(format!("{}: {}", fault.field, fault.reason))
}
