//! Roles with days, and who granted them and took them back; whose an account is; the
//! codes of first sign-ins.

use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_role_grants"
    }
}

/// Both databases read these as they stand. The roles given at the creation of an account
/// are taken over as granted by the operator, for good. Nothing of this version reads
/// `account_role`; processes of the one before do until they stop.
const STATEMENTS: [&str; 6] = [
    "ALTER TABLE account ADD COLUMN party_id TEXT",
    "CREATE TABLE role_grant (
        federation_id TEXT NOT NULL,
        role_grant_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        role TEXT NOT NULL,
        scope TEXT NOT NULL,
        first_day DATE NOT NULL,
        last_day DATE,
        reason TEXT NOT NULL,
        grantor TEXT NOT NULL,
        granted_at_us BIGINT NOT NULL,
        revoker TEXT,
        revoked_at_us BIGINT,
        revocation_reason TEXT,
        PRIMARY KEY (federation_id, role_grant_id),
        CHECK ((revoker IS NULL) = (revoked_at_us IS NULL)),
        CHECK ((revoker IS NULL) = (revocation_reason IS NULL)),
        FOREIGN KEY (federation_id, account_id) REFERENCES account (federation_id, id))",
    "CREATE INDEX role_grant_account ON role_grant (federation_id, account_id)",
    "CREATE INDEX role_grant_scope ON role_grant (federation_id, scope)",
    "CREATE TABLE invitation (
        federation_id TEXT NOT NULL,
        account_id TEXT NOT NULL,
        code_hash TEXT NOT NULL,
        expires_at_s BIGINT NOT NULL,
        PRIMARY KEY (federation_id, account_id),
        FOREIGN KEY (federation_id, account_id) REFERENCES account (federation_id, id))",
    "INSERT INTO role_grant (federation_id, role_grant_id, account_id, role, scope,
        first_day, reason, grantor, granted_at_us)
     SELECT r.federation_id,
        'first-' || ROW_NUMBER() OVER (ORDER BY r.federation_id, r.account_id, r.role, r.scope),
        r.account_id, r.role, r.scope,
        '1970-01-01', '', 'federations/' || r.federation_id || '/accounts/operator',
        COALESCE((SELECT MIN(j.recorded_at_us) FROM journal j
            WHERE j.federation_id = r.federation_id AND j.kind = 'account.created'
            AND j.subject = 'federations/' || r.federation_id || '/accounts/' || r.account_id), 0)
     FROM account_role r",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in STATEMENTS {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
