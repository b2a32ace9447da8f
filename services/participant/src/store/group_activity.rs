//! Table `group_activity`.

use chrono::NaiveDate;
use platform::journalled::{Kept, Payloads, Query, Recorded};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use values::{
    Period, Slug,
    name::{GroupActivityName, TeamName},
};

use super::entity::group_activity::{ActiveModel, Column, Entity, Model};
use super::{insert_all, journalled::Before, keep, slug};

const TABLE: &str = "group_activity";

/// What an activity is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: GroupActivityName,
    /// Its team.
    pub(crate) team: TeamName,
    /// Its day.
    pub(crate) day: NaiveDate,
    /// The number of its version.
    pub(crate) revision: i32,
    /// Where the journal has it.
    pub(crate) recorded: Recorded,
}

/// One activity.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &GroupActivityName,
) -> Result<Option<Kept>, DbErr> {
    let query = Query::kept(TABLE, &name.federation);
    query.and("t.group_activity_id = ?", [name.id.as_str().into()]).one_kept(connection).await
}

/// A page of activities of some teams, the newest first, of all days or of some.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    teams: &[TeamName],
    period: Option<Period>,
    before: Option<Before>,
    size: u64,
) -> Result<Payloads, DbErr> {
    let mut query = Query::of(TABLE, federation);
    query = query.among(connection, "t.team_id", teams.iter().map(|team| &team.id));
    if let Some(period) = period {
        let days = [period.first_day().into(), period.last_day().into()];
        query = query.and("t.day BETWEEN ? AND ?", days);
    }
    if let Some(Before { day, id }) = before {
        let condition = "(t.day, t.group_activity_id) < (?, ?)";
        query = query.and(condition, [day.into(), id.as_str().into()]);
    }
    query.page(connection, "t.day DESC, t.group_activity_id DESC", size).await
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds an activity.
pub(crate) async fn insert(connection: &impl ConnectionTrait, added: &Row) -> Result<(), DbErr> {
    insert_all(connection, vec![row(added).into_active_model()]).await
}

/// Keeps an activity as it has become.
pub(crate) async fn update(connection: &impl ConnectionTrait, changed: &Row) -> Result<(), DbErr> {
    keep::<ActiveModel>(connection, row(changed)).await
}

fn row(kept: &Row) -> Model {
    let Row { name, team, day, revision, recorded: Recorded { created_sequence, sequence } } = kept;
    Model {
        federation_id: name.federation.to_string(),
        group_activity_id: name.id.to_string(),
        team_id: team.id.to_string(),
        day: *day,
        revision: *revision,
        created_sequence: *created_sequence,
        sequence: *sequence,
    }
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model {
        federation_id,
        group_activity_id,
        team_id,
        day,
        revision,
        created_sequence,
        sequence,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let id = slug("group_activity_id", &group_activity_id)?;
    Ok(Row {
        name: GroupActivityName::new(federation.clone(), id),
        team: TeamName::new(federation, slug("team_id", &team_id)?),
        day,
        revision,
        recorded: Recorded { created_sequence, sequence },
    })
}
