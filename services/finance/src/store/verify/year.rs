//! What must hold of years: their accounts, their contributions, and what was
//! paid and spent in them.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Slug,
    name::{ContributionPaymentName, FinancialYearName, OwnCostName, PartyName},
};

use super::{Reading, by_name};
use crate::{
    domain::{
        budget::{Budget, forecast::Forecast},
        contribution::{Decision, payment::Payment},
        financial_year::FinancialYear,
        own_cost::OwnCost,
    },
    store::{
        bound::Bound, budget, contribution, financial_year, ledger::balances::accounts_of_grants,
        own_cost, slug,
    },
};

/// Where the journal has the close of any year; the federation's place is filled
/// in.
const CLOSES: &str = "SELECT sequence FROM journal WHERE federation_id = {federation_id} \
                      AND kind = 'financial_year.closed'";

/// Years whose accounts do not sum to zero.
pub(crate) async fn unbalanced(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<String>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let of_grants = accounts_of_grants(&mut bound);
    let sql = format!(
        "SELECT year, CAST(SUM(amount_ore) AS bigint) AS sum_ore FROM posting \
         WHERE federation_id = {federation_id} AND account NOT IN ({of_grants}) \
         GROUP BY year HAVING SUM(amount_ore) <> 0 ORDER BY year"
    );
    let problem = |row: &QueryResult| -> Result<String, DbErr> {
        let year: i32 = row.try_get("", "year")?;
        let sum: i64 = row.try_get("", "sum_ore")?;
        Ok(format!(
            "ledger of federations/{federation}, year {year}: its accounts sum to {sum} öre; they were \
             to sum to 0"
        ))
    };
    bound.query(connection, sql).await?.iter().map(problem).collect()
}

/// Postings that were recorded in a year after its close.
pub(crate) async fn posted_late(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<String>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let years = FinancialYearName::COLLECTION;
    let sql = format!(
        "SELECT DISTINCT p.sequence AS sequence, p.year AS year FROM financial_year f \
         JOIN journal j ON j.federation_id = f.federation_id AND j.kind = 'financial_year.closed' \
             AND j.subject = 'federations/' || f.federation_id || '/{years}/' || f.year \
         JOIN posting p ON p.federation_id = f.federation_id AND p.year <= f.year \
             AND p.sequence > j.sequence \
         WHERE f.federation_id = {federation_id} ORDER BY p.sequence"
    );
    let problem = |row: &QueryResult| -> Result<String, DbErr> {
        let sequence: i64 = row.try_get("", "sequence")?;
        let year: i32 = row.try_get("", "year")?;
        Ok(format!(
            "ledger of federations/{federation}, sequence {sequence}: it is booked in {year}, which was \
             closed before"
        ))
    };
    bound.query(connection, sql).await?.iter().map(problem).collect()
}

/// Parties that have paid more than is agreed, or whose agreed contribution is
/// not what the ledger has.
pub(crate) async fn standings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<String>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let closes = CLOSES.replace("{federation_id}", &federation_id);
    let sql = format!(
        "SELECT year, party_id, CAST(SUM(agreed_ore) AS bigint) AS agreed_ore, \
             CAST(SUM(paid_ore) AS bigint) AS paid_ore, CAST(SUM(posted_ore) AS bigint) AS posted_ore \
         FROM (SELECT d.year AS year, s.party_id AS party_id, s.amount_ore AS agreed_ore, \
                 0 AS paid_ore, 0 AS posted_ore \
             FROM contribution_decision d JOIN contribution_share s \
                 ON s.federation_id = d.federation_id \
                 AND s.contribution_decision_id = d.contribution_decision_id \
             WHERE d.federation_id = {federation_id} AND d.version = (SELECT MAX(l.version) \
                 FROM contribution_decision l \
                 WHERE l.federation_id = d.federation_id AND l.year = d.year) \
             UNION ALL SELECT year, party_id, 0, amount_ore, 0 FROM contribution_payment \
             WHERE federation_id = {federation_id} \
             UNION ALL SELECT year, party_id, 0, 0, -amount_ore FROM posting \
             WHERE federation_id = {federation_id} AND account = 'contributions' \
                 AND sequence NOT IN ({closes})) AS standing \
         GROUP BY year, party_id HAVING SUM(paid_ore) < 0 OR SUM(paid_ore) > SUM(agreed_ore) \
             OR SUM(posted_ore) <> SUM(agreed_ore) ORDER BY year, party_id"
    );
    let problem = |row: &QueryResult| -> Result<String, DbErr> {
        let year: i32 = row.try_get("", "year")?;
        let party = slug("party_id", &row.try_get::<String>("", "party_id")?)?;
        let party = PartyName::new(federation.clone(), party);
        let ore = |column: &str| row.try_get::<i64>("", column);
        let (agreed, paid, posted) = (ore("agreed_ore")?, ore("paid_ore")?, ore("posted_ore")?);
        Ok(format!(
            "{party}: for {year} it has agreed to {agreed} öre and paid {paid} öre; the ledger has \
             {posted} öre agreed"
        ))
    };
    bound.query(connection, sql).await?.iter().map(problem).collect()
}

/// Payments and own costs that the ledger does not have as they are.
pub(crate) async fn unposted(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<String>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let without = |table: &str, day: &str, account: &str| {
        format!(
            "SELECT '{table}' AS what, t.{table}_id AS id FROM {table} t LEFT JOIN posting p \
                 ON p.federation_id = t.federation_id AND p.sequence = t.created_sequence \
                 AND p.account = '{account}' AND p.amount_ore = t.amount_ore AND p.day = t.{day} \
             WHERE t.federation_id = {federation_id} AND p.line IS NULL"
        )
    };
    let sql = format!(
        "{} UNION ALL {} ORDER BY what, id",
        without("contribution_payment", "payment_date", "bank"),
        without("own_cost", "day", "own_costs")
    );
    let problem = |row: &QueryResult| -> Result<String, DbErr> {
        let id = slug("id", &row.try_get::<String>("", "id")?)?;
        let name = match row.try_get::<String>("", "what")?.as_str() {
            "own_cost" => OwnCostName::new(federation.clone(), id).to_string(),
            _ => ContributionPaymentName::new(federation.clone(), id).to_string(),
        };
        Ok(format!("{name}: the ledger does not have it as it is"))
    };
    bound.query(connection, sql).await?.iter().map(problem).collect()
}

/// Every year.
pub(crate) async fn years(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Reading<FinancialYear>>, DbErr> {
    Ok(by_name(financial_year::readings(connection, federation).await?))
}

/// Every decision on contributions.
pub(crate) async fn contribution_decisions(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Reading<Decision>>, DbErr> {
    Ok(by_name(contribution::readings(connection, federation).await?))
}

/// Every payment of a contribution.
pub(crate) async fn contribution_payments(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Reading<Payment>>, DbErr> {
    Ok(by_name(contribution::payment::readings(connection, federation).await?))
}

/// Every budget.
pub(crate) async fn budgets(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Reading<Budget>>, DbErr> {
    Ok(by_name(budget::readings(connection, federation).await?))
}

/// Every forecast of the office.
pub(crate) async fn budget_forecasts(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Reading<Forecast>>, DbErr> {
    Ok(by_name(budget::forecast::readings(connection, federation).await?))
}

/// Every cost of the federation itself.
pub(crate) async fn own_costs(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Reading<OwnCost>>, DbErr> {
    Ok(by_name(own_cost::readings(connection, federation).await?))
}
