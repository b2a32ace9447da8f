//! Table `report_chapter`.

use platform::journalled::{Kept, Query, Recorded};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use values::{Slug, name::ReportName};

use super::entity::report_chapter::{ActiveModel, Column, Entity, Model};
use super::{insert_all, keep, slug};
use crate::domain::chapter::ChapterName;

const TABLE: &str = "report_chapter";

/// What a chapter that somebody has written is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: ChapterName,
    /// The number of its version.
    pub(crate) revision: i32,
    /// Where the journal has it.
    pub(crate) recorded: Recorded,
}

/// One chapter.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ChapterName,
) -> Result<Option<Kept>, DbErr> {
    let ChapterName { report, section, subject } = name;
    let subject = subject.as_ref().map(Slug::as_str).unwrap_or_default();
    let bound = [report.id.as_str().into(), section.as_str().into(), subject.into()];
    let query = Query::kept(TABLE, &report.federation);
    let one = "t.report_id = ? AND t.section = ? AND t.subject_id = ?";
    query.and(one, bound).one_kept(connection).await
}

/// Every chapter of a report that somebody has written, in no order.
pub(crate) async fn of_report(
    connection: &impl ConnectionTrait,
    report: &ReportName,
) -> Result<Vec<Vec<u8>>, DbErr> {
    let query = Query::of(TABLE, &report.federation);
    query.and("t.report_id = ?", [report.id.as_str().into()]).all(connection).await
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds a chapter.
pub(crate) async fn insert(connection: &impl ConnectionTrait, added: &Row) -> Result<(), DbErr> {
    insert_all(connection, vec![row(added).into_active_model()]).await
}

/// Keeps a chapter as it has become.
pub(crate) async fn update(connection: &impl ConnectionTrait, changed: &Row) -> Result<(), DbErr> {
    keep::<ActiveModel>(connection, row(changed)).await
}

fn row(kept: &Row) -> Model {
    let Row { name, revision, recorded: Recorded { created_sequence, sequence } } = kept;
    let ChapterName { report, section, subject } = name;
    Model {
        federation_id: report.federation.to_string(),
        report_id: report.id.to_string(),
        section: section.clone(),
        subject_id: subject.as_ref().map(Slug::to_string).unwrap_or_default(),
        revision: *revision,
        created_sequence: *created_sequence,
        sequence: *sequence,
    }
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model {
        federation_id,
        report_id,
        section,
        subject_id,
        revision,
        created_sequence,
        sequence,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let subject = if subject_id.is_empty() { None } else { Some(slug("subject_id", &subject_id)?) };
    let report = ReportName::new(federation, slug("report_id", &report_id)?);
    Ok(Row {
        name: ChapterName { report, section, subject },
        revision,
        recorded: Recorded { created_sequence, sequence },
    })
}
