//! Table `programme_plan_version`.

use platform::journalled::{Payloads, Query, Recorded};
use sea_orm::{ConnectionTrait, DbErr};
use values::{Slug, name::ProgrammePlanName};

use super::indexed::{Cell, Column, Index, Row};
use crate::domain::programme_plan::{ProgrammePlanVersionName, VersionNumber};

/// The table.
pub(crate) const INDEX: Index = Index {
    table: "programme_plan_version",
    key: &[Column::Text("plan_id"), Column::Number("major"), Column::Number("minor")],
    found_by: &[],
    name: |federation, cells| {
        let [plan, major, minor, ..] = cells else { return String::new() };
        let collection = ProgrammePlanName::COLLECTION;
        format!("federations/{federation}/{collection}/{plan}/versions/{major}-{minor}")
    },
};

/// No later number of the same plan.
const IS_LATEST: &str = "NOT EXISTS (SELECT 1 FROM programme_plan_version later \
     WHERE later.federation_id = t.federation_id AND later.plan_id = t.plan_id \
     AND (later.major, later.minor) > (t.major, t.minor))";
const ORDER: &str = "t.plan_id, t.major, t.minor";

/// One version.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ProgrammePlanVersionName,
) -> Result<Option<Vec<u8>>, DbErr> {
    let ProgrammePlanVersionName { plan, number } = name;
    let query = Query::of(INDEX.table, &plan.federation);
    let [major, minor] = numbers(*number);
    let bound = [plan.id.as_str().into(), major.into(), minor.into()];
    let query = query.and("t.plan_id = ? AND t.major = ? AND t.minor = ?", bound);
    Ok(query.all(connection).await?.pop())
}

/// The latest version of a plan.
pub(crate) async fn latest(
    connection: &impl ConnectionTrait,
    plan: &ProgrammePlanName,
) -> Result<Option<Vec<u8>>, DbErr> {
    let query = Query::of(INDEX.table, &plan.federation);
    let query = query.and("t.plan_id = ?", [plan.id.as_str().into()]).and(IS_LATEST, []);
    Ok(query.all(connection).await?.pop())
}

/// A page of the versions of a plan, by number.
pub(crate) async fn versions(
    connection: &impl ConnectionTrait,
    plan: &ProgrammePlanName,
    after: Option<VersionNumber>,
    size: u64,
) -> Result<Payloads, DbErr> {
    let query = Query::of(INDEX.table, &plan.federation);
    let mut query = query.and("t.plan_id = ?", [plan.id.as_str().into()]);
    if let Some(after) = after {
        let [major, minor] = numbers(after);
        query = query.and("(t.major, t.minor) > (?, ?)", [major.into(), minor.into()]);
    }
    query.page(connection, ORDER, size).await
}

/// A page of the latest version of each plan, by the plan's id.
pub(crate) async fn latest_of_each(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    after: Option<&str>,
    size: u64,
) -> Result<Payloads, DbErr> {
    let mut query = Query::of(INDEX.table, federation).and(IS_LATEST, []);
    if let Some(after) = after {
        query = query.and("t.plan_id > ?", [after.into()]);
    }
    query.page(connection, ORDER, size).await
}

/// Every version of every plan.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Vec<u8>>, DbErr> {
    Query::of(INDEX.table, federation).all(connection).await
}

/// Adds a version, which never changes.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    name: &ProgrammePlanVersionName,
    recorded: Recorded,
) -> Result<(), DbErr> {
    INDEX.put(connection, &row(name, recorded)).await
}

/// The row that finds a version.
pub(crate) fn row(name: &ProgrammePlanVersionName, recorded: Recorded) -> Row {
    let ProgrammePlanVersionName { plan, number } = name;
    let [major, minor] = numbers(*number).map(Cell::Number);
    INDEX.row(&plan.federation, [Cell::from(&plan.id), major, minor], 1, recorded)
}

fn numbers(number: VersionNumber) -> [i64; 2] {
    [number.major().into(), number.minor().into()]
}
