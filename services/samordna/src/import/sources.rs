//! Where a table was read from, in words that help to find a cell again: the
//! file, the sheet of a workbook, the letter of a column.

use std::collections::BTreeMap;

use sheets::letter;

use super::{RowFault, RowOutcome, kinds};

/// Where one table came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// The file.
    pub(super) file: String,
    /// The sheet, when the file has sheets for several tables; otherwise empty.
    pub(super) sheet: String,
    /// Where the known columns stand, counted from 0.
    pub(super) columns: BTreeMap<&'static str, usize>,
}

impl Source {
    /// A file that holds one table.
    pub(super) fn file(name: &str) -> Self {
        Self { file: name.to_owned(), sheet: String::new(), columns: BTreeMap::new() }
    }

    /// A sheet of a workbook with several tables.
    pub(super) fn sheet(file: &str, sheet: &str) -> Self {
        Self { sheet: sheet.to_owned(), ..Self::file(file) }
    }

    /// Where a table that is not there would be looked for.
    pub(super) fn expected(name: &str, book: Option<&str>) -> Self {
        match book {
            Some(book) => Self::sheet(book, name),
            None => Self::file(&format!("{name}.csv")),
        }
    }

    /// What a person calls it.
    pub(super) fn title(&self) -> &str {
        if self.sheet.is_empty() { &self.file } else { &self.sheet }
    }

    /// The letter over a known column; empty for one that is not there.
    pub(super) fn letter(&self, column: &str) -> String {
        self.columns.get(column).copied().map(letter).unwrap_or_default()
    }
}

/// Where each table came from.
#[derive(Debug)]
pub(super) struct Sources {
    of: BTreeMap<&'static str, Source>,
    /// The workbook, when all tables are sheets of one.
    book: Option<String>,
}

impl Sources {
    /// The sources by the names of the tables' kinds.
    pub(super) fn new(of: BTreeMap<&'static str, Source>, book: Option<String>) -> Self {
        Self { of, book }
    }

    /// True when there is no table at all.
    pub(super) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Names the file, the sheet and the letter, where a fault names the table.
    pub(super) fn locate_fault(&self, fault: &mut RowFault) {
        let Some(Source { file, sheet, columns: _ }) = self.source(&fault.file) else { return };
        if fault.letter.is_empty()
            && let Some(source) = self.of.get(fault.file.as_str())
        {
            fault.letter = source.letter(&fault.column);
        }
        (fault.file, fault.sheet) = (file, sheet);
    }

    /// Names the file and the sheet, where an outcome names the table.
    pub(super) fn locate_outcome(&self, outcome: &mut RowOutcome) {
        if let Some(Source { file, sheet, columns: _ }) = self.source(&outcome.file) {
            (outcome.file, outcome.sheet) = (file, sheet);
        }
    }

    fn source(&self, name: &str) -> Option<Source> {
        let kind = kinds::named(name)?;
        let there = self.of.get(name).cloned();
        Some(there.unwrap_or_else(|| Source::expected(kind.name, self.book.as_deref())))
    }
}
