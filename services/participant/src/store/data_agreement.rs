//! Table `data_agreement`: an index over the journal.

use platform::{
    journalled::{Payloads, Query},
    page::Page,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use values::{
    Slug,
    name::{AccountName, DataAgreementName},
};

use super::{
    entity::data_agreement::{Column, Entity, Model},
    insert_all, slug,
};

const TABLE: &str = "data_agreement";

/// What an agreement, which never changes, is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: DataAgreementName,
    /// Who reads it.
    pub(crate) evaluator: AccountName,
    /// The sequence that the journal has it at.
    pub(crate) sequence: i64,
}

/// One agreement.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &DataAgreementName,
) -> Result<Option<Vec<u8>>, DbErr> {
    let query = Query::of(TABLE, &name.federation);
    let query = query.and("t.data_agreement_id = ?", [name.id.as_str().into()]);
    Ok(query.all(connection).await?.into_iter().next())
}

/// A page of agreements in order of id, all of them or those with an evaluator.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    evaluator: Option<&AccountName>,
    page: &Page,
) -> Result<Payloads, DbErr> {
    let mut query = Query::of(TABLE, federation);
    if let Some(evaluator) = evaluator {
        query = query.and("t.evaluator_id = ?", [evaluator.id.as_str().into()]);
    }
    if let Some(after) = &page.after {
        query = query.and("t.data_agreement_id > ?", [after.as_str().into()]);
    }
    query.page(connection, "t.data_agreement_id", page.size).await
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds an agreement.
pub(crate) async fn insert(connection: &impl ConnectionTrait, added: &Row) -> Result<(), DbErr> {
    let Row { name, evaluator, sequence } = added;
    let row = Model {
        federation_id: name.federation.to_string(),
        data_agreement_id: name.id.to_string(),
        evaluator_id: evaluator.id.to_string(),
        sequence: *sequence,
    };
    insert_all(connection, vec![row.into_active_model()]).await
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model { federation_id, data_agreement_id, evaluator_id, sequence } = row;
    let federation = slug("federation_id", &federation_id)?;
    let id = slug("data_agreement_id", &data_agreement_id)?;
    Ok(Row {
        name: DataAgreementName::new(federation.clone(), id),
        evaluator: AccountName::new(federation, slug("evaluator_id", &evaluator_id)?),
        sequence,
    })
}
