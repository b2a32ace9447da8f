//! Sessions of the web pages, and failed sign-ins. Only hashes of session
//! tokens are kept, so a copy of the database signs nobody in.

use sea_orm::{ConnectionTrait, DbErr, Statement, Value};
use values::{Slug, name::AccountName};

/// A session as it is kept.
pub(crate) struct StoredSession {
    pub(crate) token_hash: String,
    pub(crate) account: AccountName,
    pub(crate) csrf: String,
    pub(crate) expires_at_s: i64,
    /// When it was last used; 0 when a process that does not note it began it.
    pub(crate) used_at_s: i64,
}

/// Keeps a new session, and clears away those that ended by themselves.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    session: &StoredSession,
) -> Result<(), DbErr> {
    let ended = "DELETE FROM session WHERE expires_at_s <= $1";
    execute(connection, ended, [session.used_at_s.into()]).await?;
    let sql = "INSERT INTO session \
               (token_hash, federation_id, account_id, csrf, expires_at_s, used_at_s) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values: [Value; 6] = [
        session.token_hash.as_str().into(),
        session.account.federation.as_str().into(),
        session.account.id.as_str().into(),
        session.csrf.as_str().into(),
        session.expires_at_s.into(),
        session.used_at_s.into(),
    ];
    execute(connection, sql, values).await
}

/// A session that has not come to its end, and was used after an instant.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    now_s: i64,
    used_after_s: i64,
) -> Result<Option<StoredSession>, DbErr> {
    let sql = "SELECT federation_id, account_id, csrf, expires_at_s, used_at_s FROM session \
               WHERE token_hash = $1 AND expires_at_s > $2 \
                   AND (used_at_s = 0 OR used_at_s > $3)";
    let values: [Value; 3] = [token_hash.into(), now_s.into(), used_after_s.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let Some(row) = connection.query_one_raw(statement).await? else {
        return Ok(None);
    };
    let slug = |column: &str| {
        let text: String = row.try_get("", column)?;
        Slug::parse(column, &text).map_err(|_| DbErr::Type(format!("session.{column} is no id")))
    };
    Ok(Some(StoredSession {
        token_hash: token_hash.to_owned(),
        account: AccountName::new(slug("federation_id")?, slug("account_id")?),
        csrf: row.try_get("", "csrf")?,
        expires_at_s: row.try_get("", "expires_at_s")?,
        used_at_s: row.try_get("", "used_at_s")?,
    }))
}

/// Notes that a session is used.
pub(crate) async fn note_use(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    now_s: i64,
) -> Result<(), DbErr> {
    let sql = "UPDATE session SET used_at_s = $2 WHERE token_hash = $1";
    execute(connection, sql, [token_hash.into(), now_s.into()]).await
}

/// Ends a session, and clears away those that ended by themselves.
pub(crate) async fn remove(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    now_s: i64,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM session WHERE token_hash = $1 OR expires_at_s <= $2";
    execute(connection, sql, [token_hash.into(), now_s.into()]).await
}

/// Ends every session of an account.
pub(crate) async fn remove_all_of(
    connection: &impl ConnectionTrait,
    account: &AccountName,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM session WHERE federation_id = $1 AND account_id = $2";
    let values = [account.federation.as_str().into(), account.id.as_str().into()];
    execute(connection, sql, values).await
}

/// Notes an attempt to sign in, and forgets those before the window.
pub(crate) async fn note_attempt(
    connection: &impl ConnectionTrait,
    id: &str,
    now_s: i64,
    window_s: i64,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM sign_in_failure WHERE failed_at_s <= $1";
    execute(connection, sql, [window_s.into()]).await?;
    let sql = "INSERT INTO sign_in_failure (account_id, failed_at_s) VALUES ($1, $2)";
    execute(connection, sql, [id.into(), now_s.into()]).await
}

/// Attempts on an id that did not succeed.
pub(crate) struct Attempts {
    pub(crate) count: i64,
    /// When the last was made; 0 for none.
    pub(crate) last_s: i64,
}

/// The attempts on an id after an instant.
pub(crate) async fn attempts(
    connection: &impl ConnectionTrait,
    id: &str,
    after_s: i64,
) -> Result<Attempts, DbErr> {
    let sql = "SELECT COUNT(*) AS attempts, COALESCE(MAX(failed_at_s), 0) AS last_s \
               FROM sign_in_failure WHERE account_id = $1 AND failed_at_s > $2";
    let values: [Value; 2] = [id.into(), after_s.into()];
    let backend = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let row = connection.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("sign_in_failure".to_owned()))?;
    Ok(Attempts { count: row.try_get("", "attempts")?, last_s: row.try_get("", "last_s")? })
}

/// Forgets the attempts on an id.
pub(crate) async fn forget_attempts(
    connection: &impl ConnectionTrait,
    id: &str,
) -> Result<(), DbErr> {
    execute(connection, "DELETE FROM sign_in_failure WHERE account_id = $1", [id.into()]).await
}

async fn execute(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<(), DbErr> {
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    connection.execute_raw(statement).await.map(|_| ())
}
