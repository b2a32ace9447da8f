//! What the facts of a party's people in a team are found by, as one short column, and the
//! indexes that counts are made from over it: an index entry without texts before what is
//! counted is gone through in half the time.

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, Statement, Value};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::store::fact::party_team;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0013_party_team"
    }
}

/// What is known now has every column that is counted by, so that a count reads nothing
/// else. The half-year's figures read the first of these alone, which is short on purpose.
const PRESENT: [&str; 2] = [
    "CREATE INDEX case_fact_figures ON case_fact (party_team, enrolled_end, enrolled_first, \
     outcome, sex, age, is_new, municipality_id) WHERE known_to = 9223372036854775807",
    "CREATE INDEX case_fact_counted ON case_fact (party_team, queue_end, queue_first, referred, \
     sex, age, referring_kind, livelihood, enrolled_end, enrolled_first, outcome, \
     livelihood_after, is_new, municipality_id, sender_id) WHERE known_to = 9223372036854775807",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let backend = connection.get_database_backend();
        let column = match backend {
            DbBackend::Postgres => "uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000'",
            _ => "blob NOT NULL DEFAULT x'00'",
        };
        let add = format!("ALTER TABLE case_fact ADD COLUMN party_team {column}");
        connection.execute_unprepared(&add).await?;
        let pairs = "SELECT DISTINCT federation_id, party_id, team_id FROM case_fact";
        for row in connection.query_all_raw(Statement::from_string(backend, pairs)).await? {
            let id = |column: &str| row.try_get::<String>("", column);
            let (federation, party, team) = (id("federation_id")?, id("party_id")?, id("team_id")?);
            let fill = "UPDATE case_fact SET party_team = $1 \
                        WHERE federation_id = $2 AND party_id = $3 AND team_id = $4";
            let found_by = party_team(&federation, &party, &team);
            let values: [Value; 4] =
                [found_by.into(), federation.into(), party.into(), team.into()];
            connection.execute_raw(Statement::from_sql_and_values(backend, fill, values)).await?;
        }
        for index in ["case_fact_figures", "case_fact_counted"] {
            connection.execute_unprepared(&format!("DROP INDEX {index}")).await?;
        }
        for index in PRESENT {
            connection.execute_unprepared(index).await?;
        }
        Ok(())
    }
}
