//! What an import is checked against, and what it adds.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use platform::sql::Batch;
use sea_orm::{ConnectionTrait, DbErr};
use values::Slug;

use super::{grant, ledger, recipient, requisition};
use crate::domain::{
    import::{Plan, Record, Rows},
    ledger::Voucher,
    requisition::ClaimParts,
};

/// What is there already, as far as the rows name it.
pub(crate) async fn record(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    rows: &Rows,
) -> Result<Record, DbErr> {
    let mut record = Record::default();
    let recipients = recipients(rows);
    if !recipients.is_empty() {
        record.recipients = recipient::named(connection, federation, &recipients).await?;
    }
    let grants = grants(rows);
    if !grants.is_empty() {
        record.grants = grant::named(connection, federation, &grants).await?;
        record.closed_through = ledger::closed_through(connection, federation).await?;
    }
    let ids = requisitions(&rows.requisitions);
    let there = requisition::named(connection, federation, &ids).await?;
    for (name, requisition) in there {
        record.requisitions.insert(name, requisition.claim().clone());
    }
    let claims = claims(&rows.requisitions, &record);
    let claimed = requisition::claimed_on(connection, federation, claims).await?;
    record.claimed = claimed.claimed;
    record.requisitioned = claimed.requisitioned;
    Ok(record)
}

/// The recipients that rows create or refer to.
fn recipients(rows: &Rows) -> BTreeSet<&str> {
    let created = rows.recipients.iter().filter_map(|row| row.name.as_ref());
    let granted = rows.grants.iter().filter_map(|row| row.recipient.as_ref());
    created.chain(granted).map(|name| name.id.as_str()).collect()
}

/// The grants that rows create or refer to.
fn grants(rows: &Rows) -> BTreeSet<&str> {
    let created = rows.grants.iter().filter_map(|row| row.name.as_ref());
    let parents = rows.grants.iter().filter_map(|row| row.parent.as_ref());
    let claimed = rows.requisitions.iter().filter_map(|row| row.grant.as_ref());
    created.chain(parents).chain(claimed).map(|name| name.id.as_str()).collect()
}

/// The requisitions that rows name.
fn requisitions(rows: &[ClaimParts]) -> Vec<&str> {
    let names = rows.iter().filter_map(|row| row.name.as_ref());
    let ids: BTreeSet<&str> = names.map(|name| name.id.as_str()).collect();
    ids.into_iter().collect()
}

/// What new rows claim on recorded grants: for each grant and party the first and
/// the last day.
fn claims(rows: &[ClaimParts], record: &Record) -> Vec<[String; 4]> {
    let mut days = BTreeMap::<(&str, &str), (NaiveDate, NaiveDate)>::new();
    for row in rows {
        let name = row.name.as_ref();
        if name.is_some_and(|name| record.requisitions.contains_key(name)) {
            continue;
        }
        let grant = row.grant.as_ref().filter(|grant| record.grants.contains_key(grant));
        if let Some(((grant, party), period)) = grant.zip(row.party.as_ref()).zip(row.period) {
            let (first, last) = (period.first_day(), period.last_day());
            let days = days.entry((grant.id.as_str(), party.id.as_str())).or_insert((first, last));
            *days = (days.0.min(first), days.1.max(last));
        }
    }
    let claim = |((grant, party), (first, last)): ((&str, &str), (NaiveDate, NaiveDate))| {
        [grant.to_owned(), party.to_owned(), first.to_string(), last.to_string()]
    };
    days.into_iter().map(claim).collect()
}

/// Adds what was planned; the first resource of the plan has the sequence
/// given, the others follow on.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    plan: &Plan,
    first_sequence: i64,
) -> Result<(), DbErr> {
    let sequence = |cause: usize| -> Result<i64, DbErr> {
        let cause = i64::try_from(cause).map_err(|_| super::wrong("the size of a plan", cause))?;
        Ok(first_sequence + cause)
    };
    let mut batch = Batch::on(connection);
    recipient::insert_all(&mut batch, &plan.recipients).await?;
    grant::insert_all(&mut batch, &plan.grants).await?;
    // The balances of the new grants are changed by what follows.
    batch.send().await?;
    let before = plan.recipients.len() + plan.grants.len();
    let mut requisitions = Vec::with_capacity(plan.requisitions.len());
    for (index, requisition) in plan.requisitions.iter().enumerate() {
        requisitions.push((sequence(before + index)?, requisition));
    }
    requisition::insert_all(&mut batch, federation, &requisitions).await?;
    let mut vouchers: Vec<(i64, &Voucher)> = Vec::with_capacity(plan.vouchers.len());
    for (cause, voucher) in &plan.vouchers {
        vouchers.push((sequence(*cause)?, voucher));
    }
    let opened: Vec<&Slug> = plan.grants.iter().map(|grant| &grant.decision.name.id).collect();
    ledger::append(&mut batch, federation, &vouchers, &opened).await?;
    batch.send().await
}
