//! What teams had reported and reports had stated, as it was known at a sequence of the journal.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};
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
    let subjects = "SELECT CAST($2 AS TEXT) || team_id FROM reported_figures \
                    WHERE federation_id = $1 AND period_id = $4";
    let prefix = format!("{period}/reportedFigures/");
    let bound = [prefix.into(), sequence.into(), period.id.as_str().into()];
    known_at(connection, &period.federation, subjects, bound.into()).await
}

/// A report's head as it was known at a sequence.
pub(crate) async fn report_known_at(
    connection: &impl ConnectionTrait,
    name: &ReportName,
    sequence: i64,
) -> Result<Option<Known>, DbErr> {
    let bound = vec![name.to_string().into(), sequence.into()];
    Ok(known_at(connection, &name.federation, "$2", bound).await?.pop())
}

/// The last of each resource of these names, until the sequence that is `$3`.
async fn known_at(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    names: &str,
    bound: Vec<Value>,
) -> Result<Vec<Known>, DbErr> {
    let sql = format!(
        "SELECT subject, sequence, hash, payload FROM journal \
         WHERE federation_id = $1 AND subject IN ({names}) AND sequence <= $3 ORDER BY sequence"
    );
    let bound = std::iter::once(Value::from(federation.as_str())).chain(bound);
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
