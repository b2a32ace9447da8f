//! Table `table_layout`: an index over the journal. What it gives are the journal's
//! payloads.

use platform::page::Page;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _, QueryResult};
use values::{Slug, name::TableLayoutName};

use super::{
    Listed, cut,
    entity::table_layout::{Entity, Model},
    query, slug,
};

const SELECT: &str = "SELECT l.table_layout_id AS table_layout_id, j.payload AS payload \
    FROM table_layout l \
    JOIN journal j ON j.federation_id = l.federation_id AND j.sequence = l.sequence \
    WHERE l.federation_id = $1";

/// One layout's payload.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &TableLayoutName,
) -> Result<Option<Vec<u8>>, DbErr> {
    let sql = format!("{SELECT} AND l.table_layout_id = $2");
    let values = vec![name.federation.as_str().into(), name.id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    rows.first().map(|row| row.try_get("", "payload")).transpose()
}

/// A page of layouts' payloads, in order of id.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    page: &Page,
) -> Result<Listed<TableLayoutName, Vec<u8>>, DbErr> {
    let after = page.after.clone().unwrap_or_default();
    let rows = i64::try_from(page.size).unwrap_or(i64::MAX - 1) + 1;
    let sql = format!("{SELECT} AND l.table_layout_id > $2 ORDER BY l.table_layout_id LIMIT $3");
    let values = vec![federation.as_str().into(), after.into(), rows.into()];
    let rows = query(connection, sql, values).await?;
    let items = rows.iter().map(|row| record(federation, row)).collect::<Result<_, _>>()?;
    Ok(cut(items, page))
}

/// Every layout's payload, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(TableLayoutName, Vec<u8>)>, DbErr> {
    let sql = format!("{SELECT} ORDER BY l.table_layout_id");
    let rows = query(connection, sql, vec![federation.as_str().into()]).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// Adds a layout that the journal records at the sequence.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    name: &TableLayoutName,
    sequence: i64,
) -> Result<(), DbErr> {
    let row = Model {
        federation_id: name.federation.to_string(),
        table_layout_id: name.id.to_string(),
        sequence,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

fn record(federation: &Slug, row: &QueryResult) -> Result<(TableLayoutName, Vec<u8>), DbErr> {
    let id = slug("table_layout_id", &row.try_get::<String>("", "table_layout_id")?)?;
    Ok((TableLayoutName::new(federation.clone(), id), row.try_get("", "payload")?))
}
