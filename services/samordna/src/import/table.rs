//! Turns the records of one file or sheet into rows that know where they stand
//! and which column each cell belongs to. What a cell means is not known here.

use std::collections::{BTreeMap, BTreeSet};

use sheets::{
    Record,
    cell::shown,
    letter,
    value::{Cell, Value},
};
use values::Fault;

use super::{findings::Findings, kinds::Kind, sources::Source};

/// The readable rows of one table.
#[derive(Debug)]
pub(super) struct Table {
    /// The kind of table.
    pub(super) kind: &'static Kind,
    /// Where it was read from.
    pub(super) source: Source,
    /// The rows, without the header and without rows where every cell is empty.
    pub(super) rows: Vec<Row>,
    /// The rows that could not be used but tell which resource they belong to.
    pub(super) lost_rows: Vec<LostRow>,
}

/// A row with too many or too few cells.
#[derive(Debug)]
pub(super) struct LostRow {
    /// The line it begins on.
    pub(super) line: u64,
    /// What stands in the key column.
    pub(super) key: String,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    /// The line it begins on; the header is line 1.
    pub(super) line: u64,
    cells: BTreeMap<&'static str, Option<Value>>,
}

static EMPTY: Value = Value::Text(String::new());

impl Row {
    /// What stands in a cell; an empty text for a column the table may lack.
    /// `None` when the cell could not be read, which a fault has told.
    pub(super) fn cell(&self, column: &'static str) -> Option<&Value> {
        match self.cells.get(column) {
            Some(value) => value.as_ref(),
            None => Some(&EMPTY),
        }
    }

    /// What people see in a cell.
    pub(super) fn text(&self, column: &'static str) -> String {
        self.cell(column).map(Value::text).unwrap_or_default()
    }
}

/// The first record: which column stands where.
#[derive(Debug, Default)]
struct Header {
    /// The columns with a name, `None` for a name that is not known.
    columns: BTreeMap<usize, Option<&'static str>>,
    length: Option<usize>,
}

impl Header {
    fn position(&self, column: &str) -> Option<usize> {
        let mut known = self.columns.iter();
        known.find(|(_, name)| **name == Some(column)).map(|(position, _)| *position)
    }
}

/// Reads a table. Whatever is wrong goes to `findings`.
pub(super) fn read(
    kind: &'static Kind,
    source: Source,
    mut records: impl Iterator<Item = Record>,
    findings: &mut Findings,
) -> Table {
    let mut table = Table { kind, source, rows: Vec::new(), lost_rows: Vec::new() };
    let Some(header) = read_header(kind, records.next(), findings) else {
        mark_incomplete(kind, findings);
        return table;
    };
    let known = header.columns.iter().filter_map(|(position, name)| Some(((*name)?, *position)));
    table.source.columns = known.collect();
    if header.position(kind.key).is_none() {
        mark_incomplete(kind, findings);
    }
    if header.columns.is_empty() {
        return table;
    }
    let mut unnamed = BTreeSet::new();
    for record in records {
        if record.cells.values().all(is_empty) {
            continue;
        }
        if record.length == header.length {
            let filled = record.cells.iter().filter(|(_, cell)| !is_empty(cell));
            let places: Vec<usize> = filled.map(|(position, _)| *position).collect();
            let is_named = |position: &usize| header.columns.contains_key(position);
            let (named, beside): (Vec<_>, Vec<_>) = places.into_iter().partition(is_named);
            for position in beside {
                if unnamed.insert(position) {
                    tell_unnamed(kind, record.line, position, findings);
                }
            }
            if !named.is_empty() {
                table.rows.push(read_row(kind, &header, record, findings));
            }
        } else {
            table.lost_rows.extend(lose_row(kind, &header, &record, findings));
        }
    }
    table
}

fn is_empty(cell: &Cell) -> bool {
    cell.as_ref().is_ok_and(Value::is_empty)
}

/// A column that has something in it but no name is told once, where it begins.
fn tell_unnamed(kind: &'static Kind, line: u64, position: usize, findings: &mut Findings) {
    let fault = Fault::new("", "COLUMN_UNNAMED").with("column", letter(position));
    findings.table_fault(kind, line, "", letter(position), fault);
}

