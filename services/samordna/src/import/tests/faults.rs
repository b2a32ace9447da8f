//! Every fault that reading the files can find, with file, row and column.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    fake::fault,
    files::{
        FIGURES, GRANTS, LINES, MUNICIPALITIES, PARTIES, REQUISITIONS, TEAMS, answer,
        assert_faults, brief, plan, with,
    },
};
use crate::import::{
    Section, kinds,
    plan::Plan,
    tables::{self, Files},
};

#[test]
fn a_csv_file_of_another_name_is_told_and_other_files_are_not() {
    let misspelt = [("partys.csv", PARTIES), ("areas.csv", "area;display_name\n")];
    assert_faults(&misspelt, &[("partys.csv", 0, "", "FILE_UNKNOWN")]);

    let folder = tempfile::tempdir().unwrap();
    for name in ["README.md", "areas.csv", "Parties.CSV"] {
        std::fs::write(folder.path().join(name), "x").unwrap();
    }
    let Some(Files::Folder(found)) = tables::gather(folder.path()).unwrap() else {
        panic!("a folder is a folder");
    };
    assert_eq!(found.into_keys().collect::<Vec<_>>(), ["Parties.CSV", "areas.csv"]);
}

#[test]
fn an_empty_cell_an_unknown_code_and_a_bad_id_are_told_together() {
    let rows = "koping;;999900-0137;region;yes\nKöping;K;999900-0137;stad;kanske\n;S;999900-0160;region;\n";
    assert_faults(
        &[("parties.csv", &with(PARTIES, rows))],
        &[
            ("parties.csv", 2, "display_name", "CELL_MISSING"),
            ("parties.csv", 3, "kind", "CODE_UNKNOWN"),
            ("parties.csv", 3, "party", "ID_MALFORMED"),
            ("parties.csv", 3, "synthetic", "CODE_UNKNOWN"),
            ("parties.csv", 4, "party", "CELL_MISSING"),
        ],
    );
}

#[test]
fn an_unknown_code_lists_the_codes_allowed() {
    let faults = plan(&[("parties.csv", &with(PARTIES, "a;A;999900-0137;stad;no\n"))]).faults(&[]);
    let allowed = ("allowed".to_owned(), "state_agency, region, municipality".to_owned());
    assert!(faults[0].facts.contains(&allowed), "{faults:?}");
    assert_eq!(faults[0].value.as_deref(), Some("stad"));
}

#[test]
fn an_id_that_stands_twice_is_told_where_it_stands_again() {
    let rows = "a;A;999900-0137;region;\na;B;999900-0137;region;\n";
    assert_faults(
        &[
            ("parties.csv", &with(PARTIES, rows)),
            ("federation.csv", "display_name;organisation_number\nF;999900-0137\nG;999900-0137\n"),
        ],
        &[
            ("federation.csv", 3, "display_name", "NAME_TWICE"),
            ("parties.csv", 3, "party", "NAME_TWICE"),
        ],
    );
}

#[test]
fn amounts_numbers_and_dates_that_cannot_be_read_are_told_by_cell() {
    assert_faults(
        &[
            ("grants.csv", &with(GRANTS, "g;r;2025-01-01;2025-13-31;1,234,5;1;igår;Styrelsen\n")),
            ("requisitions.csv", &with(REQUISITIONS, "q;g;p;20250101;2025-06-30;\n")),
            ("requisition-lines.csv", &with(LINES, "q;staff;;12,5;1.505\nq;rent;;9999999999;1\n")),
            (
                "reported-figures.csv",
                &with(FIGURES, "t;2025h1;exits;total;12,5\nt;2025h1;x;y;tolv\n"),
            ),
        ],
        &[
            ("grants.csv", 2, "amount_kronor", "AMOUNT_MALFORMED"),
            ("grants.csv", 2, "decision_date", "DATE_MALFORMED"),
            ("grants.csv", 2, "last_day", "DATE_MALFORMED"),
            ("requisitions.csv", 2, "first_day", "DATE_MALFORMED"),
            ("requisition-lines.csv", 2, "amount_kronor", "AMOUNT_AMBIGUOUS"),
            ("requisition-lines.csv", 2, "fte_percent", "NUMBER_NOT_WHOLE"),
            ("requisition-lines.csv", 3, "fte_percent", "NUMBER_MALFORMED"),
            ("requisition-lines.csv", 3, "kind", "CODE_UNKNOWN"),
            ("reported-figures.csv", 2, "count", "NUMBER_NOT_WHOLE"),
            ("reported-figures.csv", 3, "count", "NUMBER_MALFORMED"),
        ],
    );
}

