//! Table `report`.

use platform::{
    journalled::{Kept, Payloads, Query, Recorded},
    page::Page,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};
use values::{
    Slug,
    name::{ReportName, ReportingPeriodName},
};

use super::entity::report::{ActiveModel, Column, Entity, Model};
use super::{insert_all, keep, slug};
use crate::domain::report::{State, Subject};

const TABLE: &str = "report";

/// What a report is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: ReportName,
    /// The period's id.
    pub(crate) period: Slug,
    /// Whom it is about.
    pub(crate) subject: Subject,
    /// Where it stands.
    pub(crate) state: State,
    /// The number of its version.
    pub(crate) revision: i32,
    /// Where the journal has it.
    pub(crate) recorded: Recorded,
}

/// What a list of reports is narrowed to; what is none narrows nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// This period.
    pub(crate) period: Option<Slug>,
    /// This state.
    pub(crate) state: Option<State>,
    /// These subjects.
    pub(crate) subjects: Option<Vec<Subject>>,
}

/// One report.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ReportName,
) -> Result<Option<Kept>, DbErr> {
    let query = Query::kept(TABLE, &name.federation);
    query.and("t.report_id = ?", [name.id.as_str().into()]).one_kept(connection).await
}

/// A page of reports, in order of id.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    filter: &Filter,
    page: &Page,
) -> Result<Payloads, DbErr> {
    let Filter { period, state, subjects } = filter;
    let mut query = Query::of(TABLE, federation);
    if let Some(period) = period {
        query = query.and("t.period_id = ?", [period.as_str().into()]);
    }
    if let Some(state) = state {
        query = query.and("t.state = ?", [state.code().into()]);
    }
    if let Some(subjects) = subjects {
        let subjects = subjects.iter().map(Subject::to_string);
        query = query.among(connection, "t.subject", subjects);
    }
    if let Some(after) = &page.after {
        query = query.and("t.report_id > ?", [after.as_str().into()]);
    }
    query.page(connection, "t.report_id", page.size).await
}

/// Every report of a period.
pub(crate) async fn of_period(
    connection: &impl ConnectionTrait,
    period: &ReportingPeriodName,
) -> Result<Vec<Vec<u8>>, DbErr> {
    let query = Query::of(TABLE, &period.federation);
    query.and("t.period_id = ?", [period.id.as_str().into()]).all(connection).await
}

/// Every report of a period on one subject.
pub(crate) async fn of_subject(
    connection: &impl ConnectionTrait,
    period: &ReportingPeriodName,
    subject: &Subject,
) -> Result<Vec<Vec<u8>>, DbErr> {
    let bound = [period.id.as_str().into(), subject.to_string().into()];
    let query = Query::of(TABLE, &period.federation);
    query.and("t.period_id = ? AND t.subject = ?", bound).all(connection).await
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds a report.
pub(crate) async fn insert(connection: &impl ConnectionTrait, added: &Row) -> Result<(), DbErr> {
    insert_all(connection, vec![row(added).into_active_model()]).await
}

/// Keeps a report as it has become.
pub(crate) async fn update(connection: &impl ConnectionTrait, changed: &Row) -> Result<(), DbErr> {
    keep::<ActiveModel>(connection, row(changed)).await
}

fn row(kept: &Row) -> Model {
    let Row { name, period, subject, state, revision, recorded } = kept;
    let Recorded { created_sequence, sequence } = recorded;
    Model {
        federation_id: name.federation.to_string(),
        report_id: name.id.to_string(),
        period_id: period.to_string(),
        subject: subject.to_string(),
        state: state.code().to_owned(),
        revision: *revision,
        created_sequence: *created_sequence,
        sequence: *sequence,
    }
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model {
        federation_id,
        report_id,
        period_id,
        subject,
        state,
        revision,
        created_sequence,
        sequence,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    Ok(Row {
        name: ReportName::new(federation, slug("report_id", &report_id)?),
        period: slug("period_id", &period_id)?,
        subject: read_subject(&subject)?,
        state: State::from_code(&state)
            .ok_or_else(|| DbErr::Type(format!("state {state} is none")))?,
        revision,
        recorded: Recorded { created_sequence, sequence },
    })
}

/// Reads the form that a subject is stored in.
pub(super) fn read_subject(stored: &str) -> Result<Subject, DbErr> {
    match stored.split_once('/') {
        None if stored == Subject::Federation.to_string() => Ok(Subject::Federation),
        Some(("area", id)) => Ok(Subject::Area(slug("subject", id)?)),
        Some(("team", id)) => Ok(Subject::Team(slug("subject", id)?)),
        Some(_) | None => Err(DbErr::Type(format!("subject {stored} is none"))),
    }
}
