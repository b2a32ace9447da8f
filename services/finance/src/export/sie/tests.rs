//! The file, byte for byte, and as another program reads it.

use values::Ore;

use super::*;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).unwrap()
}

fn header() -> Header {
    Header {
        display_name: "Samordningsförbundet \"Å–Ö\"".to_owned(),
        organisation_number: OrganisationNumber::parse("", "999900-0012").unwrap(),
        year: Period::year(2025).unwrap(),
        as_of: day(7, 1),
    }
}

fn line(account: &str, objects: &[(i32, &str)], ore: i64, day: NaiveDate) -> Line {
    let objects = objects.iter().map(|(dimension, code)| (*dimension, (*code).to_owned()));
    let (account, objects, amount) = (account.to_owned(), objects.collect(), Ore::new(ore));
    Line { account, objects, amount, day }
}

fn ledger() -> GeneralLedger {
    let entry = |number, event: &str, lines| Entry {
        number,
        day: day(6, 30),
        recorded_on: day(7, 1),
        event: event.to_owned(),
        subject: "federations/f/requisitions/r1".to_owned(),
        lines,
    };
    let approved = vec![
        line("4010", &[(1, "10"), (20, "82")], 100_050, day(6, 30)),
        line("2440", &[(20, "82")], -100_050, day(6, 30)),
    ];
    let other = vec![line("2440", &[], 5, day(6, 30)), line("1930", &[], -5, day(7, 2))];
    GeneralLedger {
        series: "S".to_owned(),
        accounts: [("1930", "Bank"), ("2440", "Skulder"), ("4010", "Löner")]
            .map(|(number, title)| (number.to_owned(), title.to_owned()))
            .into(),
        objects: [((1, "10"), "Team Sala"), ((20, "82"), "Sala kommun")]
            .map(|((dimension, code), name)| {
                ((dimension, code.to_owned()), [name.to_owned()].into())
            })
            .into(),
        party_dimension: Some(20),
        entries: vec![
            entry(12, "requisition.approved", approved),
            entry(15, "something.new", other),
        ],
    }
}

#[test]
fn the_file_is_what_the_format_says_to_the_last_byte() {
    let expected = [
        "#FLAGGA 0",
        concat!("#PROGRAM \"Samordna\" \"", env!("CARGO_PKG_VERSION"), "\""),
        "#FORMAT PC8",
        "#GEN 20250701",
        "#SIETYP 4",
        "#ORGNR 999900-0012",
        "#FNAMN \"Samordningsf\x01rbundet \\\"\x02-\x03\\\"\"",
        "#RAR 0 20250101 20251231",
        "#KONTO 1930 \"Bank\"",
        "#KONTO 2440 \"Skulder\"",
        "#KONTO 4010 \"L\x01ner\"",
        "#DIM 1 \"Kostnadsst\x04lle\"",
        "#OBJEKT 1 \"10\" \"Team Sala\"",
        "#DIM 20 \"Motpart\"",
        "#OBJEKT 20 \"82\" \"Sala kommun\"",
        "#VER \"S\" \"12\" 20250630 \"Rekvisition beslutsattesterad: r1\" 20250701",
        "{",
        "#TRANS 4010 {1 \"10\" 20 \"82\"} 1000.50",
        "#TRANS 2440 {20 \"82\"} -1000.50",
        "}",
        "#VER \"S\" \"15\" 20250630 \"something.new: r1\" 20250701",
        "{",
        "#TRANS 2440 {} 0.05",
        "#TRANS 1930 {} -0.05 20250702",
        "}",
        "",
    ];
    // ö, Å, Ö and ä as the code page has them.
    let letters = |byte| match byte {
        1 => 0x94,
        2 => 0x8f,
        3 => 0x99,
        4 => 0x84,
        other => other,
    };
    let expected: Vec<u8> = expected.join("\r\n").bytes().map(letters).collect();
    let written = write(&header(), &ledger());
    assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&expected));
    assert_eq!(written, expected);
}

#[test]
fn another_program_reads_the_same_sums_and_names() {
    let text = sie_parser::decode_cp437(&write(&header(), &ledger()));
    let read = sie_parser::document::read(&text).unwrap();
    sie_parser::validate_document(&read).unwrap();
    assert_eq!(read.company.name, "Samordningsförbundet \"Å-Ö\"");
    assert_eq!(read.company.orgnr_raw, "9999000012");
    assert_eq!(read.accounts[&4010].name, "Löner");
    assert_eq!(read.objects[&(20, "82".to_owned())].name, "Sala kommun");
    let numbers: Vec<_> = read.vouchers.iter().map(|voucher| voucher.number).collect();
    assert_eq!(numbers, [12, 15]);
    for voucher in &read.vouchers {
        let sum = voucher.rows.iter().map(|row| row.amount).reduce(|sum, amount| sum + amount);
        assert!(sum.is_some_and(|sum| sum.is_zero()), "{voucher:?}");
    }
    assert_eq!(read.vouchers[0].rows[0].amount.to_string(), "1000.50");
}
