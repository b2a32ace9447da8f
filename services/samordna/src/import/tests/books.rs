//! Workbooks as programs write them, and as nobody should.

use std::collections::BTreeMap;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use sheets::testing::texts;

use crate::import::{RowFault, kinds, plan::Plan, tables::Files};

use super::demo;

/// What a folder with these workbooks asks for.
pub(super) fn folder(files: Vec<(&str, Vec<u8>)>) -> Plan {
    let files: BTreeMap<String, Vec<u8>> =
        files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    Plan::of(&Files::Folder(files), "f")
}

/// What one workbook with all tables asks for.
pub(super) fn one_book(bytes: Vec<u8>) -> Plan {
    Plan::of(&Files::Book { file: "book.xlsx".to_owned(), bytes }, "f")
}

/// A fault with the place as a spreadsheet has it.
pub(super) fn placed(fault: &RowFault) -> (&str, &str, u64, &str, &str, &str) {
    let RowFault { file, sheet, row, letter, column, reason, value: _, facts: _ } = fault;
    (file, sheet, *row, letter, column, reason)
}

/// The demonstration's files as sheets of one workbook, with numbers, dates and
/// truth values as such.
pub(super) fn demonstration() -> Vec<u8> {
    let mut workbook = Workbook::new();
    for kind in kinds::ALL {
        let sheet = workbook.add_worksheet();
        sheet.set_name(kind.name).unwrap();
        let file = demo::folder().join(format!("{}.csv", kind.name));
        let text = std::fs::read_to_string(file).unwrap();
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next().unwrap().split(';').collect();
        texts(sheet, &[&header.join(";")]);
        for (row, line) in (1..).zip(lines) {
            for ((column, name), cell) in (0..).zip(&header).zip(line.split(';')) {
                typed(sheet, (row, column), name, cell);
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn typed(sheet: &mut Worksheet, (row, column): (u32, u16), name: &str, cell: &str) {
    let day = Format::new().set_num_format("yyyy\\-mm\\-dd");
    let kronor = Format::new().set_num_format("#,##0.00\\ [$kr-41D]");
    match name {
        _ if cell.is_empty() => {}
        _ if name.ends_with("_kronor") => {
            let number: f64 = cell.replace(',', ".").parse().unwrap();
            sheet.write_with_format(row, column, number, &kronor).unwrap();
        }
        _ if matches!(name, "count" | "weight" | "year") || name.ends_with("fte_percent") => {
            sheet.write(row, column, cell.parse::<f64>().unwrap()).unwrap();
        }
        "synthetic" => {
            sheet.write(row, column, cell == "yes").unwrap();
        }
        _ if name == "day" || name.ends_with("_day") || name.ends_with("_date") => {
            let date = ExcelDateTime::parse_from_str(cell).unwrap();
            sheet.write_with_format(row, column, date, &day).unwrap();
        }
        _ => {
            sheet.write(row, column, cell).unwrap();
        }
    }
}
