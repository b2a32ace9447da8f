//! Workbooks for tests: as programs write them, and as nobody should.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{Workbook, Worksheet};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The name of a sheet, and what writes it.
pub type Sheet<'a> = (&'a str, &'a dyn Fn(&mut Worksheet));

/// A workbook of sheets that are written one by one.
///
/// # Panics
/// When a sheet cannot be written.
#[must_use]
pub fn book(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, write) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).expect("a workbook");
        write(sheet);
    }
    workbook.save_to_buffer().expect("a workbook")
}

/// Writes texts, from the first row on: the cells of a row parted by semicolons.
///
/// # Panics
/// When one cannot be written.
pub fn texts(sheet: &mut Worksheet, rows: &[&str]) {
    for (row, text) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(text.split(';')) {
            if !cell.is_empty() {
                sheet.write(row, column, cell).expect("a workbook");
            }
        }
    }
}

/// A workbook with one of its parts written anew, for what no program writes.
///
/// # Panics
/// When it has no such part, or the part does not hold what is to be replaced.
#[must_use]
pub fn edited(bytes: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("a workbook");
        let name = entry.name().expect("a workbook").into_owned();
        let mut content = String::new();
        entry.read_to_string(&mut content).expect("a workbook");
        if name == part {
            assert!(content.contains(from), "{content}");
            content = content.replace(from, to);
        }
        writer.start_file(name, SimpleFileOptions::default()).expect("a workbook");
        writer.write_all(content.as_bytes()).expect("a workbook");
    }
    writer.finish().expect("a workbook").into_inner()
}
