//! The check of the whole database: what must hold between the ledger, the
//! balances and the states. The one place that looks across federations.

pub(crate) mod year;

use std::{collections::BTreeMap, fmt::Display};

use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Slug,
    name::{GrantName, RecoveryName, RequisitionName},
};

use super::{account_plan, bound::Bound, grant, recipient, requisition, slug, staffing_financing};
use crate::domain::{
    account_plan::AccountPlan,
    grant::Grant,
    ledger::Account,
    recipient::Recipient,
    recovery::{self, Recovery},
    requisition::{Requisition, State},
    staffing_financing::StaffingFinancing,
};

/// A row by name, as far as it makes a value.
pub(crate) type Reading<T> = (String, Result<T, DbErr>);

/// Every federation that anything is kept of.
pub(crate) async fn federations(connection: &impl ConnectionTrait) -> Result<Vec<Slug>, DbErr> {
    let tables = [
        "journal_head",
        "recipient",
        "\"grant\"",
        "requisition",
        "posting",
        "financial_year",
        "contribution_decision",
        "contribution_payment",
        "budget",
        "budget_forecast",
        "own_cost",
        "staffing_financing",
        "account_plan",
    ];
    let of_each = tables.map(|table| format!("SELECT federation_id FROM {table}"));
    let sql = format!("{} ORDER BY federation_id", of_each.join(" UNION "));
    let rows = Bound::new().query(connection, sql).await?;
    let value =
        |row: &QueryResult| slug("federation_id", &row.try_get::<String>("", "federation_id")?);
    rows.iter().map(value).collect()
}

/// Sequences of the journal whose postings do not sum to zero on the accounts of
/// each grant and on those of each year.
pub(crate) async fn unbalanced(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<String>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let of_grant = Account::ALL.iter().filter(|account| account.is_of_grant());
    let of_grant = bound.bind_all(of_grant.map(|account| account.code()));
    let sql = format!(
        "SELECT p.sequence AS sequence, CAST(SUM(p.amount_ore) AS bigint) AS sum_ore, \
             COUNT(*) AS count FROM ( \
                 SELECT sequence, amount_ore, \
                     CASE WHEN account IN ({of_grant}) THEN grant_id ELSE '' END AS grant_id, \
                     CASE WHEN account IN ({of_grant}) THEN 0 ELSE year END AS year \
                 FROM posting WHERE federation_id = {federation_id}) p \
         GROUP BY p.sequence, p.grant_id, p.year HAVING SUM(p.amount_ore) <> 0 ORDER BY p.sequence"
    );
    let problem = |row: &QueryResult| -> Result<String, DbErr> {
        let sequence: i64 = row.try_get("", "sequence")?;
        let sum: i64 = row.try_get("", "sum_ore")?;
        let count: i64 = row.try_get("", "count")?;
        Ok(format!(
            "ledger of federations/{federation}, sequence {sequence}: its {count} postings sum to {sum} öre; \
             they were to sum to 0"
        ))
    };
    let rows = bound.query(connection, sql).await?;
    rows.iter().map(problem).collect()
}

/// Postings that do not belong to what the journal has recorded at their
/// sequence.
pub(crate) async fn unrecorded(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<String>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let sql = format!(
        "SELECT DISTINCT p.sequence AS sequence FROM posting p \
         LEFT JOIN journal j ON j.federation_id = p.federation_id AND j.sequence = p.sequence \
         WHERE p.federation_id = {federation_id} AND j.subject IS NULL ORDER BY p.sequence"
    );
    let problem = |row: &QueryResult| -> Result<String, DbErr> {
        let sequence: i64 = row.try_get("", "sequence")?;
        Ok(format!(
            "ledger of federations/{federation}, sequence {sequence}: the journal has recorded nothing \
             that its postings belong to"
        ))
    };
    let rows = bound.query(connection, sql).await?;
    rows.iter().map(problem).collect()
}

