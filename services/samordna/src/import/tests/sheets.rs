//! Which files and sheets are read, and which are not taken for something they
//! may not be.

use rust_xlsxwriter::{Workbook, Worksheet};
use sheets::testing::{Sheet, book, texts};

use super::{
    books::{demonstration, folder, one_book, placed},
    demo::demo,
};
use crate::import::{
    plan::Plan,
    tables::{self, Files},
};

const AREAS: &[&str] = &["area;display_name", "norra;Norra"];

fn areas(sheet: &mut Worksheet) {
    texts(sheet, AREAS);
}

fn notes(sheet: &mut Worksheet) {
    texts(sheet, &["Ring kommunen"]);
}

fn empty(_: &mut Worksheet) {}

fn hidden_areas(sheet: &mut Worksheet) {
    areas(sheet);
    sheet.set_hidden(true);
}

fn hidden_notes(sheet: &mut Worksheet) {
    notes(sheet);
    sheet.set_very_hidden(true);
}

fn assert_faults(plan: &Plan, expected: &[(&str, &str, &str)]) {
    let faults = plan.faults(&[]);
    let told: Vec<_> = faults.iter().map(placed).map(|place| (place.0, place.1, place.5)).collect();
    assert_eq!(told, expected);
}

fn assert_one_area(plan: &Plan) {
    assert_faults(plan, &[]);
    assert_eq!(plan.requests.organisation.areas.len(), 1);
}

#[test]
fn the_demonstration_as_one_workbook_asks_for_exactly_the_same() {
    let files = Files::Book { file: "book.xlsx".to_owned(), bytes: demonstration() };
    let plan = Plan::of(&files, "vastmanland");
    assert_eq!(plan.faults(&[]), []);
    assert_eq!(plan.requests, demo().requests);
}

#[test]
fn files_and_workbooks_may_stand_side_by_side_but_not_for_one_table() {
    let teams = b"team;display_name;municipalities\n".to_vec();
    let xlsx = || book(&[("Blad1", &areas)]);
    assert_one_area(&folder(vec![("areas.xlsx", xlsx()), ("teams.csv", teams)]));

    let csv = b"area;display_name\n".to_vec();
    let both = folder(vec![("areas.csv", csv), ("areas.xlsx", xlsx())]);
    assert_faults(&both, &[("areas.csv", "", "TABLE_TWICE")]);
    let named = ["areas.csv", "areas.xlsx"].map(str::to_owned);
    assert!(both.faults(&[])[0].facts.iter().map(|(_, value)| value).eq(&named));
}

#[test]
fn the_only_sheet_of_a_file_may_have_any_name() {
    let only: [Vec<u8>; 3] = [
        book(&[("Blad1", &areas)]),
        book(&[("Blad1", &areas), ("Blad2", &empty), ("Blad3", &empty)]),
        book(&[("Areas ", &areas), ("lists", &hidden_notes)]),
    ];
    for bytes in only {
        assert_one_area(&folder(vec![("areas.xlsx", bytes)]));
    }
}

