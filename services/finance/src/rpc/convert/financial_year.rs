//! Budget years, to and from the contract.

use chrono::NaiveDate;
use platform::convert::text;
use proto::finance as pb;
use values::{Fault, Faults, Ore, name::FinancialYearName};

use super::{
    board_decision,
    field::{budget_year, render_day},
};
use crate::domain::{
    budget_year::BudgetYear,
    financial_year::{
        EquityLimit, EquityLimits, FinancialYear, HIGHEST_LIMIT_PERCENT, LimitsFault, MOST_LIMITS,
        OpenParts,
        close::Closing,
        outlook::{EquityOutlook, LimitOutlook, OutlookFacts},
    },
    ledger::LARGEST_AMOUNT,
};

/// Reads the name of a year, and the year of it when it can be one.
pub(in crate::rpc) fn parse_name(
    sent: &str,
) -> Result<(FinancialYearName, Option<BudgetYear>), Fault> {
    let name = FinancialYearName::parse("name", sent)?;
    let year = name.id.as_str().parse().ok().and_then(BudgetYear::new);
    let year = year.filter(|year| year.number().to_string() == name.id.as_str());
    Ok((name, year))
}

/// Reads a year to open, all but its name.
pub(in crate::rpc) fn parse(message: pb::FinancialYear) -> (OpenParts, Faults) {
    let pb::FinancialYear {
        name: _, // Read by the caller, who knows what it may be.
        year,
        state: _, // Output only.
        opening_equity_ore,
        opening_decision,
        equity_limits: _, // Output only.
        closing: _,       // Output only.
        etag: _,          // Output only.
        synthetic,
    } = message;
    let mut faults = Faults::new();
    let year = faults.keep(budget_year("year", year));
    let opening_equity = faults.keep(equity(opening_equity_ore));
    let (opening, inner) = board_decision::parse(opening_decision);
    faults.nest("opening_decision", inner);
    (OpenParts { name: None, year, opening_equity, opening, synthetic }, faults)
}

/// An equity, which may be below 0.
fn equity(ore: i64) -> Result<Ore, Fault> {
    if ore.unsigned_abs() > LARGEST_AMOUNT.get().unsigned_abs() {
        return Err(Fault::new("opening_equity_ore", "AMOUNT_TOO_LARGE").with("value", ore));
    }
    Ok(Ore::new(ore))
}

/// Reads the limits of a year.
pub(in crate::rpc) fn parse_limits(limits: Vec<pb::EquityLimit>) -> Result<EquityLimits, Faults> {
    let mut faults = Faults::new();
    let mut parsed = Vec::with_capacity(limits.len());
    for (place, limit) in limits.into_iter().enumerate() {
        let path = format!("equity_limits[{place}]");
        parsed.extend(faults.keep_nested(&path, parse_limit(limit)));
    }
    faults.into_result(|| Some(()))?;
    EquityLimits::new(parsed).map_err(|fault| limits_fault(fault).into())
}

fn parse_limit(limit: pb::EquityLimit) -> Result<EquityLimit, Faults> {
    let pb::EquityLimit { above_percent, state_reduction_percent, consequence } = limit;
    let mut faults = Faults::new();
    let percent = |field: &str, value: i32, highest: i32| {
        let out_of_range = || Fault::new(field, "PERCENT_OUT_OF_RANGE");
        let fault = || out_of_range().with("value", value).with("limit", highest);
        (0..=highest).contains(&value).then_some(value).ok_or_else(fault)
    };
    let above_percent = faults.keep(percent("above_percent", above_percent, HIGHEST_LIMIT_PERCENT));
    let reduction = percent("state_reduction_percent", state_reduction_percent, 100);
    let state_reduction_percent = faults.keep(reduction);
    let consequence = faults.keep(text("consequence", &consequence, 0, 500));
    faults.into_result(|| {
        Some(EquityLimit {
            above_percent: above_percent?,
            state_reduction_percent: state_reduction_percent?,
            consequence: consequence?,
        })
    })
}

