//! Tables `report_release` and `report_release_file`: what was published, which never
//! changes. A file is kept once in a federation, under its hash, and read back only when
//! it still has that hash.

mod known;

use platform::{
    journalled::{Payloads, Query},
    page::Page,
    sql::Batch,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult as _,
    QueryFilter as _, QueryOrder as _, QueryResult, QuerySelect as _, Statement,
};
use values::{Slug, name::ReleaseName};

use super::{
    entity::{
        report_release::{Column, Entity, Model},
        report_release_file as file,
    },
    slug,
};
use crate::domain::release::{Seed, hash};

pub(crate) use known::{History, Known, history};

const TABLE: &str = "report_release";

/// What a release is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: ReleaseName,
    /// The report, as a resource name.
    pub(crate) report: String,
    /// The reporting period's id.
    pub(crate) period: Slug,
    /// The sequence that the journal has it at.
    pub(crate) sequence: i64,
}

/// A release with what its salts are made from.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// What it is found by.
    pub(crate) row: Row,
    /// What its salts are made from.
    pub(crate) seed: Seed,
    /// The release, as the journal has it.
    pub(crate) payload: Vec<u8>,
}

/// The sequence of what was published last; 0 when nothing was.
pub(crate) async fn last(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<i64, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    let newest = select.order_by_desc(Column::Sequence).limit(1).one(connection).await?;
    Ok(newest.map_or(0, |row| row.sequence))
}

/// One release.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ReleaseName,
) -> Result<Option<Found>, DbErr> {
    Ok(found(connection, &name.federation, ("release_id", &name.id)).await?.pop())
}

/// The releases of a period, the oldest first.
pub(crate) async fn of_period(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    period: &Slug,
) -> Result<Vec<Found>, DbErr> {
    found(connection, federation, ("period_id", period)).await
}

/// The releases with a value in a column, the oldest first, with what the journal has.
async fn found(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    (column, value): (&str, &Slug),
) -> Result<Vec<Found>, DbErr> {
    let sql = format!(
        "SELECT t.*, j.payload AS payload FROM {TABLE} t LEFT JOIN journal j \
         ON j.federation_id = t.federation_id AND j.sequence = t.sequence \
         WHERE t.federation_id = $1 AND t.{column} = $2 ORDER BY t.sequence"
    );
    let bound = [federation.as_str().into(), value.as_str().into()];
    let backend = connection.get_database_backend();
    let rows =
        connection.query_all_raw(Statement::from_sql_and_values(backend, sql, bound)).await?;
    let one = |row: &QueryResult| {
        let (found, seed) = self::value(Model::from_query_result(row, "")?)?;
        Ok(Found { row: found, seed, payload: row.try_get("", "payload")? })
    };
    rows.iter().map(one).collect()
}

/// The names of a report's releases, the oldest first.
pub(crate) async fn of_report(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    report: &str,
) -> Result<Vec<ReleaseName>, DbErr> {
    let select = Entity::find()
        .filter(Column::FederationId.eq(federation.as_str()))
        .filter(Column::Report.eq(report))
        .order_by_asc(Column::Sequence);
    select.all(connection).await?.into_iter().map(|model| Ok(value(model)?.0.name)).collect()
}

/// A page of releases, newest first: of a report, or of all when it is empty.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    report: &str,
    page: &Page,
) -> Result<Payloads, DbErr> {
    let mut query = Query::of(TABLE, federation);
    if let Some(after) = &page.after {
        let before = "t.sequence < (SELECT o.sequence FROM report_release o \
                      WHERE o.federation_id = t.federation_id AND o.release_id = ?)";
        query = query.and(before, [after.as_str().into()]);
    }
    if !report.is_empty() {
        query = query.and("t.report = ?", [report.into()]);
    }
    query.page(connection, "t.sequence DESC", page.size).await
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(|model| Ok(value(model)?.0)).collect()
}

/// Adds a release with its files.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    Row { name, report, period, sequence }: &Row,
    seed: &Seed,
    files: &[(String, Vec<u8>)],
) -> Result<(), DbErr> {
    let mut batch = Batch::on(connection);
    for (sha256, content) in files {
        let places = [
            batch.bind(name.federation.as_str()),
            batch.bind(sha256.as_str()),
            batch.bind(content.clone()),
        ];
        batch.push(format!(
            "INSERT INTO report_release_file (federation_id, sha256, content) VALUES ({}) \
             ON CONFLICT DO NOTHING",
            places.join(", ")
        ));
    }
    let row = Model {
        federation_id: name.federation.to_string(),
        release_id: name.id.to_string(),
        report: report.clone(),
        period_id: period.to_string(),
        sequence: *sequence,
        seed: seed.to_vec(),
    };
    batch.insert(Entity, vec![row]).await?;
    batch.send().await
}

/// The content of a hash; none when it is not there.
///
/// # Errors
/// Also when it is no longer what it was.
pub(crate) async fn content(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    sha256: &str,
) -> Result<Option<Vec<u8>>, DbErr> {
    let key = (federation.to_string(), sha256.to_owned());
    let Some(found) = file::Entity::find_by_id(key).one(connection).await? else {
        return Ok(None);
    };
    let file::Model { federation_id: _, sha256, content } = found;
    if hash(&content) == sha256 {
        Ok(Some(content))
    } else {
        Err(DbErr::Type(format!("report_release_file {sha256} was changed")))
    }
}

fn value(model: Model) -> Result<(Row, Seed), DbErr> {
    let Model { federation_id, release_id, report, period_id, sequence, seed } = model;
    let federation = slug("federation_id", &federation_id)?;
    let id = slug("release_id", &release_id)?;
    let length =
        |seed: Vec<u8>| DbErr::Type(format!("report_release.seed has {} bytes", seed.len()));
    let seed = Seed::try_from(seed).map_err(length)?;
    let (name, period) = (ReleaseName::new(federation, id), slug("period_id", &period_id)?);
    Ok((Row { name, report, period, sequence }, seed))
}
