//! The steps that bring the tables up to date, in order. A step that has landed
//! is never edited.

mod m0002_money;
mod m0003_ledger;
mod m0004_requisition;
mod m0005_year;
mod m0006_follow_up;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// The migrations of the finance service.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(platform::journal::migration::Migration),
            Box::new(platform::journal::migration::ByteOrder),
            Box::new(m0002_money::Migration),
            Box::new(m0003_ledger::Migration),
            Box::new(m0004_requisition::Migration),
            Box::new(m0005_year::Migration),
            Box::new(m0006_follow_up::Migration),
        ]
    }
}
