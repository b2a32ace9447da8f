//! The words that migrations are written in: tables keyed by federation, columns
//! that are never null unless they say so.

use sea_orm::{DbBackend, DbErr};
use sea_orm_migration::{
    SchemaManager,
    prelude::{
        Alias, ColumnDef, ForeignKey, ForeignKeyCreateStatement, Index as IndexStatement, Table,
    },
    sea_query::TableCreateStatement,
};

/// A table with its primary key; its columns are added to it.
#[must_use]
pub fn table(name: &str, key: &[&str]) -> TableCreateStatement {
    let mut primary_key = IndexStatement::create();
    for column in key {
        primary_key.col(Alias::new(*column));
    }
    let mut table = Table::create();
    table.table(Alias::new(name)).primary_key(&mut primary_key);
    table
}

/// A column that is never null.
#[must_use]
pub fn column(name: &str) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    column.not_null();
    column
}

/// A column of ids or codes: compared and ordered byte by byte on both
/// databases, whatever language the server is set up for.
#[must_use]
pub fn id(backend: DbBackend, name: &str) -> ColumnDef {
    let mut column = column(name);
    column.text();
    if backend == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// An index besides a primary key: its name, its table and its columns.
pub type Index = (&'static str, &'static str, &'static [&'static str]);

/// Creates indexes.
///
/// # Errors
/// When the database refuses one.
pub async fn create_indexes(manager: &SchemaManager<'_>, indexes: &[Index]) -> Result<(), DbErr> {
    for (name, table, columns) in indexes {
        let mut index = IndexStatement::create();
        index.name(*name).table(Alias::new(*table));
        for column in *columns {
            index.col(Alias::new(*column));
        }
        manager.create_index(index).await?;
    }
    Ok(())
}

/// A reference within the federation: `{to_table}_id` to the same of its table.
#[must_use]
pub fn refers(table: &str, to_table: &str) -> ForeignKeyCreateStatement {
    let federation = Alias::new("federation_id");
    let id = Alias::new(format!("{to_table}_id"));
    ForeignKey::create()
        .name(format!("{table}_{to_table}"))
        .from(Alias::new(table), (federation.clone(), id.clone()))
        .to(Alias::new(to_table), (federation, id))
        .to_owned()
}
