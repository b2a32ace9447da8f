//! What teams had reported, as it was known at a sequence of the journal.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};
use values::name::ReportingPeriodName;

use crate::domain::release::Recorded;

/// Reported figures as the journal has them.
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
    let sql = "SELECT subject, sequence, hash, payload FROM journal \
               WHERE federation_id = $1 AND subject LIKE $2 AND sequence <= $3 ORDER BY sequence";
    let pattern = format!("{period}/reportedFigures/%");
    let bound = [period.federation.as_str().into(), pattern.into(), sequence.into()];
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
