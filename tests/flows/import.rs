//! The import, of files and of a workbook: every fault at once and nothing half
//! done; twice changes nothing; an interruption is finished by repeating it.

use std::{fs, path::Path};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::{
    figures::funding_table,
    world::{Installation, Shape, Store, demo_files},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_changes_nothing_and_applying_twice_changes_nothing_more() {
    let installation = Installation::start(Shape::AllInOne, Store::Sqlite).await;
    let (ok, dry) = installation.import(&demo_files(), false).await;
    assert!(ok, "{dry}");
    assert!(dry.contains("--apply"), "{dry}");
    assert_eq!(funding_table(&installation).await.rows.len(), 0);

    let (ok, first) = installation.import(&demo_files(), true).await;
    assert!(ok, "{first}");
    let after_first = funding_table(&installation).await;
    assert_eq!(
        after_first.total.as_ref().unwrap().reserved_ore,
        587_300_000,
        "nothing is approved by an import"
    );

    // An approval in between is no reason to touch the requisition again.
    installation.load().await;
    let approved = funding_table(&installation).await;
    let (ok, again) = installation.import(&demo_files(), true).await;
    assert!(ok, "{again}");
    assert_eq!(funding_table(&installation).await, approved, "{again}");
    installation.verify();
    installation.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_row_is_named_with_file_row_and_column_and_nothing_is_applied() {
    let installation = Installation::start(Shape::Split, Store::Sqlite).await;
    let folder = copy(&installation, "bad");
    // Each of the faults, with the file, the row and the column it must be named by.
    let mut expected = vec![
        append(&folder, "reported-figures.csv", "no-such-team;2025h1;queue;total;3", "team"),
        append(&folder, "reported-figures.csv", "sala;2025h1;queue;total;12,5", "count"),
        append(&folder, "reported-figures.csv", "sala;2025h1;participants;total;-1", "count"),
        append(
            &folder,
            "parties.csv",
            "wrong;Fel kommun;999900-0104;municipality;yes",
            "organisation_number",
        ),
        append(
            &folder,
            "requisition-lines.csv",
            "vastra-malardalen-koping-2025h1;other;Minus;;-5",
            "amount_kronor",
        ),
        append(
            &folder,
            "requisitions.csv",
            "too-much;sala-2025;sala;2025-07-01;2025-12-31;SYNT-9001;yes",
            "",
        ),
        append(
            &folder,
            "requisitions.csv",
            "too-late;sala-2025;koping;2025-07-01;2026-01-31;SYNT-9002;yes",
            "",
        ),
        append(
            &folder,
            "grants.csv",
            "bad-day;sala;2025-02-30;2025-12-31;5;SYNT 1;2024-11-28;Styrelsen;yes",
            "first_day",
        ),
    ];
    append(&folder, "requisition-lines.csv", "too-much;other;Mer än vad som finns;;99000000", "");
    append(&folder, "requisition-lines.csv", "too-late;other;Efter årets slut;;5", "");
    expected.push(append_bytes(
        &folder,
        "teams.csv",
        b"broken;Samordningsteam \xC5by;1981",
        "display_name",
    ));

    for apply in [false, true] {
        let (ok, output) = installation.import(&folder.display().to_string(), apply).await;
        assert!(!ok, "{output}");
        for (file, row, column) in &expected {
            let named = output.lines().any(|line| {
                line.contains(file.as_str())
                    && has_number(line, *row)
                    && line.contains(column.as_str())
            });
            assert!(named, "{file} row {row} column {column} is not named in:\n{output}");
        }
        assert_eq!(funding_table(&installation).await.rows.len(), 0);
    }
    installation.verify();
    installation.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_import_is_finished_by_repeating_it() {
    let mut installation = Installation::start(Shape::Split, Store::Sqlite).await;
    installation.kill("reporting");
    let (ok, output) = installation.import(&demo_files(), true).await;
    assert!(!ok, "{output}");
    installation.launch("reporting").await;
    let (ok, output) = installation.import(&demo_files(), true).await;
    assert!(ok, "{output}");
    assert_eq!(funding_table(&installation).await.total.unwrap().reserved_ore, 587_300_000);
    installation.verify();
    installation.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_workbook_imports_to_exactly_what_the_files_do() {
    let installation = Installation::start(Shape::AllInOne, Store::Sqlite).await;
    let path = installation.folder("workbook").join("figures.xlsx");
    let book = path.display().to_string();
    demonstration().save(&path).unwrap();

    let (ok, dry) = installation.import(&book, false).await;
    assert!(ok, "{dry}");
    assert!(dry.contains("figures.xlsx, sheet grants") && dry.contains("--apply"), "{dry}");
    assert_eq!(funding_table(&installation).await.rows.len(), 0);

    let (ok, first) = installation.import(&book, true).await;
    assert!(ok, "{first}");
    let total = funding_table(&installation).await.total.unwrap();
    assert_eq!(total.reserved_ore, 587_300_000);
    for same in [book, demo_files()] {
        let (ok, again) = installation.import(&same, true).await;
        assert!(ok && again.contains("\n0 created, ") && again.contains(" 0 replaced."), "{again}");
    }
    installation.verify();
    installation.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_cell_of_a_workbook_is_named_as_the_spreadsheet_names_it() {
    let installation = Installation::start(Shape::AllInOne, Store::Sqlite).await;
    let path = installation.folder("workbook").join("figures.xlsx");
    let mut workbook = demonstration();
    let grants = workbook.worksheet_from_name("grants").unwrap();
    grants.write(1, 4, "100 EUR").unwrap();
    let municipalities = workbook.worksheet_from_name("municipalities").unwrap();
    municipalities.write(1, 0, 480).unwrap();
    workbook.save(&path).unwrap();

    for apply in [false, true] {
        let (ok, output) = installation.import(&path.display().to_string(), apply).await;
        assert!(!ok, "{output}");
        let unaligned = output.split_whitespace().collect::<Vec<_>>().join(" ");
        for place in [
            "figures.xlsx, sheet grants, row 2, column E ”amount_kronor” ”100 EUR”",
            "figures.xlsx, sheet municipalities, row 2, column A ”scb_code” ”480”",
        ] {
            assert!(unaligned.contains(place), "{output}");
        }
        assert_eq!(output.lines().count(), 4, "{output}");
        assert_eq!(funding_table(&installation).await.rows.len(), 0);
    }
    installation.stop().await;
}

/// The demonstration's files as sheets of one workbook, with amounts, counts and
/// dates as a spreadsheet program keeps them.
fn demonstration() -> Workbook {
    let mut workbook = Workbook::new();
    for entry in fs::read_dir(demo_files()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "csv") {
            continue;
        }
        let sheet = workbook.add_worksheet();
        sheet.set_name(path.file_stem().unwrap().to_str().unwrap()).unwrap();
        let text = fs::read_to_string(path).unwrap();
        let header: Vec<&str> = text.lines().next().unwrap().split(';').collect();
        for (row, line) in (0..).zip(text.lines()) {
            for ((column, name), cell) in (0..).zip(&header).zip(line.split(';')) {
                write_cell(sheet, (row, column), name, cell);
            }
        }
    }
    workbook
}

fn write_cell(sheet: &mut Worksheet, (row, column): (u32, u16), name: &str, cell: &str) {
    let is_number = matches!(name, "amount_kronor" | "count" | "fte_percent");
    let number: Option<f64> = cell.replace(',', ".").parse().ok();
    let is_day = name.ends_with("_day") || name.ends_with("_date");
    if let Some(number) = number.filter(|_| is_number) {
        sheet.write(row, column, number).unwrap();
    } else if is_day && row > 0 {
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let date = ExcelDateTime::parse_from_str(cell).unwrap();
        sheet.write_with_format(row, column, date, &day).unwrap();
    } else {
        sheet.write(row, column, cell).unwrap();
    }
}

fn copy(installation: &Installation, name: &str) -> std::path::PathBuf {
    let folder = installation.folder(name);
    for entry in fs::read_dir(demo_files()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    folder
}

fn append(folder: &Path, file: &str, line: &str, column: &str) -> (String, u64, String) {
    append_bytes(folder, file, line.as_bytes(), column)
}

/// Adds a row to a file; answers the file, the row's number and the column.
fn append_bytes(folder: &Path, file: &str, line: &[u8], column: &str) -> (String, u64, String) {
    let path = folder.join(file);
    let mut bytes = fs::read(&path).unwrap();
    if !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    let row = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
    bytes.extend(line);
    bytes.push(b'\n');
    fs::write(&path, bytes).unwrap();
    (file.to_owned(), u64::try_from(row).unwrap(), column.to_owned())
}

fn has_number(line: &str, number: u64) -> bool {
    line.split(|character: char| !character.is_ascii_digit()).any(|word| word == number.to_string())
}
