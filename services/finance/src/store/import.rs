//! What an import adds.

mod grants;
mod record;

use platform::sql::Batch;
use sea_orm::{ConnectionTrait, DbErr};
use values::Slug;

use super::{
    account_plan, budget, contribution, financial_year, ledger, own_cost, recipient, requisition,
    staffing_financing,
};
use crate::domain::{import::Plan, ledger::Voucher};

pub(crate) use record::record;

/// Adds what was planned; the first resource of the plan has the sequence
/// given, the others follow on.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    plan: &Plan,
    first_sequence: i64,
) -> Result<(), DbErr> {
    let Plan {
        recipients,
        grants,
        requisitions,
        financial_years,
        contribution_decisions,
        contribution_payments,
        budgets,
        own_costs,
        staffing_financings,
        budget_forecasts,
        equity_policies,
        account_plan,
        vouchers,
    } = plan;
    let mut batch = Batch::on(connection);
    recipient::insert(&mut batch, recipients).await?;
    batch.send().await?;
    let mut next = first_sequence + count(recipients.len())?;
    grants::record(connection, federation, &numbered(&mut next, grants)).await?;
    let requisitions = numbered(&mut next, requisitions);
    requisition::insert_all(&mut batch, federation, &requisitions).await?;
    financial_year::insert_all(&mut batch, financial_years).await?;
    next += count(financial_years.len())?;
    let decisions = numbered(&mut next, contribution_decisions);
    contribution::insert_all(&mut batch, &decisions).await?;
    let payments = numbered(&mut next, contribution_payments);
    contribution::payment::insert_all(&mut batch, &payments).await?;
    budget::insert_all(&mut batch, &numbered(&mut next, budgets)).await?;
    own_cost::insert_all(&mut batch, &numbered(&mut next, own_costs)).await?;
    staffing_financing::insert_all(&mut batch, staffing_financings).await?;
    next += count(staffing_financings.len())?;
    budget::forecast::insert_all(&mut batch, &numbered(&mut next, budget_forecasts)).await?;

    let mut posted: Vec<(i64, &Voucher)> = Vec::with_capacity(vouchers.len());
    for (cause, voucher) in vouchers {
        posted.push((first_sequence + count(*cause)?, voucher));
    }
    ledger::append(&mut batch, federation, &posted, &[]).await?;
    batch.send().await?;
    // The years of the limits are there now.
    for year in equity_policies {
        financial_year::keep_limits(connection, year).await?;
    }
    if let Some(entered) = account_plan {
        account_plan::replace(connection, entered).await?;
    }
    Ok(())
}

/// Resources, each with the sequence of the journal that creates it.
fn numbered<'a, T>(next: &mut i64, resources: &'a [T]) -> Vec<(i64, &'a T)> {
    let numbered: Vec<(i64, &T)> = (*next..).zip(resources).collect();
    *next = numbered.last().map_or(*next, |(sequence, _)| sequence + 1);
    numbered
}

fn count(resources: usize) -> Result<i64, DbErr> {
    i64::try_from(resources).map_err(|_| super::wrong("the size of a plan", resources))
}
