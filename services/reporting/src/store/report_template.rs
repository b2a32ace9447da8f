//! Table `report_template`.

use platform::{
    journalled::{Payloads, Query},
    page::Page,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use values::{Slug, name::ReportTemplateName};

use super::entity::report_template::{Column, Entity, Model};
use super::{insert_all, slug};

const TABLE: &str = "report_template";

/// What a template, which never changes, is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: ReportTemplateName,
    /// The sequence that the journal has it at.
    pub(crate) sequence: i64,
}

/// True when there is one of the name.
pub(crate) async fn is_taken(
    connection: &impl ConnectionTrait,
    name: &ReportTemplateName,
) -> Result<bool, DbErr> {
    let key = (name.federation.to_string(), name.id.to_string());
    Ok(Entity::find_by_id(key).one(connection).await?.is_some())
}

/// One template.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ReportTemplateName,
) -> Result<Option<Vec<u8>>, DbErr> {
    let query = Query::of(TABLE, &name.federation);
    let query = query.and("t.template_id = ?", [name.id.as_str().into()]);
    Ok(query.all(connection).await?.pop())
}

/// A page of templates, in order of id.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    page: &Page,
) -> Result<Payloads, DbErr> {
    let mut query = Query::of(TABLE, federation);
    if let Some(after) = &page.after {
        query = query.and("t.template_id > ?", [after.as_str().into()]);
    }
    query.page(connection, "t.template_id", page.size).await
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds a template.
pub(crate) async fn insert(connection: &impl ConnectionTrait, added: &Row) -> Result<(), DbErr> {
    let Row { name, sequence } = added;
    let row = Model {
        federation_id: name.federation.to_string(),
        template_id: name.id.to_string(),
        sequence: *sequence,
    };
    insert_all(connection, vec![row.into_active_model()]).await
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model { federation_id, template_id, sequence } = row;
    let federation = slug("federation_id", &federation_id)?;
    let id = slug("template_id", &template_id)?;
    Ok(Row { name: ReportTemplateName::new(federation, id), sequence })
}
