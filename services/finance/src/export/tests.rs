//! Files of tables: what a spreadsheet program would read.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use values::Ore;

use super::*;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).unwrap()
}

fn example() -> Table {
    let heading = |heading| Column { heading, width: 12 };
    let row = |is_total, cells: Vec<Cell>| Row { is_total, cells };
    Table {
        title: "Exempel",
        columns: ["Namn", "Belopp", "Andel", "Tjänster", "Dag"].map(heading).into(),
        rows: vec![
            row(
                false,
                vec![
                    Cell::text("Åmål; \"Ö\""),
                    Cell::Kronor(Ore::new(-123_456_705)),
                    Cell::Percent(42),
                    Cell::FullTime(1575),
                    Cell::Day(day(6, 30)),
                ],
            ),
            row(
                false,
                vec![
                    Cell::text("=HYPERLINK(\"x\")"),
                    Cell::Kronor(Ore::new(5)),
                    Cell::Empty,
                    Cell::Empty,
                    Cell::Empty,
                ],
            ),
            row(
                true,
                vec![
                    Cell::text("Totalt"),
                    Cell::Kronor(Ore::new(-123_456_700)),
                    Cell::Empty,
                    Cell::Empty,
                    Cell::Empty,
                ],
            ),
        ],
    }
}

#[test]
fn text_is_what_a_swedish_spreadsheet_program_opens_and_begins_no_formula() {
    let written = write(&example(), Format::Csv, day(7, 1)).unwrap();
    let expected = "\u{feff}Namn;Belopp;Andel;Tjänster;Dag\r\n\
                    \"Åmål; \"\"Ö\"\"\";-1234567,05;42%;15,75;2025-06-30\r\n\
                    \"'=HYPERLINK(\"\"x\"\")\";0,05;;;\r\n\
                    Totalt;-1234567,00;;;\r\n";
    assert_eq!(String::from_utf8(written).unwrap(), expected);
}

#[test]
fn every_sign_that_a_program_takes_for_a_formula_is_made_a_text_and_numbers_stay_numbers() {
    for begins in ["=1", "+1", "-1", "@x", "\tx", "\rx"] {
        let cells = vec![Cell::Text(begins.to_owned()), Cell::Kronor(Ore::new(-1))];
        let table = Table { rows: vec![Row { is_total: false, cells }], ..example() };
        let mut table = table;
        table.columns.truncate(2);
        let text = String::from_utf8(write(&table, Format::Csv, day(7, 1)).unwrap()).unwrap();
        assert!(text.contains(&format!("'{begins}")), "{text}");
        assert!(text.ends_with(";-0,01\r\n"), "{text}");
    }
}

fn sheet(bytes: Vec<u8>) -> calamine::Range<Data> {
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    workbook.worksheet_range("Exempel").unwrap()
}

#[test]
fn a_workbook_has_numbers_that_are_numbers_and_days_that_are_days() {
    let sheet = sheet(write(&example(), Format::Xlsx, day(7, 1)).unwrap());
    let cell = |row, column| sheet.get_value((row, column)).unwrap().clone();
    assert_eq!(cell(0, 1), Data::String("Belopp".to_owned()));
    assert_eq!(cell(1, 0), Data::String("Åmål; \"Ö\"".to_owned()));
    assert_eq!(cell(1, 1), Data::Float(-1_234_567.05));
    assert_eq!(cell(1, 2), Data::Float(0.42));
    assert_eq!(cell(1, 3), Data::Float(15.75));
    // Days are counted from the end of 1899.
    let is_the_day = matches!(cell(1, 4), Data::DateTime(day) if day.as_f64() == 45_838.0);
    assert!(is_the_day, "{:?}", cell(1, 4));
    assert_eq!(cell(2, 0), Data::String("=HYPERLINK(\"x\")".to_owned()));
    assert_eq!(cell(3, 1), Data::Float(-1_234_567.0));
}

#[test]
fn the_same_figures_give_the_same_bytes_and_name_nobody() {
    let once = write(&example(), Format::Xlsx, day(7, 1)).unwrap();
    assert_eq!(once, write(&example(), Format::Xlsx, day(7, 1)).unwrap());
    assert_ne!(once, write(&example(), Format::Xlsx, day(7, 2)).unwrap());
    let workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(once)).unwrap();
    assert_eq!(workbook.sheet_names(), ["Exempel"]);
}

#[test]
fn hundredths_are_written_with_two_decimals_on_both_sides_of_zero() {
    for (number, expected) in
        [(0, "0,00"), (5, "0,05"), (-5, "-0,05"), (100, "1,00"), (-12_345, "-123,45")]
    {
        assert_eq!(decimals(number, ','), expected);
    }
    assert_eq!(decimals(i64::MIN, '.'), "-92233720368547758.08");
}
