//! Table `budget_forecast`.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use platform::sql::Batch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    Select,
};
use values::{Ore, Slug, name::BudgetForecastName};

use crate::{
    domain::{
        budget::{BudgetArea, forecast::Forecast},
        budget_year::BudgetYear,
    },
    store::{among, budget_area, budget_year, entity::budget_forecast, slug},
};

/// One forecast.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &BudgetForecastName,
) -> Result<Option<Forecast>, DbErr> {
    let key = (name.federation.to_string(), name.id.to_string());
    let row = budget_forecast::Entity::find_by_id(key).one(connection).await?;
    row.map(value).transpose()
}

/// Those of the forecasts that are there.
pub(in crate::store) async fn named(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: &BTreeSet<&str>,
) -> Result<HashMap<BudgetForecastName, Forecast>, DbErr> {
    let rows =
        of(federation).filter(among(connection, budget_forecast::Column::BudgetForecastId, ids));
    let named = |row| value(row).map(|forecast| (forecast.name.clone(), forecast));
    rows.all(connection).await?.into_iter().map(named).collect()
}

/// The forecast of each area that was in force for a year on a day.
pub(crate) async fn in_force(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
    on: NaiveDate,
) -> Result<HashMap<BudgetArea, Forecast>, DbErr> {
    let rows = of(federation)
        .filter(budget_forecast::Column::Year.eq(year.number()))
        .filter(budget_forecast::Column::Day.lte(on))
        .order_by_asc(budget_forecast::Column::CreatedSequence)
        .all(connection)
        .await?;
    // In the order they were recorded: the last of an area replaces the others.
    let of_area = |row| value(row).map(|forecast| (forecast.area, forecast));
    rows.into_iter().map(of_area).collect()
}

/// Adds a forecast.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &Forecast,
    sequence: i64,
) -> Result<(), DbErr> {
    let mut batch = Batch::on(connection);
    insert_all(&mut batch, &[(sequence, added)]).await?;
    batch.send().await
}

pub(in crate::store) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    added: &[(i64, &Forecast)],
) -> Result<(), DbErr> {
    let rows = added.iter().map(|(sequence, forecast)| row(forecast, *sequence)).collect();
    batch.insert(budget_forecast::Entity, rows).await
}

fn row(forecast: &Forecast, sequence: i64) -> budget_forecast::Model {
    let Forecast { name, year, area, day, amount, measures, synthetic } = forecast;
    budget_forecast::Model {
        federation_id: name.federation.to_string(),
        budget_forecast_id: name.id.to_string(),
        year: year.number(),
        area: area.code().to_owned(),
        day: *day,
        forecast_ore: amount.get(),
        measures: measures.clone(),
        synthetic: *synthetic,
        created_sequence: sequence,
    }
}

/// Every forecast, each as far as its row makes one: for the check of the whole
/// database.
pub(in crate::store) async fn readings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(BudgetForecastName, Result<Forecast, DbErr>)>, DbErr> {
    let rows = of(federation)
        .order_by_asc(budget_forecast::Column::BudgetForecastId)
        .all(connection)
        .await?;
    let reading = |row: budget_forecast::Model| {
        let id = slug("budget_forecast_id", &row.budget_forecast_id)?;
        Ok((BudgetForecastName::new(federation.clone(), id), value(row)))
    };
    rows.into_iter().map(reading).collect()
}

fn of(federation: &Slug) -> Select<budget_forecast::Entity> {
    budget_forecast::Entity::find()
        .filter(budget_forecast::Column::FederationId.eq(federation.as_str()))
}

fn value(row: budget_forecast::Model) -> Result<Forecast, DbErr> {
    let budget_forecast::Model {
        federation_id,
        budget_forecast_id,
        year,
        area,
        day,
        forecast_ore,
        measures,
        synthetic,
        created_sequence: _,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let id = slug("budget_forecast_id", &budget_forecast_id)?;
    Ok(Forecast {
        name: BudgetForecastName::new(federation, id),
        year: budget_year("budget_forecast.year", year)?,
        area: budget_area("budget_forecast.area", &area)?,
        day,
        amount: Ore::new(forecast_ore),
        measures,
        synthetic,
    })
}
