//! What the cells of a workbook are taken for, and which are not taken at all.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Worksheet};
use sheets::testing::{book, edited, texts};

use super::books::{folder, placed};
use crate::import::plan::Plan;

const GRANTS: &str =
    "grant;recipient;first_day;last_day;amount_kronor;dnr;decision_date;deciding_body";
const GRANT: &str = "g;r;2025-01-01;2025-12-31;5;SYNT 1;2025-01-01;Styrelsen";
const SHEET: &str = "xl/worksheets/sheet1.xml";

fn grants(write: impl Fn(&mut Worksheet)) -> Vec<u8> {
    book(&[("Blad1", &|sheet| {
        texts(sheet, &[GRANTS, GRANT]);
        write(sheet);
    })])
}

fn plan(bytes: Vec<u8>) -> Plan {
    folder(vec![("grants.xlsx", bytes)])
}

fn assert_good(bytes: Vec<u8>) -> Plan {
    let plan = plan(bytes);
    assert_eq!(plan.faults(&[]), []);
    plan
}

/// Row, letter, column and reason of every fault.
fn told(bytes: Vec<u8>) -> Vec<(u64, String, String, String)> {
    let faults = plan(bytes).faults(&[]);
    assert!(faults.iter().all(|fault| fault.file == "grants.xlsx"), "{faults:?}");
    let brief = faults.iter().map(placed);
    brief
        .map(|(_, _, row, letter, column, reason)| {
            (row, letter.to_owned(), column.to_owned(), reason.to_owned())
        })
        .collect()
}

fn at(row: u64, letter: &str, column: &str, reason: &str) -> (u64, String, String, String) {
    (row, letter.to_owned(), column.to_owned(), reason.to_owned())
}

#[test]
fn an_amount_is_read_to_the_ore_from_a_number_and_from_a_text() {
    for (number, ore) in [(1234.56, 123_456), (0.1 + 0.2, 30), (1_550_000.0, 155_000_000)] {
        let plan = assert_good(grants(|sheet| {
            sheet.write(1, 4, number).unwrap();
        }));
        assert_eq!(plan.requests.finance.grants[0].amount_ore, ore);
    }
    let plan = assert_good(grants(|sheet| {
        sheet.write(1, 4, "1 550 000,50 kr").unwrap();
    }));
    assert_eq!(plan.requests.finance.grants[0].amount_ore, 155_000_050);
    for (number, reason) in [(1234.567, "AMOUNT_MALFORMED"), (1e15, "AMOUNT_TOO_LARGE")] {
        let bytes = grants(|sheet| {
            sheet.write(1, 4, number).unwrap();
        });
        assert_eq!(told(bytes), [at(2, "E", "amount_kronor", reason)]);
    }
}

#[test]
fn an_amount_that_is_shown_in_another_currency_or_as_a_percentage_is_refused() {
    for (format, reason) in [("[$€-2] #,##0.00", "CURRENCY_UNKNOWN"), ("0%", "AMOUNT_MALFORMED")]
    {
        let bytes = grants(|sheet| {
            let format = Format::new().set_num_format(format);
            sheet.write_with_format(1, 4, 5, &format).unwrap();
        });
        assert_eq!(told(bytes), [at(2, "E", "amount_kronor", reason)]);
    }
}

#[test]
fn a_number_where_an_id_or_a_code_belongs_is_refused_and_named() {
    let municipalities = book(&[("Blad1", &|sheet| {
        texts(sheet, &["scb_code;display_name", ";Nyköping"]);
        sheet.write(1, 0, 480).unwrap();
    })]);
    let faults = folder(vec![("municipalities.xlsx", municipalities)]).faults(&[]);
    let place = ("municipalities.xlsx", "", 2, "A", "scb_code", "CELL_NOT_TEXT");
    assert_eq!(faults.iter().map(placed).collect::<Vec<_>>(), [place]);
    assert_eq!(faults[0].value.as_deref(), Some("480"));

    let parties = book(&[("Blad1", &|sheet| {
        texts(sheet, &["party;display_name;organisation_number;kind", "a;A;;region"]);
        sheet.write(1, 2, 9_999_000_104_i64).unwrap();
    })]);
    let faults = folder(vec![("parties.xlsx", parties)]).faults(&[]);
    let place = ("parties.xlsx", "", 2, "C", "organisation_number", "CELL_NOT_TEXT");
    assert_eq!(faults.iter().map(placed).collect::<Vec<_>>(), [place]);
    assert_eq!((&faults[0].value, faults[0].facts.as_slice()), (&None, &[][..]));
}

