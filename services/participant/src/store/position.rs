//! Table `position`.

use platform::{
    journalled::{Kept, Payloads, Query, Recorded},
    page::Page,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use values::{
    Slug,
    name::{PositionName, TeamName},
};

use super::entity::position::{ActiveModel, Column, Entity, Model};
use super::{insert_all, keep, slug};

const TABLE: &str = "position";

/// What a position is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: PositionName,
    /// Its team.
    pub(crate) team: TeamName,
    /// The number of its version.
    pub(crate) revision: i32,
    /// Where the journal has it.
    pub(crate) recorded: Recorded,
}

/// One position.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &PositionName,
) -> Result<Option<Kept>, DbErr> {
    let query = Query::kept(TABLE, &name.federation);
    query.and("t.position_id = ?", [name.id.as_str().into()]).one_kept(connection).await
}

/// A page of positions, of all teams or of one.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    team: Option<&TeamName>,
    page: &Page,
) -> Result<Payloads, DbErr> {
    let mut query = Query::of(TABLE, federation);
    if let Some(team) = team {
        query = query.and("t.team_id = ?", [team.id.as_str().into()]);
    }
    if let Some(after) = &page.after {
        query = query.and("t.position_id > ?", [after.as_str().into()]);
    }
    query.page(connection, "t.position_id", page.size).await
}

/// Every position of some teams.
pub(crate) async fn of_teams(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    teams: &[TeamName],
) -> Result<Vec<Vec<u8>>, DbErr> {
    let teams = teams.iter().map(|team| &team.id);
    Query::of(TABLE, federation).among(connection, "t.team_id", teams).all(connection).await
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds a position.
pub(crate) async fn insert(connection: &impl ConnectionTrait, added: &Row) -> Result<(), DbErr> {
    insert_all(connection, vec![row(added).into_active_model()]).await
}

/// Keeps a position as it has become.
pub(crate) async fn update(connection: &impl ConnectionTrait, changed: &Row) -> Result<(), DbErr> {
    keep::<ActiveModel>(connection, row(changed)).await
}

fn row(kept: &Row) -> Model {
    let Row { name, team, revision, recorded: Recorded { created_sequence, sequence } } = kept;
    Model {
        federation_id: name.federation.to_string(),
        position_id: name.id.to_string(),
        team_id: team.id.to_string(),
        revision: *revision,
        created_sequence: *created_sequence,
        sequence: *sequence,
    }
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model { federation_id, position_id, team_id, revision, created_sequence, sequence } = row;
    let federation = slug("federation_id", &federation_id)?;
    Ok(Row {
        name: PositionName::new(federation.clone(), slug("position_id", &position_id)?),
        team: TeamName::new(federation, slug("team_id", &team_id)?),
        revision,
        recorded: Recorded { created_sequence, sequence },
    })
}
