//! Table `steering_group`.

use platform::{
    journalled::{Kept, Payloads, Query, Recorded},
    page::Page,
};
use sea_orm::{ConnectionTrait, DbErr};
use values::{Slug, name::SteeringGroupName};

use super::indexed::{Cell, Column, Index, Row};

/// The table.
pub(crate) const INDEX: Index = Index {
    table: "steering_group",
    key: &[Column::Text("steering_group_id")],
    found_by: &[],
    name: |federation, cells| {
        let [id, ..] = cells else { return String::new() };
        format!("federations/{federation}/{}/{id}", SteeringGroupName::COLLECTION)
    },
};

/// One group.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &SteeringGroupName,
) -> Result<Option<Kept>, DbErr> {
    let query = Query::kept(INDEX.table, &name.federation);
    query.and("t.steering_group_id = ?", [name.id.as_str().into()]).one_kept(connection).await
}

/// A page of groups by id.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    page: &Page,
) -> Result<Payloads, DbErr> {
    let mut query = Query::of(INDEX.table, federation);
    if let Some(after) = &page.after {
        query = query.and("t.steering_group_id > ?", [after.as_str().into()]);
    }
    query.page(connection, "t.steering_group_id", page.size).await
}

/// Keeps a group.
pub(crate) async fn put(
    connection: &impl ConnectionTrait,
    name: &SteeringGroupName,
    revision: i32,
    recorded: Recorded,
) -> Result<(), DbErr> {
    INDEX.put(connection, &row(name, revision, recorded)).await
}

/// The row that finds a group.
pub(crate) fn row(name: &SteeringGroupName, revision: i32, recorded: Recorded) -> Row {
    INDEX.row(&name.federation, [Cell::from(&name.id)], revision, recorded)
}
