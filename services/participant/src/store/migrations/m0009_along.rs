//! What happens along an enrolment, as indexes over the journal: milestones, placements,
//! answers to surveys, and follow-ups after the exit, with how those ended as it was known
//! at every sequence.
//!
//! What a row says of one person stands in the sealed payload; the columns are what is
//! searched, ordered and counted by. `known_to` is the first sequence at which something
//! does not stand any more: it was taken away, or its enrolment was a mistake.

use platform::schema::{Index, column, create_indexes, id, refers, table};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager, sea_query::TableCreateStatement,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0009_along"
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
        for table in [
            milestone(backend),
            placement(backend),
            survey_answer(backend),
            follow_up(backend),
            follow_up_end(backend),
        ] {
            manager.create_table(table).await?;
        }
        create_indexes(manager, INDEXES).await?;
        for sql in PARTIAL_INDEXES {
            connection.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

/// What belongs to an enrolment, a page at a time and in order; and what a period of a
/// team is counted from.
const INDEXES: &[Index] = &[
    ("milestone_team", "milestone", &["federation_id", "team_id", "day", "milestone_id"]),
    ("milestone_enrolment", "milestone", &["federation_id", "enrolment_id"]),
    ("placement_team", "placement", &["federation_id", "team_id", "first_day", "placement_id"]),
    ("placement_enrolment", "placement", &["federation_id", "enrolment_id"]),
    (
        "survey_answer_team",
        "survey_answer",
        &["federation_id", "team_id", "day", "survey_answer_id"],
    ),
    ("survey_answer_enrolment", "survey_answer", &["federation_id", "enrolment_id"]),
    (
        "follow_up_team",
        "follow_up",
        &["federation_id", "team_id", "due_day", "enrolment_id", "months"],
    ),
];

/// The work list; and that an occasion is answered once.
const PARTIAL_INDEXES: &[&str] = &[
    "CREATE INDEX follow_up_open ON follow_up \
         (federation_id, team_id, due_day, enrolment_id, months) WHERE is_open",
    "CREATE UNIQUE INDEX survey_answer_once ON survey_answer \
         (federation_id, enrolment_id, questionnaire_id, occasion) \
     WHERE known_to = 9223372036854775807",
];

/// What every table but that of follow-ups has: a name of its own, an enrolment, and a
/// time of standing.
fn along(backend: DbBackend, name: &str) -> TableCreateStatement {
    let own_id = format!("{name}_id");
    let mut table = table(name, &["federation_id", &own_id]);
    for name in ["federation_id", &own_id, "enrolment_id", "team_id"] {
        table.col(id(backend, name));
    }
    table
        .col(column("revision").big_integer())
        .col(column("known_to").big_integer())
        .col(column("created_sequence").big_integer())
        .col(column("sequence").big_integer())
        .foreign_key(&mut refers(name, "enrolment"));
    table
}

fn milestone(backend: DbBackend) -> TableCreateStatement {
    let mut table = along(backend, "milestone");
    table.col(column("kind").small_integer()).col(column("day").date());
    table
}

/// The end is known from a sequence of its own on.
fn placement(backend: DbBackend) -> TableCreateStatement {
    let mut table = along(backend, "placement");
    table
        .col(column("sector").small_integer())
        .col(column("first_day").date())
        .col(column("last_day").date().null())
        .col(column("ended_sequence").big_integer().null());
    table
}

fn survey_answer(backend: DbBackend) -> TableCreateStatement {
    let mut table = along(backend, "survey_answer");
    table
        .col(id(backend, "questionnaire_id"))
        .col(column("occasion").small_integer())
        .col(column("day").date());
    table
}

/// One that was never ended is in no payload of its own: it follows from the exit.
fn follow_up(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("follow_up", &["federation_id", "enrolment_id", "months"]);
    for name in ["federation_id", "enrolment_id", "team_id"] {
        table.col(id(backend, name));
    }
    table
        .col(column("months").small_integer())
        .col(column("due_day").date())
        .col(column("is_open").boolean())
        .col(column("revision").big_integer())
        .col(column("sequence").big_integer().null())
        .foreign_key(&mut refers("follow_up", "enrolment"));
    table
}

/// How follow-ups ended, beside the facts of their cases.
fn follow_up_end(backend: DbBackend) -> TableCreateStatement {
    let key = ["federation_id", "case_id", "months", "known_from"];
    let mut table = table("follow_up_end", &key);
    for name in ["federation_id", "case_id", "enrolment_id"] {
        table.col(id(backend, name));
    }
    table
        .col(column("months").small_integer())
        .col(column("reached").small_integer())
        .col(column("known_from").big_integer())
        .col(column("known_to").big_integer());
    table
}