fn limits_fault(fault: LimitsFault) -> Fault {
    match fault {
        LimitsFault::TooMany(count) => Fault::new("equity_limits", "LIMITS_TOO_MANY")
            .with("count", count)
            .with("limit", MOST_LIMITS),
        LimitsFault::NotRising(place) => {
            Fault::new(format!("equity_limits[{place}].above_percent"), "LIMITS_NOT_RISING")
        }
    }
}

/// A year as it is sent.
pub(crate) fn render(year: &FinancialYear) -> pb::FinancialYear {
    let FinancialYear {
        name,
        year: number,
        opening_equity,
        opening,
        limits,
        closing,
        revision: _, // The etag tells it.
        synthetic,
    } = year;
    let state = match year.is_closed() {
        true => pb::FinancialYearState::Closed,
        false => pb::FinancialYearState::Open,
    };
    pb::FinancialYear {
        name: name.to_string(),
        year: number.number(),
        state: state.into(),
        opening_equity_ore: opening_equity.get(),
        opening_decision: opening.as_ref().map(board_decision::render),
        equity_limits: limits.as_slice().iter().map(render_limit).collect(),
        closing: closing.as_ref().map(render_closing),
        etag: year.etag(),
        synthetic: *synthetic,
    }
}

fn render_limit(limit: &EquityLimit) -> pb::EquityLimit {
    let EquityLimit { above_percent, state_reduction_percent, consequence } = limit;
    pb::EquityLimit {
        above_percent: *above_percent,
        state_reduction_percent: *state_reduction_percent,
        consequence: consequence.clone(),
    }
}

fn render_closing(closing: &Closing) -> pb::FinancialYearClosing {
    let Closing {
        decision,
        contributions,
        initiatives,
        own_costs,
        closing_equity,
        lapsed,
        unpaid,
        outstanding,
    } = closing;
    pb::FinancialYearClosing {
        decision: Some(board_decision::render(decision)),
        contributions_ore: contributions.get(),
        initiatives_ore: initiatives.get(),
        own_costs_ore: own_costs.get(),
        result_ore: closing.result().unwrap_or_default().get(),
        closing_equity_ore: closing_equity.get(),
        lapsed_ore: lapsed.get(),
        unpaid_ore: unpaid.get(),
        outstanding_ore: outstanding.get(),
    }
}

/// An outlook as it is sent, with what it was computed from.
pub(in crate::rpc) fn render_outlook(
    year: BudgetYear,
    day: NaiveDate,
    facts: &OutlookFacts<'_>,
    outlook: &EquityOutlook,
    sequence: i64,
) -> pb::EquityOutlook {
    let OutlookFacts {
        opening_equity,
        contributions,
        state_part: _, // The limits tell what comes of it.
        initiatives,
        initiatives_forecast,
        initiatives_own_forecast,
        unspent,
        own_costs,
        own_costs_forecast,
        limits: _, // Each stands in the outlook.
    } = facts;
    let EquityOutlook { closing_equity, closing_equity_percent, limits, passed_limit } = outlook;
    let passed_limit = passed_limit.and_then(|place| i32::try_from(place).ok());
    pb::EquityOutlook {
        year: year.number(),
        day: render_day(day),
        opening_equity_ore: opening_equity.get(),
        contributions_ore: contributions.get(),
        initiatives_ore: initiatives.get(),
        initiatives_forecast_ore: initiatives_forecast.get(),
        initiatives_own_forecast_ore: initiatives_own_forecast.get(),
        own_costs_ore: own_costs.get(),
        own_costs_forecast_ore: own_costs_forecast.get(),
        unspent_ore: unspent.get(),
        closing_equity_ore: closing_equity.get(),
        closing_equity_percent: *closing_equity_percent,
        limits: limits.iter().map(render_limit_outlook).collect(),
        passed_limit: passed_limit.unwrap_or(-1),
        sequence,
    }
}

fn render_limit_outlook(outlook: &LimitOutlook) -> pb::EquityLimitOutlook {
    let LimitOutlook { limit, limit_ore, above, state_reduction } = outlook;
    pb::EquityLimitOutlook {
        limit: Some(render_limit(limit)),
        limit_ore: limit_ore.get(),
        above_ore: above.get(),
        state_reduction_ore: state_reduction.get(),
    }
}
