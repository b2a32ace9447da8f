//! Table `retention`: an index over the journal.

use platform::journalled::{Query, Recorded};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, sea_query::OnConflict,
};
use values::{Slug, name::RetentionName};

use super::entity::retention::{Column, Entity, Model};
use super::slug;

const TABLE: &str = "retention";

/// What a retention is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name: its id is the party's.
    pub(crate) name: RetentionName,
    /// Where the journal has it.
    pub(crate) recorded: Recorded,
}

/// A party's retention.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &RetentionName,
) -> Result<Option<Vec<u8>>, DbErr> {
    let query = Query::of(TABLE, &name.federation);
    let found = query.and("t.party_id = ?", [name.id.as_str().into()]).all(connection).await?;
    Ok(found.into_iter().next())
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds a retention, or keeps it as it has become.
pub(crate) async fn set(connection: &impl ConnectionTrait, kept: &Row) -> Result<(), DbErr> {
    let Row { name, recorded: Recorded { created_sequence, sequence } } = kept;
    let row = Model {
        federation_id: name.federation.to_string(),
        party_id: name.id.to_string(),
        created_sequence: *created_sequence,
        sequence: *sequence,
    };
    let mut replace = OnConflict::columns([Column::FederationId, Column::PartyId]);
    replace.update_column(Column::Sequence);
    let insert = Entity::insert(row.into_active_model()).on_conflict(replace);
    insert.exec_without_returning(connection).await?;
    Ok(())
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model { federation_id, party_id, created_sequence, sequence } = row;
    let name =
        RetentionName::new(slug("federation_id", &federation_id)?, slug("party_id", &party_id)?);
    Ok(Row { name, recorded: Recorded { created_sequence, sequence } })
}
