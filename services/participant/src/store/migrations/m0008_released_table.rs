//! The ledger of released tables, as an index over the journal; the federation's own
//! threshold; and the indexes that counts are made from.

use platform::schema::{column, id, table};
use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    prelude::{Alias, Index, Table},
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_released_table"
    }
}

/// What is known now has every column that is counted by, so that a count reads nothing
/// else: one party's people in one team stand together, in order of the day they left.
/// The half-year's figures read the first of these alone, which is short on purpose.
const PRESENT: [&str; 2] = [
    "CREATE INDEX case_fact_figures ON case_fact (federation_id, party_id, team_id, \
     enrolled_end, enrolled_first, outcome, sex, age, municipality_id, is_new) \
     WHERE known_to = 9223372036854775807",
    "CREATE INDEX case_fact_counted ON case_fact (federation_id, party_id, team_id, \
     queue_end, queue_first, referred, sex, age, municipality_id, referring_kind, sender_id, \
     livelihood, enrolled_end, enrolled_first, outcome, livelihood_after, is_new) \
     WHERE known_to = 9223372036854775807",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let id = |name: &str| id(connection.get_database_backend(), name);
        let mut threshold = Table::alter();
        threshold
            .table(Alias::new("federation"))
            .add_column(column("smallest_shown_count").small_integer().null());
        manager.alter_table(threshold).await?;

        let mut released = table("released_table", &["federation_id", "released_table_id"]);
        released
            .col(id("federation_id"))
            .col(id("released_table_id"))
            // Empty for what was only read.
            .col(column("publication").string())
            .col(column("sequence").big_integer());
        manager.create_table(released).await?;
        let mut newest = Index::create();
        newest.name("released_table_newest").table(Alias::new("released_table"));
        newest.col(Alias::new("federation_id")).col(Alias::new("sequence"));
        manager.create_index(newest).await?;
        for index in PRESENT {
            connection.execute_unprepared(index).await?;
        }
        Ok(())
    }
}
