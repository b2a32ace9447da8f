//! Imports tables into a running Samordna, through the public API: all rows or
//! none, every fault at once, and a dry run unless told otherwise. The tables
//! are CSV files and workbooks of a folder, or the sheets of one workbook;
//! deploy/demo/README.md describes them, and `kinds` lists them.
//!
//! 1. Every row of every table is read; what cannot be read becomes a fault.
//! 2. The three services are asked what they would do, also when there are
//!    faults already, so that nobody mends one fault only to meet the next.
//! 3. Without any fault, and only when applying, organisation, finance and
//!    reporting are written in this order, each in one transaction.
//!
//! An interrupted import is finished by repeating it: rows that are there
//! already stay as they are. Each run has request ids of its own. Ids made from
//! the content would be wrong: figures that are imported, replaced by others
//! and imported again would meet the answer of the first time and stay replaced.
//!
//! Architecture invariant: no rule about what the values may be; those are the
//! services', and they are asked. Nothing is printed but by [`print()`].

mod amount;
mod client;
mod fields;
mod findings;
mod halves;
mod kinds;
mod places;
mod plan;
mod report;
mod sources;
mod table;
mod tables;
mod workbook;

use std::path::PathBuf;

use anyhow::bail;
use gateway::text::{self, Language};
use proto::common::ImportEffect;
use sheets::cell;
use values::Slug;

pub use client::{Gateway, channel, connect};
pub use report::print;

use client::Run;
use plan::{Answer, Plan};
use tables::Files;

/// What to import.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The folder with the files, or the workbook.
    pub from: PathBuf,
    /// The federation they are about, by id: `vastmanland`.
    pub federation: String,
    /// Whether to write, or only to tell what would happen.
    pub apply: bool,
    /// The language of what the import says.
    pub language: Language,
}

/// What an import found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// Whether it was to write.
    pub apply: bool,
    /// What happened to each row, or would happen; empty when there are faults.
    pub outcomes: Vec<RowOutcome>,
    /// Every fault, by table and row.
    pub faults: Vec<RowFault>,
    /// What looks as if it stood in the wrong column: told, and no fault.
    pub doubts: Vec<RowFault>,
    /// The services that were written.
    pub written: Vec<Section>,
}

impl ImportReport {
    /// True when there is no fault: what the process's exit code says.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.faults.is_empty()
    }
}

/// What happened to one resource, or would happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome {
    /// The file.
    pub file: String,
    /// The sheet, when the file has several tables; otherwise empty.
    pub sheet: String,
    /// The first line of it that is about the resource; the header is line 1.
    pub first_row: u64,
    /// The last line that is.
    pub last_row: u64,
    /// The resource's name.
    pub name: String,
    /// What happened.
    pub effect: ImportEffect,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The file; empty when a fault belongs to none.
    pub file: String,
    /// The sheet, when the file has several tables; otherwise empty.
    pub sheet: String,
    /// The line; the header is line 1, and 0 stands for the whole file.
    pub row: u64,
    /// The letter over the column; empty when it has none.
    pub letter: String,
    /// The column; empty when it is the whole row.
    pub column: String,
    /// What stands there, when it may be shown.
    pub value: Option<String>,
    /// The stable reason.
    pub reason: String,
    /// The facts of the reason, by name.
    pub facts: Vec<(String, String)>,
}

/// A part of the import: one service, one request, one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The federation, its parties, areas, municipalities and teams.
    Organisation,
    /// Recipients, grants with later decisions, and requisitions; years with their limits,
    /// contributions, budgets with forecasts, own costs and staffing; the account plan.
    Finance,
    /// Periods and reported figures.
    Reporting,
}

impl Section {
    /// In the order of writing: each may refer to the ones before.
    const ALL: [Section; 3] = [Section::Organisation, Section::Finance, Section::Reporting];
}

/// Imports a folder or a workbook.
///
/// # Errors
/// When the federation is no id, the folder or workbook cannot be read or has no
/// table, or a service cannot be asked. Faults of rows are no errors: they are in the report.
pub async fn run(options: ImportOptions, gateway: Gateway) -> anyhow::Result<ImportReport> {
    let federation = Slug::parse("", &options.federation);
    if let Err(fault) = federation {
        let value = cell::shown(&options.federation);
        bail!("{}", text::reason(options.language, fault.reason, &[("value", &value)]));
    }
    let from = options.from.display().to_string();
    let Some(contents) = tables::gather(&options.from)? else {
        bail!("{}", report::no_folder_or_workbook(options.language, &from));
    };
    import(&contents, &from, &options, gateway).await
}

async fn import(
    contents: &Files,
    from: &str,
    options: &ImportOptions,
    gateway: Gateway,
) -> anyhow::Result<ImportReport> {
    let plan = Plan::of(contents, &options.federation);
    let mut report = ImportReport {
        apply: options.apply,
        outcomes: vec![],
        faults: vec![],
        doubts: plan.doubts(),
        written: vec![],
    };
    if !plan.has_tables() {
        report.faults = plan.faults(&[]);
        if report.is_good() {
            bail!("{}", report::nothing_to_import(options.language, from));
        }
        return Ok(report);
    }

    let run = Run::new(gateway, options.language);
    let mut answers = Vec::new();
    for section in Section::ALL.into_iter().filter(|section| plan.has_rows(*section)) {
        answers.push((section, run.check(&plan, section).await?));
    }
    report.faults = plan.faults(&answers);
    if report.is_good() && options.apply {
        answers = write(&plan, &run, options.language, &mut report).await?;
    }
    if report.is_good() {
        report.outcomes = plan.outcomes(&answers);
    }
    Ok(report)
}

/// Writes section after section. Stops at one that refuses, which happens only
/// when something changed after the check; the next run tells what is left.
async fn write(
    plan: &Plan,
    run: &Run,
    language: Language,
    report: &mut ImportReport,
) -> anyhow::Result<Vec<(Section, Answer)>> {
    let mut answers = Vec::new();
    for section in Section::ALL.into_iter().filter(|section| plan.has_rows(*section)) {
        let answer = run.write(plan, section).await;
        let answer = answer.map_err(|error| {
            error.context(report::interrupted(language, &report.written, section))
        })?;
        let is_refused = !answer.faults.is_empty();
        answers.push((section, answer));
        if is_refused {
            report.faults = plan.faults(&answers);
            break;
        }
        report.written.push(section);
    }
    Ok(answers)
}

#[cfg(test)]
mod tests;
