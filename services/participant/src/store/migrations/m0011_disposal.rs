//! How long parties keep people, what was disposed of, and the names that lead nowhere
//! since.

use platform::schema::{Index, column, create_indexes, id, table};
use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0011_disposal"
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
        let mut retention = table("retention", &["federation_id", "party_id"]);
        retention
            .col(id("federation_id"))
            .col(id("party_id"))
            .col(column("created_sequence").big_integer())
            .col(column("sequence").big_integer());
        manager.create_table(retention).await?;

        let mut disposal = table("disposal", &["federation_id", "disposal_id"]);
        disposal
            .col(id("federation_id"))
            .col(id("disposal_id"))
            .col(id("party_id"))
            .col(column("sequence").big_integer());
        manager.create_table(disposal).await?;

        let mut disposed = table("disposed", &["federation_id", "collection", "id"]);
        disposed
            .col(id("federation_id"))
            .col(id("collection"))
            .col(id("id"))
            .col(id("person_id"))
            .col(id("party_id"))
            .col(column("is_protected").boolean());
        manager.create_table(disposed).await?;
        create_indexes(manager, INDEXES).await
    }
}

const INDEXES: &[Index] =
    &[("disposal_party", "disposal", &["federation_id", "party_id", "sequence"])];
