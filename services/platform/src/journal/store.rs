//! The journal's SQL.

use chrono::DateTime;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};
use values::Slug;

use super::{Entry, chain};
use crate::sql::{Batch, is_among, texts};

/// The end of a federation's journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The last sequence; 0 when nothing is recorded.
    pub sequence: i64,
    /// The hash of the last row.
    pub hash: Vec<u8>,
}

/// One row, whole.
#[derive(Clone)]
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
    let values = [federation.as_str().into()];
    let row = connection.query_one_raw(statement(connection, sql, values)).await?;
    row.map_or_else(
        || Ok(beginning()),
        |row| Ok(Head { sequence: row.try_get("", "sequence")?, hash: row.try_get("", "hash")? }),
    )
}

/// Where a federation's journal was at a sequence; none when it has not come to it.
///
/// # Errors
/// When the database fails.
pub async fn head_at(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    sequence: i64,
) -> Result<Option<Head>, DbErr> {
    if sequence == 0 {
        return Ok(Some(beginning()));
    }
    let sql = "SELECT hash FROM journal WHERE federation_id = $1 AND sequence = $2";
    let values = [federation.as_str().into(), sequence.into()];
    let row = connection.query_one_raw(statement(connection, sql, values)).await?;
    row.map(|row| Ok(Head { sequence, hash: row.try_get("", "hash")? })).transpose()
}

fn beginning() -> Head {
    Head { sequence: 0, hash: chain::START.to_vec() }
}

/// Locks the head, so that no other writer of the federation gets in between, in
/// this process or another; and tells what is recorded under the request ids, in
/// order of sequence.
pub(super) async fn lock_head(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    request_ids: &[&str],
) -> Result<(Head, Vec<Row>), DbErr> {
    if let Some(locked) = lock_and_look_up(connection, federation, request_ids).await? {
        return Ok(locked);
    }
    let head = beginning();
    let insert = "INSERT INTO journal_head (federation_id, sequence, hash) VALUES ($1, $2, $3) \
                  ON CONFLICT (federation_id) DO NOTHING";
    let values = [federation.as_str().into(), head.sequence.into(), head.hash.into()];
    connection.execute_raw(statement(connection, insert, values)).await?;
    let locked = lock_and_look_up(connection, federation, request_ids).await?;
    locked.ok_or_else(|| DbErr::RecordNotFound("journal_head".to_owned()))
}

/// Both in one statement. On PostgreSQL it sees the journal as it was before it
/// waited for the lock, and may so have missed what the writer before it
/// recorded. Whoever records also moves the head: when the head that the
/// statement saw is the head that it locked, nothing was missed; otherwise it is
/// looked up again, under the lock.
async fn lock_and_look_up(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    request_ids: &[&str],
) -> Result<Option<(Head, Vec<Row>)>, DbErr> {
    let backend = connection.get_database_backend();
    let locked = "SELECT sequence, hash FROM journal_head WHERE federation_id = $1";
    let locked = match backend {
        DbBackend::Postgres => format!("{locked} FOR UPDATE"),
        // The transaction began with the write lock of the whole file.
        _ => locked.to_owned(),
    };
    // Not sorted there: with an ORDER BY, SQLite would rather go through the whole
    // journal in order of sequence than look the request ids up.
    let sql = format!(
        "WITH locked AS ({locked}) \
         SELECT locked.sequence AS head_sequence, locked.hash AS head_hash, \
             seen.sequence AS seen_sequence, {} \
         FROM locked CROSS JOIN journal_head seen \
         LEFT JOIN journal j ON j.federation_id = $1 AND {} \
         WHERE seen.federation_id = $1",
        COLUMNS.map(|column| format!("j.{column} AS {column}")).join(", "),
        is_among(backend, "j.request_id", "$2"),
    );
    let values = [federation.as_str().into(), texts(backend, request_ids.iter().copied())];
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let head = Head {
        sequence: first.try_get("", "head_sequence")?,
        hash: first.try_get("", "head_hash")?,
    };
    let seen: i64 = first.try_get("", "seen_sequence")?;
    if seen != head.sequence {
        return Ok(Some((head, recorded(connection, federation, request_ids).await?)));
    }
    let is_nothing = first.try_get::<Option<i64>>("", "sequence")?.is_none();
    let recorded = if is_nothing { Vec::new() } else { in_order(&rows)? };
    Ok(Some((head, recorded)))
}

