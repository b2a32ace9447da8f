//! Reads the tables of one workbook (.xlsx). Nothing is read past in silence: a
//! sheet of an unknown name, a hidden one, a merged cell and a formula without a
//! value are faults, since each may hold what somebody meant to import.

mod archive;
mod format;
mod sheet;

use std::io::Cursor;

use calamine::{Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use values::Fault;

use super::{
    findings::Findings,
    kinds::{self, Kind},
    sources::Source,
    table::{self, Table},
    tables::lose,
};

pub(super) use archive::LARGEST_FILE;

/// An open workbook.
pub(super) struct Workbook<'a> {
    xlsx: Xlsx<Cursor<&'a [u8]>>,
    budget: sheet::Budget,
}

/// One worksheet with something in it.
struct Sheet {
    name: String,
    is_hidden: bool,
}

impl Sheet {
    /// Spreadsheets take names that differ in case alone for the same.
    fn is_named(&self, kind: &Kind) -> bool {
        self.name.trim().eq_ignore_ascii_case(kind.name)
    }
}

impl<'a> Workbook<'a> {
    /// Opens a workbook, after looking at how much is packed into it.
    ///
    /// # Errors
    /// `WORKBOOK_TOO_LARGE`, and `WORKBOOK_UNREADABLE` for what is no workbook, or
    /// one behind a password.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        archive::check(bytes, &archive::LIMITS)?;
        let xlsx = Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
        Ok(Self { xlsx, budget: sheet::Budget::default() })
    }

    /// Reads a workbook of a folder, which holds one table: on its only sheet, or
    /// on the one that has the table's name.
    pub(super) fn only_table(
        &mut self,
        kind: &'static Kind,
        file: &str,
        findings: &mut Findings,
    ) -> Option<Table> {
        let mut sheets = match self.filled_sheets() {
            Ok(sheets) => sheets,
            Err(fault) => {
                lose(kind, file, "", fault, findings);
                return None;
            }
        };
        sheets.retain(|sheet| sheet.is_named(kind) || !sheet.is_hidden);
        let named = sheets.iter().position(|sheet| sheet.is_named(kind));
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
        self.table(kind, &chosen, Source::file(file), findings)
    }

    /// Reads a workbook that holds all tables, on sheets of their names.
    pub(super) fn every_table(&mut self, file: &str, findings: &mut Findings) -> Vec<Table> {
        let mut sheets = match self.filled_sheets() {
            Ok(sheets) => sheets,
            Err(fault) => {
                findings.source_fault(file, "", fault);
                return Vec::new();
            }
        };
        let mut tables = Vec::new();
        for kind in kinds::ALL {
            let (named, others) = sheets.into_iter().partition(|sheet| sheet.is_named(kind));
            sheets = others;
            let named: Vec<Sheet> = named;
            match named.as_slice() {
                [] => {}
                [only] => {
                    let source = Source::sheet(file, &only.name);
                    tables.extend(self.table(kind, only, source, findings));
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
        &mut self,
        kind: &'static Kind,
        sheet: &Sheet,
        source: Source,
        findings: &mut Findings,
    ) -> Option<Table> {
        let records = if sheet.is_hidden {
            Err(Fault::new("", "SHEET_HIDDEN").with("sheet", &sheet.name))
        } else {
            sheet::records(&mut self.xlsx, &sheet.name, &mut self.budget)
        };
        match records {
            Ok(records) => Some(table::read(kind, source, records.into_iter(), findings)),
            Err(fault) => {
                lose(kind, &source.file, &source.sheet, fault, findings);
                None
            }
        }
    }

    /// The worksheets with anything in them. A new workbook may come with empty
    /// ones, and a chart is no table.
    fn filled_sheets(&mut self) -> Result<Vec<Sheet>, Fault> {
        let all = self.xlsx.sheets_metadata().to_vec();
        let mut filled = Vec::new();
        for calamine::Sheet { name, typ, visible } in all {
            let is_hidden = match visible {
                SheetVisible::Visible => false,
                SheetVisible::Hidden | SheetVisible::VeryHidden => true,
            };
            if typ == SheetType::WorkSheet && !sheet::is_empty(&mut self.xlsx, &name)? {
                filled.push(Sheet { name, is_hidden });
            }
        }
        Ok(filled)
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

/// What is wrong with a workbook that its reader gave up on.
fn unreadable(error: &XlsxError) -> Fault {
    match error {
        // One of the errors that newer programs know.
        XlsxError::CellError(text) => {
            Fault::new("", "CELL_ERROR").with("error", super::cell::shown(text))
        }
        _ => Fault::new("", "WORKBOOK_UNREADABLE"),
    }
}
