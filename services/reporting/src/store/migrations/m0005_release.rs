//! Releases, as an index over the journal, with what their salts are made from; and
//! their files, each once in a federation under its hash.

use platform::{
    journal::migration::append_only,
    schema::{column, id, table},
};
use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    prelude::{Alias, Index},
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_release"
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
        let mut release = table("report_release", &["federation_id", "release_id"]);
        release
            .col(id("federation_id"))
            .col(id("release_id"))
            .col(id("report"))
            .col(id("period_id"))
            .col(column("sequence").big_integer())
            // Not in the journal, which others follow: who has it can try counts out.
            .col(column("seed").blob());
        manager.create_table(release).await?;
        let mut newest = Index::create();
        newest.name("report_release_newest").table(Alias::new("report_release"));
        newest.col(Alias::new("federation_id")).col(Alias::new("sequence"));
        manager.create_index(newest).await?;

        let mut file = table("report_release_file", &["federation_id", "sha256"]);
        file.col(id("federation_id")).col(id("sha256")).col(column("content").blob());
        manager.create_table(file).await?;
        for frozen in ["report_release", "report_release_file"] {
            append_only(manager, frozen).await?;
        }
        Ok(())
    }
}
