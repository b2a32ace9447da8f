//! What an import is checked against: as much of the record as its rows name.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};
use values::{Slug, name::GrantName};

use crate::{
    domain::{
        import::{Record, Rows, YearsContributions},
        requisition::ClaimParts,
    },
    store::{
        account_plan, budget, contribution, financial_year, grant, ledger, own_cost, recipient,
        requisition, staffing_financing,
    },
};

/// The ids that rows of a noun have.
macro_rules! ids {
    ($rows:expr) => {{
        let names = $rows.iter().filter_map(|row| row.name.as_ref());
        names.map(|name| name.id.as_str()).collect::<BTreeSet<&str>>()
    }};
}

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
    }
    of_amendments(connection, federation, rows, &mut record).await?;
    record.closed_through = ledger::closed_through(connection, federation).await?;
    let ids: Vec<&str> = ids!(rows.requisitions).into_iter().collect();
    let there = requisition::named(connection, federation, &ids).await?;
    for (name, requisition) in there {
        record.requisitions.insert(name, requisition.claim().clone());
    }
    let claims = claims(&rows.requisitions, &record);
    let claimed = requisition::claimed_on(connection, federation, claims).await?;
    record.claimed = claimed.claimed;
    record.requisitioned = claimed.requisitioned;
    of_years(connection, federation, rows, &mut record).await?;
    of_contributions(connection, federation, rows, &mut record).await?;
    if rows.account_plan.is_some() {
        record.account_plan = account_plan::find(connection, federation).await?;
    }
    Ok(record)
}

/// The grants above those that rows change, and what keeps days of these.
async fn of_amendments(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    rows: &Rows,
    record: &mut Record,
) -> Result<(), DbErr> {
    let amended = ids!(rows.grant_amendments);
    if amended.is_empty() {
        return Ok(());
    }
    let above = record.grants.values().filter_map(|grant| grant.decision.parent.clone());
    let above: Vec<GrantName> = above.filter(|name| !record.grants.contains_key(name)).collect();
    let above: BTreeSet<&str> = above.iter().map(|name| name.id.as_str()).collect();
    if !above.is_empty() {
        record.grants.extend(grant::named(connection, federation, &above).await?);
    }
    let amended: Vec<&str> = amended.into_iter().collect();
    record.held = grant::held(connection, federation, &amended).await?;
    Ok(())
}

/// Years, budgets and forecasts, own costs and staffing.
async fn of_years(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    rows: &Rows,
    record: &mut Record,
) -> Result<(), DbErr> {
    if !rows.financial_years.is_empty() || !rows.equity_policies.is_empty() {
        record.financial_years = financial_year::all(connection, federation).await?;
    }
    let budgets = ids!(rows.budgets);
    if !rows.budgets.is_empty() {
        record.budgets = budget::named(connection, federation, &budgets).await?;
    }
    for year in rows.budgets.iter().filter_map(|row| row.year).collect::<BTreeSet<_>>() {
        let before = budget::before_decide(connection, federation, None, Some(year), &[]).await?;
        record.budget_versions.insert(year, before.versions);
    }
    let forecasts = ids!(rows.budget_forecasts);
    if !forecasts.is_empty() {
        record.budget_forecasts =
            budget::forecast::named(connection, federation, &forecasts).await?;
    }
    let own_costs = ids!(rows.own_costs);
    if !own_costs.is_empty() {
        record.own_costs = own_cost::named(connection, federation, &own_costs).await?;
    }
    let staffing = ids!(rows.staffing_financings);
    let titles = rows.staffing_financings.iter().filter_map(|row| row.title.as_deref()).collect();
    if !rows.staffing_financings.is_empty() {
        record.staffing_financings =
            staffing_financing::named_or_titled(connection, federation, &staffing, &titles).await?;
    }
    Ok(())
}

/// What the parties are to pay, and have paid.
async fn of_contributions(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    rows: &Rows,
    record: &mut Record,
) -> Result<(), DbErr> {
    let decisions = ids!(rows.contribution_decisions);
    if !decisions.is_empty() {
        record.contribution_decisions =
            contribution::named(connection, federation, &decisions).await?;
    }
    let payments = ids!(rows.contribution_payments);
    if !payments.is_empty() {
        record.contribution_payments =
            contribution::payment::named(connection, federation, &payments).await?;
    }
    let decided = rows.contribution_decisions.iter().filter_map(|row| row.year);
    let paid = rows.contribution_payments.iter().filter_map(|row| row.year);
    for year in decided.chain(paid).collect::<BTreeSet<_>>() {
        let before = contribution::before_decide(connection, federation, None, Some(year)).await?;
        let contribution::BeforeDecide { is_taken: _, versions, standings } = before;
        record.contributions.insert(year, YearsContributions { versions, standings });
    }
    Ok(())
}

/// The recipients that rows create or refer to.
fn recipients(rows: &Rows) -> BTreeSet<&str> {
    let created = rows.recipients.iter().filter_map(|row| row.name.as_ref());
    let granted = rows.grants.iter().filter_map(|row| row.recipient.as_ref());
    let budgeted = rows.budgets.iter().flat_map(|budget| budget.rows.iter().flatten());
    let budgeted = budgeted.filter_map(|row| row.recipient.as_ref()?.as_ref());
    let mapped = rows.account_plan.iter().flat_map(|plan| plan.recipients.iter().flatten());
    let mapped = mapped.map(|mapped| &mapped.name);
    let named = created.chain(granted).chain(budgeted).chain(mapped);
    named.map(|name| name.id.as_str()).collect()
}

/// The grants that rows create, change or refer to.
fn grants(rows: &Rows) -> BTreeSet<&str> {
    let created = rows.grants.iter().filter_map(|row| row.name.as_ref());
    let parents = rows.grants.iter().filter_map(|row| row.parent.as_ref());
    let claimed = rows.requisitions.iter().filter_map(|row| row.grant.as_ref());
    let amended = rows.grant_amendments.iter().filter_map(|row| row.name.as_ref());
    let mapped = rows.account_plan.iter().flat_map(|plan| plan.grants.iter().flatten());
    let mapped = mapped.map(|mapped| &mapped.name);
    let named = created.chain(parents).chain(claimed).chain(amended).chain(mapped);
    named.map(|name| name.id.as_str()).collect()
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
