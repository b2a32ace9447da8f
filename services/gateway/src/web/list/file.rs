//! An uploaded file as a table: the headings of its first row, and the rows below.

use std::collections::BTreeMap;

use sheets::{
    Record,
    cell::shown,
    csv_file::Records,
    letter,
    value::{Cell, Value},
    workbook::{Limits, Workbook},
};
use values::Fault;

/// What a workbook begins with: it is an archive.
const ARCHIVE: &[u8] = b"PK\x03\x04";
/// What a workbook of the kind before begins with.
const OLD_WORKBOOK: &[u8] = b"\xD0\xCF\x11\xE0";

/// Rows of one list.
const MOST_ROWS: usize = 20_000;

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    /// What stands over the columns, by their place from the left.
    pub(super) headings: BTreeMap<usize, String>,
    /// The rows in which anything stands.
    pub(super) rows: Vec<Row>,
}

/// A row of it.
#[derive(Debug)]
pub(super) struct Row {
    /// The line it begins on, as a spreadsheet counts.
    pub(super) line: u64,
    /// Its cells; or why nobody can tell which column they belong to.
    pub(super) cells: Result<BTreeMap<usize, Cell>, Fault>,
}

/// Reads a file, by what is in it: its name is not asked.
///
/// # Errors
/// What is wrong with the whole of it.
pub(super) fn read(bytes: &[u8]) -> Result<Table, Fault> {
    if bytes.starts_with(OLD_WORKBOOK) {
        return Err(Fault::new("", "FILE_FORMAT_UNKNOWN").with("file", "XLS"));
    }
    if bytes.starts_with(ARCHIVE) {
        return table(only_sheet(bytes)?.into_iter());
    }
    table(Records::of_any(bytes))
}

fn only_sheet(bytes: &[u8]) -> Result<Vec<Record>, Fault> {
    let mut workbook = Workbook::open(bytes, &Limits::SMALL)?;
    let mut sheets = workbook.filled_sheets()?;
    // What is hidden holds the choices of a list, or the like.
    sheets.retain(|sheet| !sheet.is_hidden);
    match sheets.as_slice() {
        [] => Ok(Vec::new()),
        [only] => workbook.records(only),
        several => Err(Fault::new("", "LIST_SHEETS_SEVERAL").with("count", several.len())),
    }
}

fn table(records: impl Iterator<Item = Record>) -> Result<Table, Fault> {
    let mut filled = records.filter(|record| !record.cells.values().all(is_empty));
    let Some(first) = filled.next() else {
        return Err(Fault::new("", "LIST_EMPTY"));
    };
    let length = first.length;
    let mut headings = BTreeMap::new();
    for (position, cell) in first.cells {
        let text = cell?.text();
        if !text.is_empty() {
            headings.insert(position, text);
        }
    }
    let mut rows = Vec::new();
    for record in filled {
        if rows.len() == MOST_ROWS {
            return Err(Fault::new("", "SHEET_TOO_LARGE").with("rows", MOST_ROWS));
        }
        let Record { line, cells, length: own } = record;
        let cells = if own == length {
            Ok(cells)
        } else {
            let fault = Fault::new("", "ROW_LENGTH").with("columns", length.unwrap_or_default());
            Err(fault.with("cells", own.unwrap_or_default()))
        };
        rows.push(Row { line, cells });
    }
    if rows.is_empty() {
        return Err(Fault::new("", "LIST_EMPTY"));
    }
    Ok(Table { headings, rows })
}

fn is_empty(cell: &Cell) -> bool {
    cell.as_ref().is_ok_and(Value::is_empty)
}

impl Table {
    /// What people call a column: its letter, and what stands over it. A first row that is
    /// no heading may hold a personal number, which is not shown.
    pub(super) fn called(&self, position: usize) -> String {
        match self.headings.get(&position) {
            Some(heading) => format!("{} {}", letter(position), shown(heading)),
            None => letter(position),
        }
    }

    /// The columns with a heading, and those in which something stands without one.
    pub(super) fn columns(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = self.headings.keys().copied().collect();
        for cells in self.rows.iter().filter_map(|row| row.cells.as_ref().ok()) {
            let filled = cells.iter().filter(|(_, cell)| !is_empty(cell));
            columns.extend(filled.map(|(position, _)| *position));
            columns.sort_unstable();
            columns.dedup();
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use sheets::testing::{book, texts};

    use super::*;

    fn lines(bytes: &[u8]) -> Vec<u64> {
        read(bytes).unwrap().rows.iter().map(|row| row.line).collect()
    }

    fn refused(bytes: &[u8]) -> &'static str {
        read(bytes).unwrap_err().reason
    }

    #[test]
    fn rows_keep_their_lines_and_empty_ones_are_passed_over() {
        assert_eq!(
            lines(b"\xEF\xBB\xBFKommun;K\xC3\xB6n\r\nSala;man\r\n;\r\n\r\nSala;kvinna\r\n"),
            [2, 5]
        );
        assert_eq!(lines(b"Kommun\tid\nSala\ta\n"), [2]);
        let sheet =
            book(&[("Blad1", &|sheet| texts(sheet, &["Kommun;Id", "Sala;a", "", "Sala;b"]))]);
        assert_eq!(lines(&sheet), [2, 4]);
    }

    #[test]
    fn a_row_of_another_length_is_told_and_a_column_without_heading_is_there() {
        let table = read(b"Kommun;;Id\nSala;x;a\nSala;a\n").unwrap();
        assert_eq!(table.rows[1].cells.as_ref().unwrap_err().reason, "ROW_LENGTH");
        let called: Vec<String> =
            table.columns().into_iter().map(|column| table.called(column)).collect();
        assert_eq!(called, ["A Kommun", "B", "C Id"]);
    }

    #[test]
    fn what_is_no_table_says_what_it_is() {
        let text: &dyn Fn(&mut _) = &|sheet| texts(sheet, &["Kommun", "Sala"]);
        assert_eq!(refused(&book(&[("Ett", text), ("Två", text)])), "LIST_SHEETS_SEVERAL");
        assert_eq!(refused(b"\xD0\xCF\x11\xE0 and on"), "FILE_FORMAT_UNKNOWN");
        assert_eq!(refused(b"PK\x03\x04 and nothing more"), "WORKBOOK_UNREADABLE");
        assert_eq!(refused(b"Kommun;Namn\n"), "LIST_EMPTY");
        assert_eq!(refused(b""), "LIST_EMPTY");
        assert_eq!(refused(b"K\xF6n;Kommun\nman;Sala\n"), "ENCODING_NOT_UTF8");
        assert_eq!(refused(b"\xFF\xFEK\0o\0"), "ENCODING_NOT_UTF8");
        let many = format!("Id\n{}", "a\n".repeat(MOST_ROWS + 1));
        assert_eq!(refused(many.as_bytes()), "SHEET_TOO_LARGE");
    }

    #[test]
    fn a_personal_number_where_a_heading_should_be_is_not_shown() {
        let table = read(b"197010632391;x\na;b\n").unwrap();
        assert_eq!(table.called(0), "A …");
    }
}
