//! Table `reserved_places`.

use chrono::NaiveDate;
use platform::journalled::{Payloads, Query, Recorded};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, sea_query::OnConflict,
};
use values::{Slug, name::TeamName};

use super::entity::reserved_places::{Column, Entity, Model};
use super::slug;
use crate::domain::{code::ReferringKind, reserved_places::ReservedPlacesKey};

const TABLE: &str = "reserved_places";

/// What a reservation is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Of what.
    pub(crate) key: ReservedPlacesKey,
    /// Where the journal has it.
    pub(crate) recorded: Recorded,
}

/// The team, channel and day that a list goes on after, as far as they are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct After {
    /// The team.
    pub(crate) team: Slug,
    /// The channel's number.
    pub(crate) referring_kind: i16,
    /// The day.
    pub(crate) first_day: NaiveDate,
}

/// A page of reservations, of all teams or of one.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    team: Option<&TeamName>,
    after: Option<After>,
    size: u64,
) -> Result<Payloads, DbErr> {
    let mut query = Query::of(TABLE, federation);
    if let Some(team) = team {
        query = query.and("t.team_id = ?", [team.id.as_str().into()]);
    }
    if let Some(After { team, referring_kind, first_day }) = after {
        let condition = "(t.team_id, t.referring_kind, t.first_day) > (?, ?, ?)";
        let values = [team.as_str().into(), referring_kind.into(), first_day.into()];
        query = query.and(condition, values);
    }
    query.page(connection, "t.team_id, t.referring_kind, t.first_day", size).await
}

/// What had been reserved in a team by a day.
pub(crate) async fn begun(
    connection: &impl ConnectionTrait,
    team: &TeamName,
    day: NaiveDate,
) -> Result<Vec<Vec<u8>>, DbErr> {
    let values = [team.id.as_str().into(), day.into()];
    let query = Query::of(TABLE, &team.federation);
    query.and("t.team_id = ? AND t.first_day <= ?", values).all(connection).await
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds a reservation, or keeps it as it has become.
pub(crate) async fn set(connection: &impl ConnectionTrait, kept: &Row) -> Result<(), DbErr> {
    let key = [Column::FederationId, Column::TeamId, Column::ReferringKind, Column::FirstDay];
    let mut replace = OnConflict::columns(key);
    replace.update_column(Column::Sequence);
    Entity::insert(row(kept).into_active_model())
        .on_conflict(replace)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

fn row(kept: &Row) -> Model {
    let Row { key, recorded: Recorded { created_sequence, sequence } } = kept;
    let ReservedPlacesKey { team, referring_kind, first_day } = key;
    Model {
        federation_id: team.federation.to_string(),
        team_id: team.id.to_string(),
        referring_kind: referring_kind.number(),
        first_day: *first_day,
        created_sequence: *created_sequence,
        sequence: *sequence,
    }
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model { federation_id, team_id, referring_kind, first_day, created_sequence, sequence } =
        row;
    let federation = slug("federation_id", &federation_id)?;
    let team = TeamName::new(federation, slug("team_id", &team_id)?);
    let referring_kind = ReferringKind::from_number(referring_kind.into()).ok_or_else(|| {
        DbErr::Type(format!("reserved_places.referring_kind {referring_kind} is no channel"))
    })?;
    Ok(Row {
        key: ReservedPlacesKey { team, referring_kind, first_day },
        recorded: Recorded { created_sequence, sequence },
    })
}
