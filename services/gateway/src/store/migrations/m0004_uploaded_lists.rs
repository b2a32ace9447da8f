//! Lists of people between their upload and their taking in, sealed.

use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_uploaded_lists"
    }
}

/// Both databases read this as it stands. At most one for each session, and gone with it.
const TABLE: &str = "CREATE TABLE uploaded_list (
    token_hash TEXT NOT NULL PRIMARY KEY REFERENCES session (token_hash) ON DELETE CASCADE,
    sealed BYTEA NOT NULL,
    expires_at_s BIGINT NOT NULL)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(TABLE).await.map(|_| ())
    }
}
