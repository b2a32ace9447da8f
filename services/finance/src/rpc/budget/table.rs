//! Budget against outcome.

use chrono::NaiveDate;
use platform::{Failure, journal, principal};
use proto::finance as pb;
use sea_orm::ConnectionTrait;
use tonic::Request;
use values::{Faults, Ore, Period, Slug};

use crate::{
    domain::{
        budget::{
            Budget, BudgetArea,
            table::{self, AreaFigures, BudgetTable, SumTooLarge},
        },
        budget_year::BudgetYear,
    },
    rpc::{Shared, convert},
    store,
};

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetBudgetTableRequest>,
) -> Result<pb::BudgetTable, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetBudgetTableRequest { parent, year, day } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let asked = faults.keep_nested("", convert::field::day_in_year(year, day));
    let (year, day) = faults.into_result(|| asked)?;

    let picture = shared.database().snapshot().await?;
    let head = journal::head(&picture, &federation).await?;
    let (budget, table) = compute(&picture, &federation, year, day).await?;
    picture.rollback().await?;
    Ok(pb::BudgetTable {
        year: year.number(),
        day: convert::field::render_day(day),
        rows: table.rows.iter().map(convert::budget::render_table_row).collect(),
        total: Some(convert::budget::render_amounts(table.total)),
        budget: budget.map(|budget| budget.name.to_string()).unwrap_or_default(),
        sequence: head.sequence,
    })
}

/// The table of a year as of a day of it, with the budget in force. Takes several
/// statements: give it one picture of the database.
pub(in crate::rpc) async fn compute(
    picture: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
    day: NaiveDate,
) -> Result<(Option<Budget>, BudgetTable), Failure> {
    let so_far = Period::new("day", year.days().first_day(), day)?;
    let budget = store::budget::in_force(picture, federation, year, day).await?;
    let forecasts = store::budget::forecast::in_force(picture, federation, year, day).await?;
    let own_costs = store::own_cost::totals(picture, federation, so_far).await?;
    let granted = store::grant::granted(picture, federation, year).await?;
    let requisitioned =
        store::ledger::balances::requisitioned(picture, federation, year, day).await?;
    let figures = |area| {
        let (granted, outcome) = match area {
            BudgetArea::Initiatives => (granted, requisitioned),
            BudgetArea::Board | BudgetArea::Administration | BudgetArea::Audit => {
                (Ore::ZERO, own_costs.get(&area).copied().unwrap_or_default())
            }
        };
        AreaFigures { granted, outcome, forecast: forecasts.get(&area).cloned() }
    };
    let table = table::compute(year, day, budget.as_ref(), figures)
        .map_err(|SumTooLarge| anyhow::anyhow!("the sums of the budget table do not fit"))?;
    Ok((budget, table))
}