/// The same without a lock: the head as it stands, and what was recorded up to it. None
/// before the first row.
pub(super) async fn head_and_recorded(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    request_ids: &[&str],
) -> Result<Option<(Head, Vec<Row>)>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT head.sequence AS head_sequence, head.hash AS head_hash, {} \
         FROM journal_head head LEFT JOIN journal j ON j.federation_id = $1 AND {} \
         WHERE head.federation_id = $1",
        COLUMNS.map(|column| format!("j.{column} AS {column}")).join(", "),
        is_among(backend, "j.request_id", "$2"),
    );
    let values = [federation.as_str().into(), texts(backend, request_ids.iter().copied())];
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let head = Head {
        sequence: first.try_get("", "head_sequence")?,
        hash: first.try_get("", "head_hash")?,
    };
    let is_nothing = first.try_get::<Option<i64>>("", "sequence")?.is_none();
    let recorded = if is_nothing { Vec::new() } else { in_order(&rows)? };
    Ok(Some((head, recorded)))
}

async fn recorded(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    request_ids: &[&str],
) -> Result<Vec<Row>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT {} FROM journal WHERE federation_id = $1 AND {}",
        COLUMNS.join(", "),
        is_among(backend, "request_id", "$2"),
    );
    let values = [federation.as_str().into(), texts(backend, request_ids.iter().copied())];
    in_order(&connection.query_all_raw(statement(connection, &sql, values)).await?)
}

fn in_order(rows: &[QueryResult]) -> Result<Vec<Row>, DbErr> {
    let mut rows = rows.iter().map(row_of).collect::<Result<Vec<Row>, DbErr>>()?;
    rows.sort_by_key(|row| row.entry.sequence);
    Ok(rows)
}

/// Appends rows.
pub(super) async fn append<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    federation: &Slug,
    rows: Vec<Row>,
) -> Result<(), DbErr> {
    let rows = rows.into_iter().map(|row| values_of(federation, row)).collect();
    batch.insert_into("journal", &COLUMNS, rows).await
}

/// Moves the head behind the rows.
pub(super) fn move_head<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    federation: &Slug,
    head: &Head,
) {
    let sequence = batch.bind(head.sequence);
    let hash = batch.bind(head.hash.clone());
    let federation = batch.bind(federation.as_str());
    batch.push(format!(
        "UPDATE journal_head SET sequence = {sequence}, hash = {hash} WHERE federation_id = {federation}"
    ));
}

/// Moves the head behind the rows from where it stood; otherwise the whole batch fails,
/// whose other parts this must travel with: on SQLite by the key of the rows themselves,
/// which those who moved the head have taken.
pub(super) fn move_head_from<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    federation: &Slug,
    stood_at: &Head,
    head: &Head,
) {
    let sequence = batch.bind(head.sequence);
    let hash = batch.bind(head.hash.clone());
    let federation = batch.bind(federation.as_str());
    let stood_at_sequence = batch.bind(stood_at.sequence);
    let stood_at_hash = batch.bind(stood_at.hash.clone());
    batch.guard(format!(
        "UPDATE journal_head SET sequence = {sequence}, hash = {hash} \
         WHERE federation_id = {federation} AND sequence = {stood_at_sequence} \
             AND hash = {stood_at_hash} RETURNING sequence"
    ));
}

/// In the order of [`COLUMNS`].
fn values_of(federation: &Slug, row: Row) -> Vec<Value> {
    let Row {
        entry: Entry { sequence, recorded_at, actor, kind, subject, payload },
        client,
        rpc,
        request_id,
        item,
        request_hash,
        salt,
        commitment,
        previous_hash,
        hash,
    } = row;
    vec![
        federation.as_str().into(),
        sequence.into(),
        recorded_at.timestamp_micros().into(),
        actor.into(),
        client.into(),
        rpc.into(),
        request_id.into(),
        item.into(),
        request_hash.into(),
        kind.into(),
        subject.into(),
        payload.into(),
        salt.into(),
        commitment.into(),
        previous_hash.into(),
        hash.into(),
    ]
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