#[test]
fn kronor_may_be_named_and_another_currency_is_told_by_its_name() {
    let grant = |amount| format!("g;r;2025-01-01;2025-12-31;{amount};1;2025-01-01;S\n");
    for amount in ["1 550,50 kr", "SEK 1550.50", "1,550.50"] {
        let plan = plan(&[("grants.csv", &with(GRANTS, &grant(amount)))]);
        assert_eq!(plan.faults(&[]), [], "{amount}");
        assert_eq!(plan.requests.finance.grants[0].amount_ore, 155_050);
    }
    for (amount, currency) in [("100 EUR", "EUR"), ("$5", "$"), ("1 000 USD", "USD")] {
        let faults = plan(&[("grants.csv", &with(GRANTS, &grant(amount)))]).faults(&[]);
        assert_eq!(brief(&faults[0]), ("grants.csv", 2, "amount_kronor", "CURRENCY_UNKNOWN"));
        assert!(faults[0].facts.contains(&("currency".to_owned(), currency.to_owned())));
        assert_eq!(faults[0].letter, "E");
    }
}

#[test]
fn a_cell_that_stands_for_two_fields_is_told_once() {
    let municipalities = with(MUNICIPALITIES, ";Sala;\n");
    assert_faults(
        &[("municipalities.csv", &municipalities)],
        &[("municipalities.csv", 2, "scb_code", "CELL_MISSING")],
    );
}

#[test]
fn a_list_with_a_malformed_id_is_told_at_its_cell() {
    let teams = with(TEAMS, "sala;Sala;1981, 1907\n");
    assert_faults(&[("teams.csv", &teams)], &[("teams.csv", 2, "municipalities", "ID_MALFORMED")]);
}

#[test]
fn lines_and_requisitions_need_each_other() {
    let requisitions = with(REQUISITIONS, "q;g;p;2025-01-01;2025-06-30;\n");
    let lines = with(LINES, "q;staff;;50;1\nother;staff;;50;-x\n");
    assert_faults(
        &[("requisitions.csv", &requisitions)],
        &[("requisition-lines.csv", 0, "", "FILE_MISSING")],
    );
    assert_faults(
        &[("requisition-lines.csv", &with(LINES, "q;staff;;50;1\n"))],
        &[("requisitions.csv", 0, "", "FILE_MISSING")],
    );
    assert_faults(
        &[("requisitions.csv", &requisitions), ("requisition-lines.csv", &lines)],
        &[
            ("requisition-lines.csv", 3, "amount_kronor", "AMOUNT_MALFORMED"),
            ("requisition-lines.csv", 3, "requisition", "REFERENCE_UNKNOWN"),
        ],
    );
}

proptest! {
    #[test]
    fn no_bytes_in_any_file_make_the_import_panic(
        bodies in proptest::collection::vec(
            proptest::collection::vec(any::<u8>(), 0..120), kinds::ALL.len()),
        rows in "([;\"a-c0-9, \r\n-]|2025-01-01|yes|staff){0,60}",
        field in "[a-z_]{0,12}(\\[[0-9]{1,2}\\])?(\\.[a-z_]{0,12}(\\[[0-9]\\])?){0,2}",
    ) {
        let mut contents = BTreeMap::new();
        for (kind, body) in kinds::ALL.iter().zip(bodies) {
            let mut bytes = kind.columns.join(";").into_bytes();
            bytes.push(b'\n');
            bytes.extend(rows.as_bytes());
            bytes.extend(body);
            contents.insert(format!("{}.csv", kind.name), bytes);
        }
        let plan = Plan::of(&Files::Folder(contents), "f");
        let answers = [(Section::Finance, answer(vec![fault(&field, "TEAM_UNKNOWN")]))];
        prop_assert!(!plan.faults(&answers).is_empty());
    }
}

#[test]
fn a_bankgiro_that_reads_like_a_registry_number_is_doubted_and_goes_on() {
    let row = |reference: &str| format!("q;g;a;2025-01-01;2025-06-30;{reference}\n");
    for (reference, is_doubted) in [
        ("2025-0015", true),
        ("BG 2025-0015", false),
        ("5050-1055", false),
        ("2025-0018-1", false),
        ("Dnr 2025-0015", false),
        ("", false),
    ] {
        let plan = plan(&[
            ("requisitions.csv", &with(REQUISITIONS, &row(reference))),
            ("requisition-lines.csv", &with(LINES, "q;other;;;1\n")),
        ]);
        let doubts = plan.doubts();
        let told = ("requisitions.csv", 2, "payment_reference", "PAYMENT_REFERENCE_LIKE_DNR");
        let expected = if is_doubted { vec![told] } else { vec![] };
        assert_eq!(doubts.iter().map(brief).collect::<Vec<_>>(), expected, "{reference}");
        assert_eq!(plan.faults(&[]), []);
        assert_eq!(plan.requests.finance.requisitions[0].payment_reference, reference);
    }
}
