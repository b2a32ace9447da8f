//! What was found wrong while the files were read, and what the rows define:
//! enough to tell afterwards which complaints of the services are news and
//! which only follow from a fault that is told already.

use std::collections::{HashMap, HashSet};

use sheets::cell::shown;
use values::Fault;

use super::{
    RowFault,
    kinds::{Collection, Kind},
};

/// One row of one table, by the name of its kind; row 0 stands for the whole table.
pub(super) type RowAt = (&'static str, u64);

/// The faults so far, and what is known about the rows.
#[derive(Debug, Default)]
pub(super) struct Findings {
    faults: Vec<RowFault>,
    doubts: Vec<RowFault>,
    told_cells: HashSet<(RowAt, &'static str)>,
    broken_rows: HashSet<RowAt>,
    defined: HashMap<(Collection, String), Vec<RowAt>>,
    incomplete: HashSet<Collection>,
}

/// What the files say about a resource that a row refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Nothing: it must be there already.
    Elsewhere,
    /// They define it.
    Defined,
    /// They define it, or may do so, in a row that could not be read in full.
    Broken,
}

impl Findings {
    /// Notes a fault of a file as a whole, or of a sheet of it.
    pub(super) fn source_fault(&mut self, file: &str, sheet: &str, fault: Fault) {
        let told = row_fault((file, 0), "", "", fault);
        self.faults.push(RowFault { sheet: sheet.to_owned(), ..told });
    }

    /// Notes a fault of a table, or of a row of it as a whole. The letter is that
    /// of a column whose name is not known.
    pub(super) fn table_fault(
        &mut self,
        kind: &'static Kind,
        row: u64,
        column: &str,
        letter: String,
        fault: Fault,
    ) {
        let told = row_fault((kind.name, row), column, "", fault);
        self.faults.push(RowFault { letter, ..told });
    }

    /// Notes a fault of a cell. Later complaints about the cell are not news.
    pub(super) fn cell_fault(&mut self, at: RowAt, column: &'static str, text: &str, fault: Fault) {
        self.faults.push(row_fault(at, column, text, fault));
        self.tell(at, column);
    }

    /// Notes that a cell looks as if it stood in the wrong column. It is told, and stops
    /// nothing.
    pub(super) fn doubt(&mut self, at: RowAt, column: &'static str, text: &str, fault: Fault) {
        self.doubts.push(row_fault(at, column, text, fault));
    }

    /// Notes that a cell has no value because of a fault that is told already.
    pub(super) fn tell(&mut self, at: RowAt, column: &'static str) {
        self.told_cells.insert((at, column));
        self.broken_rows.insert(at);
    }

    /// Notes that a row, or with row 0 a part of the table, could not be used.
    pub(super) fn lose(&mut self, at: RowAt) {
        self.broken_rows.insert(at);
    }

    /// Notes that a row defines a resource. Answers whether it is the first.
    pub(super) fn define(&mut self, collection: Collection, id: &str, at: RowAt) -> bool {
        let rows = self.defined.entry((collection, id.to_owned())).or_default();
        rows.push(at);
        rows.len() == 1
    }

    /// Notes that rows of this kind may be missing among the definitions.
    pub(super) fn mark_incomplete(&mut self, collection: Collection) {
        self.incomplete.insert(collection);
    }

    /// What the files say about a resource.
    pub(super) fn target(&self, collection: Collection, id: &str) -> Target {
        match self.defined.get(&(collection, id.to_owned())) {
            Some(rows) if rows.iter().any(|row| self.broken_rows.contains(row)) => Target::Broken,
            Some(_) => Target::Defined,
            None if self.incomplete.contains(&collection) => Target::Broken,
            None => Target::Elsewhere,
        }
    }

    /// The ids the files define, those of rows with faults among them, in order.
    pub(super) fn defined_ids(&self, collection: Collection) -> Vec<&str> {
        let of_collection = self.defined.keys().filter(|(kind, _)| *kind == collection);
        let mut ids: Vec<&str> = of_collection.map(|(_, id)| id.as_str()).collect();
        ids.sort_unstable();
        ids
    }

    /// True when a fault of the cell is told already.
    pub(super) fn is_told(&self, at: RowAt, column: &'static str) -> bool {
        self.told_cells.contains(&(at, column))
    }

    /// True when the row could not be read in full.
    pub(super) fn is_broken(&self, at: RowAt) -> bool {
        self.broken_rows.contains(&at)
    }

    /// The doubts, in the order they were found.
    pub(super) fn doubts(&self) -> &[RowFault] {
        &self.doubts
    }

    /// The faults, in the order they were found.
    pub(super) fn faults(&self) -> &[RowFault] {
        &self.faults
    }
}

fn row_fault((file, row): (&str, u64), column: &str, text: &str, fault: Fault) -> RowFault {
    let facts = fault.facts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    RowFault {
        file: file.to_owned(),
        sheet: String::new(),
        row,
        letter: String::new(),
        column: column.to_owned(),
        value: value_shown(column, text),
        reason: fault.reason.to_owned(),
        facts,
    }
}

/// The text of a cell as a fault may show it. A wrong organisation number may
/// be a personal number that was put in the wrong place, so none is shown.
pub(super) fn value_shown(column: &str, text: &str) -> Option<String> {
    (column != "organisation_number" && !text.is_empty()).then(|| shown(text))
}
