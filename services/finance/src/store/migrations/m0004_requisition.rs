//! The files of requisitions, and what is claimed back of them.
//!
//! A content is kept once, under its hash, and is never changed: what was sent in
//! stays in the record, also when a file is taken off.

use platform::{
    journal::migration::append_only,
    schema::{Index, column, create_indexes, id, refers, table},
};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    prelude::{Alias, ForeignKey},
    sea_query::{Expr, TableCreateStatement},
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_requisition"
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
            attachment_content(backend),
            attachment(backend),
            recovery(backend),
            recovery_cost_line(backend),
            recovery_step(backend),
        ] {
            manager.create_table(table).await?;
        }
        create_indexes(manager, INDEXES).await?;
        for table in ["attachment_content", "recovery_cost_line", "recovery_step"] {
            append_only(manager, table).await?;
        }
        Ok(())
    }
}

const INDEXES: &[Index] = &[
    ("recovery_requisition", "recovery", &["federation_id", "requisition_id", "created_sequence"]),
    ("recovery_created", "recovery", &["federation_id", "created_sequence"]),
    ("recovery_party_created", "recovery", &["federation_id", "party_id", "created_sequence"]),
];

fn attachment_content(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("attachment_content", &["federation_id", "sha256"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "sha256"))
        .col(column("content").blob());
    table
}

fn attachment(backend: DbBackend) -> TableCreateStatement {
    let key = ["federation_id", "requisition_id", "attachment_id"];
    let mut table = table("attachment", &key);
    let (federation, sha256) = (Alias::new("federation_id"), Alias::new("sha256"));
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "requisition_id"))
        .col(id(backend, "attachment_id"))
        .col(column("place").integer())
        .col(column("file_name").text())
        .col(column("media_type").text())
        .col(column("size_bytes").big_integer())
        .col(id(backend, "sha256"))
        .foreign_key(&mut refers("attachment", "requisition"))
        .foreign_key(
            ForeignKey::create()
                .name("attachment_content_of")
                .from(Alias::new("attachment"), (federation.clone(), sha256.clone()))
                .to(Alias::new("attachment_content"), (federation, sha256)),
        );
    table
}

fn recovery(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("recovery", &["federation_id", "recovery_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "recovery_id"))
        .col(id(backend, "requisition_id"))
        .col(id(backend, "party_id"))
        .col(column("reason").text())
        .col(column("dnr").text())
        .col(column("amount_ore").big_integer())
        .col(id(backend, "state"))
        .col(column("settlement_date").date().null())
        .col(column("bank_reference").text())
        .col(column("created_sequence").big_integer())
        .check(Expr::cust("amount_ore > 0"))
        .foreign_key(&mut refers("recovery", "requisition"));
    table
}

fn recovery_cost_line(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("recovery_cost_line", &["federation_id", "recovery_id", "line"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "recovery_id"))
        .col(column("line").integer())
        .col(id(backend, "kind"))
        .col(column("description").text())
        .col(column("fte_percent").integer())
        .col(column("amount_ore").big_integer())
        .foreign_key(&mut refers("recovery_cost_line", "recovery"));
    table
}

fn recovery_step(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("recovery_step", &["federation_id", "recovery_id", "step"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "recovery_id"))
        .col(column("step").integer())
        .col(id(backend, "state"))
        .col(id(backend, "actor_id"))
        .col(column("taken_at").timestamp_with_time_zone())
        .col(column("comment").text())
        .foreign_key(&mut refers("recovery_step", "recovery"));
    table
}
