//! The journal's tables, and the guard that makes a table append-only.

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    prelude::{Alias, ColumnDef, Index, Table},
};

/// Creates the journal. The first migration of every service.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_journal"
    }
}

fn column(name: &str) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    column.not_null();
    column
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let journal = Alias::new("journal");
        let mut table = Table::create();
        table.table(journal.clone());
        for name in ["federation_id", "actor", "client", "rpc", "request_id", "kind", "subject"] {
            table.col(column(name).string());
        }
        for name in ["request_hash", "payload", "salt", "commitment", "previous_hash", "hash"] {
            table.col(column(name).blob());
        }
        table
            .col(column("sequence").big_integer())
            .col(column("recorded_at_us").big_integer())
            .col(column("item").integer())
            .primary_key(
                Index::create().col(Alias::new("federation_id")).col(Alias::new("sequence")),
            );
        manager.create_table(table).await?;

        let mut by_request = Index::create();
        by_request.name("journal_request").table(journal.clone()).unique();
        for name in ["federation_id", "request_id", "client", "item"] {
            by_request.col(Alias::new(name));
        }
        manager.create_index(by_request).await?;
        let mut by_subject = Index::create();
        by_subject.name("journal_subject").table(journal);
        for name in ["federation_id", "subject", "sequence"] {
            by_subject.col(Alias::new(name));
        }
        manager.create_index(by_subject).await?;

        let mut head = Table::create();
        head.table(Alias::new("journal_head"))
            .col(column("federation_id").string().primary_key())
            .col(column("sequence").big_integer())
            .col(column("hash").blob());
        manager.create_table(head).await?;
        append_only(manager, "journal").await
    }
}

/// Lets PostgreSQL compare the journal's ids byte by byte, as it does those of all other
/// tables: a comparison by another collation finds no use for an index, so that whatever
/// was joined with the journal went through all of it.
pub struct ByteOrder;

impl MigrationName for ByteOrder {
    fn name(&self) -> &'static str {
        "m0001_journal_byte_order"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for ByteOrder {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        // SQLite compares so as it is.
        if connection.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let ids = ["federation_id", "actor", "client", "rpc", "request_id", "kind", "subject"];
        for (table, columns) in [("journal", ids.as_slice()), ("journal_head", &["federation_id"])]
        {
            let alter = |column: &&str| format!("ALTER {column} TYPE varchar COLLATE \"C\"");
            let altered: Vec<String> = columns.iter().map(alter).collect();
            let sql = format!("ALTER TABLE {table} {}", altered.join(", "));
            connection.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

/// Makes the database itself refuse to change or delete rows of a table.
///
/// # Errors
/// When the database refuses the guard.
pub async fn append_only(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    match connection.get_database_backend() {
        DbBackend::Postgres => {
            connection
                .execute_unprepared(&format!(
                    "CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
                     $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
                ))
                .await?;
            connection
                .execute_unprepared(&format!(
                    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} \
                     FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
                ))
                .await?;
        }
        _ => {
            for operation in ["UPDATE", "DELETE"] {
                connection
                    .execute_unprepared(&format!(
                        "CREATE TRIGGER {table}_no_{operation} BEFORE {operation} ON {table} \
                         BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                    ))
                    .await?;
            }
        }
    }
    Ok(())
}
