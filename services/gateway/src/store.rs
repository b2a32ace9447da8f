//! The gateway's SQL: accounts, roles, sessions, lists on their way in, and the key of its
//! tokens.

pub(crate) mod account;
pub(crate) mod invitation;
pub(crate) mod migrations;
pub(crate) mod role_grant;
pub(crate) mod session;
pub(crate) mod signing_key;
pub(crate) mod uploaded_list;

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};
use values::Slug;

/// A page of a list, and whether there is more.
pub(crate) struct Listed<T> {
    pub(crate) items: Vec<T>,
    pub(crate) has_more: bool,
}

fn statement(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}

fn slug(row: &QueryResult, column: &str) -> Result<Slug, DbErr> {
    let text: String = row.try_get("", column)?;
    Slug::parse(column, &text).map_err(|_| DbErr::Type(format!("{column} is no id")))
}
