//! Table `report_comment`.

use platform::{
    journalled::{Kept, Payloads, Query, Recorded},
    page::Page,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use values::{Slug, name::ReportName};

use super::entity::report_comment::{ActiveModel, Column, Entity, Model};
use super::report::read_subject;
use super::{insert_all, keep, slug};
use crate::domain::{comment::CommentName, report::Subject};

const TABLE: &str = "report_comment";

/// What a comment is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: CommentName,
    /// Whose section or figure it is on; none for a section of the whole report.
    pub(crate) subject: Option<Subject>,
    /// True until it is dealt with.
    pub(crate) is_open: bool,
    /// The number of its version.
    pub(crate) revision: i32,
    /// Where the journal has it.
    pub(crate) recorded: Recorded,
}

/// One comment.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &CommentName,
) -> Result<Option<Kept>, DbErr> {
    let CommentName { report, id } = name;
    let query = Query::kept(TABLE, &report.federation);
    let bound = [report.id.as_str().into(), id.as_str().into()];
    query.and("t.report_id = ? AND t.comment_id = ?", bound).one_kept(connection).await
}

/// A page of a report's comments, the oldest first; when subjects are given, those on
/// them and on the whole report.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    report: &ReportName,
    open_only: bool,
    subjects: Option<&[Subject]>,
    page: &Page,
) -> Result<Payloads, DbErr> {
    let query = Query::of(TABLE, &report.federation);
    let mut query = query.and("t.report_id = ?", [report.id.as_str().into()]);
    if open_only {
        query = query.and("t.is_open", []);
    }
    if let Some(subjects) = subjects {
        let subjects = subjects.iter().map(Subject::to_string);
        let subjects = subjects.chain([String::new()]);
        query = query.among(connection, "t.subject", subjects);
    }
    if let Some(after) = &page.after {
        query = query.and("t.comment_id > ?", [after.as_str().into()]);
    }
    query.page(connection, "t.comment_id", page.size).await
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds a comment.
pub(crate) async fn insert(connection: &impl ConnectionTrait, added: &Row) -> Result<(), DbErr> {
    insert_all(connection, vec![row(added).into_active_model()]).await
}

/// Keeps a comment as it has become.
pub(crate) async fn update(connection: &impl ConnectionTrait, changed: &Row) -> Result<(), DbErr> {
    keep::<ActiveModel>(connection, row(changed)).await
}

fn row(kept: &Row) -> Model {
    let Row { name, subject, is_open, revision, recorded } = kept;
    let Recorded { created_sequence, sequence } = recorded;
    let CommentName { report, id } = name;
    Model {
        federation_id: report.federation.to_string(),
        report_id: report.id.to_string(),
        comment_id: id.to_string(),
        subject: subject.as_ref().map(Subject::to_string).unwrap_or_default(),
        is_open: *is_open,
        revision: *revision,
        created_sequence: *created_sequence,
        sequence: *sequence,
    }
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model {
        federation_id,
        report_id,
        comment_id,
        subject,
        is_open,
        revision,
        created_sequence,
        sequence,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let report = ReportName::new(federation, slug("report_id", &report_id)?);
    let subject = if subject.is_empty() { None } else { Some(read_subject(&subject)?) };
    Ok(Row {
        name: CommentName { report, id: slug("comment_id", &comment_id)? },
        subject,
        is_open,
        revision,
        recorded: Recorded { created_sequence, sequence },
    })
}
