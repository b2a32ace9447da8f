//! Recipients, grants, requisitions and the ledger.
//!
//! The database itself holds what must never break: no balance below zero, a
//! grant's parts equal to what was granted, and a ledger and steps that nobody
//! can edit.

use platform::{
    journal::migration::append_only,
    schema::{Index, column, create_indexes, id, refers, table},
};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    sea_query::{Expr, TableCreateStatement},
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_money"
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
            recipient(backend),
            grant(backend),
            requisition(backend),
            requisition_cost_line(backend),
            requisition_step(backend),
            posting(backend),
        ] {
            manager.create_table(table).await?;
        }
        create_indexes(manager, INDEXES).await?;
        append_only(manager, "requisition_step").await?;
        append_only(manager, "posting").await
    }
}

const INDEXES: &[Index] = &[
    ("grant_first_day", "grant", &["federation_id", "first_day"]),
    ("requisition_claim", "requisition", &["federation_id", "grant_id", "party_id", "state"]),
    ("requisition_created", "requisition", &["federation_id", "created_sequence"]),
    (
        "requisition_party_created",
        "requisition",
        &["federation_id", "party_id", "created_sequence"],
    ),
    (
        "posting_grant",
        "posting",
        &["federation_id", "grant_id", "account", "effective_day", "amount_ore"],
    ),
];

fn recipient(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("recipient", &["federation_id", "recipient_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "recipient_id"))
        .col(column("display_name").text())
        .col(id(backend, "team_id").null());
    table
}

fn grant(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("grant", &["federation_id", "grant_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "grant_id"))
        .col(id(backend, "recipient_id"))
        .col(column("first_day").date())
        .col(column("last_day").date())
        .col(column("amount_ore").big_integer())
        .col(column("dnr").text())
        .col(column("decision_date").date())
        .col(column("deciding_body").text())
        .col(column("synthetic").boolean())
        .col(column("left_ore").big_integer())
        .col(column("reserved_ore").big_integer())
        .col(column("requisitioned_ore").big_integer())
        .check(Expr::cust(
            "left_ore >= 0 AND reserved_ore >= 0 AND requisitioned_ore >= 0 \
             AND left_ore + reserved_ore + requisitioned_ore = amount_ore",
        ))
        .foreign_key(&mut refers("grant", "recipient"));
    table
}

fn requisition(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("requisition", &["federation_id", "requisition_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "requisition_id"))
        .col(id(backend, "grant_id"))
        .col(id(backend, "party_id"))
        .col(column("first_day").date())
        .col(column("last_day").date())
        .col(column("payment_reference").text())
        .col(column("synthetic").boolean())
        .col(column("amount_ore").big_integer())
        .col(id(backend, "state"))
        .col(column("created_sequence").big_integer())
        .foreign_key(&mut refers("requisition", "grant"));
    table
}

fn requisition_cost_line(backend: DbBackend) -> TableCreateStatement {
    let key = ["federation_id", "requisition_id", "line"];
    let mut table = table("requisition_cost_line", &key);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "requisition_id"))
        .col(column("line").integer())
        .col(id(backend, "kind"))
        .col(column("description").text())
        .col(column("fte_percent").integer())
        .col(column("amount_ore").big_integer())
        .foreign_key(&mut refers("requisition_cost_line", "requisition"));
    table
}

fn requisition_step(backend: DbBackend) -> TableCreateStatement {
    let key = ["federation_id", "requisition_id", "step"];
    let mut table = table("requisition_step", &key);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "requisition_id"))
        .col(column("step").integer())
        .col(id(backend, "state"))
        .col(id(backend, "actor_id"))
        .col(column("taken_at").timestamp_with_time_zone())
        .col(column("comment").text())
        .foreign_key(&mut refers("requisition_step", "requisition"));
    table
}

/// The ledger. Every sequence of the journal that moves money has two lines
/// here, which sum to zero.
fn posting(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("posting", &["federation_id", "sequence", "line"]);
    table
        .col(id(backend, "federation_id"))
        .col(column("sequence").big_integer())
        .col(column("line").integer())
        .col(id(backend, "grant_id"))
        .col(id(backend, "requisition_id").null())
        .col(id(backend, "account"))
        .col(column("effective_day").date())
        .col(column("amount_ore").big_integer())
        .check(Expr::cust("account IN ('board', 'left', 'reserved', 'requisitioned')"))
        .check(Expr::cust("amount_ore <> 0"))
        .foreign_key(&mut refers("posting", "grant"))
        .foreign_key(&mut refers("posting", "requisition"));
    table
}
