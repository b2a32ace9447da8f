//! Table `report_schedule`, and whose figures are in.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use platform::journalled::{Kept, Query, Recorded};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryResult,
    QuerySelect as _, Statement,
};
use values::{Slug, name::ReportingPeriodName};

use super::entity::reported_figures;
use super::indexed::{Cell, Column, Index, Row};
use super::slug;
use crate::domain::due_report::ScheduleName;

/// The table.
pub(crate) const INDEX: Index = Index {
    table: "report_schedule",
    key: &[Column::Text("period_id"), Column::Text("template_id")],
    found_by: &[Column::Day("due_date")],
    name: |federation, cells| {
        let [period, template, ..] = cells else { return String::new() };
        format!("federations/{federation}/reportSchedules/{period}.{template}")
    },
};

/// One schedule.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ScheduleName,
) -> Result<Option<Kept>, DbErr> {
    let query = Query::kept(INDEX.table, &name.federation);
    let bound = [name.period.as_str().into(), name.template.as_str().into()];
    query.and("t.period_id = ? AND t.template_id = ?", bound).one_kept(connection).await
}

/// The schedules of a period.
pub(crate) async fn of_period(
    connection: &impl ConnectionTrait,
    period: &ReportingPeriodName,
) -> Result<Vec<Vec<u8>>, DbErr> {
    let query = Query::of(INDEX.table, &period.federation);
    query.and("t.period_id = ?", [period.id.as_str().into()]).all(connection).await
}

/// The schedules of a federation that are due on one of some days.
pub(crate) async fn due_between(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    first_day: NaiveDate,
    last_day: NaiveDate,
) -> Result<Vec<Vec<u8>>, DbErr> {
    let query = Query::of(INDEX.table, federation);
    let days = [first_day.into(), last_day.into()];
    query.and("t.due_date BETWEEN ? AND ?", days).all(connection).await
}

/// The federations with something due on one of some days: what the service itself
/// looks after, without a caller whose federation would be given.
pub(crate) async fn federations_due_between(
    connection: &impl ConnectionTrait,
    first_day: NaiveDate,
    last_day: NaiveDate,
) -> Result<Vec<Slug>, DbErr> {
    let sql = "SELECT DISTINCT federation_id FROM report_schedule \
               WHERE due_date BETWEEN $1 AND $2 ORDER BY federation_id";
    let backend = connection.get_database_backend();
    let bound = [first_day.into(), last_day.into()];
    let rows =
        connection.query_all_raw(Statement::from_sql_and_values(backend, sql, bound)).await?;
    let federation =
        |row: &QueryResult| slug("federation_id", &row.try_get::<String>("", "federation_id")?);
    rows.iter().map(federation).collect()
}

/// The teams whose figures of a period are in.
pub(crate) async fn teams_reported(
    connection: &impl ConnectionTrait,
    period: &ReportingPeriodName,
) -> Result<BTreeSet<Slug>, DbErr> {
    use reported_figures::{Column, Entity};
    let ids: Vec<String> = Entity::find()
        .filter(Column::FederationId.eq(period.federation.as_str()))
        .filter(Column::PeriodId.eq(period.id.as_str()))
        .select_only()
        .column(Column::TeamId)
        .into_tuple()
        .all(connection)
        .await?;
    ids.iter().map(|id| slug("team_id", id)).collect()
}

/// Keeps a schedule.
pub(crate) async fn put(
    connection: &impl ConnectionTrait,
    name: &ScheduleName,
    due_date: NaiveDate,
    revision: i32,
    recorded: Recorded,
) -> Result<(), DbErr> {
    INDEX.put(connection, &row(name, due_date, revision, recorded)).await
}

/// The row that finds a schedule.
pub(crate) fn row(
    name: &ScheduleName,
    due_date: NaiveDate,
    revision: i32,
    recorded: Recorded,
) -> Row {
    let ScheduleName { federation, period, template } = name;
    let cells = [Cell::from(period), Cell::from(template), Cell::Day(due_date)];
    INDEX.row(federation, cells, revision, recorded)
}
