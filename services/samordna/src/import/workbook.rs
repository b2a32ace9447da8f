//! Finds the tables of one workbook (.xlsx). Nothing is read past in silence: a
//! sheet of an unknown name and a hidden one are faults, since each may hold what
//! somebody meant to import.

use sheets::workbook::{Sheet, Workbook};
use values::Fault;

use super::{
    findings::Findings,
    kinds::{self, Kind},
    sources::Source,
    table::{self, Table},
    tables::lose,
};

/// Spreadsheets take names that differ in case alone for the same.
fn is_named(sheet: &Sheet, kind: &Kind) -> bool {
    sheet.name.trim().eq_ignore_ascii_case(kind.name)
}

/// Reads a workbook of a folder, which holds one table: on its only sheet, or
/// on the one that has the table's name.
pub(super) fn only_table(
    workbook: &mut Workbook<'_>,
    kind: &'static Kind,
    file: &str,
    findings: &mut Findings,
) -> Option<Table> {
    let mut sheets = match workbook.filled_sheets() {
        Ok(sheets) => sheets,
        Err(fault) => {
            lose(kind, file, "", fault, findings);
            return None;
        }
    };
    sheets.retain(|sheet| is_named(sheet, kind) || !sheet.is_hidden);
    let named = sheets.iter().position(|sheet| is_named(sheet, kind));
    let chosen = match (named, sheets.len()) {
        (Some(position), _) => sheets.remove(position),
        (None, 1) => sheets.remove(0),
        (None, 0) => {
            return Some(table::read(kind, Source::file(file), std::iter::empty(), findings));
        }
        (None, _) => {
            let fault = Fault::new("", "SHEET_MISSING").with("sheet", kind.name);
            lose(kind, file, "", fault, findings);
            return None;
        }
    };
    tell_unknown(file, &sheets, findings);
    table(workbook, kind, &chosen, Source::file(file), findings)
}

/// Reads a workbook that holds all tables, on sheets of their names.
pub(super) fn every_table(
    workbook: &mut Workbook<'_>,
    file: &str,
    findings: &mut Findings,
) -> Vec<Table> {
    let mut sheets = match workbook.filled_sheets() {
        Ok(sheets) => sheets,
        Err(fault) => {
            findings.source_fault(file, "", fault);
            return Vec::new();
        }
    };
    let mut tables = Vec::new();
    for kind in kinds::ALL {
        let (named, others) = sheets.into_iter().partition(|sheet| is_named(sheet, kind));
        sheets = others;
        let named: Vec<Sheet> = named;
        match named.as_slice() {
            [] => {}
            [only] => {
                let source = Source::sheet(file, &only.name);
                tables.extend(table(workbook, kind, only, source, findings));
            }
            [first, second, ..] => {
                let fault = Fault::new("", "TABLE_TWICE")
                    .with("first", &first.name)
                    .with("second", &second.name);
                lose(kind, file, &second.name, fault, findings);
            }
        }
    }
    sheets.retain(|sheet| !sheet.is_hidden);
    tell_unknown(file, &sheets, findings);
    tables
}

fn table(
    workbook: &mut Workbook<'_>,
    kind: &'static Kind,
    sheet: &Sheet,
    source: Source,
    findings: &mut Findings,
) -> Option<Table> {
    match workbook.records(sheet) {
        Ok(records) => Some(table::read(kind, source, records.into_iter(), findings)),
        Err(fault) => {
            lose(kind, &source.file, &source.sheet, fault, findings);
            None
        }
    }
}

/// A sheet of another name is more likely misspelt than meant to be ignored. One
/// that is hidden too holds the choices of a list, or the like.
fn tell_unknown(file: &str, sheets: &[Sheet], findings: &mut Findings) {
    for sheet in sheets {
        let name = sheet.name.replace(char::is_control, "\u{FFFD}");
        let fault = Fault::new("", "SHEET_UNKNOWN").with("sheet", &name);
        findings.source_fault(file, &name, fault);
    }
}
