//! Table `own_cost`.

use std::collections::{BTreeSet, HashMap};

use platform::sql::Batch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QueryResult, Select,
};
use values::{Ore, Period, Slug, name::OwnCostName};

use super::{
    Listed, Stretch, among, bound::Bound, budget_area, entity::own_cost, ledger, newest,
    signed_amount, slug, wrong,
};
use crate::domain::{
    budget::BudgetArea,
    budget_year::BudgetYear,
    ledger::Voucher,
    own_cost::{OwnCost, OwnCostArea},
};

/// One cost.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &OwnCostName,
) -> Result<Option<OwnCost>, DbErr> {
    let key = (name.federation.to_string(), name.id.to_string());
    let row = own_cost::Entity::find_by_id(key).one(connection).await?;
    row.map(value).transpose()
}

/// Costs of a year or of all, newest first.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: Option<BudgetYear>,
    stretch: Stretch,
) -> Result<Listed<OwnCost>, DbErr> {
    let mut select = of(federation);
    if let Some(days) = year.map(BudgetYear::days) {
        select = select.filter(own_cost::Column::Day.between(days.first_day(), days.last_day()));
    }
    let by = own_cost::Column::CreatedSequence;
    let (rows, next) = newest(connection, select, by, |row| row.created_sequence, stretch).await?;
    let items = rows.into_iter().map(value).collect::<Result<_, _>>()?;
    Ok(Listed { items, next })
}

/// What each area has cost in a period.
pub(crate) async fn totals(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    period: Period,
) -> Result<HashMap<BudgetArea, Ore>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let (first, last) = (bound.bind(period.first_day()), bound.bind(period.last_day()));
    let sql = format!(
        "SELECT area, CAST(SUM(amount_ore) AS bigint) AS amount_ore FROM own_cost \
         WHERE federation_id = {federation_id} AND day >= {first} AND day <= {last} GROUP BY area"
    );
    let total = |row: &QueryResult| {
        let area = budget_area("own_cost.area", &row.try_get::<String>("", "area")?)?;
        Ok((area, Ore::new(row.try_get("", "amount_ore")?)))
    };
    bound.query(connection, sql).await?.iter().map(total).collect()
}

/// The costs of these names that are there.
pub(super) async fn named(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: &BTreeSet<&str>,
) -> Result<HashMap<OwnCostName, OwnCost>, DbErr> {
    let rows = of(federation).filter(among(connection, own_cost::Column::OwnCostId, ids));
    let named = |row| value(row).map(|cost| (cost.name.clone(), cost));
    rows.all(connection).await?.into_iter().map(named).collect()
}

/// Adds a cost with what it posts.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &OwnCost,
    sequence: i64,
    voucher: &Voucher,
) -> Result<(), DbErr> {
    let mut batch = Batch::on(connection);
    insert_all(&mut batch, &[(sequence, added)]).await?;
    ledger::append(&mut batch, &added.name.federation, &[(sequence, voucher)], &[]).await?;
    batch.send().await
}

pub(super) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    added: &[(i64, &OwnCost)],
) -> Result<(), DbErr> {
    let rows = added.iter().map(|(sequence, cost)| row(cost, *sequence)).collect();
    batch.insert(own_cost::Entity, rows).await
}

fn row(cost: &OwnCost, sequence: i64) -> own_cost::Model {
    let OwnCost { name, area, amount, day, description, reference, synthetic } = cost;
    own_cost::Model {
        federation_id: name.federation.to_string(),
        own_cost_id: name.id.to_string(),
        area: area.budget_area().code().to_owned(),
        amount_ore: amount.ore().get(),
        day: *day,
        description: description.clone(),
        reference: reference.clone(),
        synthetic: *synthetic,
        created_sequence: sequence,
    }
}

/// Every cost, each as far as its row makes one: for the check of the whole
/// database.
pub(super) async fn readings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(OwnCostName, Result<OwnCost, DbErr>)>, DbErr> {
    let rows = of(federation).order_by_asc(own_cost::Column::OwnCostId).all(connection).await?;
    let reading = |row: own_cost::Model| {
        let id = slug("own_cost_id", &row.own_cost_id)?;
        Ok((OwnCostName::new(federation.clone(), id), value(row)))
    };
    rows.into_iter().map(reading).collect()
}

fn of(federation: &Slug) -> Select<own_cost::Entity> {
    own_cost::Entity::find().filter(own_cost::Column::FederationId.eq(federation.as_str()))
}

fn value(row: own_cost::Model) -> Result<OwnCost, DbErr> {
    let own_cost::Model {
        federation_id,
        own_cost_id,
        area,
        amount_ore,
        day,
        description,
        reference,
        synthetic,
        created_sequence: _,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let own = OwnCostArea::of(budget_area("own_cost.area", &area)?);
    Ok(OwnCost {
        name: OwnCostName::new(federation, slug("own_cost_id", &own_cost_id)?),
        area: own.ok_or_else(|| wrong("own_cost.area", area))?,
        amount: signed_amount("own_cost.amount_ore", amount_ore)?,
        day,
        description,
        reference,
        synthetic,
    })
}
