//! How long parties keep people, what was disposed of, the names that lead nowhere since,
//! and what is counted of what happened along the enrolments.

use platform::schema::{Index, column, create_indexes, id, table};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager, sea_query::TableCreateStatement,
};

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
        manager.create_table(disposed_fact(backend)).await?;
        create_indexes(manager, INDEXES).await
    }
}

const INDEXES: &[Index] = &[
    ("disposal_party", "disposal", &["federation_id", "party_id", "sequence"]),
    ("disposed_fact_day", "disposed_fact", &["federation_id", "collection", "day"]),
];

/// A milestone, a placement, or the answer to one question of a survey, for as long as it
/// was known to be of a party and a team.
fn disposed_fact(backend: DbBackend) -> TableCreateStatement {
    let id = |name: &str| id(backend, name);
    let mut table = table("disposed_fact", &["federation_id", "disposed_fact_id"]);
    table
        .col(id("federation_id"))
        .col(id("disposed_fact_id"))
        .col(id("collection"))
        .col(id("team_id"))
        .col(id("party_id"))
        .col(column("code").small_integer())
        .col(column("day").date())
        .col(column("last_day").date().null())
        .col(column("ended_sequence").big_integer().null())
        .col(column("exited").date().null())
        .col(id("person").null())
        .col(id("questionnaire_id").null())
        .col(id("question_id").null())
        .col(column("halves").integer().null())
        .col(column("known_from").big_integer())
        .col(column("known_to").big_integer());
    table
}