/// The known column of each cell of the header. `None` when a name in it
/// cannot be read, so that nothing can be said about the rows.
fn read_header(
    kind: &'static Kind,
    first: Option<Record>,
    findings: &mut Findings,
) -> Option<Header> {
    let mut header = Header::default();
    let mut is_readable = true;
    if let Some(record) = first.filter(|record| record.line == 1 || record.length.is_some()) {
        header.length = record.length;
        for (position, cell) in record.cells {
            let name = match cell {
                Ok(value) if value.is_empty() => continue,
                Ok(value) => value.text(),
                Err(fault) => {
                    findings.table_fault(kind, 1, "", letter(position), fault);
                    is_readable = false;
                    continue;
                }
            };
            let column = kind.column(&name);
            let fault = match column {
                None => Some(Fault::new("", "COLUMN_UNKNOWN").with("column", shown(&name))),
                Some(known) if header.position(known).is_some() => {
                    Some(Fault::new("", "NAME_TWICE").with("name", known))
                }
                Some(_) => None,
            };
            let is_first = fault.is_none();
            if let Some(fault) = fault {
                let known = column.unwrap_or_default();
                findings.table_fault(kind, 1, known, letter(position), fault);
            }
            header.columns.insert(position, column.filter(|_| is_first));
        }
    }
    if !is_readable {
        return None;
    }
    for column in kind.columns.iter().filter(|column| header.position(column).is_none()) {
        let fault = Fault::new("", "COLUMN_MISSING").with("column", column);
        findings.table_fault(kind, 1, column, String::new(), fault);
    }
    Some(header)
}

fn read_row(
    kind: &'static Kind,
    header: &Header,
    mut record: Record,
    findings: &mut Findings,
) -> Row {
    // A required column that the header lacks has been told: its cells have no
    // value, and nobody asks for one.
    let mut cells: BTreeMap<&'static str, Option<Value>> =
        kind.columns.iter().map(|column| (*column, None)).collect();
    for (position, column) in &header.columns {
        let Some(column) = *column else { continue };
        let cell = record.cells.remove(position).unwrap_or_else(|| Ok(EMPTY.clone()));
        match cell {
            Ok(value) => {
                cells.insert(column, Some(value));
            }
            Err(fault) => {
                cells.insert(column, None);
                findings.cell_fault((kind.name, record.line), column, "", fault);
            }
        }
    }
    if cells.get(kind.key).is_some_and(Option::is_none) {
        mark_incomplete(kind, findings);
    }
    Row { line: record.line, cells }
}

/// A row with too many or too few cells is not used, since nobody can tell
/// which cell is missing. What it defines is remembered, so that rows that
/// refer to it are not blamed.
fn lose_row(
    kind: &'static Kind,
    header: &Header,
    record: &Record,
    findings: &mut Findings,
) -> Option<LostRow> {
    let fault = Fault::new("", "ROW_LENGTH")
        .with("columns", header.length.unwrap_or_default())
        .with("cells", record.length.unwrap_or_default());
    findings.table_fault(kind, record.line, "", String::new(), fault);
    findings.lose((kind.name, record.line));
    let cell = header.position(kind.key).and_then(|position| record.cells.get(&position));
    let key = cell.and_then(|cell| cell.as_ref().ok()).map(Value::text);
    let Some(key) = key.filter(|key| !key.is_empty()) else {
        mark_incomplete(kind, findings);
        return None;
    };
    if let Some(collection) = kind.defines {
        findings.define(collection, &key, (kind.name, record.line));
    }
    Some(LostRow { line: record.line, key })
}

/// From here on the absence of a row of this table proves nothing.
pub(super) fn mark_incomplete(kind: &'static Kind, findings: &mut Findings) {
    findings.lose((kind.name, 0));
    if let Some(collection) = kind.defines {
        findings.mark_incomplete(collection);
    }
}

#[cfg(test)]
mod tests;
