//! Budgets and forecasts, to and from the contract.

use platform::convert::{date_from_proto, prose};
use proto::finance as pb;
use values::{Fault, Faults, Ore, Slug, name::RecipientName};

use super::{
    amount_fault, board_decision,
    field::{budget_area, budget_year, day_outside_year, render_budget_area, render_day},
    optional, within,
};
use crate::domain::{
    budget::{
        Budget, BudgetFault, BudgetParts, BudgetRow, MOST_ROWS, RowParts,
        forecast::{Forecast, ForecastFault, ForecastParts},
        table::{Amounts, Row},
    },
    ledger::{Amount, LARGEST_AMOUNT},
};

/// Reads a budget, all but its name.
pub(in crate::rpc) fn parse(federation: &Slug, message: pb::Budget) -> (BudgetParts, Faults) {
    let pb::Budget {
        name: _, // Read by the caller, who knows what it may be.
        year,
        rows,
        dnr,
        decision_date,
        deciding_body,
        version: _,   // Output only.
        total_ore: _, // Output only.
        synthetic,
    } = message;
    let mut faults = Faults::new();
    let year = faults.keep(budget_year("year", year));
    let (rows, inner) = parse_rows(federation, rows);
    faults.nest("", inner);
    let (decision, inner) = board_decision::parse_fields(&dnr, decision_date, &deciding_body);
    faults.nest("", inner);
    (BudgetParts { name: None, year, rows, decision, synthetic }, faults)
}

fn parse_rows(federation: &Slug, rows: Vec<pb::BudgetRow>) -> (Option<Vec<RowParts>>, Faults) {
    if rows.is_empty() {
        return (None, Fault::new("rows", "BUDGET_ROWS_MISSING").into());
    }
    if rows.len() > MOST_ROWS {
        let fault = Fault::new("rows", "BUDGET_ROWS_TOO_MANY")
            .with("count", rows.len())
            .with("limit", MOST_ROWS);
        return (None, fault.into());
    }
    let mut faults = Faults::new();
    let mut parts = Vec::with_capacity(rows.len());
    for (place, row) in rows.into_iter().enumerate() {
        let pb::BudgetRow { area, title, amount_ore, recipient } = row;
        let mut inner = Faults::new();
        let amount = Amount::new(Ore::new(amount_ore));
        parts.push(RowParts {
            area: inner.keep(budget_area("area", area)),
            title: prose(&mut inner, "title", &title, 1, 200),
            amount: inner.keep(amount.map_err(|fault| amount_fault("amount_ore", fault))),
            recipient: inner.keep(parse_recipient(federation, &recipient)),
        });
        faults.nest(&format!("rows[{place}]"), inner);
    }
    (Some(parts), faults)
}

fn parse_recipient(federation: &Slug, sent: &str) -> Result<Option<RecipientName>, Fault> {
    optional(sent, |sent| {
        let name = RecipientName::parse("recipient", sent);
        within(federation, "recipient", name, |name| &name.federation)
    })
}

/// What is wrong with a budget, as it is told.
pub(in crate::rpc) fn fault(fault: BudgetFault) -> Fault {
    match fault {
        BudgetFault::RecipientNotAllowed { row } => {
            Fault::new(format!("rows[{row}].recipient"), "RECIPIENT_NOT_ALLOWED")
        }
        BudgetFault::RecipientUnknown { row, recipient } => {
            Fault::new(format!("rows[{row}].recipient"), "RECIPIENT_UNKNOWN")
                .with("value", recipient)
        }
        BudgetFault::InFuture(day) => board_decision::fault(day),
    }
}

/// A budget as it is sent.
pub(crate) fn render(budget: &Budget) -> pb::Budget {
    let Budget { name, year, rows, decision, version, synthetic } = budget;
    let pb::Decision { dnr, decision_date, deciding_body } = board_decision::render(decision);
    pb::Budget {
        name: name.to_string(),
        year: year.number(),
        rows: rows.iter().map(render_row).collect(),
        dnr,
        decision_date,
        deciding_body,
        version: *version,
        total_ore: budget.total().get(),
        synthetic: *synthetic,
    }
}

fn render_row(row: &BudgetRow) -> pb::BudgetRow {
    let BudgetRow { area, title, amount, recipient } = row;
    pb::BudgetRow {
        area: render_budget_area(*area).into(),
        title: title.clone(),
        amount_ore: amount.ore().get(),
        recipient: recipient.as_ref().map(RecipientName::to_string).unwrap_or_default(),
    }
}

/// Reads a forecast, all but its name.
pub(in crate::rpc) fn parse_forecast(message: pb::BudgetForecast) -> (ForecastParts, Faults) {
    let pb::BudgetForecast {
        name: _, // Read by the caller, who knows what it may be.
        year,
        area,
        day,
        forecast_ore,
        measures,
        synthetic,
    } = message;
    let mut faults = Faults::new();
    let parts = ForecastParts {
        name: None,
        year: faults.keep(budget_year("year", year)),
        area: faults.keep(budget_area("area", area)),
        day: faults.keep(date_from_proto("day", day)),
        amount: faults.keep(outcome(forecast_ore)),
        measures: prose(&mut faults, "measures", &measures, 0, 2000),
        synthetic,
    };
    (parts, faults)
}

/// An outcome to expect: nothing at the least.
fn outcome(ore: i64) -> Result<Ore, Fault> {
    let expected = Ore::new(ore);
    if expected < Ore::ZERO {
        return Err(Fault::new("forecast_ore", "AMOUNT_NEGATIVE").with("value", expected));
    }
    if expected > LARGEST_AMOUNT {
        return Err(Fault::new("forecast_ore", "AMOUNT_TOO_LARGE").with("value", expected));
    }
    Ok(expected)
}

/// What is wrong with a forecast, as it is told.
pub(in crate::rpc) fn forecast_fault(fault: ForecastFault) -> Fault {
    match fault {
        ForecastFault::DayOutsideYear { day, year } => day_outside_year("day", day, year),
        ForecastFault::InFuture(day) => Fault::new("day", "DAY_IN_FUTURE").with("value", day),
    }
}

/// A forecast as it is sent.
pub(crate) fn render_forecast(forecast: &Forecast) -> pb::BudgetForecast {
    let Forecast { name, year, area, day, amount, measures, synthetic } = forecast;
    pb::BudgetForecast {
        name: name.to_string(),
        year: year.number(),
        area: render_budget_area(*area).into(),
        day: render_day(*day),
        forecast_ore: amount.get(),
        measures: measures.clone(),
        synthetic: *synthetic,
    }
}

/// A row of the table as it is sent.
pub(in crate::rpc) fn render_table_row(row: &Row) -> pb::BudgetTableRow {
    let Row { area, amounts, rows, measures } = row;
    pb::BudgetTableRow {
        area: render_budget_area(*area).into(),
        amounts: Some(render_amounts(*amounts)),
        rows: rows.iter().map(render_row).collect(),
        measures: measures.clone(),
    }
}

/// Amounts of the table as they are sent.
pub(in crate::rpc) fn render_amounts(amounts: Amounts) -> pb::BudgetAmounts {
    let Amounts { budgeted, granted, outcome, share_percent, linear_forecast, forecast, deviation } =
        amounts;
    pb::BudgetAmounts {
        budgeted_ore: budgeted.get(),
        granted_ore: granted.get(),
        outcome_ore: outcome.get(),
        share_percent,
        linear_forecast_ore: linear_forecast.get(),
        forecast_ore: forecast.get(),
        deviation_ore: deviation.get(),
    }
}
