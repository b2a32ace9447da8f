//! Amounts as people write them, and as workbooks keep them.

use proptest::prelude::*;

use super::*;

fn text(text: &str) -> Result<i64, Fault> {
    ore(&Value::Text(text.to_owned()))
}

fn reason(read: Result<i64, Fault>) -> &'static str {
    read.unwrap_err().reason
}

#[test]
fn kronor_are_read_as_ore() {
    for (written, expected) in [
        ("1550000", 155_000_000),
        ("1550000,5", 155_000_050),
        ("1550000,50", 155_000_050),
        ("0,01", 1),
        ("-0,05", -5),
        ("-100", -10_000),
        ("\u{2212}100", -10_000),
        ("0,00", 0),
    ] {
        assert_eq!(text(written), Ok(expected), "{written}");
    }
}

#[test]
fn swedish_and_english_ways_of_writing_are_understood() {
    for written in [
        "1550000.50",
        "1 550 000,50",
        "1 550 000.50",
        "1\u{a0}550\u{a0}000,50",
        "1\u{202f}550\u{202f}000,50",
        "1,550,000.50",
        "1.550.000,50",
    ] {
        assert_eq!(text(written), Ok(155_000_050), "{written}");
    }
    assert_eq!(text("1,550,000"), Ok(155_000_000));
    assert_eq!(text("1.550.000"), Ok(155_000_000));
    assert_eq!(text("1,550.5"), Ok(155_050));
    assert_eq!(text("-1 550"), Ok(-155_000));
}

#[test]
fn kronor_may_be_named() {
    for written in [
        "1 550 kr",
        "1550kr",
        "1550 kr.",
        "1550 Kr",
        "kr 1550",
        "SEK 1,550.00",
        "1550 sek",
        "1550:-",
        "1 550:-",
        "1550 kronor",
        "1550,00 kr",
    ] {
        assert_eq!(text(written), Ok(155_000), "{written}");
    }
    for written in ["-1550 kr", "kr -1550", "-kr 1550", "\u{2212}1550:-"] {
        assert_eq!(text(written), Ok(-155_000), "{written}");
    }
}

#[test]
fn another_currency_is_refused_by_its_name() {
    for (written, currency) in [
        ("100 EUR", "EUR"),
        ("$5", "$"),
        ("-$5", "$"),
        ("1 000 USD", "USD"),
        ("5,50 €", "€"),
        ("£1,000.00", "£"),
        ("US$ 5", "US$"),
        ("1550 tkr", "tkr"),
        ("1,5 mkr", "mkr"),
        ("100 kr/mån", ""),
    ] {
        let fault = text(written).unwrap_err();
        if currency.is_empty() {
            assert_eq!(fault.reason, "AMOUNT_MALFORMED", "{written}");
            continue;
        }
        let facts = [("value", written.to_owned()), ("currency", currency.to_owned())];
        assert_eq!((fault.reason, fault.facts), ("CURRENCY_UNKNOWN", facts.to_vec()));
    }
    let euro = Value::Currency(100.0, "EUR".to_owned());
    assert_eq!(reason(ore(&euro)), "CURRENCY_UNKNOWN");
}

#[test]
fn what_can_be_read_in_two_ways_is_not_guessed() {
    for written in ["1,234", "1.234", "12,345", "999.999 kr", "-1,234"] {
        assert_eq!(reason(text(written)), "AMOUNT_AMBIGUOUS", "{written}");
    }
}

#[test]
fn what_is_no_amount_is_refused() {
    for written in [
        "",
        "-",
        ",",
        ",5",
        "5,",
        "5.",
        "0,123",
        "1234,567",
        "1 55",
        "15 50 000",
        "1 550,000.50",
        "1,55,000",
        "1.550,000",
        "1.55.00",
        "1,550,00",
        "--1",
        "-kr -5",
        "1-",
        "+1",
        "1e3",
        "(100)",
        "5,-1",
        "5%",
        "kr 5 kr",
        "SEK",
        "igår",
        "12 av 13",
        "100;",
        "1'000",
        "99999999999999999999",
        "٣",
        "1\t000",
    ] {
        assert_eq!(reason(text(written)), "AMOUNT_MALFORMED", "{written}");
    }
    let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    for value in [Value::Boolean(true), Value::Percentage(0.5), Value::Date(day)] {
        assert_eq!(reason(ore(&value)), "AMOUNT_MALFORMED", "{value:?}");
    }
}

#[test]
fn a_number_of_a_workbook_is_read_to_the_ore() {
    for (number, expected) in [
        (1234.56, 123_456),
        (1_550_000.0, 155_000_000),
        (0.1 + 0.2, 30),
        (4.35, 435),
        (-0.05, -5),
        (9_999_999_999_999.99, 999_999_999_999_999),
        (0.0, 0),
        (-0.0, 0),
    ] {
        assert_eq!(ore(&Value::Number(number)), Ok(expected), "{number}");
    }
    for number in [1234.567, 0.001, 1234.561, f64::NAN] {
        assert_eq!(reason(ore(&Value::Number(number))), "AMOUNT_MALFORMED", "{number}");
    }
    for number in [1e13, -1e300, f64::INFINITY] {
        assert_eq!(reason(ore(&Value::Number(number))), "AMOUNT_TOO_LARGE", "{number}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(written in ".*") {
        let _ = text(&written);
    }

    #[test]
    fn nor_does_one_that_looks_like_an_amount(written in "[-−]?[0-9., \u{a0}kr:$€]{0,16}") {
        let _ = text(&written);
    }

    #[test]
    fn an_amount_reads_back_as_it_was_written(ore in 0..i64::MAX) {
        prop_assert_eq!(text(&format!("{},{:02}", ore / 100, ore % 100)), Ok(ore));
    }

    #[test]
    fn a_number_of_a_workbook_loses_no_ore(ore in -999_999_999_999_999..1_000_000_000_000_000_i64) {
        let number: f64 = format!("{}e-2", ore).parse().unwrap();
        prop_assert_eq!(super::ore(&Value::Number(number)), Ok(ore));
    }

    #[test]
    fn nor_does_a_sum_of_them(parts in proptest::collection::vec(0..100_000_000_i64, 1..40)) {
        let number = |ore: i64| -> f64 { format!("{ore}e-2").parse().unwrap() };
        let sum: f64 = parts.iter().map(|part| number(*part)).sum();
        prop_assert_eq!(super::ore(&Value::Number(sum)), Ok(parts.iter().sum()));
    }
}
