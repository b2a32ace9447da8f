//! The figures of the funding table, computed from the ledger in one query.

use chrono::Datelike as _;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Ore, Period, Slug,
    name::{RecipientName, TeamName},
};

use super::{bound::Bound, period, slug};
use crate::domain::funding_table::GrantFigures;

/// The figures of every grant of a year, as far as the days of the period go.
/// The period lies within the year.
pub(crate) async fn figures(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    period: Period,
) -> Result<Vec<GrantFigures>, DbErr> {
    let year = Period::year(period.last_day().year())
        .ok_or_else(|| super::wrong("a year", period.last_day()))?;
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let number = bound.bind(period.last_day().year());
    let year_first = bound.bind(year.first_day());
    let year_last = bound.bind(year.last_day());
    let first = bound.bind(period.first_day());
    let last = bound.bind(period.last_day());
    let sql = format!(
        "SELECT g.recipient_id AS recipient_id, r.display_name AS display_name, r.team_id AS team_id, \
         g.first_day AS first_day, g.last_day AS last_day, CAST(g.amount_ore + g.lapsed_ore AS bigint) AS granted_ore, \
         CAST(COALESCE(SUM(CASE WHEN p.account = 'reserved' THEN p.amount_ore END), 0) AS bigint) \
             AS reserved_ore, \
         CAST(COALESCE(SUM(CASE WHEN p.account = 'requisitioned' AND p.day >= {first} \
             THEN p.amount_ore END), 0) AS bigint) AS requisitioned_ore, \
         CAST(COALESCE(SUM(CASE WHEN p.account = 'requisitioned' THEN p.amount_ore END), 0) AS bigint) \
             AS requisitioned_to_date_ore \
         FROM \"grant\" g \
         JOIN recipient r ON r.federation_id = g.federation_id AND r.recipient_id = g.recipient_id \
         LEFT JOIN posting p ON p.federation_id = g.federation_id AND p.grant_id = g.grant_id \
             AND p.year = {number} AND p.account IN ('reserved', 'requisitioned') AND p.day <= {last} \
         WHERE g.federation_id = {federation_id} \
             AND g.first_day >= {year_first} AND g.first_day <= {year_last} \
         GROUP BY g.federation_id, g.grant_id, g.recipient_id, g.first_day, g.last_day, g.amount_ore, g.lapsed_ore, \
             r.display_name, r.team_id"
    );
    let rows = bound.query(connection, sql).await?;
    rows.iter().map(|row| value(federation, row)).collect()
}

fn value(federation: &Slug, row: &QueryResult) -> Result<GrantFigures, DbErr> {
    let recipient_id: String = row.try_get("", "recipient_id")?;
    let team_id: Option<String> = row.try_get("", "team_id")?;
    let team = team_id.map(|team| slug("team_id", &team)).transpose()?;
    let ore = |column: &str| row.try_get("", column).map(Ore::new);
    Ok(GrantFigures {
        recipient: RecipientName::new(federation.clone(), slug("recipient_id", &recipient_id)?),
        display_name: row.try_get("", "display_name")?,
        team: team.map(|team| TeamName::new(federation.clone(), team)),
        grant_period: period(row.try_get("", "first_day")?, row.try_get("", "last_day")?)?,
        granted: ore("granted_ore")?,
        reserved: ore("reserved_ore")?,
        requisitioned: ore("requisitioned_ore")?,
        requisitioned_to_date: ore("requisitioned_to_date_ore")?,
    })
}
