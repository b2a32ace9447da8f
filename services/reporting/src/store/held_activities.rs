//! Table `held_activities`.

use platform::journalled::{Kept, Query, Recorded};
use sea_orm::{ConnectionTrait, DbErr};
use values::name::ProgrammePlanName;

use super::indexed::{Cell, Column, Index, Row};
use crate::domain::held_activities::HeldActivitiesName;

/// The table.
pub(crate) const INDEX: Index = Index {
    table: "held_activities",
    key: &[Column::Text("plan_id"), Column::Text("half_year")],
    found_by: &[],
    name: |federation, cells| {
        let [plan, half_year, ..] = cells else { return String::new() };
        let collection = ProgrammePlanName::COLLECTION;
        format!("federations/{federation}/{collection}/{plan}/heldActivities/{half_year}")
    },
};

/// What was held in a half-year.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &HeldActivitiesName,
) -> Result<Option<Kept>, DbErr> {
    let HeldActivitiesName { plan, half_year } = name;
    let query = Query::kept(INDEX.table, &plan.federation);
    let bound = [plan.id.as_str().into(), half_year.to_string().into()];
    query.and("t.plan_id = ? AND t.half_year = ?", bound).one_kept(connection).await
}

/// Keeps what was held in a half-year.
pub(crate) async fn put(
    connection: &impl ConnectionTrait,
    name: &HeldActivitiesName,
    revision: i32,
    recorded: Recorded,
) -> Result<(), DbErr> {
    INDEX.put(connection, &row(name, revision, recorded)).await
}

/// The row that finds it.
pub(crate) fn row(name: &HeldActivitiesName, revision: i32, recorded: Recorded) -> Row {
    let HeldActivitiesName { plan, half_year } = name;
    let cells = [Cell::from(&plan.id), Cell::Text(half_year.to_string())];
    INDEX.row(&plan.federation, cells, revision, recorded)
}
