//! What an import is checked against, and what it adds.

use std::collections::BTreeSet;

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
    if !rows.recipients.is_empty() || !rows.grants.is_empty() {
        record.recipients = recipient::all(connection, federation).await?;
    }
    if rows.grants.is_empty() && rows.requisitions.is_empty() {
        return Ok(record);
    }
    record.grants = grant::all(connection, federation).await?;
    record.closed_through = ledger::closed_through(connection, federation).await?;
    let ids = ids(&rows.requisitions);
    let there = requisition::named(connection, federation, &ids).await?;
    for (name, requisition) in there {
        record.requisitions.insert(name, requisition.claim().clone());
    }
    let (grants, parties) = claimed_for(&rows.requisitions, &record);
    record.claimed = requisition::claimed_on(connection, federation, &grants, &parties).await?;
    Ok(record)
}

/// The requisitions that rows name.
fn ids(rows: &[ClaimParts]) -> Vec<&str> {
    let names = rows.iter().filter_map(|row| row.name.as_ref());
    let ids: BTreeSet<&str> = names.map(|name| name.id.as_str()).collect();
    ids.into_iter().collect()
}

/// The recorded grants that new rows claim on, and the parties that claim.
fn claimed_for<'a>(rows: &'a [ClaimParts], record: &Record) -> (Vec<&'a str>, Vec<&'a str>) {
    let mut grants = BTreeSet::new();
    let mut parties = BTreeSet::new();
    for row in rows {
        let name = row.name.as_ref();
        if name.is_some_and(|name| record.requisitions.contains_key(name)) {
            continue;
        }
        let grant = row.grant.as_ref();
        if let Some(grant) = grant.filter(|grant| record.grants.contains_key(grant)) {
            grants.insert(grant.id.as_str());
            parties.extend(row.party.as_ref().map(|party| party.id.as_str()));
        }
    }
    (grants.into_iter().collect(), parties.into_iter().collect())
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
