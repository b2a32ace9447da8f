//! Table `area`.

use std::collections::BTreeMap;

use platform::page::Page;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use values::{Slug, name::AreaName};

use super::entity::area::{Column, Entity, Model};
use super::{Listed, cut, insert_all, on_page, slug};
use crate::domain::area::Area;

/// One area.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &AreaName,
) -> Result<Option<Area>, DbErr> {
    let key = (name.federation.to_string(), name.id.to_string());
    let row = Entity::find_by_id(key).one(connection).await?;
    Ok(row.map(|row| Area { display_name: row.display_name }))
}

/// A page of areas.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    page: &Page,
) -> Result<Listed<AreaName, Area>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    let rows = on_page(select, Column::AreaId, page).all(connection).await?;
    let items = rows.into_iter().map(value).collect::<Result<_, _>>()?;
    Ok(cut(items, page))
}

/// Every area.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<BTreeMap<AreaName, Area>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds areas.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &BTreeMap<AreaName, Area>,
) -> Result<(), DbErr> {
    let rows = added.iter().map(|(name, area)| row(name, area).into_active_model());
    insert_all(connection, rows.collect()).await
}

fn row(name: &AreaName, area: &Area) -> Model {
    let Area { display_name } = area;
    Model {
        federation_id: name.federation.to_string(),
        area_id: name.id.to_string(),
        display_name: display_name.clone(),
    }
}

fn value(row: Model) -> Result<(AreaName, Area), DbErr> {
    let Model { federation_id, area_id, display_name } = row;
    let name = AreaName::new(slug("federation_id", &federation_id)?, slug("area_id", &area_id)?);
    Ok((name, Area { display_name }))
}
