//! Enrolments, as an index over the journal; who goes first in the queue; and what finds
//! those who wait or are enrolled on a day, among the facts that are known now.

use platform::schema::{Index, column, create_indexes, id, table};
use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    prelude::{Alias, Table},
};

use super::m0002_organisation::refers;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_enrolment"
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
        let mut enrolment = table("enrolment", &["federation_id", "enrolment_id"]);
        for name in ["federation_id", "enrolment_id", "referral_id", "person_id"] {
            enrolment.col(id(backend, name));
        }
        for name in ["team_id", "party_id", "coach_id"] {
            enrolment.col(id(backend, name));
        }
        enrolment
            .col(column("is_open").boolean())
            .col(column("revision").big_integer())
            .col(column("created_sequence").big_integer())
            .col(column("sequence").big_integer())
            .foreign_key(&mut refers("enrolment", "referral_id", "referral", "referral_id"));
        manager.create_table(enrolment).await?;
        create_indexes(manager, INDEXES).await?;

        let mut goes_first = Table::alter();
        goes_first.table(Alias::new("referral"));
        goes_first.add_column(column("goes_first").boolean().default(false));
        manager.alter_table(goes_first).await?;
        for sql in PARTIAL_INDEXES {
            connection.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

const INDEXES: &[Index] = &[
    ("enrolment_team", "enrolment", &["federation_id", "party_id", "team_id", "created_sequence"]),
    ("enrolment_coach", "enrolment", &["federation_id", "coach_id", "created_sequence"]),
    ("enrolment_person", "enrolment", &["federation_id", "person_id", "created_sequence"]),
    ("enrolment_referral", "enrolment", &["federation_id", "referral_id"]),
];

/// What goes on, and what is known now, is a small part of what there is.
const PARTIAL_INDEXES: &[&str] = &[
    "CREATE INDEX enrolment_open ON enrolment \
         (federation_id, party_id, team_id, created_sequence) WHERE is_open",
    "CREATE INDEX case_fact_queue ON case_fact \
         (federation_id, team_id, municipality_id, queue_end, queue_first) \
     WHERE known_to = 9223372036854775807 AND queue_first IS NOT NULL",
    "CREATE INDEX case_fact_enrolled ON case_fact \
         (federation_id, team_id, enrolled_end, enrolled_first) \
     WHERE known_to = 9223372036854775807 AND enrolled_first IS NOT NULL",
];
