//! When what the national follow-up is made of was last changed.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Statement};
use values::Slug;

/// When a federation's journal was last written; none when it never was.
pub(crate) async fn recorded_at(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let sql = "SELECT recorded_at_us FROM journal WHERE federation_id = $1 \
               ORDER BY sequence DESC LIMIT 1";
    let backend = connection.get_database_backend();
    let bound = [federation.as_str().into()];
    let row = connection.query_one_raw(Statement::from_sql_and_values(backend, sql, bound)).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(DateTime::from_timestamp_micros(row.try_get("", "recorded_at_us")?))
}
