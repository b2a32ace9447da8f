//! What the check of the whole database reads.

use sea_orm::{ConnectionTrait, DbErr, Statement};
use values::Slug;

use super::slug;

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