#[test]
fn a_date_is_a_date_cell_without_a_time_or_a_text() {
    let first_day = |value: f64, format: &'static str| {
        grants(move |sheet| {
            let format = Format::new().set_num_format(format);
            sheet.write_with_format(1, 2, value, &format).unwrap();
        })
    };
    let day = |bytes| {
        let plan = assert_good(bytes);
        let date = plan.requests.finance.grants[0].period.unwrap().first_day.unwrap();
        (date.year, date.month, date.day)
    };
    assert_eq!(day(first_day(45_838.0, "yyyy-mm-dd")), (2025, 6, 30));
    assert_eq!(day(first_day(45_838.0, "[$-41D]d mmmm yyyy;@")), (2025, 6, 30));
    // Workbooks of old Macintosh programs count from 1904.
    let bytes = first_day(44_376.0, "yyyy-mm-dd");
    let bytes = edited(&bytes, "xl/workbook.xml", "<workbookPr ", "<workbookPr date1904=\"1\" ");
    assert_eq!(day(bytes), (2025, 6, 30));
    let iso = edited(
        &grants(|sheet| {
            sheet.write(1, 2, 1234).unwrap();
        }),
        SHEET,
        "<c r=\"C2\"><v>1234</v>",
        "<c r=\"C2\" t=\"d\"><v>2025-06-30T00:00:00</v>",
    );
    assert_eq!(day(iso), (2025, 6, 30));

    let refused = [at(2, "C", "first_day", "DATE_MALFORMED")];
    for (value, format) in [
        (45_838.5, "yyyy-mm-dd hh:mm"),
        (45_838.0, "General"),
        (60.0, "yyyy-mm-dd"),
        (0.5, "[h]:mm"),
    ] {
        assert_eq!(told(first_day(value, format)), refused, "{value} {format}");
    }
    let text = grants(|sheet| {
        sheet.write(1, 2, "30/6 2025").unwrap();
    });
    assert_eq!(told(text), refused);
}

#[test]
fn a_date_that_a_program_made_of_a_registry_number_is_no_text() {
    let bytes = grants(|sheet| {
        let format = Format::new().set_num_format("yyyy-mm");
        let date = ExcelDateTime::from_ymd(2024, 12, 1).unwrap();
        sheet.write_with_format(1, 5, &date, &format).unwrap();
    });
    assert_eq!(told(bytes), [at(2, "F", "dnr", "CELL_NOT_TEXT")]);
}

#[test]
fn yes_and_no_are_truth_values_or_words() {
    for (cell, expected) in [("TRUE", true), ("ja", true), ("nej", false), ("", false)] {
        let plan = assert_good(grants(|sheet| {
            sheet.write(0, 8, "synthetic").unwrap();
            match cell {
                "TRUE" => sheet.write(1, 8, true).unwrap(),
                text => sheet.write(1, 8, text).unwrap(),
            };
        }));
        assert_eq!(plan.requests.finance.grants[0].synthetic, expected, "{cell}");
    }
}

#[test]
fn a_share_that_is_shown_in_percent_is_what_it_shows() {
    let lines = book(&[("Blad1", &|sheet| {
        let names = "requisition;kind;description;fte_percent;amount_kronor";
        texts(sheet, &[names, "q;staff;;;5", "q;staff;;;5", "q;staff;;80 %;5"]);
        let percent = Format::new().set_num_format("0%");
        sheet.write_with_format(1, 3, 1, &percent).unwrap();
        sheet.write(2, 3, 50).unwrap();
    })]);
    let requisitions = b"requisition;grant;party;first_day;last_day;payment_reference\n\
                         q;g;p;2025-01-01;2025-06-30;\n";
    let plan = folder(vec![
        ("requisition-lines.xlsx", lines),
        ("requisitions.csv", requisitions.to_vec()),
    ]);
    assert_eq!(plan.faults(&[]), []);
    let lines = plan.requests.finance.requisitions[0].cost_lines.iter();
    assert_eq!(lines.map(|line| line.fte_percent).collect::<Vec<_>>(), [100, 50, 80]);
}

#[test]
fn a_formula_counts_as_its_value_and_is_refused_without_one() {
    let formula = |result: &'static str| {
        grants(move |sheet| {
            sheet.write(1, 4, Formula::new("=2*2.5").set_result(result)).unwrap();
        })
    };
    let plan = assert_good(formula("5"));
    assert_eq!(plan.requests.finance.grants[0].amount_ore, 500);
    let (value, nothing) =
        ("<c r=\"E2\"><f>2*2.5</f><v>5</v>", "<c r=\"E2\" t=\"str\"><f>2*2.5</f><v></v>");
    let empty = edited(&formula("5"), SHEET, value, nothing);
    assert_eq!(told(empty), [at(2, "E", "amount_kronor", "CELL_MISSING")]);
    for error in ["#REF!", "#DIV/0!", "#N/A"] {
        let faults = plan_faults(formula(error));
        assert_eq!(faults, [(error.to_owned(), "CELL_ERROR".to_owned())]);
    }
    let uncalculated = edited(&formula("5"), SHEET, "<f>2*2.5</f><v>5</v>", "<f>2*2.5</f>");
    assert_eq!(told(uncalculated), [at(2, "E", "amount_kronor", "FORMULA_NOT_CALCULATED")]);
}

