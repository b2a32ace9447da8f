//! Table `municipality`. The SCB code is the id and has no column of its own.

use std::collections::{BTreeMap, BTreeSet};

use platform::page::Page;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QuerySelect as _, sea_query::OnConflict,
};
use values::{
    ScbCode, Slug,
    name::{AreaName, MunicipalityName, PartyName},
};

use super::entity::municipality::{Column, Entity, Model};
use super::{Listed, cut, on_page, slug, unreadable};
use crate::domain::municipality::Municipality;

/// One municipality.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &MunicipalityName,
) -> Result<Option<Municipality>, DbErr> {
    let key = (name.federation.to_string(), name.id.to_string());
    let row = Entity::find_by_id(key).one(connection).await?;
    Ok(row.map(value).transpose()?.map(|(_, municipality)| municipality))
}

/// Those of the municipalities that the federation has.
pub(crate) async fn known(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    asked: &[MunicipalityName],
) -> Result<BTreeSet<MunicipalityName>, DbErr> {
    let ids: Vec<String> = Entity::find()
        .select_only()
        .column(Column::MunicipalityId)
        .filter(Column::FederationId.eq(federation.as_str()))
        .filter(Column::MunicipalityId.is_in(asked.iter().map(|name| name.id.as_str())))
        .into_tuple()
        .all(connection)
        .await?;
    let name =
        |id: &String| Ok(MunicipalityName::new(federation.clone(), slug("municipality_id", id)?));
    ids.iter().map(name).collect()
}

/// A page of municipalities.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    page: &Page,
) -> Result<Listed<MunicipalityName, Municipality>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    let rows = on_page(select, Column::MunicipalityId, page).all(connection).await?;
    let items = rows.into_iter().map(value).collect::<Result<_, _>>()?;
    Ok(cut(items, page))
}

/// Every municipality.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<BTreeMap<MunicipalityName, Municipality>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds municipalities, whose areas are there; one that is there is given its party.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &BTreeMap<MunicipalityName, Municipality>,
) -> Result<(), DbErr> {
    let rows: Vec<_> =
        added.iter().map(|(name, content)| row(name, content).into_active_model()).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let mut given = OnConflict::columns([Column::FederationId, Column::MunicipalityId]);
    given.update_column(Column::PartyId);
    Entity::insert_many(rows).on_conflict(given).exec_without_returning(connection).await?;
    Ok(())
}

fn row(name: &MunicipalityName, municipality: &Municipality) -> Model {
    let Municipality { scb_code, display_name, area, party } = municipality;
    Model {
        federation_id: name.federation.to_string(),
        municipality_id: scb_code.as_str().to_owned(),
        display_name: display_name.clone(),
        area_id: area.as_ref().map(|area| area.id.to_string()),
        party_id: party.as_ref().map(|party| party.id.to_string()),
    }
}

fn value(row: Model) -> Result<(MunicipalityName, Municipality), DbErr> {
    let Model { federation_id, municipality_id, display_name, area_id, party_id } = row;
    let federation = slug("federation_id", &federation_id)?;
    let scb_code = ScbCode::parse("municipality_id", &municipality_id).map_err(unreadable)?;
    let area = area_id
        .map(|id| Ok::<_, DbErr>(AreaName::new(federation.clone(), slug("area_id", &id)?)))
        .transpose()?;
    let party = party_id
        .map(|id| Ok::<_, DbErr>(PartyName::new(federation.clone(), slug("party_id", &id)?)))
        .transpose()?;
    let name = MunicipalityName::new(federation, slug("municipality_id", &municipality_id)?);
    Ok((name, Municipality { scb_code, display_name, area, party }))
}
