//! Codes of first sign-ins. Only their hashes are kept, so a copy of the database lets
//! nobody choose a password.

use sea_orm::{ConnectionTrait, DbErr, Value};
use values::name::AccountName;

use super::statement;

/// Keeps the hash of a code instead of the one before.
pub(crate) async fn replace(
    connection: &impl ConnectionTrait,
    account: &AccountName,
    code_hash: &str,
    expires_at_s: i64,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO invitation (federation_id, account_id, code_hash, expires_at_s) \
               VALUES ($1, $2, $3, $4) ON CONFLICT (federation_id, account_id) \
               DO UPDATE SET code_hash = excluded.code_hash, expires_at_s = excluded.expires_at_s";
    let values: [Value; 4] = [
        account.federation.as_str().into(),
        account.id.as_str().into(),
        code_hash.into(),
        expires_at_s.into(),
    ];
    connection.execute_raw(statement(connection, sql, values)).await.map(|_| ())
}

/// The hash of a code that can still be used.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    account: &AccountName,
    now_s: i64,
) -> Result<Option<String>, DbErr> {
    let sql = "SELECT code_hash FROM invitation \
               WHERE federation_id = $1 AND account_id = $2 AND expires_at_s > $3";
    let values: [Value; 3] =
        [account.federation.as_str().into(), account.id.as_str().into(), now_s.into()];
    let row = connection.query_one_raw(statement(connection, sql, values)).await?;
    row.map(|row| row.try_get("", "code_hash")).transpose()
}

/// Takes an account's code away, if it has one.
pub(crate) async fn remove(
    connection: &impl ConnectionTrait,
    account: &AccountName,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM invitation WHERE federation_id = $1 AND account_id = $2";
    let values: [Value; 2] = [account.federation.as_str().into(), account.id.as_str().into()];
    connection.execute_raw(statement(connection, sql, values)).await.map(|_| ())
}

/// Uses a code up; false when somebody did before.
pub(crate) async fn use_up(
    connection: &impl ConnectionTrait,
    account: &AccountName,
    code_hash: &str,
) -> Result<bool, DbErr> {
    let sql = "DELETE FROM invitation \
               WHERE federation_id = $1 AND account_id = $2 AND code_hash = $3";
    let values: [Value; 3] =
        [account.federation.as_str().into(), account.id.as_str().into(), code_hash.into()];
    let deleted = connection.execute_raw(statement(connection, sql, values)).await?;
    Ok(deleted.rows_affected() == 1)
}
