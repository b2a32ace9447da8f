//! Table `criteria`: an index over the journal. What it gives are the journal's
//! payloads.

use chrono::NaiveDate;
use platform::page::Page;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _, QueryResult, Value};
use values::{
    Slug,
    name::{CriteriaName, TeamName},
};

use super::{
    Stretch,
    entity::criteria::{Entity, Model},
    query, slug,
};
use crate::domain::criteria::Criteria;

/// A version as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Its name.
    pub(crate) name: CriteriaName,
    /// The first day.
    pub(crate) first_day: NaiveDate,
    /// The team's id; empty for all.
    pub(crate) team_id: String,
    /// The journal's payload.
    pub(crate) payload: Vec<u8>,
}

/// What a new version is held against.
#[derive(Debug)]
pub(crate) struct Ground {
    /// True when there is a version of that name.
    pub(crate) is_taken: bool,
    /// True when the team has a version from that day.
    pub(crate) is_day_taken: bool,
    /// True when it is for no team, or one that is there.
    pub(crate) is_team_known: bool,
}

const SELECT: &str = "SELECT c.criteria_id AS criteria_id, c.team_id AS team_id, \
    c.first_day AS first_day, j.payload AS payload FROM criteria c \
    JOIN journal j ON j.federation_id = c.federation_id AND j.sequence = c.sequence";

/// What a new version is held against.
pub(crate) async fn ground(
    connection: &impl ConnectionTrait,
    criteria: &Criteria,
) -> Result<Ground, DbErr> {
    let sql = "SELECT \
        (SELECT COUNT(*) FROM criteria WHERE federation_id = $1 AND criteria_id = $2) AS named, \
        (SELECT COUNT(*) FROM criteria \
         WHERE federation_id = $1 AND team_id = $3 AND first_day = $4) AS days, \
        (SELECT COUNT(*) FROM team WHERE federation_id = $1 AND team_id = $3) AS teams";
    let team = team_id(criteria.team.as_ref());
    let values = vec![
        criteria.name.federation.as_str().into(),
        criteria.name.id.as_str().into(),
        team.into(),
        criteria.first_day.into(),
    ];
    let rows = query(connection, sql.to_owned(), values).await?;
    let row = rows.first().ok_or_else(|| DbErr::RecordNotFound("no row".to_owned()))?;
    let is_some = |column: &str| Ok::<_, DbErr>(row.try_get::<i64>("", column)? > 0);
    Ok(Ground {
        is_taken: is_some("named")?,
        is_day_taken: is_some("days")?,
        is_team_known: criteria.team.is_none() || is_some("teams")?,
    })
}

/// One version.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &CriteriaName,
) -> Result<Option<Record>, DbErr> {
    let sql = format!("{SELECT} WHERE c.federation_id = $1 AND c.criteria_id = $2");
    let values = vec![name.federation.as_str().into(), name.id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    rows.first().map(|row| record(&name.federation, row)).transpose()
}

/// The versions that a team's referrals may be held against: its own and those for all.
pub(crate) async fn for_team(
    connection: &impl ConnectionTrait,
    team: &TeamName,
) -> Result<Vec<Record>, DbErr> {
    let sql = format!("{SELECT} WHERE c.federation_id = $1 AND c.team_id IN ('', $2)");
    let values = vec![team.federation.as_str().into(), team.id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| record(&team.federation, row)).collect()
}

/// A page of versions, newest first. Its key is the first day and the id of the last.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    team: Option<&TeamName>,
    page: &Page,
) -> Result<(Vec<Record>, Option<String>), DbErr> {
    let mut values: Vec<Value> = vec![federation.as_str().into()];
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut conditions = "c.federation_id = $1".to_owned();
    if let Some(team) = team {
        conditions += &format!(" AND c.team_id = {}", bind(team.id.as_str().into()));
    }
    let after = page.after.as_ref().and_then(|after| after.split_once('/'));
    if let Some((day, id)) = after
        && let Ok(day) = day.parse::<NaiveDate>()
    {
        let (day, id) = (bind(day.into()), bind(id.into()));
        conditions += &format!(" AND (c.first_day, c.criteria_id) < ({day}, {id})");
    }
    let stretch = Stretch { size: page.size, before: None };
    let rows = bind(stretch.rows().into());
    let sql = format!(
        "{SELECT} WHERE {conditions} ORDER BY c.first_day DESC, c.criteria_id DESC LIMIT {rows}"
    );
    let rows = query(connection, sql, values).await?;
    let records: Vec<Record> =
        rows.iter().map(|row| record(federation, row)).collect::<Result<_, _>>()?;
    let (records, next) = stretch.cut(records, |_| 0);
    let last = records.last().filter(|_| next.is_some());
    let next = last.map(|record| format!("{}/{}", record.first_day, record.name.id));
    Ok((records, next))
}

/// Every version, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Record>, DbErr> {
    let sql = format!("{SELECT} WHERE c.federation_id = $1 ORDER BY c.criteria_id");
    let rows = query(connection, sql, vec![federation.as_str().into()]).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// Adds a version that the journal records at the sequence.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    criteria: &Criteria,
    sequence: i64,
) -> Result<(), DbErr> {
    let row = Model {
        federation_id: criteria.name.federation.to_string(),
        criteria_id: criteria.name.id.to_string(),
        team_id: team_id(criteria.team.as_ref()),
        first_day: criteria.first_day,
        sequence,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

fn team_id(team: Option<&TeamName>) -> String {
    team.map(|team| team.id.to_string()).unwrap_or_default()
}

fn record(federation: &Slug, row: &QueryResult) -> Result<Record, DbErr> {
    let id = slug("criteria_id", &row.try_get::<String>("", "criteria_id")?)?;
    Ok(Record {
        name: CriteriaName::new(federation.clone(), id),
        first_day: row.try_get("", "first_day")?,
        team_id: row.try_get("", "team_id")?,
        payload: row.try_get("", "payload")?,
    })
}
