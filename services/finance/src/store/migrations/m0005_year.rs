//! What a year is made of: contributions and their payments, limits for equity,
//! budgets with forecasts, and the federation's own costs.

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
        "m0005_year"
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
            contribution_decision(backend),
            contribution_share(backend),
            contribution_payment(backend),
            equity_limit(backend),
            budget(backend),
            budget_row(backend),
            budget_forecast(backend),
            own_cost(backend),
        ] {
            manager.create_table(table).await?;
        }
        create_indexes(manager, INDEXES).await?;
        for table in APPEND_ONLY {
            append_only(manager, table).await?;
        }
        Ok(())
    }
}

/// What is recorded once and never edited.
const APPEND_ONLY: &[&str] = &[
    "contribution_decision",
    "contribution_share",
    "contribution_payment",
    "budget",
    "budget_row",
    "budget_forecast",
    "own_cost",
];

const INDEXES: &[Index] = &[
    ("contribution_decision_year", "contribution_decision", &["federation_id", "year", "version"]),
    (
        "contribution_decision_created",
        "contribution_decision",
        &["federation_id", "created_sequence"],
    ),
    (
        "contribution_payment_year",
        "contribution_payment",
        &["federation_id", "year", "party_id", "amount_ore"],
    ),
    (
        "contribution_payment_created",
        "contribution_payment",
        &["federation_id", "created_sequence"],
    ),
    ("budget_year", "budget", &["federation_id", "year", "version"]),
    ("budget_created", "budget", &["federation_id", "created_sequence"]),
    (
        "budget_forecast_year",
        "budget_forecast",
        &["federation_id", "year", "area", "created_sequence"],
    ),
    ("own_cost_day", "own_cost", &["federation_id", "day", "area", "amount_ore"]),
    ("own_cost_created", "own_cost", &["federation_id", "created_sequence"]),
];

/// Decisions on what the parties pay; the last of a year is in force.
fn contribution_decision(backend: DbBackend) -> TableCreateStatement {
    let key = ["federation_id", "contribution_decision_id"];
    let mut table = table("contribution_decision", &key);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "contribution_decision_id"))
        .col(column("year").integer())
        .col(column("version").integer())
        .col(column("total_ore").big_integer())
        .col(column("dnr").text())
        .col(column("decision_date").date())
        .col(column("deciding_body").text())
        .col(column("synthetic").boolean())
        .col(column("created_sequence").big_integer());
    table
}

fn contribution_share(backend: DbBackend) -> TableCreateStatement {
    let key = ["federation_id", "contribution_decision_id", "line"];
    let mut table = table("contribution_share", &key);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "contribution_decision_id"))
        .col(column("line").integer())
        .col(id(backend, "party_id"))
        .col(id(backend, "contribution_group"))
        .col(column("weight").big_integer())
        .col(column("amount_ore").big_integer())
        .check(Expr::cust("amount_ore >= 0"))
        .foreign_key(&mut refers("contribution_share", "contribution_decision"));
    table
}

fn contribution_payment(backend: DbBackend) -> TableCreateStatement {
    let key = ["federation_id", "contribution_payment_id"];
    let mut table = table("contribution_payment", &key);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "contribution_payment_id"))
        .col(column("year").integer())
        .col(id(backend, "party_id"))
        .col(column("amount_ore").big_integer())
        .col(column("payment_date").date())
        .col(column("bank_reference").text())
        .col(column("comment").text())
        .col(column("synthetic").boolean())
        .col(column("created_sequence").big_integer())
        .check(Expr::cust("amount_ore <> 0"));
    table
}

/// The limits in force of each year; entered whole.
fn equity_limit(backend: DbBackend) -> TableCreateStatement {
    let mut of_year = ForeignKey::create();
    let key = (Alias::new("federation_id"), Alias::new("year"));
    of_year
        .name("equity_limit_financial_year")
        .from(Alias::new("equity_limit"), key.clone())
        .to(Alias::new("financial_year"), key);
    let mut table = table("equity_limit", &["federation_id", "year", "line"]);
    table
        .col(id(backend, "federation_id"))
        .col(column("year").integer())
        .col(column("line").integer())
        .col(column("above_percent").integer())
        .col(column("state_reduction_percent").integer())
        .col(column("consequence").text())
        .foreign_key(&mut of_year);
    table
}

/// Budgets; the last of a year is in force.
fn budget(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("budget", &["federation_id", "budget_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "budget_id"))
        .col(column("year").integer())
        .col(column("version").integer())
        .col(column("dnr").text())
        .col(column("decision_date").date())
        .col(column("deciding_body").text())
        .col(column("synthetic").boolean())
        .col(column("created_sequence").big_integer());
    table
}

fn budget_row(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("budget_row", &["federation_id", "budget_id", "line"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "budget_id"))
        .col(column("line").integer())
        .col(id(backend, "area"))
        .col(column("title").text())
        .col(column("amount_ore").big_integer())
        .col(id(backend, "recipient_id").null())
        .foreign_key(&mut refers("budget_row", "budget"))
        .foreign_key(&mut refers("budget_row", "recipient"));
    table
}

/// What the office expects; the last of a year and area is in force.
fn budget_forecast(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("budget_forecast", &["federation_id", "budget_forecast_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "budget_forecast_id"))
        .col(column("year").integer())
        .col(id(backend, "area"))
        .col(column("day").date())
        .col(column("forecast_ore").big_integer())
        .col(column("measures").text())
        .col(column("synthetic").boolean())
        .col(column("created_sequence").big_integer());
    table
}

/// What the federation itself costs.
fn own_cost(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("own_cost", &["federation_id", "own_cost_id"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "own_cost_id"))
        .col(id(backend, "area"))
        .col(column("amount_ore").big_integer())
        .col(column("day").date())
        .col(column("description").text())
        .col(column("reference").text())
        .col(column("synthetic").boolean())
        .col(column("created_sequence").big_integer())
        .check(Expr::cust("amount_ore <> 0"));
    table
}
