//! Staffing, the account plan, and the index that finds requisitions by their
//! last day.

use platform::schema::{Index, column, create_indexes, id, table};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    sea_query::{Expr, TableCreateStatement},
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_follow_up"
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
            staffing_financing(backend),
            account_plan(backend),
            account_plan_account(backend),
            account_plan_code(backend),
        ] {
            manager.create_table(table).await?;
        }
        create_indexes(manager, INDEXES).await
    }
}

const INDEXES: &[Index] = &[
    (
        // With all that the parties' forecasts are read from.
        "requisition_last_day",
        "requisition",
        &[
            "federation_id",
            "last_day",
            "state",
            "corrects_id",
            "grant_id",
            "party_id",
            "created_sequence",
            "forecast_rest_ore",
        ],
    ),
    ("requisition_payment", "requisition", &["federation_id", "state", "payment_date"]),
    ("staffing_place", "staffing_financing", &["federation_id", "municipality_id", "title"]),
];

fn staffing_financing(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("staffing_financing", &["federation_id", "staffing_financing_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "staffing_financing_id"))
        .col(id(backend, "municipality_id").null())
        .col(column("title").text())
        .col(column("first_day").date())
        .col(column("last_day").date().null())
        .col(column("by_municipality_percent").integer())
        .col(column("by_federation_percent").integer())
        .col(column("synthetic").boolean())
        .col(column("revision").integer())
        .check(Expr::cust(
            "by_municipality_percent >= 0 AND by_federation_percent >= 0 \
             AND by_municipality_percent + by_federation_percent > 0 \
             AND (municipality_id IS NOT NULL OR by_municipality_percent = 0) \
             AND (last_day IS NULL OR last_day >= first_day)",
        ));
    table
}

fn account_plan(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("account_plan", &["federation_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(column("party_dimension").integer().null())
        .col(column("voucher_series").text())
        .col(column("revision").integer());
    table
}

fn account_plan_account(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("account_plan_account", &["federation_id", "line"]);
    table
        .col(id(backend, "federation_id"))
        .col(column("line").integer())
        .col(id(backend, "account"))
        .col(id(backend, "cost_kind").null())
        .col(column("number").text())
        .col(column("title").text());
    table
}

/// The codes of parties, recipients and grants.
fn account_plan_code(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("account_plan_code", &["federation_id", "kind", "line"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "kind"))
        .col(column("line").integer())
        .col(id(backend, "subject_id"))
        .col(column("code").text())
        .check(Expr::cust("kind IN ('party', 'recipient', 'grant')"));
    table
}
