//! Table `intake_pause`.

use chrono::NaiveDate;
use platform::journalled::{Kept, Payloads, Query, Recorded};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use values::{
    Slug,
    name::{IntakePauseName, TeamName},
};

use super::entity::intake_pause::{ActiveModel, Column, Entity, Model};
use super::{insert_all, journalled::Before, keep, slug};

const TABLE: &str = "intake_pause";

/// What a pause is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: IntakePauseName,
    /// Its team.
    pub(crate) team: TeamName,
    /// Its first day.
    pub(crate) first_day: NaiveDate,
    /// Its last day; none while it goes on.
    pub(crate) last_day: Option<NaiveDate>,
    /// The number of its version.
    pub(crate) revision: i32,
    /// Where the journal has it.
    pub(crate) recorded: Recorded,
}

/// One pause.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &IntakePauseName,
) -> Result<Option<Kept>, DbErr> {
    let query = Query::kept(TABLE, &name.federation);
    query.and("t.intake_pause_id = ?", [name.id.as_str().into()]).one_kept(connection).await
}

/// A page of pauses, of all teams or of one, those that began last first.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    team: Option<&TeamName>,
    before: Option<Before>,
    size: u64,
) -> Result<Payloads, DbErr> {
    let mut query = Query::of(TABLE, federation);
    if let Some(team) = team {
        query = query.and("t.team_id = ?", [team.id.as_str().into()]);
    }
    if let Some(Before { day, id }) = before {
        let condition = "(t.first_day, t.intake_pause_id) < (?, ?)";
        query = query.and(condition, [day.into(), id.as_str().into()]);
    }
    query.page(connection, "t.first_day DESC, t.intake_pause_id DESC", size).await
}

/// The pauses of a team's intake that hold on a day.
pub(crate) async fn holding(
    connection: &impl ConnectionTrait,
    team: &TeamName,
    day: NaiveDate,
) -> Result<Vec<Vec<u8>>, DbErr> {
    let condition =
        "t.team_id = ? AND t.first_day <= ? AND (t.last_day IS NULL OR t.last_day >= ?)";
    let values = [team.id.as_str().into(), day.into(), day.into()];
    Query::of(TABLE, &team.federation).and(condition, values).all(connection).await
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds a pause.
pub(crate) async fn insert(connection: &impl ConnectionTrait, added: &Row) -> Result<(), DbErr> {
    insert_all(connection, vec![row(added).into_active_model()]).await
}

/// Keeps a pause as it has become.
pub(crate) async fn update(connection: &impl ConnectionTrait, changed: &Row) -> Result<(), DbErr> {
    keep::<ActiveModel>(connection, row(changed)).await
}

fn row(kept: &Row) -> Model {
    let Row { name, team, first_day, last_day, revision, recorded } = kept;
    let Recorded { created_sequence, sequence } = recorded;
    Model {
        federation_id: name.federation.to_string(),
        intake_pause_id: name.id.to_string(),
        team_id: team.id.to_string(),
        first_day: *first_day,
        last_day: *last_day,
        revision: *revision,
        created_sequence: *created_sequence,
        sequence: *sequence,
    }
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model {
        federation_id,
        intake_pause_id,
        team_id,
        first_day,
        last_day,
        revision,
        created_sequence,
        sequence,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    Ok(Row {
        name: IntakePauseName::new(federation.clone(), slug("intake_pause_id", &intake_pause_id)?),
        team: TeamName::new(federation, slug("team_id", &team_id)?),
        first_day,
        last_day,
        revision,
        recorded: Recorded { created_sequence, sequence },
    })
}