/// Grants whose balances are not what their postings come to, or break a limit.
pub(crate) async fn grants(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<String>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let accounts = Account::ALL.iter().filter(|account| account.is_of_grant());
    let sums: Vec<String> = accounts.map(|account| sum_on(*account)).collect();
    let sql = format!(
        "SELECT g.grant_id AS grant_id, g.amount_ore AS amount_ore, g.left_ore AS left_ore, \
             g.reserved_ore AS reserved_ore, g.requisitioned_ore AS requisitioned_ore, \
             g.allotted_ore AS allotted_ore, g.lapsed_ore AS lapsed_ore, {} \
         FROM \"grant\" g LEFT JOIN posting p ON p.federation_id = g.federation_id AND p.grant_id = g.grant_id \
         WHERE g.federation_id = {federation_id} \
         GROUP BY g.grant_id, g.amount_ore, g.left_ore, g.reserved_ore, g.requisitioned_ore, \
             g.allotted_ore, g.lapsed_ore \
         ORDER BY g.grant_id",
        sums.join(", ")
    );
    let mut problems = Vec::new();
    for row in &bound.query(connection, sql).await? {
        let id: String = row.try_get("", "grant_id")?;
        let name = GrantName::new(federation.clone(), slug("grant_id", &id)?);
        problems.extend(grant_problems(&name, row)?);
    }
    Ok(problems)
}

fn grant_problems(name: &GrantName, row: &QueryResult) -> Result<Vec<String>, DbErr> {
    let ore = |column: &str| row.try_get::<i64>("", column);
    let own = ore("amount_ore")?;
    let (left, reserved, requisitioned) =
        (ore("left_ore")?, ore("reserved_ore")?, ore("requisitioned_ore")?);
    let (allotted, lapsed) = (ore("allotted_ore")?, ore("lapsed_ore")?);
    let mut problems = Vec::new();
    for (account, balance) in [
        (Account::Board, -(own + allotted + lapsed)),
        (Account::Left, left),
        (Account::Reserved, reserved),
        (Account::Requisitioned, requisitioned),
        (Account::Allotted, allotted),
        (Account::Lapsed, lapsed),
    ] {
        let code = account.code();
        let sum = ore(&format!("sum_{code}_ore"))?;
        if sum != balance {
            problems.push(format!(
                "{name}: {code} is {balance} öre, but its postings sum to {sum} öre"
            ));
        }
    }
    if left < 0 || reserved < 0 || requisitioned < 0 {
        problems.push(format!("{name}: it is overdrawn: {left} öre left"));
    }
    if left + reserved + requisitioned != own {
        problems.push(format!(
            "{name}: {left} left + {reserved} reserved + {requisitioned} requisitioned is not \
             {own} öre of its own"
        ));
    }
    Ok(problems)
}

/// Requisitions whose postings are not what their state says they hold.
pub(crate) async fn holdings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<String>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let sql = format!(
        "SELECT r.requisition_id AS requisition_id, r.state AS state, r.amount_ore AS amount_ore, \
             r.corrects_id AS corrects_id, {}, {} \
         FROM requisition r LEFT JOIN journal j ON j.federation_id = r.federation_id \
             AND j.subject = 'federations/' || r.federation_id || '/requisitions/' || r.requisition_id \
         LEFT JOIN posting p ON p.federation_id = j.federation_id AND p.sequence = j.sequence \
         WHERE r.federation_id = {federation_id} \
         GROUP BY r.requisition_id, r.state, r.amount_ore, r.corrects_id ORDER BY r.requisition_id",
        sum_on(Account::Reserved),
        sum_on(Account::Requisitioned)
    );
    let mut problems = Vec::new();
    for row in &bound.query(connection, sql).await? {
        let id: String = row.try_get("", "requisition_id")?;
        let name = RequisitionName::new(federation.clone(), slug("requisition_id", &id)?);
        let code: String = row.try_get("", "state")?;
        let amount: i64 = row.try_get("", "amount_ore")?;
        let held: (i64, i64) =
            (row.try_get("", "sum_reserved_ore")?, row.try_get("", "sum_requisitioned_ore")?);
        let Some(state) = State::from_code(&code) else {
            problems.push(format!("{name}: its state {code} is none"));
            continue;
        };
        // A correction has an amount below zero, and reserves nothing.
        let reserves =
            state.reserves() && row.try_get::<Option<String>>("", "corrects_id")?.is_none();
        let expected =
            (if reserves { amount } else { 0 }, if state.has_posted() { amount } else { 0 });
        if held != expected {
            problems.push(format!(
                "{name}: it is {code}, but the ledger has {} öre reserved and {} öre requisitioned for it",
                held.0, held.1
            ));
        }
    }
    Ok(problems)
}

