//! Accounts that were disabled, and when a session was last used.

use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_disabled_accounts"
    }
}

/// Both databases read these as they stand. A process of before notes no use of a
/// session: 0 is taken for no idleness.
const COLUMNS: [&str; 2] = [
    "ALTER TABLE account ADD COLUMN disabled_at_us BIGINT",
    "ALTER TABLE session ADD COLUMN used_at_s BIGINT NOT NULL DEFAULT 0",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            manager.get_connection().execute_unprepared(column).await?;
        }
        Ok(())
    }
}
