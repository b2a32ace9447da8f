//! What was agreed with evaluators, as an index over the journal.

use platform::schema::{column, id, table};
use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0012_data_agreement"
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
        let mut agreement = table("data_agreement", &["federation_id", "data_agreement_id"]);
        agreement
            .col(id("federation_id"))
            .col(id("data_agreement_id"))
            .col(id("evaluator_id"))
            .col(column("sequence").big_integer());
        manager.create_table(agreement).await
    }
}
