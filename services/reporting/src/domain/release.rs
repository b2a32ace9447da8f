//! Releases: a report as it left the federation, frozen. What is published is one
//! document, whose canonical bytes name it.

mod commitment;
mod document;
mod evidence;
mod figures;
mod protected;
mod text;
mod told;
mod totals;

use chrono::{DateTime, Utc};
use values::{Period, Slug, name::ReportingPeriodName};

use crate::domain::definition::{Cell, Definitions, TOTAL, Text};
use crate::domain::template::Column;

pub use commitment::{Recorded, Seed, commitment, record_version, salt};
pub use document::{FORMAT, hash};
pub use evidence::evidence;
pub use figures::{Counted, HiddenBefore, compiled};
pub use protected::{Earlier, Meaning, Protected, protected};
pub use text::{Hiding, counts_people, shows_hidden, stated, words_show_hidden};
pub use told::{
    Counts, ends_counted, is_counted, newest_of_subjects, told_of_derived, told_of_team,
};
pub use totals::stating;

/// A report as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its resource name.
    pub name: String,
    /// The report, as a resource name.
    pub report: String,
    /// The release that it corrects, as a resource name; empty for a first one.
    pub restates: String,
    /// What it is called.
    pub title: String,
    /// The registry number; empty for none.
    pub dnr: String,
    /// The federation's name.
    pub federation_display_name: String,
    /// The reporting period.
    pub reporting_period: ReportingPeriodName,
    /// The days it is about.
    pub period: Period,
    /// When it was published.
    pub publish_time: DateTime<Utc>,
    /// Counts of 1 to below this are hidden.
    pub threshold: i64,
    /// The version of the figure definitions.
    pub definitions_version: i32,
    /// The template, as a resource name; empty for none.
    pub template: String,
    /// Where each service's journal was.
    pub stamps: Vec<Stamp>,
    /// Whom its figures are about.
    pub subjects: Vec<Subject>,
    /// What each figure and category means.
    pub labels: Vec<Label>,
    /// Its figures.
    pub figures: Vec<Figure>,
    /// The funding table; the total, without a recipient, comes last.
    pub funding: Vec<Funding>,
    /// Its chapters.
    pub chapters: Vec<Chapter>,
    /// What explains its findings.
    pub explanations: Vec<Explanation>,
    /// What it corrects.
    pub changes: Vec<Change>,
    /// The de-identified list that goes out with it.
    pub list: Option<List>,
}

/// The de-identified list that goes out with a release; its content is a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The SHA-256 of the file.
    pub sha256: String,
    /// How many rows it has.
    pub rows: i64,
    /// How many people stand in it.
    pub people: i64,
    /// The sequence of the participant service's journal that it is true at.
    pub sequence: i64,
}

/// What the figures of a service are true at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The service.
    pub service: String,
    /// The sequence of its journal.
    pub sequence: i64,
    /// The journal's head hash there.
    pub head_hash: Vec<u8>,
}

/// A federation, an area or a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its resource name.
    pub name: String,
    /// The name people read.
    pub display_name: String,
    /// Where its figures come from; none for a team without figures.
    pub source: Option<Source>,
}

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Teams reported it.
    Reported,
    /// It was counted from records.
    Derived,
    /// It is stated in the report.
    Stated,
    /// It is the sum of both, which stand beside it.
    Mixed,
}

/// What a figure or a category means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The cell.
    pub cell: Cell,
    /// What it means.
    pub text: Text,
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Whose, as a resource name.
    pub subject: String,
    /// The cell.
    pub cell: Cell,
    /// Where it comes from.
    pub source: Source,
    /// What is told.
    pub told: Told,
    /// What it was made of; empty for what is hidden, stated or mixed.
    pub commitment: Vec<u8>,
    /// Whom a sum covers; none for what is no sum.
    pub covered: Option<Covered>,
}

/// Whom a sum covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    /// How many teams have the figure.
    pub teams_covered: usize,
    /// How many teams there are.
    pub team_count: usize,
}

/// What is told of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// So many.
    Count(i64),
    /// A number with decimals, or a date.
    Stated(String),
    /// Nothing.
    Hidden,
}

/// A row of the funding table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funding {
    /// The recipient, as a resource name; empty for the total.
    pub recipient: String,
    /// The name people read.
    pub display_name: String,
    /// The team, as a resource name; empty for none.
    pub team: String,
    /// Granted for the year, in öre.
    pub granted_ore: i64,
    /// Requisitioned in the period, in öre.
    pub requisitioned_ore: i64,
    /// Requisitioned from the year's start to the period's end, in öre.
    pub requisitioned_to_date_ore: i64,
    /// Requisitioned to date of granted, in whole percent.
    pub share_percent: i32,
}

