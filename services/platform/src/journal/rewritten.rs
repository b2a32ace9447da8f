//! What somebody who can write to the database could do: change what was recorded, and make
//! the chain fit again from there on. For tests of what finds it.

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, Statement};
use values::Slug;

use super::{
    chain,
    store::{self, Head},
    verify::hash_of,
};
use crate::{Database, sql::Batch};

/// Gives a row another payload and makes the chain of its federation anew from there on.
///
/// # Errors
/// When the database fails.
pub async fn rewrite(
    database: &Database,
    federation: &Slug,
    sequence: i64,
    payload: &[u8],
) -> Result<(), DbErr> {
    let transaction = database.write.begin().await?;
    let backend = transaction.get_database_backend();
    let drop = match backend {
        DbBackend::Postgres => "DROP TRIGGER IF EXISTS journal_append_only ON journal",
        _ => "DROP TRIGGER IF EXISTS journal_no_UPDATE",
    };
    transaction.execute_unprepared(drop).await?;
    let mut head: Option<Head> = None;
    let rows = store::stretch(&transaction, federation.as_str(), sequence - 1, i64::MAX).await?;
    for mut row in rows {
        if row.entry.sequence == sequence {
            row.entry.payload = payload.to_vec();
        }
        if let Some(Head { sequence: _, hash }) = head {
            row.previous_hash = hash;
        }
        row.commitment = chain::commitment(&row.salt, &row.entry.payload).to_vec();
        row.hash = hash_of(federation.as_str(), &row).to_vec();
        let sql = "UPDATE journal SET payload = $1, commitment = $2, previous_hash = $3, hash = $4 \
                   WHERE federation_id = $5 AND sequence = $6";
        let values = [
            row.entry.payload.into(),
            row.commitment.into(),
            row.previous_hash.into(),
            row.hash.clone().into(),
            federation.as_str().into(),
            row.entry.sequence.into(),
        ];
        transaction.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        head = Some(Head { sequence: row.entry.sequence, hash: row.hash });
    }
    let head = head.ok_or_else(|| DbErr::RecordNotFound(format!("sequence {sequence}")))?;
    let mut batch = Batch::on(&transaction);
    store::move_head(&mut batch, federation, &head);
    batch.send().await?;
    transaction.commit().await
}
