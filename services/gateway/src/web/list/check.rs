//! Trying a list: what each row would do, or everything that is wrong, before anything is
//! written.

use askama::Template;
use axum::{extract::Path, response::Response};
use http::StatusCode;
use proto::{
    common::ImportEffect,
    participant::{CaseOutcome, ExitOutcome},
};
use tonic::Status;

use super::{
    columns::{self, Columns, fields},
    may,
    outcome::{self, Answered, Prepared, RowFault},
    upload,
};
use crate::{
    text, uploaded_list,
    web::{
        code,
        error_page::{Trouble, borrowed, explanation, http_status},
        form::{Fields, FormErrors, Posted, fields::Form},
        format,
        layout::{Layout, Visit, page_with},
        reads::id_of,
    },
};

/// Rows of the page: more of them help nobody.
const MOST_ROWS: usize = 1000;

#[derive(Template)]
#[template(path = "list_check.html")]
struct CheckPage {
    layout: Layout,
    back: String,
    errors: FormErrors,
    summary: String,
    faults: Vec<FaultView>,
    rows: Vec<RowView>,
    left_out: String,
    take_in: Option<Form>,
    form: Form,
}

struct FaultView {
    line: String,
    column: String,
    said: String,
}

struct RowView {
    line: String,
    effect: String,
    color: &'static str,
    stage: String,
    known: String,
}

/// A list that is read again for the next step.
pub(super) struct Again {
    /// The key that opens it.
    pub(super) key: String,
    /// What is read.
    pub(super) prepared: Prepared,
}

/// What would happen.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path(team): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let again = match read_again(&visit, &team, &posted).await? {
        Ok(again) => again,
        Err(response) => return Ok(response),
    };
    let request_id = posted.get("request_id");
    let answer = outcome::check(&visit, &team, &again.prepared, request_id).await;
    Ok(page(&visit, &team, &again, answer))
}

/// Reads the list that was uploaded; or the page on which to upload it anew.
///
/// # Errors
/// The page to show instead.
pub(super) async fn read_again(
    visit: &Visit,
    team: &str,
    posted: &Posted,
) -> Result<Result<Again, Response>, Trouble> {
    may(visit, team)?;
    let key = posted.get("key").to_owned();
    let opened = uploaded_list::open(&visit.state, &visit.session, team, &key).await;
    let opened = opened.map_err(|failure| Trouble::of(visit, &failure.into()))?;
    let Some(content) = opened else {
        return Ok(Err(upload::refused(visit, team, visit.t("list-gone")).await?));
    };
    let troubled = |status: Status| Trouble::of(visit, &status);
    let import = outcome::import_of(visit, team, &content).await.map_err(troubled)?;
    let table = match outcome::table(visit, content).await {
        Ok(table) => table,
        Err(fault) => {
            let said = upload::in_words(visit, &fault);
            return Ok(Err(upload::refused(visit, team, said).await?));
        }
    };
    let columns = Columns::chosen(posted);
    let prepared = outcome::prepare(visit, (table, columns), import).await.map_err(troubled)?;
    Ok(Ok(Again { key, prepared }))
}

