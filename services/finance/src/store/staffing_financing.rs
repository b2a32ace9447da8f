//! Table `staffing_financing`.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use platform::{page::Page, sql::Batch};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};
use values::{
    Slug,
    name::{MunicipalityName, StaffingFinancingName},
};

use super::{Listed, among, cut, entity::staffing_financing, slug};
use crate::domain::staffing_financing::{Place, Posts, StaffingFinancing};

use staffing_financing::Column;

/// One row.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &StaffingFinancingName,
) -> Result<Option<StaffingFinancing>, DbErr> {
    let key = (name.federation.to_string(), name.id.to_string());
    let row = staffing_financing::Entity::find_by_id(key).one(connection).await?;
    row.map(value).transpose()
}

/// A page of rows, in order of id.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    page: &Page,
) -> Result<Listed<StaffingFinancing>, DbErr> {
    let mut select = of(federation);
    if let Some(after) = &page.after {
        select = select.filter(Column::StaffingFinancingId.gt(after.as_str()));
    }
    let rows = select
        .order_by_asc(Column::StaffingFinancingId)
        .limit(page.size + 1)
        .all(connection)
        .await?;
    let (rows, next) = cut(rows, page.size, |row| row.staffing_financing_id.clone());
    let items = rows.into_iter().map(value).collect::<Result<_, _>>()?;
    Ok(Listed { items, next })
}

/// The rows that are in force on a day.
pub(crate) async fn in_force(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    day: NaiveDate,
) -> Result<Vec<StaffingFinancing>, DbErr> {
    let rows = of(federation)
        .filter(Column::FirstDay.lte(day))
        .filter(goes_on_until(day))
        .order_by_asc(Column::StaffingFinancingId)
        .all(connection)
        .await?;
    rows.into_iter().map(value).collect()
}

/// Every row of a title but the one named.
pub(crate) async fn others(
    connection: &impl ConnectionTrait,
    name: &StaffingFinancingName,
    title: &str,
) -> Result<Vec<StaffingFinancing>, DbErr> {
    let rows = of(&name.federation)
        .filter(Column::StaffingFinancingId.ne(name.id.as_str()))
        .filter(Column::Title.eq(title))
        .all(connection)
        .await?;
    rows.into_iter().map(value).collect()
}

/// Every row, each as far as it makes one: for the check of the whole database.
pub(super) async fn readings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(StaffingFinancingName, Result<StaffingFinancing, DbErr>)>, DbErr> {
    let rows = of(federation).order_by_asc(Column::StaffingFinancingId).all(connection).await?;
    let reading = |row: staffing_financing::Model| {
        let id = slug("staffing_financing_id", &row.staffing_financing_id)?;
        Ok((StaffingFinancingName::new(federation.clone(), id), value(row)))
    };
    rows.into_iter().map(reading).collect()
}

/// The rows of these names, and those of these titles.
pub(super) async fn named_or_titled(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: &BTreeSet<&str>,
    titles: &BTreeSet<&str>,
) -> Result<HashMap<StaffingFinancingName, StaffingFinancing>, DbErr> {
    let is_one = Condition::any()
        .add(among(connection, Column::StaffingFinancingId, ids))
        .add(among(connection, Column::Title, titles));
    let named = |row| value(row).map(|row| (row.name.clone(), row));
    of(federation).filter(is_one).all(connection).await?.into_iter().map(named).collect()
}

/// Adds a row.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &StaffingFinancing,
) -> Result<(), DbErr> {
    let mut batch = Batch::on(connection);
    insert_all(&mut batch, std::slice::from_ref(added)).await?;
    batch.send().await
}

pub(super) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    added: &[StaffingFinancing],
) -> Result<(), DbErr> {
    batch.insert(staffing_financing::Entity, added.iter().map(row).collect()).await
}

/// Keeps the end of a row.
pub(crate) async fn keep_end(
    connection: &impl ConnectionTrait,
    ended: &StaffingFinancing,
) -> Result<(), DbErr> {
    let mut batch = Batch::on(connection);
    let last_day = batch.bind(ended.last_day);
    let revision = batch.bind(ended.revision);
    let federation_id = batch.bind(ended.name.federation.as_str());
    let id = batch.bind(ended.name.id.as_str());
    batch.push(format!(
        "UPDATE staffing_financing SET last_day = {last_day}, revision = {revision} \
         WHERE federation_id = {federation_id} AND staffing_financing_id = {id}"
    ));
    batch.send().await
}

fn of(federation: &Slug) -> Select<staffing_financing::Entity> {
    staffing_financing::Entity::find().filter(Column::FederationId.eq(federation.as_str()))
}

fn goes_on_until(day: NaiveDate) -> Condition {
    Condition::any().add(Column::LastDay.is_null()).add(Column::LastDay.gte(day))
}

fn row(kept: &StaffingFinancing) -> staffing_financing::Model {
    let StaffingFinancing { name, place, title, first_day, last_day, posts, synthetic, revision } =
        kept;
    let Posts { by_municipality_percent, by_federation_percent } = posts;
    staffing_financing::Model {
        federation_id: name.federation.to_string(),
        staffing_financing_id: name.id.to_string(),
        municipality_id: match place {
            Place::Municipality(municipality) => Some(municipality.id.to_string()),
            Place::Nowhere => None,
        },
        title: title.clone(),
        first_day: *first_day,
        last_day: *last_day,
        by_municipality_percent: *by_municipality_percent,
        by_federation_percent: *by_federation_percent,
        synthetic: *synthetic,
        revision: *revision,
    }
}

fn value(row: staffing_financing::Model) -> Result<StaffingFinancing, DbErr> {
    let staffing_financing::Model {
        federation_id,
        staffing_financing_id,
        municipality_id,
        title,
        first_day,
        last_day,
        by_municipality_percent,
        by_federation_percent,
        synthetic,
        revision,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let id = slug("staffing_financing_id", &staffing_financing_id)?;
    let municipality = municipality_id.map(|id| slug("municipality_id", &id)).transpose()?;
    let place = municipality.map_or(Place::Nowhere, |id| {
        Place::Municipality(MunicipalityName::new(federation.clone(), id))
    });
    Ok(StaffingFinancing {
        name: StaffingFinancingName::new(federation, id),
        place,
        title,
        first_day,
        last_day,
        posts: Posts { by_municipality_percent, by_federation_percent },
        synthetic,
        revision,
    })
}
