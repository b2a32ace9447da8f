//! Whether the party that a fact of those who are gone is of owned the record when the case
//! went: the answers of somebody who had moved away by then are nothing that it is told.

use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0014_owned_fact"
    }
}

/// Of the rows that are there nobody can say whose they were. A party that a case went of
/// which another one owned by then is not told the answers that are left in the team;
/// everybody else is, as before.
const OWNED: &str = "UPDATE disposed_fact SET is_owned = TRUE WHERE NOT EXISTS (SELECT 1 \
    FROM case_fact f JOIN disposed d ON d.federation_id = f.federation_id \
        AND d.collection = 'referrals' AND d.id = f.case_id \
    WHERE f.federation_id = disposed_fact.federation_id \
        AND f.party_id = disposed_fact.party_id AND f.team_id = disposed_fact.team_id \
        AND d.party_id <> f.party_id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let add = "ALTER TABLE disposed_fact ADD COLUMN is_owned boolean NOT NULL DEFAULT FALSE";
        connection.execute_unprepared(add).await?;
        connection.execute_unprepared(OWNED).await?;
        Ok(())
    }
}
