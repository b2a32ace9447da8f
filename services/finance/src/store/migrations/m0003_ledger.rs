//! The ledger of years beside the ledger of grants, decisions on grants with
//! versions, sub-projects, and the columns of a whole requisition.
//!
//! What was posted before is divided by kind of cost, and gets the postings on
//! the year's accounts that it has today.

use platform::{
    journal::migration::append_only,
    schema::{Index, column, create_indexes, id, refers, table},
};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    prelude::{Alias, ColumnDef, Table},
    sea_query::{Expr, TableCreateStatement},
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_ledger"
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
        for (table, column) in new_columns(backend) {
            let mut alter = Table::alter();
            alter.table(Alias::new(table)).add_column(column);
            manager.alter_table(alter).await?;
        }
        connection
            .execute_unprepared(
                "UPDATE requisition SET revision = (SELECT COUNT(*) FROM requisition_step s \
                 WHERE s.federation_id = requisition.federation_id \
                     AND s.requisition_id = requisition.requisition_id)",
            )
            .await?;
        manager.create_table(grant_decision(backend)).await?;
        manager.create_table(financial_year(backend)).await?;
        connection.execute_unprepared(&first_decisions(backend)).await?;
        manager.create_table(posting(backend)).await?;
        connection.execute_unprepared(&old_postings(backend)).await?;
        connection.execute_unprepared("DROP TABLE posting").await?;
        connection.execute_unprepared("ALTER TABLE ledger RENAME TO posting").await?;
        create_indexes(manager, INDEXES).await?;
        append_only(manager, "grant_decision").await?;
        append_only(manager, "posting").await
    }
}

const INDEXES: &[Index] = &[
    (
        "posting_year",
        "posting",
        &[
            "federation_id",
            "year",
            "account",
            "grant_id",
            "day",
            "amount_ore",
            "party_id",
            "cost_kind",
        ],
    ),
    ("requisition_corrects", "requisition", &["federation_id", "corrects_id"]),
    ("grant_parent", "grant", &["federation_id", "parent_grant_id"]),
];

fn new_columns(backend: DbBackend) -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("grant", column("allotted_ore").big_integer().default(0).to_owned()),
        ("grant", column("lapsed_ore").big_integer().default(0).to_owned()),
        ("grant", column("version").integer().default(1).to_owned()),
        ("grant", id(backend, "parent_grant_id").null().to_owned()),
        ("requisition", column("revision").integer().default(0).to_owned()),
        ("requisition", id(backend, "corrects_id").null().to_owned()),
        ("requisition", column("organisation_number").text().default("").to_owned()),
        ("requisition", column("dnr").text().default("").to_owned()),
        ("requisition", column("forecast_rest_ore").big_integer().null().to_owned()),
        ("requisition", column("earlier_requisitioned_ore").big_integer().default(0).to_owned()),
        ("requisition", column("payment_date").date().null().to_owned()),
        ("requisition", column("bank_reference").text().default("").to_owned()),
    ]
}

/// Every decision on a grant; the grant has the one in force.
fn grant_decision(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("grant_decision", &["federation_id", "grant_id", "version"]);
    table
        .col(id(backend, "federation_id"))
        .col(id(backend, "grant_id"))
        .col(column("version").integer())
        .col(column("first_day").date())
        .col(column("last_day").date())
        .col(column("amount_ore").big_integer())
        .col(column("dnr").text())
        .col(column("decision_date").date())
        .col(column("deciding_body").text())
        .col(column("reason").text())
        .col(id(backend, "actor_id"))
        .col(column("recorded_at").timestamp_with_time_zone())
        .foreign_key(&mut refers("grant_decision", "grant"));
    table
}

/// The federation's years; nothing is posted in a closed one.
fn financial_year(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("financial_year", &["federation_id", "year"]);
    table
        .col(id(backend, "federation_id"))
        .col(column("year").integer())
        .col(column("is_closed").boolean())
        .col(column("opening_equity_ore").big_integer())
        .col(column("opening_dnr").text())
        .col(column("opening_decision_date").date().null())
        .col(column("opening_deciding_body").text())
        .col(column("closing_dnr").text())
        .col(column("closing_decision_date").date().null())
        .col(column("closing_deciding_body").text())
        .col(column("contributions_ore").big_integer())
        .col(column("initiatives_ore").big_integer())
        .col(column("own_costs_ore").big_integer())
        .col(column("closing_equity_ore").big_integer())
        .col(column("lapsed_ore").big_integer())
        .col(column("unpaid_ore").big_integer())
        .col(column("outstanding_ore").big_integer())
        .col(column("revision").integer())
        .col(column("synthetic").boolean());
    table
}

/// The ledger: every sequence of the journal that moves money has its voucher
/// here.
fn posting(backend: DbBackend) -> TableCreateStatement {
    let mut table = table("ledger", &["federation_id", "sequence", "line"]);
    table
        .col(id(backend, "federation_id"))
        .col(column("sequence").big_integer())
        .col(column("line").integer())
        .col(column("year").integer())
        .col(id(backend, "account"))
        .col(id(backend, "grant_id").null())
        .col(id(backend, "party_id").null())
        .col(id(backend, "cost_kind").null())
        .col(column("day").date())
        .col(column("amount_ore").big_integer())
        .check(Expr::cust(
            "account IN ('board', 'left', 'reserved', 'requisitioned', 'allotted', 'lapsed', \
             'contributions', 'receivable', 'bank', 'payable', 'initiatives', 'own_costs', 'equity')",
        ))
        .check(Expr::cust("amount_ore <> 0"))
        .foreign_key(&mut refers("ledger", "grant"));
    table
}

