//! Table `banding`: an index over the journal. What it gives are the journal's
//! payloads.

use std::collections::BTreeMap;

use platform::{page::Page, sql};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _, QueryResult, Value};
use values::{Slug, name::BandingName};

use super::{
    Listed, cut,
    entity::banding::{Entity, Model},
    query, slug,
};
use crate::domain::banding::BandedDimension;

/// A banding as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// What it divides.
    pub(crate) dimension: BandedDimension,
    /// The journal's payload.
    pub(crate) payload: Vec<u8>,
}

const SELECT: &str = "SELECT b.banding_id AS banding_id, b.dimension AS dimension, \
    j.payload AS payload FROM banding b \
    JOIN journal j ON j.federation_id = b.federation_id AND j.sequence = b.sequence \
    WHERE b.federation_id = $1";

/// One banding.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &BandingName,
) -> Result<Option<Record>, DbErr> {
    let sql = format!("{SELECT} AND b.banding_id = $2");
    let values = vec![name.federation.as_str().into(), name.id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    Ok(rows.first().map(|row| record(&name.federation, row)).transpose()?.map(|(_, found)| found))
}

/// A page of bandings, of a dimension or of all, in order of id.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    dimension: Option<BandedDimension>,
    page: &Page,
) -> Result<Listed<BandingName, Record>, DbErr> {
    let after = page.after.clone().unwrap_or_default();
    let rows = i64::try_from(page.size).unwrap_or(i64::MAX - 1) + 1;
    let mut values: Vec<Value> = vec![federation.as_str().into(), after.into(), rows.into()];
    let mut sql = format!("{SELECT} AND b.banding_id > $2");
    if let Some(dimension) = dimension {
        values.push(dimension.number().into());
        sql += " AND b.dimension = $4";
    }
    sql += " ORDER BY b.banding_id LIMIT $3";
    let rows = query(connection, sql, values).await?;
    let items = rows.iter().map(|row| record(federation, row)).collect::<Result<_, _>>()?;
    Ok(cut(items, page))
}

/// What each of these bandings divides, as far as they are there.
pub(crate) async fn dimensions(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    names: impl IntoIterator<Item = &BandingName>,
) -> Result<BTreeMap<BandingName, BandedDimension>, DbErr> {
    let ids: Vec<String> = names
        .into_iter()
        .filter(|name| name.federation == *federation)
        .map(|name| name.id.to_string())
        .collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let backend = connection.get_database_backend();
    let is_among = sql::is_among(backend, "b.banding_id", "$2");
    let values = vec![federation.as_str().into(), sql::texts(backend, ids)];
    let rows = query(connection, format!("{SELECT} AND {is_among}"), values).await?;
    let dimension = |row| record(federation, row).map(|(name, found)| (name, found.dimension));
    rows.iter().map(dimension).collect()
}

/// Every banding, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(BandingName, Record)>, DbErr> {
    let sql = format!("{SELECT} ORDER BY b.banding_id");
    let rows = query(connection, sql, vec![federation.as_str().into()]).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// Adds a banding that the journal records at the sequence.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    name: &BandingName,
    dimension: BandedDimension,
    sequence: i64,
) -> Result<(), DbErr> {
    let row = Model {
        federation_id: name.federation.to_string(),
        banding_id: name.id.to_string(),
        dimension: dimension.number(),
        sequence,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

fn record(federation: &Slug, row: &QueryResult) -> Result<(BandingName, Record), DbErr> {
    let id = slug("banding_id", &row.try_get::<String>("", "banding_id")?)?;
    let number: i16 = row.try_get("", "dimension")?;
    let dimension = BandedDimension::from_number(number.into())
        .ok_or_else(|| DbErr::Type(format!("banding.dimension {number} is no dimension")))?;
    let record = Record { dimension, payload: row.try_get("", "payload")? };
    Ok((BandingName::new(federation.clone(), id), record))
}
