//! Programme plans and what was held of them, local goals, steering groups and their
//! meetings, what is due and who was reminded: indexes over the journal.

use platform::schema::{Index, column, create_indexes, id, table};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager, sea_query::TableCreateStatement,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_plan"
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
            programme_plan_version(backend),
            indexed(backend, "held_activities", &["plan_id", "half_year"]),
            local_goal(backend),
            indexed(backend, "steering_group", &["steering_group_id"]),
            steering_group_meeting(backend),
            report_schedule(backend),
            reminder(backend),
        ] {
            manager.create_table(table).await?;
        }
        create_indexes(manager, INDEXES).await
    }
}

/// What a list is narrowed to, or ordered by.
const INDEXES: &[Index] = &[
    ("local_goal_team", "local_goal", &["federation_id", "team_id", "local_goal_id"]),
    (
        "steering_group_meeting_day",
        "steering_group_meeting",
        &["federation_id", "steering_group_id", "day", "meeting_id"],
    ),
    ("report_schedule_due", "report_schedule", &["due_date", "federation_id"]),
    ("reminder_period", "reminder", &["federation_id", "period_id", "reminder_id"]),
    ("reminder_subject", "reminder", &["federation_id", "subject", "reminder_id"]),
];

/// What every table has: its key, the number of the version, and where the journal has
/// it.
fn indexed(backend: DbBackend, name: &str, key: &[&str]) -> TableCreateStatement {
    let mut table = numbered(backend, name, key);
    for name in key {
        table.col(id(backend, name));
    }
    table
}

/// The same but for the columns of the key, which follow.
fn numbered(backend: DbBackend, name: &str, key: &[&str]) -> TableCreateStatement {
    let whole_key = [&["federation_id"], key].concat();
    let mut table = table(name, &whole_key);
    table
        .col(id(backend, "federation_id"))
        .col(column("revision").integer())
        .col(column("created_sequence").big_integer())
        .col(column("sequence").big_integer());
    table
}

fn programme_plan_version(backend: DbBackend) -> TableCreateStatement {
    let mut table = numbered(backend, "programme_plan_version", &["plan_id", "major", "minor"]);
    table
        .col(id(backend, "plan_id"))
        .col(column("major").big_integer())
        .col(column("minor").big_integer());
    table
}

fn local_goal(backend: DbBackend) -> TableCreateStatement {
    let mut table = indexed(backend, "local_goal", &["local_goal_id"]);
    table.col(id(backend, "team_id")).col(column("year").big_integer());
    table
}

fn steering_group_meeting(backend: DbBackend) -> TableCreateStatement {
    let key = ["steering_group_id", "meeting_id"];
    let mut table = indexed(backend, "steering_group_meeting", &key);
    table.col(column("day").date());
    table
}

fn report_schedule(backend: DbBackend) -> TableCreateStatement {
    let mut table = indexed(backend, "report_schedule", &["period_id", "template_id"]);
    table.col(column("due_date").date());
    table
}

/// A reminder goes by the sequence it was recorded with.
fn reminder(backend: DbBackend) -> TableCreateStatement {
    let mut table = numbered(backend, "reminder", &["reminder_id"]);
    table
        .col(column("reminder_id").big_integer())
        .col(id(backend, "period_id"))
        .col(id(backend, "template_id"))
        .col(id(backend, "subject"))
        .col(column("kind").big_integer());
    table
}