/// The part of an account's name after the last slash, in the journal's column
/// `actor`.
fn actor_id() -> &'static str {
    "REPLACE(j.actor, 'federations/' || j.federation_id || '/accounts/', '')"
}

/// When a row of the journal was recorded.
fn recorded_at(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "to_timestamp(j.recorded_at_us / 1000000.0)",
        _ => "strftime('%Y-%m-%dT%H:%M:%S', j.recorded_at_us / 1000000, 'unixepoch') || '+00:00'",
    }
}

fn first_decisions(backend: DbBackend) -> String {
    format!(
        "INSERT INTO grant_decision (federation_id, grant_id, version, first_day, last_day, \
             amount_ore, dnr, decision_date, deciding_body, reason, actor_id, recorded_at) \
         SELECT g.federation_id, g.grant_id, 1, g.first_day, g.last_day, g.amount_ore, g.dnr, \
             g.decision_date, g.deciding_body, '', {}, {} \
         FROM \"grant\" g JOIN journal j ON j.federation_id = g.federation_id \
             AND j.subject = 'federations/' || g.federation_id || '/grants/' || g.grant_id \
             AND j.kind = 'grant.created'",
        actor_id(),
        recorded_at(backend)
    )
}

/// Everything that was posted, as it would be posted today. A posting of a
/// requisition is divided on its kinds of cost; what was approved is a cost to be
/// paid; what was paid left the bank.
fn old_postings(backend: DbBackend) -> String {
    let (year, paid_year, paid_day) = match backend {
        DbBackend::Postgres => (
            "CAST(EXTRACT(YEAR FROM p.effective_day) AS integer)",
            "CAST(EXTRACT(YEAR FROM to_timestamp(j.recorded_at_us / 1000000.0)) AS integer)",
            "CAST(to_timestamp(j.recorded_at_us / 1000000.0) AS date)",
        ),
        _ => (
            "CAST(strftime('%Y', p.effective_day) AS integer)",
            "CAST(strftime('%Y', j.recorded_at_us / 1000000, 'unixepoch') AS integer)",
            "date(j.recorded_at_us / 1000000, 'unixepoch')",
        ),
    };
    // Old postings have the whole amount of their requisition; `sign` tells to or
    // from.
    let by_kind = "SELECT r.federation_id, r.requisition_id, r.party_id, l.kind, SUM(l.amount_ore) AS ore \
         FROM requisition r JOIN requisition_cost_line l \
             ON l.federation_id = r.federation_id AND l.requisition_id = r.requisition_id \
         GROUP BY r.federation_id, r.requisition_id, r.party_id, l.kind";
    let paid = "SELECT j.federation_id, j.sequence, j.recorded_at_us, r.party_id, r.amount_ore \
         FROM journal j JOIN requisition r ON r.federation_id = j.federation_id \
             AND j.subject = 'federations/' || r.federation_id || '/requisitions/' || r.requisition_id \
         WHERE j.kind = 'requisition.paid'";
    format!(
        "WITH by_kind AS ({by_kind}), paid AS ({paid}), lines AS ( \
             SELECT p.federation_id, p.sequence, 1 AS part, {year} AS year, p.account, p.grant_id, \
                 CAST(NULL AS text) AS party_id, CAST(NULL AS text) AS cost_kind, p.effective_day AS day, \
                 p.amount_ore \
             FROM posting p WHERE p.account IN ('board', 'left') \
             UNION ALL SELECT p.federation_id, p.sequence, 2, {year}, p.account, p.grant_id, k.party_id, \
                 k.kind, p.effective_day, CASE WHEN p.amount_ore < 0 THEN -k.ore ELSE k.ore END \
             FROM posting p JOIN by_kind k ON k.federation_id = p.federation_id \
                 AND k.requisition_id = p.requisition_id \
             WHERE p.account IN ('reserved', 'requisitioned') \
             UNION ALL SELECT p.federation_id, p.sequence, 3, {year}, 'initiatives', p.grant_id, \
                 k.party_id, k.kind, p.effective_day, k.ore \
             FROM posting p JOIN by_kind k ON k.federation_id = p.federation_id \
                 AND k.requisition_id = p.requisition_id WHERE p.account = 'requisitioned' \
             UNION ALL SELECT p.federation_id, p.sequence, 4, {year}, 'payable', NULL, r.party_id, NULL, \
                 p.effective_day, -p.amount_ore \
             FROM posting p JOIN requisition r ON r.federation_id = p.federation_id \
                 AND r.requisition_id = p.requisition_id WHERE p.account = 'requisitioned' \
             UNION ALL SELECT j.federation_id, j.sequence, 5, {paid_year}, 'payable', NULL, j.party_id, \
                 NULL, {paid_day}, j.amount_ore FROM paid j \
             UNION ALL SELECT j.federation_id, j.sequence, 6, {paid_year}, 'bank', NULL, NULL, NULL, \
                 {paid_day}, -j.amount_ore FROM paid j) \
         INSERT INTO ledger (federation_id, sequence, line, year, account, grant_id, party_id, \
             cost_kind, day, amount_ore) \
         SELECT federation_id, sequence, \
             CAST(ROW_NUMBER() OVER (PARTITION BY federation_id, sequence \
                 ORDER BY part, account, amount_ore, cost_kind) AS integer), \
             year, account, grant_id, party_id, cost_kind, day, amount_ore FROM lines"
    )
}
