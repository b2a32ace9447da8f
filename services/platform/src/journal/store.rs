//! The journal's SQL.

use chrono::DateTime;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value,
    sea_query::{Alias, Query},
};
use values::Slug;

use super::{Entry, Write, chain};

/// Rows in one insert: well below what either database can bind.
const ROWS_AT_ONCE: usize = 500;

/// The end of a federation's journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The last sequence; 0 when nothing is recorded.
    pub sequence: i64,
    /// The hash of the last row.
    pub hash: Vec<u8>,
}

/// One row, whole.
pub(super) struct Row {
    pub(super) entry: Entry,
    pub(super) client: String,
    pub(super) rpc: String,
    pub(super) request_id: String,
    pub(super) item: i32,
    pub(super) request_hash: Vec<u8>,
    pub(super) salt: Vec<u8>,
    pub(super) commitment: Vec<u8>,
    pub(super) previous_hash: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

const COLUMNS: [&str; 16] = [
    "federation_id",
    "sequence",
    "recorded_at_us",
    "actor",
    "client",
    "rpc",
    "request_id",
    "item",
    "request_hash",
    "kind",
    "subject",
    "payload",
    "salt",
    "commitment",
    "previous_hash",
    "hash",
];

/// The end of a federation's journal as a connection sees it.
///
/// # Errors
/// When the database fails.
pub async fn head(connection: &impl ConnectionTrait, federation: &Slug) -> Result<Head, DbErr> {
    let sql = "SELECT sequence, hash FROM journal_head WHERE federation_id = $1";
    Ok(read_head(connection, sql, federation).await?.unwrap_or_else(beginning))
}

fn beginning() -> Head {
    Head { sequence: 0, hash: chain::START.to_vec() }
}

/// Locks the head, so that no other writer of the federation gets in between,
/// in this process or another.
pub(super) async fn lock_head(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Head, DbErr> {
    let sql = match connection.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT sequence, hash FROM journal_head WHERE federation_id = $1 FOR UPDATE"
        }
        // The transaction began with the write lock of the whole file.
        _ => "SELECT sequence, hash FROM journal_head WHERE federation_id = $1",
    };
    if let Some(head) = read_head(connection, sql, federation).await? {
        return Ok(head);
    }
    let head = beginning();
    let insert = "INSERT INTO journal_head (federation_id, sequence, hash) VALUES ($1, $2, $3) \
                  ON CONFLICT (federation_id) DO NOTHING";
    let values = [federation.as_str().into(), head.sequence.into(), head.hash.into()];
    connection.execute_raw(statement(connection, insert, values)).await?;
    let locked = read_head(connection, sql, federation).await?;
    locked.ok_or_else(|| DbErr::RecordNotFound("journal_head".to_owned()))
}

async fn read_head(
    connection: &impl ConnectionTrait,
    sql: &str,
    federation: &Slug,
) -> Result<Option<Head>, DbErr> {
    let row =
        connection.query_one_raw(statement(connection, sql, [federation.as_str().into()])).await?;
    row.map(|row| {
        Ok(Head { sequence: row.try_get("", "sequence")?, hash: row.try_get("", "hash")? })
    })
    .transpose()
}

pub(super) async fn move_head(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    head: &Head,
) -> Result<(), DbErr> {
    let sql = "UPDATE journal_head SET sequence = $2, hash = $3 WHERE federation_id = $1";
    let values = [federation.as_str().into(), head.sequence.into(), head.hash.clone().into()];
    connection.execute_raw(statement(connection, sql, values)).await?;
    Ok(())
}

/// The rows recorded for any of the writes' request ids, in order.
pub(super) async fn recorded<'a>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    writes: impl Iterator<Item = &'a Write>,
) -> Result<Vec<Row>, DbErr> {
    let mut values: Vec<Value> = vec![federation.as_str().into()];
    values.extend(writes.map(|write| write.request_id.as_str().into()));
    let places: Vec<String> = (2..=values.len()).map(|place| format!("${place}")).collect();
    // Sorted here, not there: with an ORDER BY, SQLite would rather go through the
    // whole journal in order of sequence than look the request ids up.
    let sql = format!(
        "SELECT {} FROM journal WHERE federation_id = $1 AND request_id IN ({})",
        COLUMNS.join(", "),
        places.join(", ")
    );
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    let mut rows = rows.iter().map(row_of).collect::<Result<Vec<Row>, DbErr>>()?;
    rows.sort_by_key(|row| row.entry.sequence);
    Ok(rows)
}

