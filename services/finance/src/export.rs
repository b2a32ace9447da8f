//! Files that leave the federation: tables for a spreadsheet program, and vouchers
//! for the office's general ledger.
//!
//! Architecture invariant: figures come in as they were computed for the contract,
//! and bytes go out; nothing is computed here, asked for or stored. The same
//! figures give the same bytes. The files are documents of a Swedish authority, so
//! their words are Swedish whoever asks: `words.rs`.

mod code_page;
mod csv;
pub(crate) mod funding_table;
pub(crate) mod payments;
pub(crate) mod requisitions;
pub(crate) mod sie;
pub(crate) mod staffing_matrix;
mod words;
mod xlsx;

use chrono::NaiveDate;
use values::{Ore, Period};

pub(crate) use words::file_name;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A workbook.
    Xlsx,
    /// Text.
    Csv,
}

impl Format {
    /// The end of a file's name.
    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Csv => "csv",
        }
    }

    /// The type of a file.
    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// A table as it stands in a file: columns, rows, and what they are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    /// What it is called: the sheet's name, at most 31 characters.
    pub(crate) title: &'static str,
    /// The columns.
    pub(crate) columns: Vec<Column>,
    /// The rows, without the one of headings.
    pub(crate) rows: Vec<Row>,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Column {
    /// The heading.
    pub(crate) heading: &'static str,
    /// How wide it is, in characters.
    pub(crate) width: u8,
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// True for a sum of rows above it.
    pub(crate) is_total: bool,
    /// One cell for each column.
    pub(crate) cells: Vec<Cell>,
}

/// A cell. Totals are values like the others: what the service has summed, with no
/// second sum in a formula that a later edit, a filter or a program's rounding
/// could make say something else than the table that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// An amount, in kronor.
    Kronor(Ore),
    /// A share, in percent.
    Percent(i64),
    /// Full-time posts, from percent.
    FullTime(i64),
    /// A day.
    Day(NaiveDate),
}

impl Cell {
    /// A text that may be missing.
    fn text(text: impl ToString) -> Self {
        let text = text.to_string();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }
}

/// Writes a table. `as_of` is the day that its figures were last changed: the
/// workbook's day of creation.
pub(crate) fn write(table: &Table, format: Format, as_of: NaiveDate) -> anyhow::Result<Vec<u8>> {
    match format {
        Format::Xlsx => xlsx::write(table, as_of),
        Format::Csv => csv::write(table),
    }
}

/// Days as they stand in a file's name.
fn days(period: Period) -> String {
    format!("{}--{}", period.first_day(), period.last_day())
}

/// A number of hundredths with two decimals.
fn decimals(hundredths: i64, point: char) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let digits = hundredths.unsigned_abs();
    format!("{sign}{}{point}{:02}", digits / 100, digits % 100)
}

#[cfg(test)]
mod tests;
