//! Table `reporting_period`.

use std::collections::BTreeMap;

use platform::page::Page;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use values::{Faults, Period, Slug, name::ReportingPeriodName};

use super::entity::reporting_period::{Column, Entity, Model};
use super::{insert_all, slug, unreadable};
use crate::domain::reporting_period::ReportingPeriod;

/// Periods by name.
pub(crate) type Periods = BTreeMap<ReportingPeriodName, ReportingPeriod>;

/// One period.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ReportingPeriodName,
) -> Result<Option<ReportingPeriod>, DbErr> {
    let key = (name.federation.to_string(), name.id.to_string());
    let row = Entity::find_by_id(key).one(connection).await?;
    Ok(row.map(value).transpose()?.map(|(_, period)| period))
}

/// A page of periods in order of id, and whether there are more.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    page: &Page,
) -> Result<(Periods, bool), DbErr> {
    let Page { size, after } = page;
    let mut select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    if let Some(after) = after {
        select = select.filter(Column::PeriodId.gt(after.as_str()));
    }
    let select = select.order_by_asc(Column::PeriodId).limit(size + 1);
    let mut rows = select.all(connection).await?;
    let size = usize::try_from(*size).unwrap_or(usize::MAX);
    let has_more = rows.len() > size;
    rows.truncate(size);
    Ok((rows.into_iter().map(value).collect::<Result<_, _>>()?, has_more))
}

/// Every period.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Periods, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds periods.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &Periods,
) -> Result<(), DbErr> {
    let rows = added.iter().map(|(name, period)| row(name, *period).into_active_model());
    insert_all(connection, rows.collect()).await
}

fn row(name: &ReportingPeriodName, period: ReportingPeriod) -> Model {
    Model {
        federation_id: name.federation.to_string(),
        period_id: name.id.to_string(),
        first_day: period.period().first_day(),
        last_day: period.period().last_day(),
        due_date: period.due_date(),
    }
}

fn value(row: Model) -> Result<(ReportingPeriodName, ReportingPeriod), DbErr> {
    let Model { federation_id, period_id, first_day, last_day, due_date } = row;
    let name = ReportingPeriodName::new(
        slug("federation_id", &federation_id)?,
        slug("period_id", &period_id)?,
    );
    let span = Period::new("period", first_day, last_day).map_err(unreadable)?;
    let period = ReportingPeriod::new(span, due_date).map_err(|faults| bad(&name, faults))?;
    Ok((name, period))
}

fn bad(name: &ReportingPeriodName, faults: Faults) -> DbErr {
    let reasons: Vec<_> = faults.into_vec().into_iter().map(|fault| fault.reason).collect();
    DbErr::Type(format!("{name}: {}", reasons.join(", ")))
}
