//! Bandings and layouts of tables, as indexes over the journal.

use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::m0002_organisation::{column, id, table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_counts"
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

        let mut banding = table("banding", &["federation_id", "banding_id"]);
        banding
            .col(id("federation_id"))
            .col(id("banding_id"))
            .col(column("dimension").small_integer())
            .col(column("sequence").big_integer());
        manager.create_table(banding).await?;

        let mut layout = table("table_layout", &["federation_id", "table_layout_id"]);
        layout
            .col(id("federation_id"))
            .col(id("table_layout_id"))
            .col(column("sequence").big_integer());
        manager.create_table(layout).await
    }
}
