//! The gateway's tables, in the order they came.

mod m0002_accounts;
mod m0003_role_grants;
mod m0004_uploaded_lists;
mod m0005_disabled_accounts;
mod m0006_enabled_accounts;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// Brings the gateway's database up to date.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(platform::journal::migration::Migration),
            Box::new(platform::journal::migration::ByteOrder),
            Box::new(m0002_accounts::Migration),
            Box::new(m0003_role_grants::Migration),
            Box::new(m0004_uploaded_lists::Migration),
            Box::new(m0005_disabled_accounts::Migration),
            Box::new(m0006_enabled_accounts::Migration),
        ]
    }
}
