//! Table `reminder`.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use platform::{
    journalled::{Payloads, Query, Recorded},
    sql::{is_among, texts},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};
use values::{Slug, name::ReminderName};

use super::indexed::{Cell, Column, Index, Row};
use super::report::read_subject;
use crate::domain::due_report::ScheduleName;
use crate::domain::reminder::{Kind, Reminded};
use crate::domain::report::Subject;

/// The table.
pub(crate) const INDEX: Index = Index {
    table: "reminder",
    key: &[Column::Number("reminder_id")],
    found_by: &[
        Column::Text("period_id"),
        Column::Text("template_id"),
        Column::Text("subject"),
        Column::Number("kind"),
        Column::Day("due_date"),
    ],
    name: |federation, cells| {
        let [id, ..] = cells else { return String::new() };
        format!("federations/{federation}/{}/{id}", ReminderName::COLLECTION)
    },
};

/// Stands for no day; the column has it where nothing else is said.
const NO_DAY: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a day");

/// What a list of reminders is narrowed to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Narrowed {
    /// Only of this period.
    pub(crate) period: Option<Slug>,
    /// Only to one of these.
    pub(crate) subjects: Option<BTreeSet<Subject>>,
    /// Only those before the one of this number.
    pub(crate) before: Option<i64>,
}

/// The kinds of reminders that were sent of what is due by a schedule on a day, with whom
/// they were sent to: of another day they said something else. One that was recorded without
/// a day is one of whichever day.
pub(crate) async fn sent(
    connection: &impl ConnectionTrait,
    schedule: &ScheduleName,
    due_date: NaiveDate,
) -> Result<BTreeSet<(Subject, Kind)>, DbErr> {
    let sql = "SELECT DISTINCT subject, kind FROM reminder \
               WHERE federation_id = $1 AND period_id = $2 AND template_id = $3 \
               AND due_date IN ($4, $5)";
    let ScheduleName { federation, period, template } = schedule;
    let ids = [federation, period, template].map(|id| id.as_str().into());
    let bound = ids.into_iter().chain([due_date.into(), NO_DAY.into()]);
    let backend = connection.get_database_backend();
    let rows =
        connection.query_all_raw(Statement::from_sql_and_values(backend, sql, bound)).await?;
    let sent = |row: &QueryResult| {
        let subject: String = row.try_get("", "subject")?;
        Ok((read_subject(&subject)?, kind_of(row.try_get("", "kind")?)?))
    };
    rows.iter().map(sent).collect()
}

/// A page of reminders, the latest first.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    narrowed: Narrowed,
    size: u64,
) -> Result<Payloads, DbErr> {
    let Narrowed { period, subjects, before } = narrowed;
    let mut query = Query::of(INDEX.table, federation);
    if let Some(period) = period {
        query = query.and("t.period_id = ?", [period.as_str().into()]);
    }
    if let Some(subjects) = subjects {
        let backend = connection.get_database_backend();
        let codes = texts(backend, subjects.iter().map(Subject::to_string));
        query = query.and(&is_among(backend, "t.subject", "?"), [codes]);
    }
    if let Some(before) = before {
        query = query.and("t.reminder_id < ?", [before.into()]);
    }
    query.page(connection, "t.reminder_id DESC", size).await
}

/// Adds a reminder, which never changes and goes by its sequence.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    reminded: &Reminded,
    sequence: i64,
) -> Result<(), DbErr> {
    INDEX.put(connection, &row(reminded, Recorded::first(sequence))).await
}

/// The row that finds a reminder.
pub(crate) fn row(reminded: &Reminded, recorded: Recorded) -> Row {
    let Reminded { schedule, subject, kind, due_date } = reminded;
    let ScheduleName { federation, period, template } = schedule;
    let cells = [
        Cell::Number(recorded.created_sequence),
        Cell::from(period),
        Cell::from(template),
        Cell::Text(subject.to_string()),
        Cell::Number(number_of(*kind)),
        Cell::Day(due_date.unwrap_or(NO_DAY)),
    ];
    INDEX.row(federation, cells, 1, recorded)
}

fn number_of(kind: Kind) -> i64 {
    match kind {
        Kind::TwoWeeksLeft => 1,
        Kind::ThreeDaysLeft => 2,
        Kind::Late => 3,
        Kind::ByHand => 4,
    }
}

fn kind_of(number: i64) -> Result<Kind, DbErr> {
    let kinds = [Kind::TwoWeeksLeft, Kind::ThreeDaysLeft, Kind::Late, Kind::ByHand];
    let kind = kinds.into_iter().find(|kind| number_of(*kind) == number);
    kind.ok_or_else(|| DbErr::Type(format!("reminder.kind {number} is no kind")))
}