/// Recoveries whose postings are not what their state says.
pub(crate) async fn recovered(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<String>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let sql = format!(
        "SELECT v.recovery_id AS recovery_id, v.state AS state, v.amount_ore AS amount_ore, {}, {} \
         FROM recovery v LEFT JOIN journal j ON j.federation_id = v.federation_id \
             AND j.subject = 'federations/' || v.federation_id || '/recoveries/' || v.recovery_id \
         LEFT JOIN posting p ON p.federation_id = j.federation_id AND p.sequence = j.sequence \
         WHERE v.federation_id = {federation_id} \
         GROUP BY v.recovery_id, v.state, v.amount_ore ORDER BY v.recovery_id",
        sum_on(Account::Receivable),
        sum_on(Account::Initiatives)
    );
    let mut problems = Vec::new();
    for row in &bound.query(connection, sql).await? {
        let id: String = row.try_get("", "recovery_id")?;
        let name = RecoveryName::new(federation.clone(), slug("recovery_id", &id)?);
        let code: String = row.try_get("", "state")?;
        let amount: i64 = row.try_get("", "amount_ore")?;
        let held: (i64, i64) =
            (row.try_get("", "sum_receivable_ore")?, row.try_get("", "sum_initiatives_ore")?);
        let expected = match recovery::State::from_code(&code) {
            Some(recovery::State::Decided) => (amount, -amount),
            Some(recovery::State::Settled) => (0, -amount),
            Some(recovery::State::Proposed | recovery::State::Cancelled) => (0, 0),
            None => {
                problems.push(format!("{name}: its state {code} is none"));
                continue;
            }
        };
        if held != expected {
            problems.push(format!(
                "{name}: it is {code}, but the ledger has {} öre receivable and {} öre of costs for it",
                held.0, held.1
            ));
        }
    }
    Ok(problems)
}

/// What the postings `p` of a group sum to on an account.
fn sum_on(account: Account) -> String {
    let code = account.code();
    format!(
        "CAST(COALESCE(SUM(CASE WHEN p.account = '{code}' THEN p.amount_ore END), 0) AS bigint) \
         AS sum_{code}_ore"
    )
}

/// Every recovery.
pub(crate) async fn recoveries(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Reading<Recovery>>, DbErr> {
    Ok(by_name(super::recovery::readings(connection, federation).await?))
}

/// Every recipient.
pub(crate) async fn recipients(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Reading<Recipient>>, DbErr> {
    Ok(by_name(recipient::readings(connection, federation).await?))
}

/// Every grant.
pub(crate) async fn decisions(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Reading<Grant>>, DbErr> {
    Ok(by_name(grant::readings(connection, federation).await?))
}

/// Every requisition.
pub(crate) async fn requisitions(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Reading<Requisition>>, DbErr> {
    Ok(by_name(requisition::readings(connection, federation).await?))
}

/// Every row of staffing.
pub(crate) async fn staffing(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Reading<StaffingFinancing>>, DbErr> {
    Ok(by_name(staffing_financing::readings(connection, federation).await?))
}

/// The account plan under its name, when there is one.
pub(crate) async fn account_plan(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    name: &str,
) -> Result<Vec<Reading<AccountPlan>>, DbErr> {
    let reading = account_plan::find(connection, federation).await.transpose();
    Ok(reading.map(|read| (name.to_owned(), read)).into_iter().collect())
}

/// The last payload of one resource, by its name.
pub(crate) async fn last_payload(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    name: &str,
) -> Result<BTreeMap<String, Vec<u8>>, DbErr> {
    let mut bound = Bound::new();
    let (federation_id, subject) = (bound.bind(federation.as_str()), bound.bind(name));
    let sql = format!(
        "SELECT payload FROM journal WHERE federation_id = {federation_id} \
             AND subject = {subject} ORDER BY sequence DESC LIMIT 1"
    );
    let rows = bound.query(connection, sql).await?;
    rows.iter().map(|row| Ok((name.to_owned(), row.try_get("", "payload")?))).collect()
}

fn by_name<N: Display, T>(readings: Vec<(N, Result<T, DbErr>)>) -> Vec<Reading<T>> {
    let readings = readings.into_iter();
    readings.map(|(name, read)| (name.to_string(), read)).collect()
}
