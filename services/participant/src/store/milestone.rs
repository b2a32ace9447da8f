//! Table `milestone`: an index over the journal.

use chrono::NaiveDate;
use platform::sql::Batch;
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};
use values::{
    Slug,
    name::{EnrolmentName, MilestoneName, TeamName},
};

use super::{
    along::{self, Filter, MILESTONES, Record, STILL},
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
    /// True unless it was taken away, or its enrolment was a mistake.
    pub(crate) stands: bool,
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
) -> Result<Vec<Index>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(index).collect()
}

/// Adds a milestone.
pub(crate) async fn insert<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    index: &Index,
    sequence: i64,
) -> Result<(), DbErr> {
    let Index { name, enrolment, team, kind, day, stands: _, revision } = index;
    let row = Model {
        federation_id: name.federation.to_string(),
        milestone_id: name.id.to_string(),
        enrolment_id: enrolment.id.to_string(),
        team_id: team.id.to_string(),
        kind: kind.number(),
        day: *day,
        revision: *revision,
        known_to: STILL,
        created_sequence: sequence,
        sequence,
    };
    batch.insert(Entity, vec![row]).await
}

fn index(row: Model) -> Result<Index, DbErr> {
    let Model {
        federation_id,
        milestone_id,
        enrolment_id,
        team_id,
        kind,
        day,
        revision,
        known_to,
        created_sequence: _,
        sequence: _,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let unreadable = || DbErr::Type(format!("milestone.kind is {kind}"));
    Ok(Index {
        name: MilestoneName::new(federation.clone(), slug("milestone_id", &milestone_id)?),
        enrolment: EnrolmentName::new(federation.clone(), slug("enrolment_id", &enrolment_id)?),
        team: TeamName::new(federation, slug("team_id", &team_id)?),
        kind: MilestoneKind::from_number(kind.into()).ok_or_else(unreadable)?,
        day,
        stands: known_to == STILL,
        revision,
    })
}
