//! Reads the bytes of one CSV file into rows that know where they stand.
//!
//! Works on bytes, so that broken encoding is told by row and column instead
//! of making the whole file unreadable. What a cell means is not known here.

use std::collections::BTreeMap;

use csv::ByteRecord;
use values::Fault;

use super::{files::Spec, findings::Findings};

/// The readable rows of one file.
#[derive(Debug)]
pub(super) struct Table {
    /// The kind of file.
    pub(super) spec: &'static Spec,
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
    cells: BTreeMap<&'static str, Option<String>>,
}

impl Row {
    /// The text of a cell, without space around it; empty for a column the file
    /// may lack. `None` when the cell could not be read, which a fault has told.
    pub(super) fn cell(&self, column: &'static str) -> Option<&str> {
        match self.cells.get(column) {
            Some(text) => text.as_deref(),
            None => Some(""),
        }
    }
}

/// Reads a file. Whatever is wrong goes to `findings`.
pub(super) fn read(spec: &'static Spec, bytes: &[u8], findings: &mut Findings) -> Table {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let mut records = Records::new(bytes);
    let mut table = Table { spec, rows: Vec::new(), lost_rows: Vec::new() };
    let header = records.next().map(|(_, record)| record).unwrap_or_default();
    let Some(header) = read_header(spec, &header, findings) else {
        mark_incomplete(spec, findings);
        return table;
    };
    if !header.contains(&Some(spec.key)) {
        mark_incomplete(spec, findings);
    }
    for (line, record) in records {
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        if record.len() == header.len() {
            table.rows.push(read_row(spec, &header, line, &record, findings));
        } else {
            let lost = lose_row(spec, &header, line, &record, findings);
            table.lost_rows.extend(lost);
        }
    }
    table
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The records of a file with the lines they begin on. The reader's own line
/// numbers are off by the blank lines before a record.
struct Records<'a> {
    bytes: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    line: u64,
    counted_to: usize,
}

impl<'a> Records<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes);
        Self { bytes, reader, line: 1, counted_to: 0 }
    }
}

impl Iterator for Records<'_> {
    type Item = (u64, ByteRecord);

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = ByteRecord::new();
        let is_there = self.reader.read_byte_record(&mut record).unwrap_or(false);
        if !is_there {
            return None;
        }
        let offset = record.position().map_or(0, csv::Position::byte);
        let mut start = usize::try_from(offset).unwrap_or(self.bytes.len());
        while self.bytes.get(start).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            start += 1;
        }
        self.line += line_breaks(self.bytes.get(self.counted_to..start).unwrap_or_default());
        self.counted_to = start;
        Some((self.line, record))
    }
}

/// Counts `\n`, `\r\n` and a lone `\r` as one line break each.
fn line_breaks(bytes: &[u8]) -> u64 {
    let is_break = |(position, byte): &(usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(position + 1) != Some(&b'\n'),
        _ => false,
    };
    bytes.iter().enumerate().filter(is_break).count() as u64
}

/// The known column of each cell of the header. `None` when a name in it
/// cannot be read, so that nothing can be said about the rows.
fn read_header(
    spec: &'static Spec,
    record: &ByteRecord,
    findings: &mut Findings,
) -> Option<Vec<Option<&'static str>>> {
    let mut header: Vec<Option<&'static str>> = Vec::new();
    let mut is_readable = true;
    for cell in record {
        let name = match text(cell) {
            Ok(name) => name,
            Err(fault) => {
                findings.file_fault(spec.file, 1, "", fault);
                is_readable = false;
                continue;
            }
        };
        let column = spec.column(&name);
        let fault = match column {
            None => {
                Some(Fault::new("", "COLUMN_UNKNOWN").with("column", super::cell::shown(&name)))
            }
            Some(known) if header.contains(&Some(known)) => {
                Some(Fault::new("", "NAME_TWICE").with("name", known))
            }
            Some(_) => None,
        };
        if let Some(fault) = fault {
            findings.file_fault(spec.file, 1, column.unwrap_or_default(), fault);
        }
        header.push(column);
    }
    if !is_readable {
        return None;
    }
    for column in spec.columns.iter().filter(|column| !header.contains(&Some(**column))) {
        let fault = Fault::new("", "COLUMN_MISSING").with("column", column);
        findings.file_fault(spec.file, 1, column, fault);
    }
    Some(header)
}

fn read_row(
    spec: &'static Spec,
    header: &[Option<&'static str>],
    line: u64,
    record: &ByteRecord,
    findings: &mut Findings,
) -> Row {
    // A required column that the header lacks has been told: its cells have no
    // value, and nobody asks for one.
    let mut cells: BTreeMap<&'static str, Option<String>> =
        spec.columns.iter().map(|column| (*column, None)).collect();
    for (column, cell) in header.iter().zip(record) {
        let Some(column) = *column else { continue };
        match text(cell) {
            Ok(text) => {
                cells.insert(column, Some(text));
            }
            Err(fault) => {
                cells.insert(column, None);
                findings.cell_fault((spec.file, line), column, "", fault);
            }
        }
    }
    if cells.get(spec.key).is_some_and(Option::is_none) {
        mark_incomplete(spec, findings);
    }
    Row { line, cells }
}

/// A row with too many or too few cells is not used, since nobody can tell
/// which cell is missing. What it defines is remembered, so that rows that
/// refer to it are not blamed.
fn lose_row(
    spec: &'static Spec,
    header: &[Option<&'static str>],
    line: u64,
    record: &ByteRecord,
    findings: &mut Findings,
) -> Option<LostRow> {
    let fault =
        Fault::new("", "ROW_LENGTH").with("columns", header.len()).with("cells", record.len());
    findings.file_fault(spec.file, line, "", fault);
    findings.lose((spec.file, line));
    let position = header.iter().position(|column| *column == Some(spec.key));
    let cell = position.and_then(|position| record.get(position));
    let key = cell.and_then(|cell| text(cell).ok()).filter(|key| !key.is_empty());
    let Some(key) = key else {
        mark_incomplete(spec, findings);
        return None;
    };
    if let Some(collection) = spec.defines {
        findings.define(collection, &key, (spec.file, line));
    }
    Some(LostRow { line, key })
}

/// From here on the absence of a row of this file proves nothing.
fn mark_incomplete(spec: &'static Spec, findings: &mut Findings) {
    findings.lose((spec.file, 0));
    if let Some(collection) = spec.defines {
        findings.mark_incomplete(collection);
    }
}

/// A cell as text, without space around it. A line break in a cell is as good
/// as always a quotation mark that is never closed, which would silently
/// swallow the rows after it.
fn text(cell: &[u8]) -> Result<String, Fault> {
    let text = match std::str::from_utf8(cell) {
        Ok(text) => text.trim(),
        Err(error) => {
            let readable = cell.get(..error.valid_up_to()).unwrap_or_default();
            let position = String::from_utf8_lossy(readable).chars().count() + 1;
            return Err(Fault::new("", "ENCODING_NOT_UTF8").with("byte", position));
        }
    };
    if text.chars().any(char::is_control) {
        return Err(Fault::new("", "TEXT_CONTROL_CHARACTER"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests;
