//! What a team has besides its people: positions, pauses of the intake, reserved places,
//! group activities; and questionnaires. Each table is an index over the journal.

use platform::schema::{column, id, table};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    prelude::{Alias, Index},
    sea_query::TableCreateStatement,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_team"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_connection().get_database_backend();
        for table in [
            position(backend),
            intake_pause(backend),
            reserved_places(backend),
            group_activity(backend),
            questionnaire(backend),
        ] {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in INDEXES {
            let mut index = Index::create();
            index.name(*name).table(Alias::new(*table));
            for column in *columns {
                index.col(Alias::new(*column));
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// Name, table and columns of each index besides the primary keys: what a list is
/// narrowed to and ordered by.
const INDEXES: &[(&str, &str, &[&str])] = &[
    ("position_team", "position", &["federation_id", "team_id", "position_id"]),
    (
        "intake_pause_day",
        "intake_pause",
        &["federation_id", "first_day", "intake_pause_id", "team_id"],
    ),
    (
        "intake_pause_team",
        "intake_pause",
        &["federation_id", "team_id", "first_day", "intake_pause_id"],
    ),
    (
        "group_activity_team",
        "group_activity",
        &["federation_id", "team_id", "day", "group_activity_id"],
    ),
];

fn position(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("position", &["federation_id", "position_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "position_id"))
        .col(id(backend, "team_id"))
        .col(column("revision").integer());
    in_journal(table)
}

fn intake_pause(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("intake_pause", &["federation_id", "intake_pause_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "intake_pause_id"))
        .col(id(backend, "team_id"))
        .col(column("first_day").date())
        .col(column("last_day").date().null())
        .col(column("revision").integer());
    in_journal(table)
}

fn reserved_places(backend: DbBackend) -> TableCreateStatement {
    let key = ["federation_id", "team_id", "referring_kind", "first_day"];
    let mut table = table("reserved_places", &key);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "team_id"))
        .col(column("referring_kind").small_integer())
        .col(column("first_day").date());
    in_journal(table)
}

fn group_activity(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("group_activity", &["federation_id", "group_activity_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "group_activity_id"))
        .col(id(backend, "team_id"))
        .col(column("day").date())
        .col(column("revision").integer());
    in_journal(table)
}

/// A questionnaire never changes: it is in the journal once.
fn questionnaire(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("questionnaire", &["federation_id", "questionnaire_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "questionnaire_id"))
        .col(column("sequence").big_integer());
    table
}

/// Where the journal has a row.
fn in_journal(mut table: TableCreateStatement) -> TableCreateStatement {
    table.col(column("created_sequence").big_integer()).col(column("sequence").big_integer());
    table
}
