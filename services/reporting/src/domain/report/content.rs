//! Drafting a report, and changing what is written in its head.

use chrono::{DateTime, Utc};
use values::name::AccountName;
use values::{Fault, Faults};

use super::{Content, MOST_GOALS, MOST_STATED, Report, State, Step, Subject};
use crate::domain::definition::{Cell, Definitions};
use crate::domain::figures::Value;
use crate::domain::template::{FINANCE_FIGURES, Kind, Template};

/// What the content of a report is checked against.
#[derive(Debug, Clone, Copy)]
pub struct ContentFacts<'a> {
    /// The definitions in force.
    pub definitions: &'a Definitions,
    /// The template; none when there is no such template.
    pub template: Option<&'a Template>,
    /// There is such a period.
    pub period_is_there: bool,
}

/// Why a report is not drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateRefusal {
    /// Another report has the name.
    Taken,
    /// The content cannot be right.
    Faulty(Faults),
}

/// Why the head of a report is not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateRefusal {
    /// Somebody else changed it since it was read.
    Stale,
    /// It is not open.
    StateForbids(State),
    /// The content cannot be right.
    Faulty(Faults),
}

/// Drafts a report.
///
/// # Errors
/// What forbids it.
pub fn create(
    content: Content,
    is_taken: bool,
    facts: ContentFacts<'_>,
    account: AccountName,
    time: DateTime<Utc>,
) -> Result<Report, CreateRefusal> {
    if is_taken {
        return Err(CreateRefusal::Taken);
    }
    let faults = faults(&content, facts);
    if !faults.is_empty() {
        return Err(CreateRefusal::Faulty(faults));
    }
    let step =
        Step { state: State::Draft, account, time, reason: String::new(), newest_table: None };
    Ok(Report { content, steps: vec![step], explanations: Default::default(), revision: 1 })
}

/// Replaces the content of a report that is open.
///
/// # Errors
/// What forbids it.
pub fn update(
    standing: Report,
    etag: &str,
    content: Content,
    facts: ContentFacts<'_>,
) -> Result<Report, UpdateRefusal> {
    if etag != standing.etag() {
        return Err(UpdateRefusal::Stale);
    }
    if !standing.is_open() {
        return Err(UpdateRefusal::StateForbids(standing.state()));
    }
    let mut faults = faults(&content, facts);
    let Content { template, period, subject, .. } = &standing.content;
    let federation = &template.federation;
    for (field, before, after) in [
        ("template", template.to_string(), content.template.to_string()),
        ("reporting_period", period.to_string(), content.period.to_string()),
        ("subject", subject.name(federation), content.subject.name(federation)),
    ] {
        if before != after {
            faults.push(Fault::new(field, "REPORT_FIELD_STAYS").with("expected", before));
        }
    }
    if !faults.is_empty() {
        return Err(UpdateRefusal::Faulty(faults));
    }
    Ok(Report { content, revision: standing.revision + 1, ..standing })
}

/// Everything that is wrong with a content.
fn faults(content: &Content, facts: ContentFacts<'_>) -> Faults {
    let ContentFacts { definitions, template, period_is_there } = facts;
    let mut faults = Faults::new();
    if !period_is_there {
        let fault = Fault::new("reporting_period", "REPORTING_PERIOD_UNKNOWN");
        faults.push(fault.with("value", &content.period));
    }
    if content.goals.len() > MOST_GOALS {
        let fault = Fault::new("goals", "GOALS_TOO_MANY").with("limit", MOST_GOALS);
        faults.push(fault.with("count", content.goals.len()));
    }
    let stated: usize = content.stated.values().map(|figures| figures.iter().count()).sum();
    if stated > MOST_STATED {
        let fault = Fault::new("stated_cells", "STATED_CELLS_TOO_MANY").with("limit", MOST_STATED);
        faults.push(fault.with("count", stated));
    }
    let Some(template) = template else {
        let fault = Fault::new("template", "REPORT_TEMPLATE_UNKNOWN");
        faults.push(fault.with("value", &content.template));
        return faults;
    };
    if !template.about.contains(&content.subject.about()) {
        faults.push(Fault::new("subject", "REPORT_SUBJECT_OF_OTHER_KIND"));
    }
    for (subject, figures) in &content.stated {
        for (cell, value) in figures.iter() {
            let is_own = *subject == content.subject.id();
            if let Err(reason) = check_cell(content, definitions, template, is_own, cell, value) {
                let Cell { figure, category } = cell;
                let fault = Fault::new("stated_cells", reason).with("subject", subject);
                faults.push(fault.with("figure", figure).with("category", category));
            }
        }
    }
    faults
}

/// A cell is one of the report's, and stands nowhere else: what a team reports, and
/// what finance keeps, is not stated once more.
fn check_cell(
    content: &Content,
    definitions: &Definitions,
    template: &Template,
    is_own: bool,
    cell: &Cell,
    value: Value,
) -> Result<(), &'static str> {
    let kind = template.kind(definitions, cell).ok_or("CELL_UNKNOWN")?;
    let is_of_team = match content.subject {
        Subject::Federation => !is_own,
        Subject::Team(_) => true,
        Subject::Area(_) => false,
    };
    let is_reported = is_of_team && definitions.position(cell).is_some();
    if is_reported || FINANCE_FIGURES.contains(&cell.figure.as_str()) {
        return Err("CELL_COMES_FROM_RECORDS");
    }
    match (kind, value) {
        (Kind::Number, Value::Number(_)) | (Kind::Date, Value::Date(_)) => Ok(()),
        (Kind::Number, Value::Date(_)) => Err("CELL_TAKES_NUMBERS"),
        (Kind::Date, Value::Number(_)) => Err("CELL_TAKES_DATES"),
    }
}
