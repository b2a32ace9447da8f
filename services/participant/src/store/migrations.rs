//! The steps that bring the tables up to date, in order. A step that has landed
//! is never edited.

mod m0002_organisation;
mod m0003_people;
mod m0004_counts;
mod m0005_team;
mod m0006_enrolment;
mod m0008_released_table;
mod m0009_along;
mod m0010_participant_import;
mod m0011_disposal;
mod m0012_data_agreement;
mod m0013_party_team;
mod m0014_owned_fact;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// The migrations of the participant service.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(platform::journal::migration::Migration),
            Box::new(platform::journal::migration::ByteOrder),
            Box::new(m0002_organisation::Migration),
            Box::new(m0003_people::Migration),
            Box::new(m0004_counts::Migration),
            Box::new(m0005_team::Migration),
            Box::new(m0006_enrolment::Migration),
            Box::new(m0008_released_table::Migration),
            Box::new(m0009_along::Migration),
            Box::new(m0010_participant_import::Migration),
            Box::new(m0011_disposal::Migration),
            Box::new(m0012_data_agreement::Migration),
            Box::new(m0013_party_team::Migration),
            Box::new(m0014_owned_fact::Migration),
        ]
    }
}
