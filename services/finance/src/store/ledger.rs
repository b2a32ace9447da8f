//! Table `posting`, and the balances of the grants that follow from it.

use std::collections::BTreeMap;

use platform::sql::Batch;
use sea_orm::{ConnectionTrait, DbErr, Value};
use values::Slug;

use super::entity::posting;
use crate::domain::ledger::{Account, Movement, Transfer};

/// Grants in one update.
const GRANTS_AT_ONCE: usize = 1000;

/// What transfers change on a grant's balances.
#[derive(Debug, Default)]
struct Change {
    left_ore: i64,
    reserved_ore: i64,
    requisitioned_ore: i64,
}

/// Appends transfers to the ledger, each under the sequence of the journal that
/// it belongs to. Opening a grant is part of adding it and changes no balance.
pub(super) async fn append<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    federation: &Slug,
    transfers: &[(i64, &Transfer)],
) -> Result<(), DbErr> {
    let rows =
        transfers.iter().flat_map(|(sequence, transfer)| rows(federation, *sequence, transfer));
    batch.insert(posting::Entity, rows.collect()).await?;

    let mut changes = BTreeMap::<&str, Change>::new();
    for (_, transfer) in transfers {
        if transfer.movement == Movement::Open {
            continue;
        }
        let change = changes.entry(transfer.grant.as_str()).or_default();
        for posting in transfer.movement.postings(transfer.amount) {
            match posting.account {
                Account::Board => {}
                Account::Left => change.left_ore += posting.amount.get(),
                Account::Reserved => change.reserved_ore += posting.amount.get(),
                Account::Requisitioned => change.requisitioned_ore += posting.amount.get(),
            }
        }
    }
    let changes: Vec<_> = changes.into_iter().collect();
    for chunk in changes.chunks(GRANTS_AT_ONCE) {
        change_balances(batch, federation, chunk);
        if chunk.len() == GRANTS_AT_ONCE {
            batch.send().await?;
        }
    }
    Ok(())
}

/// Adds to the balances rather than setting them, so that the database's own
/// limits would stop what a decision has missed.
fn change_balances<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    federation: &Slug,
    changes: &[(&str, Change)],
) {
    let row = |(grant, change): &(&str, Change)| -> Vec<Value> {
        let Change { left_ore, reserved_ore, requisitioned_ore } = change;
        vec![
            (*grant).into(),
            (*left_ore).into(),
            (*reserved_ore).into(),
            (*requisitioned_ore).into(),
        ]
    };
    let changed = batch.table("changed", changes.iter().map(row).collect());
    let federation = batch.bind(federation.as_str());
    batch.push(format!(
        "UPDATE \"grant\" SET left_ore = left_ore + changed.column2, \
         reserved_ore = reserved_ore + changed.column3, \
         requisitioned_ore = requisitioned_ore + changed.column4 \
         FROM {changed} \
         WHERE \"grant\".federation_id = {federation} AND \"grant\".grant_id = changed.column1"
    ));
}

fn rows(federation: &Slug, sequence: i64, transfer: &Transfer) -> Vec<posting::Model> {
    let Transfer { grant, requisition, effective_day, movement, amount } = transfer;
    let row = |(line, posting): (i32, crate::domain::ledger::Posting)| posting::Model {
        federation_id: federation.to_string(),
        sequence,
        line,
        grant_id: grant.to_string(),
        requisition_id: requisition.as_ref().map(Slug::to_string),
        account: posting.account.code().to_owned(),
        effective_day: *effective_day,
        amount_ore: posting.amount.get(),
    };
    (1..).zip(movement.postings(*amount)).map(row).collect()
}
