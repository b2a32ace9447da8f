//! Table `follow_up_end`: how follow-ups ended as it was known at every sequence, beside the
//! facts of their cases.

use platform::sql::Batch;
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};
use values::{
    Slug,
    name::{EnrolmentName, FollowUpName, ReferralName},
};

use super::{
    along::STILL,
    entity::follow_up_end::{Column, Entity, Model},
    follow_up::{is_it, small},
    slug,
};
use crate::domain::follow_up::Reached;

/// How a follow-up ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    /// The follow-up.
    pub(crate) name: FollowUpName,
    /// The case of its enrolment.
    pub(crate) case: ReferralName,
    /// How.
    pub(crate) reached: Reached,
    /// The sequence that it is known from.
    pub(crate) known_from: i64,
    /// The first sequence at which it is not so any more; none while it is.
    pub(crate) until: Option<i64>,
}

/// Adds how a follow-up ended, as it is known from the sequence on.
pub(crate) async fn insert<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    name: &FollowUpName,
    (case, reached): (&ReferralName, Reached),
    sequence: i64,
) -> Result<(), DbErr> {
    let (name, case) = (name.clone(), case.clone());
    insert_all(batch, &[End { name, case, reached, known_from: sequence, until: None }]).await
}

/// Adds how follow-ups ended.
pub(crate) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    ends: &[End],
) -> Result<(), DbErr> {
    let rows = ends.iter().map(row).collect::<Result<_, _>>()?;
    batch.insert(Entity, rows).await
}

/// How a follow-up ended is not so any more from the sequence on.
pub(crate) fn void<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    name: &FollowUpName,
    sequence: i64,
) {
    let known_to = batch.bind(sequence);
    let condition = is_it(batch, name);
    batch.push(format!(
        "UPDATE follow_up_end SET known_to = {known_to} WHERE {condition} AND known_to = {STILL}"
    ));
}

/// How the follow-ups of a federation ended, whenever that was known; but for those of
/// cases that lead nowhere any more.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<End>, DbErr> {
    let select = Entity::find()
        .filter(Column::FederationId.eq(federation.as_str()))
        .filter(Column::EnrolmentId.ne(""));
    select.all(connection).await?.into_iter().map(value).collect()
}

fn row(end: &End) -> Result<Model, DbErr> {
    let End { name, case, reached, known_from, until } = end;
    Ok(Model {
        federation_id: name.enrolment.federation.to_string(),
        case_id: case.id.to_string(),
        months: small(name.months)?,
        known_from: *known_from,
        enrolment_id: name.enrolment.id.to_string(),
        reached: reached.number(),
        known_to: until.unwrap_or(STILL),
    })
}

fn value(row: Model) -> Result<End, DbErr> {
    let Model { federation_id, case_id, months, known_from, enrolment_id, reached, known_to } = row;
    let federation = slug("federation_id", &federation_id)?;
    let enrolment = EnrolmentName::new(federation.clone(), slug("enrolment_id", &enrolment_id)?);
    let unreadable =
        |what: &str, number: i16| DbErr::Type(format!("follow_up_end.{what} {number}"));
    let months = u32::try_from(months).map_err(|_| unreadable("months", months))?;
    Ok(End {
        name: FollowUpName::new(enrolment, months),
        case: ReferralName::new(federation, slug("case_id", &case_id)?),
        reached: Reached::from_number(reached).ok_or_else(|| unreadable("reached", reached))?,
        known_from,
        until: (known_to != STILL).then_some(known_to),
    })
}
