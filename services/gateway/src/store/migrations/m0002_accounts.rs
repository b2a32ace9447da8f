//! Accounts with their roles, sessions, failed sign-ins, and the signing key of
//! bearer tokens.

use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_accounts"
    }
}

/// Both databases read these as they stand.
const TABLES: [&str; 6] = [
    "CREATE TABLE account (
        federation_id TEXT NOT NULL,
        id TEXT NOT NULL UNIQUE,
        display_name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('person', 'system')),
        secret_hash TEXT NOT NULL,
        PRIMARY KEY (federation_id, id))",
    "CREATE TABLE account_role (
        federation_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        role TEXT NOT NULL,
        scope TEXT NOT NULL,
        PRIMARY KEY (federation_id, account_id, role, scope),
        FOREIGN KEY (federation_id, account_id) REFERENCES account (federation_id, id))",
    "CREATE TABLE session (
        token_hash TEXT NOT NULL PRIMARY KEY,
        federation_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        csrf TEXT NOT NULL,
        expires_at_s BIGINT NOT NULL,
        FOREIGN KEY (federation_id, account_id) REFERENCES account (federation_id, id))",
    "CREATE TABLE sign_in_failure (
        account_id TEXT NOT NULL,
        failed_at_s BIGINT NOT NULL)",
    "CREATE INDEX sign_in_failure_account ON sign_in_failure (account_id, failed_at_s)",
    "CREATE TABLE signing_key (
        id TEXT NOT NULL PRIMARY KEY,
        private_pem TEXT NOT NULL,
        public_pem TEXT NOT NULL)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.get_connection().execute_unprepared(table).await?;
        }
        Ok(())
    }
}
