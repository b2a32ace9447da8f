//! Table `posting`, and the balances of the grants that follow from it.

pub(crate) mod balances;
pub(crate) mod postings;

use std::collections::BTreeMap;

use chrono::Datelike as _;
use platform::sql::{Batch, is_among, texts};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Value};
use values::Slug;

use super::{bound::Bound, entity::posting};
use crate::domain::{
    cost_line::CostKind,
    ledger::{Account, Change, Posting, Voucher},
};

/// Grants in one update.
const GRANTS_AT_ONCE: usize = 1000;

/// The last closed year of a federation, as part of a query: nothing more is
/// posted in it or before it.
pub(super) fn last_closed_year(federation: &str) -> String {
    format!(
        "(SELECT MAX(year) FROM financial_year WHERE federation_id = {federation} AND is_closed)"
    )
}

/// The last closed year of a federation.
pub(crate) async fn closed_through(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Option<i32>, DbErr> {
    let mut bound = Bound::new();
    let federation = bound.bind(federation.as_str());
    let sql = format!("SELECT {} AS year", last_closed_year(&federation));
    let rows = bound.query(connection, sql).await?;
    let year = rows.first().map(|row| row.try_get::<Option<i32>>("", "year")).transpose()?;
    Ok(year.flatten())
}

/// Appends vouchers to the ledger, each under the sequence of the journal that
/// it belongs to, and moves the balances of their grants. Grants that are
/// `opened` by one of them are inserted with what it opens them with.
pub(super) async fn append<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    federation: &Slug,
    vouchers: &[(i64, &Voucher)],
    opened: &[&Slug],
) -> Result<(), DbErr> {
    let rows = vouchers.iter().flat_map(|(sequence, voucher)| rows(federation, *sequence, voucher));
    batch.insert(posting::Entity, rows.collect()).await?;

    let mut changes = BTreeMap::<&Slug, Change>::new();
    for (_, voucher) in vouchers {
        for (grant, change) in voucher.changes() {
            if !(opened.contains(&grant) && opens(voucher, grant)) {
                add(changes.entry(grant).or_default(), change);
            }
        }
    }
    changes.retain(|_, change| *change != Change::default());
    let changes: Vec<_> = changes.into_iter().collect();
    for chunk in changes.chunks(GRANTS_AT_ONCE) {
        change_balances(batch, federation, chunk);
        if chunk.len() == GRANTS_AT_ONCE {
            batch.send().await?;
        }
    }
    Ok(())
}

/// True when the voucher gives the grant its money.
fn opens(voucher: &Voucher, grant: &Slug) -> bool {
    let mut postings = voucher.postings().iter();
    postings
        .any(|posting| posting.account == Account::Board && posting.grant.as_ref() == Some(grant))
}

fn add(sum: &mut Change, change: Change) {
    let Change { left_ore, reserved_ore, requisitioned_ore, allotted_ore, lapsed_ore } = change;
    sum.left_ore += left_ore;
    sum.reserved_ore += reserved_ore;
    sum.requisitioned_ore += requisitioned_ore;
    sum.allotted_ore += allotted_ore;
    sum.lapsed_ore += lapsed_ore;
}

/// Adds to the balances rather than setting them, so that the database's own
/// limits would stop what a decision has missed.
fn change_balances<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    federation: &Slug,
    changes: &[(&Slug, Change)],
) {
    let row = |(grant, change): &(&Slug, Change)| -> Vec<Value> {
        let Change { left_ore, reserved_ore, requisitioned_ore, allotted_ore, lapsed_ore } = change;
        vec![
            grant.as_str().into(),
            (*left_ore).into(),
            (*reserved_ore).into(),
            (*requisitioned_ore).into(),
            (*allotted_ore).into(),
            (*lapsed_ore).into(),
        ]
    };
    let changed = batch.table("changed", changes.iter().map(row).collect());
    let federation = batch.bind(federation.as_str());
    // PostgreSQL would otherwise read every grant of the federation and throw most away.
    let is_changed = match batch.connection().get_database_backend() {
        backend @ DbBackend::Postgres => {
            let ids = batch.bind(texts(backend, changes.iter().map(|(grant, _)| grant.as_str())));
            format!("AND {} ", is_among(backend, "\"grant\".grant_id", &ids))
        }
        _ => String::new(),
    };
    batch.push(format!(
        "UPDATE \"grant\" SET left_ore = left_ore + changed.column2, \
         reserved_ore = reserved_ore + changed.column3, \
         requisitioned_ore = requisitioned_ore + changed.column4, \
         allotted_ore = allotted_ore + changed.column5, \
         lapsed_ore = lapsed_ore + changed.column6, \
         amount_ore = amount_ore + changed.column2 + changed.column3 + changed.column4 \
         FROM {changed} \
         WHERE \"grant\".federation_id = {federation} {is_changed}\
             AND \"grant\".grant_id = changed.column1"
    ));
}

fn rows(federation: &Slug, sequence: i64, voucher: &Voucher) -> Vec<posting::Model> {
    let row = |(line, posting): (i32, &Posting)| {
        let Posting { account, grant, party, cost_kind, day, amount } = posting;
        posting::Model {
            federation_id: federation.to_string(),
            sequence,
            line,
            year: day.year(),
            account: account.code().to_owned(),
            grant_id: grant.as_ref().map(Slug::to_string),
            party_id: party.as_ref().map(Slug::to_string),
            cost_kind: cost_kind.map(|kind: CostKind| kind.code().to_owned()),
            day: *day,
            amount_ore: amount.get(),
        }
    };
    (1..).zip(voucher.postings()).map(row).collect()
}
