//! Who waits at the end of a day, and since when.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Period, Slug,
    name::{MunicipalityName, TeamName},
};

use super::{AsOf, Select, Whose};
use crate::store::slug;

/// One who waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wait {
    /// For which team.
    pub(crate) team: TeamName,
    /// Of which municipality.
    pub(crate) municipality: MunicipalityName,
    /// The day of the referral, which stands in the first fact of the case.
    pub(crate) referred: NaiveDate,
}

/// Everybody who waits at the end of a day.
pub(crate) async fn waits(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    day: Period,
    as_of: &AsOf,
    whose: &Whose,
) -> Result<Vec<Wait>, DbErr> {
    let mut select = Select::new(connection, federation);
    let whose = select.whose(federation, whose);
    let sql = format!(
        "SELECT f.team_id AS team_id, f.municipality_id AS municipality_id, \
             sent.referred AS referred \
         FROM case_fact f \
         JOIN case_fact sent ON sent.federation_id = f.federation_id \
             AND sent.case_id = f.case_id AND sent.part = 0 AND {} \
         WHERE f.federation_id = $1 AND {whose} AND {} AND f.queue_first <= :last \
             AND (f.queue_end IS NULL OR f.queue_end > :last)",
        select.known(as_of, "sent"),
        select.known(as_of, "f"),
    );
    let wait = |row: &QueryResult| {
        let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
        Ok(Wait {
            team: TeamName::new(federation.clone(), id("team_id")?),
            municipality: MunicipalityName::new(federation.clone(), id("municipality_id")?),
            referred: row.try_get("", "referred")?,
        })
    };
    select.rows(sql, day).await?.iter().map(wait).collect()
}
