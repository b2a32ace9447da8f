//! Table `attachment_content` of a service whose nouns have files. A content is kept
//! once in a federation, under its hash, is never changed or taken away, and is read
//! back only when it still has that hash.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};
use sea_orm_migration::SchemaManager;
use sha2::{Digest as _, Sha256};
use values::Slug;

use crate::{
    journal::migration::append_only,
    schema::{column, id, table},
    sql::Batch,
};

const TABLE: &str = "attachment_content";

/// Creates the table, in a service's migration.
///
/// # Errors
/// When the database refuses it.
pub async fn create_table(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let backend = manager.get_connection().get_database_backend();
    let mut table = table(TABLE, &["federation_id", "sha256"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "sha256"))
        .col(column("content").blob());
    manager.create_table(table).await?;
    append_only(manager, TABLE).await
}

/// The hash that a content is kept under.
#[must_use]
pub fn sha256(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

/// Keeps a content under its hash, where it may be already.
pub fn keep<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    federation: &Slug,
    sha256: &str,
    content: &[u8],
) {
    let places =
        [batch.bind(federation.as_str()), batch.bind(sha256), batch.bind(content.to_vec())];
    batch.push(format!(
        "INSERT INTO {TABLE} (federation_id, sha256, content) VALUES ({}) \
         ON CONFLICT DO NOTHING",
        places.join(", ")
    ));
}

/// The content of a hash.
///
/// # Errors
/// Also when it is not there, or no longer what it was.
pub async fn read(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    hash: &str,
) -> Result<Vec<u8>, DbErr> {
    let sql = format!("SELECT content FROM {TABLE} WHERE federation_id = $1 AND sha256 = $2");
    let rows = query(connection, sql, vec![federation.as_str().into(), hash.into()]).await?;
    let wrong = |what: &str| DbErr::Type(format!("{what} of an attachment is {hash}"));
    let row = rows.first().ok_or_else(|| wrong("the content"))?;
    let content: Vec<u8> = row.try_get("", "content")?;
    let is_whole = sha256(&content) == hash;
    if is_whole { Ok(content) } else { Err(wrong("the changed content")) }
}

/// Every hash that a content is kept under.
///
/// # Errors
/// When the database fails.
pub async fn hashes(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<String>, DbErr> {
    let sql = format!("SELECT sha256 FROM {TABLE} WHERE federation_id = $1 ORDER BY sha256");
    let rows = query(connection, sql, vec![federation.as_str().into()]).await?;
    rows.iter().map(|row| row.try_get("", "sha256")).collect()
}

/// Contents that are no longer what was sent in, one line each.
///
/// # Errors
/// When the database fails.
pub async fn problems(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<String>, DbErr> {
    let mut problems = Vec::new();
    // One after the other: together they may be more than fits.
    for hash in hashes(connection, federation).await? {
        match read(connection, federation, &hash).await {
            Ok(_) => {}
            Err(DbErr::Type(problem)) => {
                problems.push(format!("attachments of federations/{federation}: {problem}"));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(problems)
}

async fn query(
    connection: &impl ConnectionTrait,
    sql: String,
    bound: Vec<Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    let backend = connection.get_database_backend();
    connection.query_all_raw(Statement::from_sql_and_values(backend, sql, bound)).await
}
