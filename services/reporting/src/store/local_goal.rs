//! Table `local_goal`.

use platform::{
    journalled::{Kept, Payloads, Query, Recorded},
    page::Page,
};
use sea_orm::{ConnectionTrait, DbErr};
use values::{
    Slug,
    name::{LocalGoalName, TeamName},
};

use super::indexed::{Cell, Column, Index, Row};
use crate::domain::local_goal::LocalGoal;

/// The table.
pub(crate) const INDEX: Index = Index {
    table: "local_goal",
    key: &[Column::Text("local_goal_id")],
    found_by: &[Column::Text("team_id"), Column::Number("year")],
    name: |federation, cells| {
        let [id, ..] = cells else { return String::new() };
        format!("federations/{federation}/{}/{id}", LocalGoalName::COLLECTION)
    },
};

/// One goal.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &LocalGoalName,
) -> Result<Option<Kept>, DbErr> {
    let query = Query::kept(INDEX.table, &name.federation);
    query.and("t.local_goal_id = ?", [name.id.as_str().into()]).one_kept(connection).await
}

/// A page of goals by id, of all teams and years or of some.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    team: Option<&TeamName>,
    year: Option<i32>,
    page: &Page,
) -> Result<Payloads, DbErr> {
    let mut query = Query::of(INDEX.table, federation);
    if let Some(team) = team {
        query = query.and("t.team_id = ?", [team.id.as_str().into()]);
    }
    if let Some(year) = year {
        query = query.and("t.year = ?", [i64::from(year).into()]);
    }
    if let Some(after) = &page.after {
        query = query.and("t.local_goal_id > ?", [after.as_str().into()]);
    }
    query.page(connection, "t.local_goal_id", page.size).await
}

/// Keeps a goal.
pub(crate) async fn put(
    connection: &impl ConnectionTrait,
    name: &LocalGoalName,
    goal: &LocalGoal,
    revision: i32,
    recorded: Recorded,
) -> Result<(), DbErr> {
    INDEX.put(connection, &row(name, goal, revision, recorded)).await
}

/// The row that finds a goal.
pub(crate) fn row(
    name: &LocalGoalName,
    goal: &LocalGoal,
    revision: i32,
    recorded: Recorded,
) -> Row {
    let (team, year) = (Cell::from(&goal.team.id), Cell::Number(goal.year.into()));
    INDEX.row(&name.federation, [Cell::from(&name.id), team, year], revision, recorded)
}
