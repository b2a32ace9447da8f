//! Periods, and what teams report for them.

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    prelude::{
        Alias, ColumnDef, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index, Table,
    },
    sea_query::TableCreateStatement,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_reported_figures"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_connection().get_database_backend();
        let id = |name: &str| id(backend, name);

        let period_key = ["federation_id", "period_id"];
        let mut period = table("reporting_period", &period_key);
        period
            .col(id("federation_id"))
            .col(id("period_id"))
            .col(column("first_day").date())
            .col(column("last_day").date())
            .col(column("due_date").date());
        manager.create_table(period).await?;

        let figures_key = ["federation_id", "period_id", "team_id"];
        let mut figures = table("reported_figures", &figures_key);
        figures
            .col(id("federation_id"))
            .col(id("period_id"))
            .col(id("team_id"))
            .col(column("report_time_us").big_integer())
            .col(column("reporter").string())
            .foreign_key(&mut refers("reported_figures", "reporting_period", &period_key));
        manager.create_table(figures).await?;

        let count_key = ["federation_id", "period_id", "team_id", "figure", "category"];
        let mut count = table("reported_count", &count_key);
        count
            .col(id("federation_id"))
            .col(id("period_id"))
            .col(id("team_id"))
            .col(id("figure"))
            .col(id("category"))
            .col(column("count").big_integer())
            .foreign_key(
                refers("reported_count", "reported_figures", &figures_key)
                    .on_delete(ForeignKeyAction::Cascade),
            );
        manager.create_table(count).await
    }
}

fn table(name: &str, key: &[&str]) -> TableCreateStatement {
    let mut primary_key = Index::create();
    for column in key {
        primary_key.col(Alias::new(*column));
    }
    let mut table = Table::create();
    table.table(Alias::new(name)).primary_key(&mut primary_key);
    table
}

fn column(name: &str) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    column.not_null();
    column
}

/// An id is compared and ordered byte by byte on both databases, whatever
/// language the server is set up for.
fn id(backend: DbBackend, name: &str) -> ColumnDef {
    let mut column = column(name);
    column.string();
    if backend == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// A reference to the table that has the columns as its key.
fn refers(table: &str, to_table: &str, key: &[&str]) -> ForeignKeyCreateStatement {
    let mut reference = ForeignKey::create();
    reference.name(format!("{table}_{to_table}"));
    reference.from_tbl(Alias::new(table)).to_tbl(Alias::new(to_table));
    for column in key {
        reference.from_col(Alias::new(*column)).to_col(Alias::new(*column));
    }
    reference
}
