//! Where a year's equity is heading.

use platform::{Failure, journal, principal};
use proto::finance as pb;
use sea_orm::ConnectionTrait;
use tonic::Request;
use values::{Faults, Ore, Period, Slug};

use crate::{
    domain::{
        budget::BudgetArea,
        budget_year::BudgetYear,
        contribution::Group,
        financial_year::outlook::{self, OutlookFacts, SumTooLarge},
    },
    rpc::{Shared, budget, convert, funding_table},
    store,
};

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetEquityOutlookRequest>,
) -> Result<pb::EquityOutlook, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetEquityOutlookRequest { parent, year, day } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let asked = faults.keep_nested("", convert::field::day_in_year(year, day));
    let (year, day) = faults.into_result(|| asked)?;

    let picture = shared.database().snapshot().await?;
    let head = journal::head(&picture, &federation).await?;
    let kept = store::financial_year::find(&picture, &federation, year).await?;
    let agreed = store::contribution::in_force(&picture, &federation, year, day).await?;
    let opening_equity = store::ledger::balances::carried_over(&picture, &federation, year).await?;
    let initiatives =
        store::ledger::balances::initiatives(&picture, &federation, year, day).await?;
    let so_far = Period::new("day", year.days().first_day(), day)?;
    let grants = funding_table::total(shared, &picture, &federation, so_far).await?;
    let (own_costs, own_costs_forecast) = own_costs(&picture, &federation, year, so_far).await?;
    picture.rollback().await?;

    let limits = kept.map(|year| year.limits).unwrap_or_default();
    let facts = OutlookFacts {
        opening_equity,
        contributions: agreed.as_ref().map(|agreed| agreed.total.ore()).unwrap_or_default(),
        state_part: agreed.map(|agreed| agreed.of_group(Group::State)).unwrap_or_default(),
        initiatives,
        initiatives_forecast: grants.forecast,
        initiatives_own_forecast: grants.own_forecast,
        unspent: grants.forecast_unspent,
        own_costs,
        own_costs_forecast,
        limits: &limits,
    };
    let outlook = outlook::compute(&facts)
        .map_err(|SumTooLarge| anyhow::anyhow!("the sums of the outlook do not fit"))?;
    Ok(convert::financial_year::render_outlook(year, day, &facts, &outlook, head.sequence))
}

/// What board, administration and audit have cost and will cost.
async fn own_costs(
    picture: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
    so_far: Period,
) -> Result<(Ore, Ore), Failure> {
    let (_, table) = budget::table::compute(picture, federation, year, so_far.last_day()).await?;
    let own = table.rows.iter().filter(|row| match row.area {
        BudgetArea::Board | BudgetArea::Administration | BudgetArea::Audit => true,
        BudgetArea::Initiatives => false,
    });
    let own: Vec<_> = own.map(|row| row.amounts).collect();
    let outcome = Ore::sum(own.iter().map(|amounts| amounts.outcome));
    let forecast = Ore::sum(own.iter().map(|amounts| amounts.forecast));
    let sums = outcome.zip(forecast);
    Ok(sums.ok_or_else(|| anyhow::anyhow!("the sums of own costs do not fit"))?)
}
