//! The tables of an import: CSV files and workbooks of a folder, or the sheets
//! of one workbook.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
};

use anyhow::Context as _;
use sheets::{
    csv_file::Records,
    workbook::{LARGEST_FILE, Limits, Workbook},
};
use values::Fault;

use super::{
    findings::Findings,
    kinds::{self, Kind},
    sources::{Source, Sources},
    table::{self, Table, mark_incomplete},
    workbook,
};

/// The bytes of the files to import.
#[derive(Debug)]
pub(super) enum Files {
    /// The CSV files and workbooks of a folder, by name: a table each.
    Folder(BTreeMap<String, Vec<u8>>),
    /// One workbook with a sheet for each table.
    Book {
        /// Its name.
        file: String,
        /// What is in it.
        bytes: Vec<u8>,
    },
}

/// What could be read of each table that is there, in the order of the kinds.
#[derive(Debug)]
pub(super) struct Tables {
    tables: Vec<Table>,
    /// The workbook, when all tables are sheets of one.
    book: Option<String>,
}

impl Tables {
    /// Every table that is there.
    pub(super) fn all(&self) -> &[Table] {
        &self.tables
    }

    /// What a person calls the table of a kind, also when it is not there.
    pub(super) fn title(&self, kind: &Kind) -> String {
        match self.get(kind.name) {
            Some(table) => table.source.title().to_owned(),
            None => Source::expected(kind.name, self.book.as_deref()).title().to_owned(),
        }
    }

    /// Where each table came from.
    pub(super) fn into_sources(self) -> Sources {
        let Self { tables, book } = self;
        let of = tables.into_iter().map(|table| (table.kind.name, table.source)).collect();
        Sources::new(of, book)
    }

    fn get(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.kind.name == name)
    }
}

/// Reads the bytes of a folder's CSV files and workbooks, or of one workbook.
/// Files of other kinds, such as a README, are none of an import's business;
/// neither are the marks that programs leave while they have a file open.
/// `None` when there is neither a folder nor a workbook.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub(super) fn gather(from: &Path) -> anyhow::Result<Option<Files>> {
    let is_folder = fs::metadata(from).with_context(|| from.display().to_string())?.is_dir();
    if !is_folder {
        let Some(file) = file_name(from).filter(|name| ending(name) == "xlsx") else {
            return Ok(None);
        };
        let bytes = read_bytes(from).with_context(|| from.display().to_string())?;
        return Ok(Some(Files::Book { file, bytes }));
    }
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let path = entry.with_context(|| from.display().to_string())?.path();
        let Some(name) = file_name(&path).filter(|name| is_of_an_import(name)) else {
            continue;
        };
        let bytes = read_bytes(&path).with_context(|| path.display().to_string())?;
        found.insert(name, bytes);
    }
    Ok(Some(Files::Folder(found)))
}

/// The name of a file. It is printed when it is unknown, and may hold anything.
fn file_name(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy();
    Some(name.replace(char::is_control, "\u{FFFD}"))
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase()
}

fn is_of_an_import(name: &str) -> bool {
    let is_read = matches!(ending(name).as_str(), "csv" | "xlsx");
    !name.starts_with("~$") && (is_read || is_other_spreadsheet(name))
}

/// A spreadsheet of a format that is not read, named as a table: whoever put it
/// there means it to be imported.
fn is_other_spreadsheet(name: &str) -> bool {
    let is_spreadsheet = matches!(ending(name).as_str(), "xls" | "xlsm" | "xlsb" | "ods");
    is_spreadsheet && kinds::named(stem(name)).is_some()
}

/// Reads a file, a workbook no further than to where it is too large.
fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let is_csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let limit = if is_csv { u64::MAX } else { LARGEST_FILE + 1 };
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads every table that is there.
pub(super) fn read(contents: &Files, findings: &mut Findings) -> Tables {
    let (tables, book) = match contents {
        Files::Folder(files) => (read_folder(files, findings), None),
        Files::Book { file, bytes } => (read_book(file, bytes, findings), Some(file.clone())),
    };
    let tables = Tables { tables, book };
    require_halves(&tables, findings);
    tables
}

/// Reads the files of a folder. One of another name is a fault: it is more likely
/// misspelt than meant to be ignored.
fn read_folder(files: &BTreeMap<String, Vec<u8>>, findings: &mut Findings) -> Vec<Table> {
    for name in files.keys() {
        let is_table = kinds::named(stem(name)).is_some();
        let fault = match name.rsplit_once('.') {
            Some((_, "csv" | "xlsx")) if is_table => continue,
            Some(_) if is_other_spreadsheet(name) => Fault::new("", "FILE_FORMAT_UNKNOWN"),
            Some(_) | None => Fault::new("", "FILE_UNKNOWN"),
        };
        findings.source_fault(name, "", fault.with("file", name));
    }
    let mut tables = Vec::new();
    for kind in kinds::ALL {
        let (csv, xlsx) = (format!("{}.csv", kind.name), format!("{}.xlsx", kind.name));
        match (files.get(&csv), files.get(&xlsx)) {
            (Some(bytes), None) => {
                let source = Source::file(&csv);
                tables.push(table::read(kind, source, Records::new(bytes), findings));
            }
            (None, Some(bytes)) => match Workbook::open(bytes, &Limits::LARGE) {
                Ok(mut book) => {
                    tables.extend(workbook::only_table(&mut book, kind, &xlsx, findings))
                }
                Err(fault) => lose(kind, &xlsx, "", fault, findings),
            },
            (Some(_), Some(_)) => {
                let fault = Fault::new("", "TABLE_TWICE").with("first", &csv).with("second", &xlsx);
                lose(kind, &csv, "", fault, findings);
            }
            (None, None) => {}
        }
    }
    tables
}

fn read_book(file: &str, bytes: &[u8], findings: &mut Findings) -> Vec<Table> {
    match Workbook::open(bytes, &Limits::LARGE) {
        Ok(mut book) => workbook::every_table(&mut book, file, findings),
        Err(fault) => {
            findings.source_fault(file, "", fault);
            Vec::new()
        }
    }
}

/// Notes that a table is there but cannot be read.
pub(super) fn lose(
    kind: &'static Kind,
    file: &str,
    sheet: &str,
    fault: Fault,
    findings: &mut Findings,
) {
    findings.source_fault(file, sheet, fault);
    mark_incomplete(kind, findings);
}

/// Two tables may be one thing in two halves, as requisitions and their lines.
fn require_halves(tables: &Tables, findings: &mut Findings) {
    for table in tables.all().iter().filter(|table| !table.rows.is_empty()) {
        let Some(half) = table.kind.needs.and_then(kinds::named) else { continue };
        if tables.get(half.name).is_some() || findings.is_broken((half.name, 0)) {
            continue;
        }
        let title = tables.title(half);
        let fault = match &tables.book {
            Some(_) => Fault::new("", "SHEET_MISSING").with("sheet", &title),
            None => Fault::new("", "FILE_MISSING").with("file", &title),
        };
        findings.table_fault(half, 0, "", String::new(), fault);
        mark_incomplete(half, findings);
    }
}
