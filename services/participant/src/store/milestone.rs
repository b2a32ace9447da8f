//! Table `milestone`: an index over the journal.

use chrono::NaiveDate;
use platform::{journalled::Recorded, sql::Batch};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};
use values::{
    Slug,
    name::{EnrolmentName, MilestoneName, TeamName},
};

use super::{
    along::{self, Filter, MILESTONES, Record, Stood},
    entity::milestone::{Column, Entity, Model},
    slug,
};
use crate::domain::milestone::MilestoneKind;

/// What of a milestone is searched, ordered or counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    /// The name.
    pub(crate) name: MilestoneName,
    /// The enrolment.
    pub(crate) enrolment: EnrolmentName,
    /// The team of the enrolment.
    pub(crate) team: TeamName,
    /// What.
    pub(crate) kind: MilestoneKind,
    /// When.
    pub(crate) day: NaiveDate,
    /// The number of the version.
    pub(crate) revision: i64,
}

/// A page of milestones, newest first, of all kinds or of one; and true when there is
/// more.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    kind: Option<MilestoneKind>,
    filter: &Filter,
) -> Result<(Vec<Record>, bool), DbErr> {
    let also = kind.map(|kind| format!(" AND t.kind = {}", kind.number())).unwrap_or_default();
    along::list(connection, federation, (MILESTONES, &also), filter).await
}

/// Every milestone, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(Index, Stood)>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(index).collect()
}

/// Adds a milestone.
pub(crate) async fn insert<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    index: &Index,
    sequence: i64,
) -> Result<(), DbErr> {
    batch.insert(Entity, vec![row(index, Stood::first(sequence))]).await
}

/// Adds milestones, each with where the journal has it.
pub(crate) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    milestones: impl IntoIterator<Item = (Index, Stood)>,
) -> Result<(), DbErr> {
    let rows = milestones.into_iter().map(|(index, stood)| row(&index, stood));
    batch.insert(Entity, rows.collect()).await
}

fn row(index: &Index, stood: Stood) -> Model {
    let Index { name, enrolment, team, kind, day, revision } = index;
    let Recorded { created_sequence, sequence } = stood.recorded;
    Model {
        federation_id: name.federation.to_string(),
        milestone_id: name.id.to_string(),
        enrolment_id: enrolment.id.to_string(),
        team_id: team.id.to_string(),
        kind: kind.number(),
        day: *day,
        revision: *revision,
        known_to: stood.known_to(),
        created_sequence,
        sequence,
    }
}

fn index(row: Model) -> Result<(Index, Stood), DbErr> {
    let Model {
        federation_id,
        milestone_id,
        enrolment_id,
        team_id,
        kind,
        day,
        revision,
        known_to,
        created_sequence,
        sequence,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let unreadable = || DbErr::Type(format!("milestone.kind is {kind}"));
    let index = Index {
        name: MilestoneName::new(federation.clone(), slug("milestone_id", &milestone_id)?),
        enrolment: EnrolmentName::new(federation.clone(), slug("enrolment_id", &enrolment_id)?),
        team: TeamName::new(federation, slug("team_id", &team_id)?),
        kind: MilestoneKind::from_number(kind.into()).ok_or_else(unreadable)?,
        day,
        revision,
    };
    Ok((index, Stood::of(Recorded { created_sequence, sequence }, known_to)))
}
