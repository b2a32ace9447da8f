//! Table `party`.

use std::collections::{BTreeMap, BTreeSet};

use platform::page::Page;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QuerySelect as _,
};
use values::{OrganisationNumber, Slug, name::PartyName};

use super::entity::party::{Column, Entity, Model};
use super::{Listed, cut, insert_all, on_page, slug, unreadable};
use crate::domain::party::{Party, PartyKind};

/// One party.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &PartyName,
) -> Result<Option<Party>, DbErr> {
    let key = (name.federation.to_string(), name.id.to_string());
    let row = Entity::find_by_id(key).one(connection).await?;
    Ok(row.map(value).transpose()?.map(|(_, party)| party))
}

/// Those of the parties that the federation has.
pub(crate) async fn known(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    asked: &BTreeSet<PartyName>,
) -> Result<BTreeSet<PartyName>, DbErr> {
    let ids: Vec<String> = Entity::find()
        .select_only()
        .column(Column::PartyId)
        .filter(Column::FederationId.eq(federation.as_str()))
        .filter(Column::PartyId.is_in(asked.iter().map(|name| name.id.as_str())))
        .into_tuple()
        .all(connection)
        .await?;
    let name = |id: &String| Ok(PartyName::new(federation.clone(), slug("party_id", id)?));
    ids.iter().map(name).collect()
}

/// A page of parties.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    page: &Page,
) -> Result<Listed<PartyName, Party>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    let rows = on_page(select, Column::PartyId, page).all(connection).await?;
    let items = rows.into_iter().map(value).collect::<Result<_, _>>()?;
    Ok(cut(items, page))
}

/// Every party.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<BTreeMap<PartyName, Party>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds parties.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &BTreeMap<PartyName, Party>,
) -> Result<(), DbErr> {
    let rows = added.iter().map(|(name, party)| row(name, party).into_active_model());
    insert_all(connection, rows.collect()).await
}

fn row(name: &PartyName, party: &Party) -> Model {
    let Party { display_name, organisation_number, kind, synthetic } = party;
    Model {
        federation_id: name.federation.to_string(),
        party_id: name.id.to_string(),
        display_name: display_name.clone(),
        organisation_number: organisation_number.as_str().to_owned(),
        kind: kind.code().to_owned(),
        synthetic: *synthetic,
    }
}

fn value(row: Model) -> Result<(PartyName, Party), DbErr> {
    let Model { federation_id, party_id, display_name, organisation_number, kind, synthetic } = row;
    let name = PartyName::new(slug("federation_id", &federation_id)?, slug("party_id", &party_id)?);
    let organisation_number =
        OrganisationNumber::parse("organisation_number", &organisation_number)
            .map_err(unreadable)?;
    let kind = PartyKind::from_code(&kind)
        .ok_or_else(|| DbErr::Type(format!("party.kind {kind} is no kind")))?;
    Ok((name, Party { display_name, organisation_number, kind, synthetic }))
}
