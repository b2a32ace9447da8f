//! Table `placement`: an index over the journal.

use chrono::NaiveDate;
use platform::{journalled::Recorded, sql::Batch};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};
use values::{
    Slug,
    name::{EnrolmentName, PlacementName, TeamName},
};

use super::{
    along::{self, Filter, PLACEMENTS, Record, Stood},
    entity::placement::{Column, Entity, Model},
    slug,
};
use crate::domain::code::Sector;

/// What of a placement is searched, ordered or counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    /// The name.
    pub(crate) name: PlacementName,
    /// The enrolment.
    pub(crate) enrolment: EnrolmentName,
    /// The team of the enrolment.
    pub(crate) team: TeamName,
    /// The employer's sector.
    pub(crate) sector: Sector,
    /// Its first day.
    pub(crate) first_day: NaiveDate,
    /// Its last day, when it has ended.
    pub(crate) last_day: Option<NaiveDate>,
    /// The number of the version.
    pub(crate) revision: i64,
}

/// A page of placements, newest first, all or only those that go on; and true when there
/// is more.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    open_only: bool,
    filter: &Filter,
) -> Result<(Vec<Record>, bool), DbErr> {
    let also = if open_only { " AND t.last_day IS NULL" } else { "" };
    along::list(connection, federation, (PLACEMENTS, also), filter).await
}

/// Every placement with the sequence that its end is known from, for the check of the whole
/// database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(Index, Option<i64>, Stood)>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(index).collect()
}

/// Adds a placement.
pub(crate) async fn insert<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    index: &Index,
    sequence: i64,
) -> Result<(), DbErr> {
    let ended = index.last_day.map(|_| sequence);
    batch.insert(Entity, vec![row(index, ended, Stood::first(sequence))]).await
}

/// Adds placements, each with the sequence that its end is known from and where the
/// journal has it.
pub(crate) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    placements: impl IntoIterator<Item = (Index, Option<i64>, Stood)>,
) -> Result<(), DbErr> {
    let rows = placements.into_iter().map(|(index, ended, stood)| row(&index, ended, stood));
    batch.insert(Entity, rows.collect()).await
}

fn row(index: &Index, ended: Option<i64>, stood: Stood) -> Model {
    let Index { name, enrolment, team, sector, first_day, last_day, revision } = index;
    let Recorded { created_sequence, sequence } = stood.recorded;
    Model {
        federation_id: name.federation.to_string(),
        placement_id: name.id.to_string(),
        enrolment_id: enrolment.id.to_string(),
        team_id: team.id.to_string(),
        sector: sector.number(),
        first_day: *first_day,
        last_day: *last_day,
        ended_sequence: ended,
        revision: *revision,
        known_to: stood.known_to(),
        created_sequence,
        sequence,
    }
}

/// Notes that a placement ended, as the journal records at the sequence.
pub(crate) fn end<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    record: &Record,
    last_day: NaiveDate,
    sequence: i64,
) {
    let last_day = batch.bind(last_day);
    let ended_sequence = batch.bind(sequence);
    let revision = batch.bind(record.revision + 1);
    let sequence = batch.bind(sequence);
    let federation = batch.bind(record.enrolment.federation.as_str());
    let id = batch.bind(record.id.as_str());
    batch.push(format!(
        "UPDATE placement SET last_day = {last_day}, ended_sequence = {ended_sequence}, \
             revision = {revision}, sequence = {sequence} \
         WHERE federation_id = {federation} AND placement_id = {id}"
    ));
}

fn index(row: Model) -> Result<(Index, Option<i64>, Stood), DbErr> {
    let Model {
        federation_id,
        placement_id,
        enrolment_id,
        team_id,
        sector,
        first_day,
        last_day,
        ended_sequence,
        revision,
        known_to,
        created_sequence,
        sequence,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let unreadable = || DbErr::Type(format!("placement.sector is {sector}"));
    let index = Index {
        name: PlacementName::new(federation.clone(), slug("placement_id", &placement_id)?),
        enrolment: EnrolmentName::new(federation.clone(), slug("enrolment_id", &enrolment_id)?),
        team: TeamName::new(federation, slug("team_id", &team_id)?),
        sector: Sector::from_number(sector.into()).ok_or_else(unreadable)?,
        first_day,
        last_day,
        revision,
    };
    Ok((index, ended_sequence, Stood::of(Recorded { created_sequence, sequence }, known_to)))
}
