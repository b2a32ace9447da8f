//! What teams had reported and reports had stated, as it was known at a sequence of the journal.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};
use values::name::{ReportName, ReportingPeriodName};

use crate::domain::release::Recorded;

/// Reported figures, or a report's head, as the journal has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// Where the journal has them.
    pub(crate) recorded: Recorded,
    /// The resource.
    pub(crate) payload: Vec<u8>,
}

/// All that was ever known of a period, the oldest first.
#[derive(Debug, Clone)]
pub(crate) struct History {
    figures: String,
    known: Vec<Known>,
}

impl History {
    /// What every team had reported at a sequence, by the name of its figures.
    pub(crate) fn figures_at(&self, sequence: i64) -> Vec<&Known> {
        let until = self.known.iter().filter(|known| known.recorded.sequence <= sequence);
        let of_teams = until.filter(|known| known.recorded.name.starts_with(&self.figures));
        let latest: BTreeMap<&str, &Known> =
            of_teams.map(|known| (known.recorded.name.as_str(), known)).collect();
        latest.into_values().collect()
    }

    /// A report's head as it was known at a sequence.
    pub(crate) fn report_at(&self, name: &ReportName, sequence: i64) -> Option<&Known> {
        let name = name.to_string();
        let is_it =
            |known: &&Known| known.recorded.name == name && known.recorded.sequence <= sequence;
        self.known.iter().rev().find(is_it)
    }
}

/// Reads what teams had reported for a period and these reports had stated, until a sequence.
pub(crate) async fn history(
    connection: &impl ConnectionTrait,
    period: &ReportingPeriodName,
    reports: &BTreeSet<ReportName>,
    until: i64,
) -> Result<History, DbErr> {
    let figures = format!("{period}/reportedFigures/");
    let mut bound: Vec<Value> = vec![
        period.federation.as_str().into(),
        until.into(),
        figures.as_str().into(),
        period.id.as_str().into(),
    ];
    let mut names = "SELECT CAST($3 AS TEXT) || team_id FROM reported_figures \
                     WHERE federation_id = $1 AND period_id = $4"
        .to_owned();
    for report in reports {
        bound.push(report.to_string().into());
        names += &format!(" UNION ALL SELECT CAST(${} AS TEXT)", bound.len());
    }
    let sql = format!(
        "SELECT subject, sequence, hash, payload FROM journal \
         WHERE federation_id = $1 AND subject IN ({names}) AND sequence <= $2 ORDER BY sequence"
    );
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
    let known = rows.iter().map(known).collect::<Result<_, _>>()?;
    Ok(History { figures, known })
}
