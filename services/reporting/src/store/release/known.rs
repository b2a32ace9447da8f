//! What teams had reported and reports had stated, as it was known at a sequence of the journal.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};
use values::{
    Slug,
    name::{ReportName, ReportingPeriodName},
};

use crate::domain::release::Recorded;

/// Reported figures, or a report's head, as the journal has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// Where the journal has them.
    pub(crate) recorded: Recorded,
    /// The resource.
    pub(crate) payload: Vec<u8>,
}

/// What every team had reported for a period, by the name of its figures.
pub(crate) async fn figures_known_at(
    connection: &impl ConnectionTrait,
    period: &ReportingPeriodName,
    sequence: i64,
) -> Result<Vec<Known>, DbErr> {
    known_at(connection, &period.federation, &format!("{period}/reportedFigures/%"), sequence).await
}

/// A report's head as it was known at a sequence.
pub(crate) async fn report_known_at(
    connection: &impl ConnectionTrait,
    name: &ReportName,
    sequence: i64,
) -> Result<Option<Known>, DbErr> {
    Ok(known_at(connection, &name.federation, &name.to_string(), sequence).await?.pop())
}

/// The last of each resource whose name is like the pattern.
async fn known_at(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    pattern: &str,
    sequence: i64,
) -> Result<Vec<Known>, DbErr> {
    let sql = "SELECT subject, sequence, hash, payload FROM journal \
               WHERE federation_id = $1 AND subject LIKE $2 AND sequence <= $3 ORDER BY sequence";
    let bound = [federation.as_str().into(), pattern.into(), sequence.into()];
    let backend = connection.get_database_backend();
    let rows =
        connection.query_all_raw(Statement::from_sql_and_values(backend, sql, bound)).await?;
    let known = |row: &QueryResult| -> Result<Known, DbErr> {
        let recorded = Recorded {
            name: row.try_get("", "subject")?,
            sequence: row.try_get("", "sequence")?,
            hash: row.try_get("", "hash")?,
        };
        Ok(Known { recorded, payload: row.try_get("", "payload")? })
    };
    let mut latest = BTreeMap::new();
    for row in &rows {
        let known = known(row)?;
        latest.insert(known.recorded.name.clone(), known);
    }
    Ok(latest.into_values().collect())
}
