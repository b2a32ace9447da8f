//! The grants of a year, all of them together.

use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, QueryFilter as _};
use values::{Ore, Slug};

use super::{of, with_versions};
use crate::{
    domain::{budget_year::BudgetYear, grant::Grant},
    store::{bound::Bound, entity::grant},
};

/// The grants of a year with something left, in order of id.
pub(crate) async fn with_something_left(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
) -> Result<Vec<Grant>, DbErr> {
    let days = year.days();
    let rows = of(federation)
        .filter(grant::Column::FirstDay.between(days.first_day(), days.last_day()))
        .filter(grant::Column::LeftOre.gt(0))
        .all(connection)
        .await?;
    with_versions(connection, federation, rows).await?.into_iter().collect()
}

/// What the board has granted for a year. What a grant sets aside for a
/// sub-project is granted once.
pub(crate) async fn granted(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
) -> Result<Ore, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let (first, last) = (bound.bind(year.days().first_day()), bound.bind(year.days().last_day()));
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(amount_ore + allotted_ore + lapsed_ore), 0) AS bigint) AS granted_ore \
         FROM \"grant\" WHERE federation_id = {federation_id} AND parent_grant_id IS NULL \
             AND first_day >= {first} AND first_day <= {last}"
    );
    let rows = bound.query(connection, sql).await?;
    let row = rows.first().ok_or_else(|| DbErr::RecordNotFound("sum".to_owned()))?;
    row.try_get("", "granted_ore").map(Ore::new)
}
