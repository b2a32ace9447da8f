//! What the check of the whole database reads.

use sea_orm::{ConnectionTrait, DbErr, Statement};
use values::Slug;

use super::{journalled::Recorded, slug};

const TABLES: [&str; 15] = [
    "federation",
    "party",
    "area",
    "municipality",
    "team",
    "position",
    "intake_pause",
    "reserved_places",
    "group_activity",
    "questionnaire",
    "participant_import",
    "released_table",
    "banding",
    "table_layout",
    "journal_head",
];

/// Every federation that the database holds anything of.
pub(crate) async fn federations(connection: &impl ConnectionTrait) -> Result<Vec<Slug>, DbErr> {
    let selects = TABLES.map(|table| format!("SELECT federation_id FROM \"{table}\""));
    let sql = selects.join(" UNION ");
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await?;
    let federation = |row: &sea_orm::QueryResult| {
        slug("federation_id", &row.try_get::<String>("", "federation_id")?)
    };
    rows.iter().map(federation).collect()
}

/// The last payload recorded for each federation's own record.
pub(crate) async fn federation_payloads(
    connection: &impl ConnectionTrait,
) -> Result<Vec<(String, Vec<u8>)>, DbErr> {
    let sql =
        "SELECT subject, payload FROM journal WHERE kind LIKE 'federation.%' ORDER BY sequence";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await?;
    let payload =
        |row: &sea_orm::QueryResult| Ok((row.try_get("", "subject")?, row.try_get("", "payload")?));
    rows.iter().map(payload).collect()
}

/// A resource whose table is an index over the journal, as the journal has it.
#[derive(Debug)]
pub(crate) struct Journalled {
    /// Its name.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) recorded: Recorded,
    /// What was recorded last.
    pub(crate) payload: Vec<u8>,
}

/// Everything recorded under names of a collection, over all federations.
pub(crate) async fn journalled(
    connection: &impl ConnectionTrait,
    collection: &str,
) -> Result<Vec<Journalled>, DbErr> {
    let sql = "SELECT j.subject AS subject, j.payload AS payload, j.sequence AS sequence, \
                   own.created_sequence AS created_sequence FROM journal j \
               JOIN (SELECT federation_id, subject, MIN(sequence) AS created_sequence, \
                         MAX(sequence) AS sequence FROM journal \
                     WHERE subject LIKE $1 GROUP BY federation_id, subject) own \
               ON own.federation_id = j.federation_id AND own.sequence = j.sequence \
               ORDER BY j.subject";
    let backend = connection.get_database_backend();
    let pattern = format!("federations/%/{collection}/%");
    let statement = Statement::from_sql_and_values(backend, sql, [pattern.into()]);
    let journalled = |row: &sea_orm::QueryResult| {
        let (created_sequence, sequence) =
            (row.try_get("", "created_sequence")?, row.try_get("", "sequence")?);
        Ok(Journalled {
            name: row.try_get("", "subject")?,
            recorded: Recorded { created_sequence, sequence },
            payload: row.try_get("", "payload")?,
        })
    };
    connection.query_all_raw(statement).await?.iter().map(journalled).collect()
}