pub(super) async fn append(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    rows: &[Row],
) -> Result<(), DbErr> {
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        let mut insert = Query::insert();
        insert.into_table(Alias::new("journal")).columns(COLUMNS.map(Alias::new));
        for row in chunk {
            insert.values_panic([
                federation.as_str().into(),
                row.entry.sequence.into(),
                row.entry.recorded_at.timestamp_micros().into(),
                row.entry.actor.as_str().into(),
                row.client.as_str().into(),
                row.rpc.as_str().into(),
                row.request_id.as_str().into(),
                row.item.into(),
                row.request_hash.clone().into(),
                row.entry.kind.as_str().into(),
                row.entry.subject.as_str().into(),
                row.entry.payload.clone().into(),
                row.salt.clone().into(),
                row.commitment.clone().into(),
                row.previous_hash.clone().into(),
                row.hash.clone().into(),
            ]);
        }
        connection.execute(&insert).await?;
    }
    Ok(())
}

/// The federations that have a journal, with its end.
pub(super) async fn heads(connection: &impl ConnectionTrait) -> Result<Vec<(String, Head)>, DbErr> {
    // A journal whose head is gone is a journal all the same.
    let sql = "SELECT f.federation_id AS federation_id, h.sequence AS sequence, h.hash AS hash \
               FROM (SELECT federation_id FROM journal_head \
                     UNION SELECT federation_id FROM journal) f \
               LEFT JOIN journal_head h ON h.federation_id = f.federation_id \
               ORDER BY f.federation_id";
    let rows = connection.query_all_raw(statement(connection, sql, [])).await?;
    rows.iter()
        .map(|row| {
            let sequence: Option<i64> = row.try_get("", "sequence")?;
            let hash: Option<Vec<u8>> = row.try_get("", "hash")?;
            let head = sequence.zip(hash).map(|(sequence, hash)| Head { sequence, hash });
            Ok((row.try_get("", "federation_id")?, head.unwrap_or_else(beginning)))
        })
        .collect()
}

/// A stretch of a federation's journal, in order.
pub(super) async fn stretch(
    connection: &impl ConnectionTrait,
    federation: &str,
    after: i64,
    most: i64,
) -> Result<Vec<Row>, DbErr> {
    let sql = format!(
        "SELECT {} FROM journal WHERE federation_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
        COLUMNS.join(", ")
    );
    let values = [federation.into(), after.into(), most.into()];
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    rows.iter().map(row_of).collect()
}

/// The last payload recorded for each subject whose name begins with
/// `federations/`…`/{collection}/`, over all federations, as
/// `(subject, payload)` in order of subject: what state tables must equal.
///
/// # Errors
/// When the database fails.
pub async fn latest_payloads(
    connection: &impl ConnectionTrait,
    collection: &str,
) -> Result<Vec<(String, Vec<u8>)>, DbErr> {
    let sql = "SELECT j.subject AS subject, j.payload AS payload FROM journal j \
               JOIN (SELECT federation_id, subject, MAX(sequence) AS sequence FROM journal \
                     WHERE subject LIKE $1 GROUP BY federation_id, subject) last \
               ON last.federation_id = j.federation_id AND last.sequence = j.sequence ORDER BY j.subject";
    let pattern = format!("federations/%/{collection}/%");
    let rows = connection.query_all_raw(statement(connection, sql, [pattern.into()])).await?;
    rows.iter().map(|row| Ok((row.try_get("", "subject")?, row.try_get("", "payload")?))).collect()
}

fn row_of(row: &QueryResult) -> Result<Row, DbErr> {
    let recorded_at_us: i64 = row.try_get("", "recorded_at_us")?;
    let entry = Entry {
        sequence: row.try_get("", "sequence")?,
        recorded_at: DateTime::from_timestamp_micros(recorded_at_us).ok_or_else(|| {
            DbErr::Type(format!("journal.recorded_at_us {recorded_at_us} is no time"))
        })?,
        actor: row.try_get("", "actor")?,
        kind: row.try_get("", "kind")?,
        subject: row.try_get("", "subject")?,
        payload: row.try_get("", "payload")?,
    };
    Ok(Row {
        entry,
        client: row.try_get("", "client")?,
        rpc: row.try_get("", "rpc")?,
        request_id: row.try_get("", "request_id")?,
        item: row.try_get("", "item")?,
        request_hash: row.try_get("", "request_hash")?,
        salt: row.try_get("", "salt")?,
        commitment: row.try_get("", "commitment")?,
        previous_hash: row.try_get("", "previous_hash")?,
        hash: row.try_get("", "hash")?,
    })
}

fn statement(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}