#[test]
fn among_several_sheets_of_a_file_the_one_of_the_tables_name_is_meant() {
    let file = |sheets: &[Sheet<'_>]| folder(vec![("areas.xlsx", book(sheets))]);
    let renamed = file(&[("Blad1", &areas), ("Blad2", &notes)]);
    assert_faults(&renamed, &[("areas.xlsx", "", "SHEET_MISSING")]);
    let with_notes = file(&[("areas", &areas), ("Noter", &notes)]);
    assert_faults(&with_notes, &[("areas.xlsx", "Noter", "SHEET_UNKNOWN")]);
    let hidden = file(&[("Blad1", &empty), ("areas", &hidden_areas)]);
    assert_faults(&hidden, &[("areas.xlsx", "", "SHEET_HIDDEN")]);
    let blank = file(&[("Blad1", &empty)]);
    let missing = ("areas.xlsx", "", "COLUMN_MISSING");
    assert_faults(&blank, &[missing, missing]);
}

#[test]
fn a_workbook_of_all_tables_has_them_on_sheets_of_their_names() {
    assert_one_area(&one_book(book(&[("AREAS", &areas), ("Blad2", &empty)])));
    let told = |sheets: &[Sheet<'_>], expected| {
        assert_faults(&one_book(book(sheets)), &[expected]);
    };
    told(&[("area", &areas)], ("book.xlsx", "area", "SHEET_UNKNOWN"));
    told(&[("Blad", &empty), ("areas", &hidden_areas)], ("book.xlsx", "areas", "SHEET_HIDDEN"));
    told(&[("areas", &areas), ("Areas ", &areas)], ("book.xlsx", "Areas ", "TABLE_TWICE"));
    let lines = |sheet: &mut Worksheet| {
        let names = "requisition;kind;description;fte_percent;amount_kronor";
        texts(sheet, &[names, "q;other;;;5"]);
    };
    let missing = ("book.xlsx", "requisitions", "SHEET_MISSING");
    told(&[("requisition-lines", &lines)], missing);
}

#[test]
fn a_chart_on_a_sheet_of_its_own_is_no_table() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("areas").unwrap();
    areas(sheet);
    let mut chart = rust_xlsxwriter::Chart::new(rust_xlsxwriter::ChartType::Column);
    chart.add_series().set_values("areas!$A$1:$A$2");
    workbook.add_chartsheet().insert_chart(0, 0, &chart).unwrap();
    assert_one_area(&one_book(workbook.save_to_buffer().unwrap()));
}

#[test]
fn what_is_no_workbook_is_told_with_what_to_do() {
    for bytes in [&b"area;display_name\nnorra;Norra\n"[..], b"", b"PK\x03\x04", b"\xD0\xCF\x11\xE0"]
    {
        let file = folder(vec![("areas.xlsx", bytes.to_vec())]);
        assert_faults(&file, &[("areas.xlsx", "", "WORKBOOK_UNREADABLE")]);
        let whole = one_book(bytes.to_vec());
        assert_faults(&whole, &[("book.xlsx", "", "WORKBOOK_UNREADABLE")]);
        assert!(!whole.has_tables());
    }
}

#[test]
fn what_a_missing_workbook_would_define_is_not_missed_elsewhere() {
    let grants = "grant;recipient;first_day;last_day;amount_kronor;dnr;decision_date;deciding_body\n\
                  g;r;2025-01-01;2025-12-31;5;1;2025-01-01;S\n";
    let plan = folder(vec![
        ("recipients.xlsx", b"no workbook".to_vec()),
        ("grants.csv", grants.as_bytes().to_vec()),
    ]);
    let unknown = super::fake::fault("grants[0].recipient", "RECIPIENT_UNKNOWN");
    let answer = super::files::answer(vec![unknown]);
    assert_eq!(plan.faults(&[(crate::import::Section::Finance, answer)]).len(), 1);
}

#[test]
fn files_that_look_like_tables_are_told_and_marks_of_open_files_are_not() {
    let home = tempfile::tempdir().unwrap();
    let names =
        ["~$areas.xlsx", "areas.xlsx", "Teams.XLSX", "grants.xls", "notes.ods", "README.md"];
    for name in names {
        std::fs::write(home.path().join(name), book(&[("Blad1", &areas)])).unwrap();
    }
    let files = tables::gather(home.path()).unwrap().unwrap();
    assert_faults(
        &Plan::of(&files, "f"),
        &[("Teams.XLSX", "", "FILE_UNKNOWN"), ("grants.xls", "", "FILE_FORMAT_UNKNOWN")],
    );
}

#[test]
fn one_file_is_a_workbook_or_nothing() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name);
    std::fs::write(path("areas.csv"), "area;display_name\n").unwrap();
    std::fs::write(path("Bok.XLSX"), book(&[("areas", &areas)])).unwrap();
    assert!(tables::gather(&path("areas.csv")).unwrap().is_none());
    assert!(tables::gather(&path("none.xlsx")).is_err());
    let files = tables::gather(&path("Bok.XLSX")).unwrap().unwrap();
    assert_one_area(&Plan::of(&files, "f"));
}
