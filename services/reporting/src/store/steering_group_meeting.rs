//! Table `steering_group_meeting`.

use chrono::NaiveDate;
use platform::journalled::{Kept, Payloads, Query, Recorded};
use sea_orm::{ConnectionTrait, DbErr};
use values::{Slug, name::SteeringGroupName};

use super::indexed::{Cell, Column, Index, Row};
use crate::domain::steering_group_meeting::SteeringGroupMeetingName;

/// The table.
pub(crate) const INDEX: Index = Index {
    table: "steering_group_meeting",
    key: &[Column::Text("steering_group_id"), Column::Text("meeting_id")],
    found_by: &[Column::Day("day")],
    name: |federation, cells| {
        let [group, id, ..] = cells else { return String::new() };
        let collection = SteeringGroupName::COLLECTION;
        format!("federations/{federation}/{collection}/{group}/meetings/{id}")
    },
};

/// A day and an id that a list with the latest first goes on after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Before {
    /// The day.
    pub(crate) day: NaiveDate,
    /// Of that day, the id.
    pub(crate) id: Slug,
}

/// One meeting.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &SteeringGroupMeetingName,
) -> Result<Option<Kept>, DbErr> {
    let SteeringGroupMeetingName { group, id } = name;
    let query = Query::kept(INDEX.table, &group.federation);
    let bound = [group.id.as_str().into(), id.as_str().into()];
    query.and("t.steering_group_id = ? AND t.meeting_id = ?", bound).one_kept(connection).await
}

/// A page of a group's meetings, the latest first.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    group: &SteeringGroupName,
    before: Option<Before>,
    size: u64,
) -> Result<Payloads, DbErr> {
    let query = Query::of(INDEX.table, &group.federation);
    let mut query = query.and("t.steering_group_id = ?", [group.id.as_str().into()]);
    if let Some(Before { day, id }) = before {
        query = query.and("(t.day, t.meeting_id) < (?, ?)", [day.into(), id.as_str().into()]);
    }
    query.page(connection, "t.day DESC, t.meeting_id DESC", size).await
}

/// Keeps a meeting.
pub(crate) async fn put(
    connection: &impl ConnectionTrait,
    name: &SteeringGroupMeetingName,
    day: NaiveDate,
    revision: i32,
    recorded: Recorded,
) -> Result<(), DbErr> {
    INDEX.put(connection, &row(name, day, revision, recorded)).await
}

/// The row that finds a meeting.
pub(crate) fn row(
    name: &SteeringGroupMeetingName,
    day: NaiveDate,
    revision: i32,
    recorded: Recorded,
) -> Row {
    let SteeringGroupMeetingName { group, id } = name;
    let cells = [Cell::from(&group.id), Cell::from(id), Cell::Day(day)];
    INDEX.row(&group.federation, cells, revision, recorded)
}
