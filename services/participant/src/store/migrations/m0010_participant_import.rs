//! Imports of people's cases, as an index over the journal, and which referrals came with
//! which.

use platform::schema::{column, id, table};
use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    prelude::{Alias, Table},
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0010_participant_import"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let backend = connection.get_database_backend();
        let mut import = table("participant_import", &["federation_id", "participant_import_id"]);
        for name in ["federation_id", "participant_import_id", "team_id"] {
            import.col(id(backend, name));
        }
        import
            .col(column("revision").integer())
            .col(column("created_sequence").big_integer())
            .col(column("sequence").big_integer());
        manager.create_table(import).await?;

        let mut referral = Table::alter();
        referral.table(Alias::new("referral")).add_column(id(backend, "import_id").null());
        manager.alter_table(referral).await?;
        for sql in INDEXES {
            connection.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

const INDEXES: &[&str] = &[
    "CREATE INDEX participant_import_created ON participant_import \
         (federation_id, created_sequence)",
    "CREATE INDEX referral_import ON referral (federation_id, import_id) \
     WHERE import_id IS NOT NULL",
];
