//! The steps that bring the tables up to date, in order. A step that has landed
//! is never edited.

mod m0002_reported_figures;
mod m0003_report;
mod m0004_plan;
mod m0005_release;
mod m0006_attachment;
mod m0007_reminder_due_date;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// The migrations of the reporting service.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(platform::journal::migration::Migration),
            Box::new(platform::journal::migration::ByteOrder),
            Box::new(m0002_reported_figures::Migration),
            Box::new(m0003_report::Migration),
            Box::new(m0004_plan::Migration),
            Box::new(m0005_release::Migration),
            Box::new(m0006_attachment::Migration),
            Box::new(m0007_reminder_due_date::Migration),
        ]
    }
}
