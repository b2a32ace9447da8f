//! How much of a sheet is kept.

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use rust_xlsxwriter::{Format, Worksheet};

use super::*;
use crate::testing::{book, edited};

const MOST_ROWS: u32 = Limits::LARGE.rows;

fn read(write: impl Fn(&mut Worksheet), budget: &mut Budget) -> Result<Vec<Record>, Fault> {
    read_bytes(&book(&[("Blad1", &write)]), budget)
}

fn read_bytes(bytes: &[u8], budget: &mut Budget) -> Result<Vec<Record>, Fault> {
    let mut xlsx = Xlsx::new(Cursor::new(bytes)).unwrap();
    records(&mut xlsx, "Blad1", budget)
}

#[test]
fn a_sheet_that_reaches_to_its_last_cell_costs_two_cells() {
    let mut budget = Budget { cells: 2, ..Budget::of(&Limits::LARGE) };
    let corners = |sheet: &mut Worksheet| {
        sheet.write(0, 0, "grant").unwrap();
        sheet.write(MOST_ROWS, 16_383, 1).unwrap();
    };
    let lines: Vec<u64> = read(corners, &mut budget).unwrap().iter().map(|row| row.line).collect();
    assert_eq!(lines, [1, 200_001]);
}

#[test]
fn a_row_beyond_the_last_one_allowed_is_refused_when_something_stands_in_it() {
    let blank = |sheet: &mut Worksheet| {
        let bold = Format::new().set_bold();
        sheet.write(0, 0, "grant").unwrap().write_blank(MOST_ROWS + 1, 0, &bold).unwrap();
    };
    assert_eq!(read(blank, &mut Budget::of(&Limits::LARGE)).unwrap().len(), 1);
    let filled = |sheet: &mut Worksheet| {
        sheet.write(MOST_ROWS + 1, 0, "x").unwrap();
    };
    assert_eq!(
        read(filled, &mut Budget::of(&Limits::LARGE)).unwrap_err().reason,
        "SHEET_TOO_LARGE"
    );
}

#[test]
fn one_long_text_that_many_cells_repeat_does_not_fill_the_memory() {
    let repeated = |sheet: &mut Worksheet| {
        let text = "x".repeat(1_000);
        for row in 0..20 {
            sheet.write(row, 0, &text).unwrap();
        }
    };
    let mut budget = Budget { text_bytes: 10_000, ..Budget::of(&Limits::LARGE) };
    assert_eq!(read(repeated, &mut budget).unwrap_err().reason, "SHEET_TOO_LARGE");
    let mut budget = Budget { cells: 19, ..Budget::of(&Limits::LARGE) };
    assert_eq!(read(repeated, &mut budget).unwrap_err().reason, "SHEET_TOO_LARGE");
    assert_eq!(read(repeated, &mut Budget::of(&Limits::LARGE)).unwrap().len(), 20);
}

#[test]
fn merged_cells_are_told_also_below_an_empty_first_row() {
    let merged = |sheet: &mut Worksheet| {
        sheet.write(1, 0, "grant").unwrap().write(1, 1, "amount").unwrap();
        sheet.merge_range(2, 0, 3, 0, "g-1", &Format::new()).unwrap();
        sheet.write(2, 1, 10).unwrap().write(3, 1, 20).unwrap();
    };
    let records = read(merged, &mut Budget::of(&Limits::LARGE)).unwrap();
    let merged = |record: &Record| {
        record
            .cells
            .get(&0)
            .is_some_and(|cell| cell.as_ref().is_err_and(|fault| fault.reason == "CELLS_MERGED"))
    };
    assert_eq!(records.iter().map(merged).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn a_merged_region_as_large_as_the_sheet_is_not_gone_through_cell_by_cell() {
    let merged = |sheet: &mut Worksheet| {
        sheet.merge_range(0, 0, 1, 2, "grant", &Format::new()).unwrap();
    };
    let bytes = book(&[("Blad1", &merged)]);
    let bytes = edited(&bytes, "xl/worksheets/sheet1.xml", "\"A1:C2\"", "\"A1:XFD1048576\"");
    let mut budget = Budget { merged_cells: 1, ..Budget::of(&Limits::LARGE) };
    let cells = &read_bytes(&bytes, &mut budget).unwrap()[0].cells;
    let faults = cells.values().map(|cell| cell.as_ref().unwrap_err().reason);
    assert_eq!(faults.collect::<Vec<_>>(), ["CELLS_MERGED"]);
}

/// Regions of these ranges over a heading in the first column and rows below it.
fn regions(rows: u32, ranges: impl Iterator<Item = String>) -> Vec<u8> {
    let merged = |sheet: &mut Worksheet| {
        sheet.write(0, 0, "grant").unwrap();
        for row in 1..=rows {
            sheet.write(row, 0, row).unwrap();
        }
        sheet.merge_range(0, 2, 0, 3, "", &Format::new()).unwrap();
    };
    let ranges: Vec<String> = ranges.map(|range| format!("<mergeCell ref=\"{range}\"/>")).collect();
    let bytes = book(&[("Blad1", &merged)]);
    edited(&bytes, "xl/worksheets/sheet1.xml", "<mergeCell ref=\"C1:D1\"/>", &ranges.join(""))
}

#[test]
fn merged_regions_beside_the_columns_are_not_gone_through_row_by_row() {
    let beside = regions(1_000, (0..10_000).map(|_| "C2:D1048576".to_owned()));
    let mut budget = Budget { merged_cells: 0, ..Budget::of(&Limits::LARGE) };
    assert_eq!(read_bytes(&beside, &mut budget).unwrap().len(), 1_001);
}

#[test]
fn a_sheet_with_more_merged_regions_than_anybody_makes_is_refused() {
    let many = regions(1, (0..=MOST_REGIONS).map(|number| format!("C{0}:D{0}", number + 2)));
    let mut budget = Budget::of(&Limits::LARGE);
    assert_eq!(read_bytes(&many, &mut budget).unwrap_err().reason, "SHEET_TOO_LARGE");
}
