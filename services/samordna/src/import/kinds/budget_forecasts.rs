//! What the office expects of the budget's areas by the year's end.

use proto::finance::BudgetForecast;
use values::name::BudgetForecastName;

use super::{Collection, Kind, budget_rows::AREAS};
use crate::import::{Section, fields::Fields};

/// Forecasts, by id.
pub(in crate::import) const BUDGET_FORECASTS: Collection =
    Collection { path: BudgetForecastName::COLLECTION, noun: "BUDGET_FORECAST" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "budget-forecasts",
    section: Section::Finance,
    columns: &["budget_forecast", "year", "area", "day", "forecast_kronor", "measures"],
    optional_columns: &["synthetic"],
    key: "budget_forecast",
    defines: Some(BUDGET_FORECASTS),
    needs: None,
    read: |table, desk, requests| {
        requests.finance.budget_forecasts = desk.each(table, "budget_forecasts", budget_forecast);
    },
};

fn budget_forecast(fields: &mut Fields<'_>) -> BudgetForecast {
    BudgetForecast {
        name: fields.own_name(BUDGET_FORECASTS),
        year: fields.year().unwrap_or_default(),
        area: fields.code("area", AREAS),
        day: fields.date("day"),
        forecast_ore: fields.amount_ore("forecast_kronor", "forecast_ore"),
        measures: fields.optional_text("measures"),
        synthetic: fields.synthetic(),
    }
}
