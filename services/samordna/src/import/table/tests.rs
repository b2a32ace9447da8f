//! Where rows stand, and every fault that reading a file can find.

use proptest::prelude::*;

use sheets::csv_file::Records;

use super::*;
use crate::import::{RowFault, kinds};

/// Row, column, reason and facts of a fault.
type Told = (u64, String, String, Vec<(String, String)>);

fn areas(bytes: &[u8]) -> (Vec<(u64, String, String)>, Vec<RowFault>) {
    let mut findings = Findings::default();
    let kind = kinds::named("areas").unwrap();
    let source = Source::file("areas.csv");
    let table = read(kind, source, Records::new(bytes), &mut findings);
    let cell = |row: &Row, column| row.cell(column).map_or("?".to_owned(), |cell| cell.text());
    let row = |row: &Row| (row.line, cell(row, "area"), cell(row, "display_name"));
    (table.rows.iter().map(row).collect(), findings.faults().to_vec())
}

fn good(bytes: &[u8]) -> Vec<(u64, String, String)> {
    let (rows, faults) = areas(bytes);
    assert!(faults.is_empty(), "{faults:?}");
    rows
}

fn told(bytes: &[u8]) -> Vec<Told> {
    let faults = areas(bytes).1.into_iter();
    faults.map(|fault| (fault.row, fault.column, fault.reason, fault.facts)).collect()
}

fn fault(row: u64, column: &str, reason: &str, facts: &[(&str, &str)]) -> Told {
    let facts = facts.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    (row, column.to_owned(), reason.to_owned(), facts.collect())
}

#[test]
fn rows_keep_the_lines_they_stand_on() {
    let row = |line, area: &str, name: &str| (line, area.to_owned(), name.to_owned());
    let expected = [row(2, "norra", "Norra"), row(5, "sodra", "Södra")];
    for break_ in ["\n", "\r\n", "\r"] {
        let text = ["area;display_name", "norra;Norra", "", ";", " sodra ;Södra", ""].join(break_);
        assert_eq!(good(text.as_bytes()), expected, "{break_:?}");
    }
}

#[test]
fn columns_may_stand_in_any_order_and_cells_in_quotation_marks() {
    let text = "display_name;area\n\"Norra; \"\"den\"\"\";norra\n";
    assert_eq!(good(text.as_bytes()), [(2, "norra".into(), "Norra; \"den\"".into())]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_column() {
    assert_eq!(good(b"\xEF\xBB\xBFarea;display_name\nn;N\n").len(), 1);
    assert_eq!(good(b"\xEF\xBB\xBF\"area\";display_name\nn;N").len(), 1);
}

#[test]
fn broken_encoding_is_told_by_row_and_column_and_the_other_rows_are_read() {
    let bytes = b"area;display_name\nnorra;Norra\nsodra;S\xF6dra\nostra;\xD6stra\n";
    let (rows, _) = areas(bytes);
    assert_eq!(rows.len(), 3);
    assert_eq!(
        told(bytes),
        [
            fault(3, "display_name", "ENCODING_NOT_UTF8", &[("byte", "2")]),
            fault(4, "display_name", "ENCODING_NOT_UTF8", &[("byte", "1")]),
        ]
    );
    let utf16 = b"\xFF\xFEa\0r\0e\0a\0";
    assert_eq!(told(utf16), [fault(1, "", "ENCODING_NOT_UTF8", &[("byte", "1")])]);
}

#[test]
fn columns_that_are_missing_unknown_or_there_twice_are_told_on_row_one() {
    assert_eq!(
        told(b"area;name;area\nnorra;Norra;norra\n"),
        [
            fault(1, "", "COLUMN_UNKNOWN", &[("column", "name")]),
            fault(1, "area", "NAME_TWICE", &[("name", "area")]),
            fault(1, "display_name", "COLUMN_MISSING", &[("column", "display_name")]),
        ]
    );
    let empty = [
        fault(1, "area", "COLUMN_MISSING", &[("column", "area")]),
        fault(1, "display_name", "COLUMN_MISSING", &[("column", "display_name")]),
    ];
    assert_eq!(told(b""), empty);
}

#[test]
fn a_column_without_a_name_is_left_alone_until_something_stands_in_it() {
    assert_eq!(good(b"area;display_name;;\nnorra;Norra;;\n").len(), 1);
    let unnamed = fault(3, "", "COLUMN_UNNAMED", &[("column", "B")]);
    let bytes = b"area;;display_name\nnorra;;Norra\nsodra;x;Sodra\nostra;y;Ostra\n";
    assert_eq!(told(bytes), [unnamed]);
}

#[test]
fn a_row_with_too_many_or_too_few_cells_is_told() {
    let length = |row, cells| fault(row, "", "ROW_LENGTH", &[("columns", "2"), ("cells", cells)]);
    assert_eq!(
        told(b"area;display_name\nnorra\nsodra;S;x\nostra;O\n"),
        [length(2, "1"), length(3, "3")]
    );
}

#[test]
fn a_quotation_mark_that_is_never_closed_does_not_swallow_rows_in_silence() {
    let bytes = b"area;display_name\nnorra;\"Norra\nsodra;S\nostra;O\n";
    assert_eq!(told(bytes), [fault(2, "display_name", "TEXT_CONTROL_CHARACTER", &[])]);
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut with_header = b"area;display_name\n".to_vec();
        with_header.extend(&bytes);
        areas(&bytes);
        areas(&with_header);
    }

    #[test]
    fn bytes_that_look_like_csv_do_not_either(text in "[;\"\r\n a-cå\u{0}]{0,80}") {
        areas(text.as_bytes());
        areas(format!("area;display_name\n{text}").as_bytes());
    }
}
