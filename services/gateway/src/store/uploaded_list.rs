//! Lists of people between their upload and their taking in: sealed, one for each session.
//! Their keys are not kept.

use sea_orm::{ConnectionTrait, DbErr, Value};

use super::statement;

/// Keeps the list of a session in place of the one before, and forgets those that have
/// waited too long.
pub(crate) async fn put(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    sealed: Vec<u8>,
    (now_s, expires_at_s): (i64, i64),
) -> Result<(), DbErr> {
    let sql = "DELETE FROM uploaded_list WHERE expires_at_s <= $1";
    connection.execute_raw(statement(connection, sql, [now_s.into()])).await?;
    let sql = "INSERT INTO uploaded_list (token_hash, sealed, expires_at_s) VALUES ($1, $2, $3) \
               ON CONFLICT (token_hash) DO UPDATE \
               SET sealed = excluded.sealed, expires_at_s = excluded.expires_at_s";
    let values: [Value; 3] = [token_hash.into(), sealed.into(), expires_at_s.into()];
    connection.execute_raw(statement(connection, sql, values)).await.map(|_| ())
}

/// The list of a session, while it waits.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    now_s: i64,
) -> Result<Option<Vec<u8>>, DbErr> {
    let sql = "SELECT sealed FROM uploaded_list WHERE token_hash = $1 AND expires_at_s > $2";
    let values: [Value; 2] = [token_hash.into(), now_s.into()];
    let row = connection.query_one_raw(statement(connection, sql, values)).await?;
    row.map(|row| row.try_get("", "sealed")).transpose()
}

/// Forgets the list of a session.
pub(crate) async fn remove(
    connection: &impl ConnectionTrait,
    token_hash: &str,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM uploaded_list WHERE token_hash = $1";
    connection.execute_raw(statement(connection, sql, [token_hash.into()])).await.map(|_| ())
}
