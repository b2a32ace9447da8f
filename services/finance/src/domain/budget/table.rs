//! Budget against outcome, area by area, with a linear forecast and the office's
//! own.

use chrono::NaiveDate;
use values::{Ore, share};

use super::{Budget, BudgetArea, BudgetRow, forecast::Forecast};
use crate::domain::budget_year::BudgetYear;

/// What is known of an area on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AreaFigures {
    /// Granted by the board.
    pub granted: Ore,
    /// Own costs, or what is requisitioned, from the year's start to the day.
    pub outcome: Ore,
    /// The office's latest forecast.
    pub forecast: Option<Forecast>,
}

/// The amounts of an area or of the total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Budgeted.
    pub budgeted: Ore,
    /// Granted by the board.
    pub granted: Ore,
    /// The outcome so far.
    pub outcome: Ore,
    /// Outcome of budget, in whole percent; 0 without a budget.
    pub share_percent: i32,
    /// The outcome by the year's end at the same pace.
    pub linear_forecast: Ore,
    /// The office's latest forecast, or the linear one.
    pub forecast: Ore,
    /// Budgeted − forecast.
    pub deviation: Ore,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The area.
    pub area: BudgetArea,
    /// The amounts.
    pub amounts: Amounts,
    /// The budget's rows of the area.
    pub rows: Vec<BudgetRow>,
    /// What is done about a deviation.
    pub measures: String,
}

/// Budget against outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetTable {
    /// One row for each area.
    pub rows: Vec<Row>,
    /// The sum of the rows.
    pub total: Amounts,
}

/// The sums are larger than an amount of money can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SumTooLarge;

/// Computes the table as of a day of the year.
///
/// # Errors
/// When a sum does not fit.
pub fn compute(
    year: BudgetYear,
    day: NaiveDate,
    budget: Option<&Budget>,
    figures: impl Fn(BudgetArea) -> AreaFigures,
) -> Result<BudgetTable, SumTooLarge> {
    let mut rows = Vec::with_capacity(BudgetArea::ALL.len());
    for area in BudgetArea::ALL {
        rows.push(row(year, day, area, budget, figures(area)).ok_or(SumTooLarge)?);
    }
    let total = rows.iter().try_fold(Amounts::default(), |total, row| sum(&total, &row.amounts));
    Ok(BudgetTable { total: total.ok_or(SumTooLarge)?, rows })
}

fn row(
    year: BudgetYear,
    day: NaiveDate,
    area: BudgetArea,
    budget: Option<&Budget>,
    figures: AreaFigures,
) -> Option<Row> {
    let AreaFigures { granted, outcome, forecast } = figures;
    let rows: Vec<BudgetRow> =
        budget.map(|budget| budget.of_area(area).cloned().collect()).unwrap_or_default();
    let budgeted = Ore::sum(rows.iter().map(|row| row.amount.ore()))?;
    let linear_forecast = linear_forecast(year, day, outcome)?;
    let (expected, measures) = match forecast {
        Some(forecast) => (forecast.amount, forecast.measures),
        None => (linear_forecast, String::new()),
    };
    let amounts = Amounts {
        budgeted,
        granted,
        outcome,
        share_percent: share_percent(outcome, budgeted),
        linear_forecast,
        forecast: expected,
        deviation: budgeted.minus(expected)?,
    };
    Some(Row { area, amounts, rows, measures })
}

/// The outcome × the year's months / months elapsed.
fn linear_forecast(year: BudgetYear, day: NaiveDate, outcome: Ore) -> Option<Ore> {
    let elapsed = year.days().until(day)?;
    share::pro_rata(outcome, year.days().months().numerator, elapsed.months().numerator)
}

/// The sum of two, with the share computed from the sums.
fn sum(one: &Amounts, other: &Amounts) -> Option<Amounts> {
    let budgeted = one.budgeted.plus(other.budgeted)?;
    let outcome = one.outcome.plus(other.outcome)?;
    Some(Amounts {
        budgeted,
        granted: one.granted.plus(other.granted)?,
        outcome,
        share_percent: share_percent(outcome, budgeted),
        linear_forecast: one.linear_forecast.plus(other.linear_forecast)?,
        forecast: one.forecast.plus(other.forecast)?,
        deviation: one.deviation.plus(other.deviation)?,
    })
}

fn share_percent(part: Ore, whole: Ore) -> i32 {
    let percent = share::percent(part.get(), whole.get()).unwrap_or(0);
    i32::try_from(percent).unwrap_or(if percent < 0 { i32::MIN } else { i32::MAX })
}
