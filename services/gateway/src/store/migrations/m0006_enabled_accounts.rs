//! When an account that had been disabled was last enabled.

use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_enabled_accounts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Both databases read this as it stands.
        let column = "ALTER TABLE account ADD COLUMN enabled_at_us BIGINT";
        manager.get_connection().execute_unprepared(column).await.map(|_| ())
    }
}
