//! Templates, reports, their chapters and comments. Each table is an index over the
//! journal.

use platform::schema::{Index, column, create_indexes, id, table};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager, sea_query::TableCreateStatement,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_report"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_connection().get_database_backend();
        for table in [template(backend), report(backend), chapter(backend), comment(backend)] {
            manager.create_table(table).await?;
        }
        create_indexes(manager, INDEXES).await
    }
}

/// What a list is narrowed to, besides the primary keys.
const INDEXES: &[Index] = &[
    ("report_period", "report", &["federation_id", "period_id", "subject", "report_id"]),
    ("report_subject", "report", &["federation_id", "subject", "report_id"]),
];

/// A template never changes: it is in the journal once.
fn template(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("report_template", &["federation_id", "template_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "template_id"))
        .col(column("sequence").big_integer());
    table
}

fn report(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("report", &["federation_id", "report_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "report_id"))
        .col(id(backend, "period_id"))
        .col(id(backend, "subject"))
        .col(id(backend, "state"))
        .col(column("revision").integer());
    in_journal(table)
}

fn chapter(backend: DbBackend) -> TableCreateStatement {
    let key = ["federation_id", "report_id", "section", "subject_id"];
    let mut table = table("report_chapter", &key);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "report_id"))
        .col(id(backend, "section"))
        .col(id(backend, "subject_id"))
        .col(column("revision").integer());
    in_journal(table)
}

fn comment(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("report_comment", &["federation_id", "report_id", "comment_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "report_id"))
        .col(id(backend, "comment_id"))
        .col(id(backend, "subject"))
        .col(column("is_open").boolean())
        .col(column("revision").integer());
    in_journal(table)
}

/// Where the journal has a row.
fn in_journal(mut table: TableCreateStatement) -> TableCreateStatement {
    table.col(column("created_sequence").big_integer()).col(column("sequence").big_integer());
    table
}