/// What came of a list that was tried, or that was to be taken in.
pub(super) fn page(
    visit: &Visit,
    team: &str,
    again: &Again,
    answer: Result<Answered, Status>,
) -> Response {
    let Again { key, prepared } = again;
    let (mut errors, mut status) = (FormErrors::default(), StatusCode::OK);
    let answered = answer.unwrap_or_else(|refusal| {
        errors.whole.push(explanation(visit.reader.language, &refusal));
        status = http_status(refusal.code());
        Answered::default()
    });
    let is_good = errors.is_empty() && answered.faults.is_empty();
    if errors.is_empty() && !is_good {
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    if answered.taken_in > 0 && !is_good {
        let count = answered.taken_in.to_string();
        errors.whole.push(visit.t1("list-partly-taken-in", "count", &count));
    }
    let mut faults = faults(visit, prepared, &answered.faults);
    let told = if is_good { answered.outcomes.len() } else { faults.len() };
    let left_out = told.saturating_sub(MOST_ROWS);
    faults.truncate(MOST_ROWS);
    let outcomes = answered.outcomes.iter();
    let layout = Layout::of(visit, visit.t("list-check-heading"));
    let page = CheckPage {
        // A language that is chosen now leads back to where the list can be uploaded anew.
        layout: Layout { address: super::address(team), ..layout },
        back: super::address(team),
        errors,
        summary: if is_good { summary(visit, &answered) } else { faulty(visit, &answered) },
        faults,
        rows: if is_good {
            outcomes.take(MOST_ROWS).map(|(line, it)| RowView::of(visit, *line, it)).collect()
        } else {
            Vec::new()
        },
        left_out: match left_out {
            0 => String::new(),
            count => visit.t1("list-left-out", "count", &count.to_string()),
        },
        take_in: is_good.then(|| take_in_form(visit, team, key, &prepared.columns)),
        form: columns::form(visit, team, key, (&prepared.table, &prepared.columns)),
    };
    page_with(status, &page)
}

fn take_in_form(visit: &Visit, team: &str, key: &str, columns: &Columns) -> Form {
    let action = format!("{}/take-in", super::address(team));
    let mut form = Form::new(visit, action, "list-take-in");
    form.hidden.push(("key", key.to_owned()));
    form.hidden.extend(columns.hidden());
    form
}

fn summary(visit: &Visit, answered: &Answered) -> String {
    let of = |effect: ImportEffect| {
        answered.outcomes.iter().filter(|(_, it)| it.effect() == effect).count().to_string()
    };
    let (created, unchanged) = (of(ImportEffect::Created), of(ImportEffect::Unchanged));
    let facts = [("created", created.as_str()), ("unchanged", unchanged.as_str())];
    text::message(visit.reader.language, "list-summary", &facts)
}

fn faulty(visit: &Visit, answered: &Answered) -> String {
    match answered.faults.len() {
        0 => visit.t("list-not-tried"),
        count => visit.t1("list-faulty", "count", &count.to_string()),
    }
}

/// What is wrong: once each what many rows miss because no column is chosen for it, and
/// then row by row.
fn faults(visit: &Visit, prepared: &Prepared, faults: &[RowFault]) -> Vec<FaultView> {
    let is_unread = |it: &&RowFault| {
        it.is_missing() && it.field.is_some_and(|field| prepared.columns.of(field).is_none())
    };
    let (unread, others): (Vec<&RowFault>, Vec<&RowFault>) = faults.iter().partition(is_unread);
    let mut views = Vec::new();
    for field in fields() {
        let of_field: Vec<_> = unread.iter().filter(|it| it.field == Some(field.id)).collect();
        let line = match of_field.as_slice() {
            [] => continue,
            [one] => one.line.to_string(),
            many => visit.t1("list-rows", "count", &many.len().to_string()),
        };
        let column = visit.t1("list-field-unread", "field", &visit.t(field.label));
        views.push(FaultView { line, column, said: visit.t("list-column-needed") });
    }
    views.extend(others.into_iter().map(|it| FaultView::of(visit, prepared, it)));
    views
}

impl FaultView {
    fn of(visit: &Visit, prepared: &Prepared, fault: &RowFault) -> Self {
        let RowFault { line, field, reason, facts } = fault;
        let field = fields().find(|it| Some(it.id) == *field);
        let column = field.map(|field| match prepared.columns.of(field.id) {
            Some(position) => prepared.table.called(position),
            None => visit.t1("list-field-unread", "field", &visit.t(field.label)),
        });
        Self {
            line: line.to_string(),
            column: column.unwrap_or_else(|| visit.t("list-whole-row")),
            said: text::reason(visit.reader.language, reason, &borrowed(facts)),
        }
    }
}

impl RowView {
    fn of(visit: &Visit, line: u64, outcome: &CaseOutcome) -> Self {
        let (effect, color) = match outcome.effect() {
            ImportEffect::Created => ("list-effect-created", "success"),
            ImportEffect::Unchanged | ImportEffect::Replaced | ImportEffect::Unspecified => {
                ("list-effect-unchanged", "neutral")
            }
        };
        let state = code::called(visit, outcome.state().as_str_name());
        let stage = match outcome.outcome() {
            ExitOutcome::Unspecified => state,
            ended => {
                let ended = code::called(visit, ended.as_str_name());
                format!("{}{}({ended})", visit.t("enrolment-ended"), format::NO_BREAK_SPACE)
            }
        };
        let known = id_of(&outcome.known_participant).to_owned();
        Self { line: line.to_string(), effect: visit.t(effect), color, stage, known }
    }
}
