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
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
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

pub(crate) use known::{Known, figures_known_at, report_known_at};

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
    let key = (name.federation.to_string(), name.id.to_string());
    let Some(model) = Entity::find_by_id(key).one(connection).await? else { return Ok(None) };
    let payload = payload(connection, name).await?;
    let Some(payload) = payload else { return Ok(None) };
    found(model, payload).map(Some)
}

async fn payload(
    connection: &impl ConnectionTrait,
    name: &ReleaseName,
) -> Result<Option<Vec<u8>>, DbErr> {
    let query = Query::of(TABLE, &name.federation);
    let query = query.and("t.release_id = ?", [name.id.as_str().into()]);
    Ok(query.all(connection).await?.pop())
}

/// The releases of a period, the oldest first.
pub(crate) async fn of_period(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    period: &Slug,
) -> Result<Vec<Found>, DbErr> {
    let select = Entity::find()
        .filter(Column::FederationId.eq(federation.as_str()))
        .filter(Column::PeriodId.eq(period.as_str()))
        .order_by_asc(Column::Sequence);
    let mut releases = Vec::new();
    for model in select.all(connection).await? {
        let id = slug("release_id", &model.release_id)?;
        let name = ReleaseName::new(federation.clone(), id);
        let payload = payload(connection, &name).await?;
        let payload = payload.ok_or_else(|| DbErr::RecordNotFound(name.to_string()))?;
        releases.push(found(model, payload)?);
    }
    Ok(releases)
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

fn found(model: Model, payload: Vec<u8>) -> Result<Found, DbErr> {
    let (row, seed) = value(model)?;
    Ok(Found { row, seed, payload })
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
