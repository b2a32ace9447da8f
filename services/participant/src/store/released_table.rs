//! Table `released_table`: the ledger of released tables, an index over the journal.

use platform::journalled::{Payloads, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use values::{Slug, name::ReleasedTableName};

use super::entity::released_table::{Column, Entity, Model};
use super::{Stretch, insert_all, slug};

const TABLE: &str = "released_table";

/// What a released table, which never changes, is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: ReleasedTableName,
    /// The publication it belongs to; empty for what was only read.
    pub(crate) publication: String,
    /// The sequence that the journal has it at.
    pub(crate) sequence: i64,
}

/// The sequence of what was released last; 0 when nothing was.
pub(crate) async fn last(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<i64, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    let newest = select.order_by_desc(Column::Sequence).limit(1).one(connection).await?;
    Ok(newest.map_or(0, |row| row.sequence))
}

/// One table's payload.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ReleasedTableName,
) -> Result<Option<Vec<u8>>, DbErr> {
    let query = Query::of(TABLE, &name.federation);
    let query = query.and("t.released_table_id = ?", [name.id.as_str().into()]);
    Ok(query.all(connection).await?.into_iter().next())
}

/// The whole ledger, in no order.
pub(crate) async fn payloads(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Vec<u8>>, DbErr> {
    Query::of(TABLE, federation).all(connection).await
}

/// A page of the ledger, newest first: of a publication, or of all when it is empty.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    publication: &str,
    stretch: Stretch,
) -> Result<Payloads, DbErr> {
    let mut query = Query::of(TABLE, federation);
    query = query.and("t.sequence < ?", [stretch.below().into()]);
    if !publication.is_empty() {
        query = query.and("t.publication = ?", [publication.into()]);
    }
    query.page(connection, "t.sequence DESC", stretch.size).await
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Enters tables.
pub(crate) async fn insert(connection: &impl ConnectionTrait, added: &[Row]) -> Result<(), DbErr> {
    let model = |Row { name, publication, sequence }: &Row| Model {
        federation_id: name.federation.to_string(),
        released_table_id: name.id.to_string(),
        publication: publication.clone(),
        sequence: *sequence,
    };
    insert_all(connection, added.iter().map(|row| model(row).into_active_model()).collect()).await
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model { federation_id, released_table_id, publication, sequence } = row;
    let federation = slug("federation_id", &federation_id)?;
    let id = slug("released_table_id", &released_table_id)?;
    Ok(Row { name: ReleasedTableName::new(federation, id), publication, sequence })
}