fn plan_faults(bytes: Vec<u8>) -> Vec<(String, String)> {
    let faults = plan(bytes).faults(&[]).into_iter();
    faults.map(|fault| (fault.facts[0].1.clone(), fault.reason)).collect()
}

#[test]
fn merged_cells_are_refused_in_every_row_they_cover() {
    let merge = |rows: (u32, u32), columns: (u16, u16)| {
        grants(move |sheet| {
            texts(
                sheet,
                &[GRANTS, GRANT, "h;r;2025-01-01;2025-12-31;5;SYNT 1;2025-01-01;Styrelsen"],
            );
            let plain = Format::new();
            sheet.merge_range(rows.0, columns.0, rows.1, columns.1, "r", &plain).unwrap();
        })
    };
    let merged = |row| at(row, "B", "recipient", "CELLS_MERGED");
    assert_eq!(told(merge((1, 2), (1, 1))), [merged(2), merged(3)]);
    assert_eq!(
        told(merge((0, 0), (0, 1))),
        [at(1, "A", "", "CELLS_MERGED"), at(1, "B", "", "CELLS_MERGED")]
    );
    // Below and beside the table nothing is taken from it.
    assert_eq!(told(merge((5, 6), (9, 10))), [at(6, "J", "", "COLUMN_UNNAMED")]);
}

#[test]
fn rows_and_columns_in_which_nothing_stands_are_passed_over() {
    let plan = assert_good(grants(|sheet| {
        let bold = Format::new().set_bold();
        for row in 2..40 {
            sheet.write_blank(row, 3, &bold).unwrap();
        }
        sheet.write(3, 0, " ").unwrap();
        sheet.write(5, 12, "").unwrap();
        texts(
            sheet,
            &[GRANTS, GRANT, "", "", "", "", "", "h;r;2025-01-01;2025-12-31;5;1;2025-01-01;S"],
        );
    }));
    assert_eq!(plan.requests.finance.grants.len(), 2);
    let last = plan.requests.finance.grants[1].name.as_str();
    assert_eq!(last, "federations/f/grants/h");
}

#[test]
fn a_column_that_is_unknown_twice_there_or_without_a_name_is_told_by_its_letter() {
    let bytes = grants(|sheet| {
        sheet.write(0, 8, "dnr").unwrap();
        sheet.write(0, 9, "note").unwrap();
        sheet.set_column_hidden(9).unwrap();
        sheet.write(1, 11, "x").unwrap();
        sheet.write(2, 11, "y").unwrap();
    });
    let told = told(bytes);
    let header = [at(1, "J", "", "COLUMN_UNKNOWN"), at(1, "I", "dnr", "NAME_TWICE")];
    assert_eq!(told[..2], header);
    assert_eq!(told[2], at(2, "L", "", "COLUMN_UNNAMED"));
    let missing = book(&[("Blad1", &|sheet| texts(sheet, &["area"]))]);
    let faults = folder(vec![("areas.xlsx", missing)]).faults(&[]);
    let place = ("areas.xlsx", "", 1, "", "display_name", "COLUMN_MISSING");
    assert_eq!(faults.iter().map(placed).collect::<Vec<_>>(), [place]);
}

#[test]
fn the_names_of_the_columns_stand_in_the_first_row() {
    let bytes =
        book(&[("Blad1", &|sheet| texts(sheet, &["", "area;display_name", "norra;Norra"]))]);
    let faults = folder(vec![("areas.xlsx", bytes)]).faults(&[]);
    let reasons: Vec<_> = faults.iter().map(|fault| (fault.row, fault.reason.as_str())).collect();
    assert_eq!(reasons, [(1, "COLUMN_MISSING"), (1, "COLUMN_MISSING")]);
}

#[test]
fn a_text_is_taken_without_the_space_around_it_and_in_one_line() {
    let plan = assert_good(grants(|sheet| {
        sheet.write(1, 7, "\u{a0}Styrelsen \u{a0}").unwrap();
    }));
    assert_eq!(plan.requests.finance.grants[0].deciding_body, "Styrelsen");
    let broken = grants(|sheet| {
        sheet.write(1, 7, "Styrelsen\noch arbetsutskottet").unwrap();
    });
    assert_eq!(told(broken), [at(2, "H", "deciding_body", "TEXT_CONTROL_CHARACTER")]);
}

#[test]
fn what_may_be_a_personal_number_is_not_shown_from_a_number_either() {
    let bytes = grants(|sheet| {
        sheet.write(1, 5, 191_212_121_212_i64).unwrap();
    });
    assert_eq!(plan(bytes).faults(&[])[0].value.as_deref(), Some("…"));
}
