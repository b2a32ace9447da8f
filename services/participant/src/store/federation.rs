//! Table `federation`.

use std::collections::BTreeMap;

use disclosure::Threshold;
use sea_orm::{
    ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _, QueryOrder as _,
    QuerySelect as _,
};
use values::{OrganisationNumber, Slug};

use super::entity::federation::{Column, Entity, Model};
use super::{insert_all, unreadable};
use crate::domain::federation::{Federation, FederationName};

/// The federation's own record.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &FederationName,
) -> Result<Option<Federation>, DbErr> {
    let row = Entity::find_by_id(name.0.as_str()).one(connection).await?;
    row.map(value).transpose()
}

/// The ids of every federation there is, in their order.
pub(crate) async fn ids(connection: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let ids = Entity::find().select_only().column(Column::FederationId);
    ids.order_by_asc(Column::FederationId).into_tuple().all(connection).await
}

/// The federation's own record, as the one entry of a map.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<BTreeMap<FederationName, Federation>, DbErr> {
    let name = FederationName(federation.clone());
    let record = find(connection, &name).await?;
    Ok(record.map(|record| (name, record)).into_iter().collect())
}

/// Adds records.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &BTreeMap<FederationName, Federation>,
) -> Result<(), DbErr> {
    let rows = added.iter().map(|(name, federation)| row(name, federation).into_active_model());
    insert_all(connection, rows.collect()).await
}

fn row(name: &FederationName, federation: &Federation) -> Model {
    let Federation { display_name, organisation_number, synthetic, smallest_shown_count } =
        federation;
    Model {
        federation_id: name.0.to_string(),
        display_name: display_name.clone(),
        organisation_number: organisation_number.as_str().to_owned(),
        synthetic: *synthetic,
        smallest_shown_count: smallest_shown_count.map(Threshold::number),
    }
}

fn value(row: Model) -> Result<Federation, DbErr> {
    let Model {
        federation_id: _,
        display_name,
        organisation_number,
        synthetic,
        smallest_shown_count,
    } = row;
    let organisation_number =
        OrganisationNumber::parse("organisation_number", &organisation_number)
            .map_err(unreadable)?;
    let threshold = |count: i16| Threshold::new("smallest_shown_count", count.into());
    let smallest_shown_count = smallest_shown_count.map(threshold).transpose();
    let smallest_shown_count = smallest_shown_count.map_err(unreadable)?;
    Ok(Federation { display_name, organisation_number, synthetic, smallest_shown_count })
}
