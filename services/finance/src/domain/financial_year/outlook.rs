//! What a year's equity is heading for, and what the federation's policy says of
//! it.

use values::{Ore, share};

use super::{EquityLimit, EquityLimits};

/// What an outlook is computed from.
#[derive(Debug, Clone, Copy)]
pub struct OutlookFacts<'a> {
    /// The equity carried over into the year.
    pub opening_equity: Ore,
    /// The year's contributions, as agreed.
    pub contributions: Ore,
    /// The state's part of them.
    pub state_part: Ore,
    /// What the initiatives have cost so far.
    pub initiatives: Ore,
    /// What they will cost at the same pace.
    pub initiatives_forecast: Ore,
    /// What the parties forecast themselves.
    pub initiatives_own_forecast: Ore,
    /// Of the year's grants, what the forecast leaves unspent.
    pub unspent: Ore,
    /// What board, administration and audit have cost so far.
    pub own_costs: Ore,
    /// What they will cost.
    pub own_costs_forecast: Ore,
    /// The year's limits.
    pub limits: &'a EquityLimits,
}

/// One limit, and how far the outlook is from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitOutlook {
    /// The limit.
    pub limit: EquityLimit,
    /// The limit in öre.
    pub limit_ore: Ore,
    /// Closing equity − limit; above 0 when it is passed.
    pub above: Ore,
    /// What the state would pay less next year; 0 when it is not passed.
    pub state_reduction: Ore,
}

/// What the equity is heading for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EquityOutlook {
    /// Opening equity + contributions − both forecasts.
    pub closing_equity: Ore,
    /// Closing equity of the year's contributions, in whole percent; 0 without
    /// contributions or below 0.
    pub closing_equity_percent: i32,
    /// Each limit.
    pub limits: Vec<LimitOutlook>,
    /// The place of the highest limit that is passed.
    pub passed_limit: Option<usize>,
}

/// The sums are larger than an amount of money can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SumTooLarge;

/// Computes the outlook.
///
/// # Errors
/// When a sum does not fit.
pub fn compute(facts: &OutlookFacts<'_>) -> Result<EquityOutlook, SumTooLarge> {
    let closing_equity = facts
        .opening_equity
        .plus(facts.contributions)
        .and_then(|sum| sum.minus(facts.initiatives_forecast))
        .and_then(|sum| sum.minus(facts.own_costs_forecast))
        .ok_or(SumTooLarge)?;
    let limits = facts.limits.as_slice().iter();
    let limits = limits.map(|limit| limit_outlook(limit, closing_equity, facts));
    let limits: Vec<LimitOutlook> = limits.collect::<Option<_>>().ok_or(SumTooLarge)?;
    let passed_limit = limits.iter().rposition(|limit| limit.above > Ore::ZERO);
    Ok(EquityOutlook {
        closing_equity,
        closing_equity_percent: percent(closing_equity, facts.contributions),
        limits,
        passed_limit,
    })
}

fn limit_outlook(
    limit: &EquityLimit,
    closing_equity: Ore,
    facts: &OutlookFacts<'_>,
) -> Option<LimitOutlook> {
    let limit_ore = share::pro_rata(facts.contributions, limit.above_percent.into(), 100)?;
    let above = closing_equity.minus(limit_ore)?;
    let reduction = share::pro_rata(facts.state_part, limit.state_reduction_percent.into(), 100)?;
    let state_reduction = if above > Ore::ZERO { reduction } else { Ore::ZERO };
    Some(LimitOutlook { limit: limit.clone(), limit_ore, above, state_reduction })
}

fn percent(equity: Ore, contributions: Ore) -> i32 {
    let equity = equity.max(Ore::ZERO);
    let percent = share::percent(equity.get(), contributions.get()).unwrap_or(0);
    i32::try_from(percent).unwrap_or(i32::MAX)
}