/// A chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// The section of the template.
    pub section: String,
    /// Whom it is about, as a resource name; empty for the whole report.
    pub subject: String,
    /// `sv` or `en`.
    pub language: String,
    /// What the section is called, in that language.
    pub heading: String,
    /// Its Markdown.
    pub text: String,
    /// The same with what its references show in their places.
    pub shown_text: String,
    /// Its files.
    pub attachments: Vec<Attachment>,
}

/// A file of a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its resource name.
    pub name: String,
    /// The name people read.
    pub file_name: String,
    /// What the content is.
    pub media_type: String,
    /// How long the content is, in bytes.
    pub size_bytes: i64,
    /// SHA-256 of the content, in lower-case hexadecimal digits.
    pub sha256: String,
}

/// What explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The finding's key.
    pub finding: String,
    /// The check.
    pub check: String,
    /// What the finding is in; empty for the whole report.
    pub places: Vec<Explained>,
    /// The explanation.
    pub text: String,
}

/// What a finding that was explained is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Whom it is about, as a resource name; empty for the whole report.
    pub subject: String,
    /// The chapter or the figure; none for all that there is of the subject.
    pub part: Option<Part>,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A chapter, by the section of the template and what that is called.
    Chapter {
        /// The section.
        section: String,
        /// What it is called.
        heading: String,
    },
    /// A figure.
    Figure(Cell),
}

/// A figure that a restatement corrects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose, as a resource name.
    pub subject: String,
    /// The cell.
    pub cell: Cell,
    /// What was told; none when it was hidden, or not told.
    pub old: Option<i64>,
    /// What is told now; none when it is hidden, or not told.
    pub new: Option<i64>,
    /// What adds up to the difference; empty when one of both is hidden.
    pub facts: Vec<Fact>,
}

/// A fact behind a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// What it is.
    pub kind: FactKind,
    /// What was replaced, as a resource name; empty for what is counted from records.
    pub subject: String,
    /// How much it changes the figure.
    pub difference: i64,
}

/// Kinds of facts behind a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    /// A team reported for the first time.
    LateReport,
    /// A team replaced what it had reported.
    ReplacedReport,
    /// Late facts changed how many there were when the period began.
    Opening,
    /// Late facts changed how many came.
    Inflow,
    /// Late facts changed how many left.
    Outflow,
    /// Late facts changed how many are counted.
    LateFacts,
    /// The figure means something else.
    Definition,
    /// The figures come from another source.
    Source,
}

/// Why a report is not published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is published already, as this release.
    Published(String),
    /// No team has any figures.
    WithoutFigures,
}

/// Decides whether a report is published for the first time.
///
/// # Errors
/// A refusal when it was published before, or has no figures.
pub fn publish(published_as: Option<&str>, has_figures: bool) -> Result<(), Refusal> {
    if let Some(release) = published_as {
        return Err(Refusal::Published(release.to_owned()));
    }
    if !has_figures {
        return Err(Refusal::WithoutFigures);
    }
    Ok(())
}

/// The id of a report's next release: `2025h1-1`, or the next number that no release of a
/// report with this id has; none when the report's is too long for it.
#[must_use]
pub fn next_id(report: &Slug, taken: &[Slug]) -> Option<Slug> {
    let number = |id: &Slug| {
        let (stem, number) = id.as_str().rsplit_once('-')?;
        if stem == report.as_str() { number.parse::<u32>().ok() } else { None }
    };
    let newest = taken.iter().filter_map(number).max().unwrap_or_default();
    Slug::parse("", &format!("{report}-{}", newest.checked_add(1)?)).ok()
}

/// The texts of the cells that a release tells, of the definitions and of its template.
#[must_use]
pub fn labels(definitions: &Definitions, columns: &[Column], figures: &[Figure]) -> Vec<Label> {
    let is_told = |cell: &Cell| figures.iter().any(|figure| figure.cell == *cell);
    let mut labels = Vec::new();
    for figure in definitions.figures() {
        labels.push(Label { cell: figure.total_cell(), text: figure.text.clone() });
        for partition in &figure.partitions {
            for (category, cell) in partition.categories.iter().zip(partition.cells()) {
                labels.push(Label { cell, text: category.text.clone() });
            }
        }
    }
    for Column { figure, text, categories, .. } in columns {
        labels.push(Label { cell: Cell::new(figure, TOTAL), text: text.clone() });
        for category in categories {
            let cell = Cell::new(figure, &category.code);
            labels.push(Label { cell, text: category.text.clone() });
        }
    }
    labels.retain(|label| is_told(&label.cell));
    labels
}

#[cfg(test)]
mod tests;
