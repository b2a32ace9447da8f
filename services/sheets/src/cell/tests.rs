//! What cells mean, and what they must not show.

use proptest::prelude::*;

use super::*;

fn written(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn half_a_person_is_told_apart_from_what_is_no_number() {
    assert_eq!(whole_number(&written("12")), Ok(12));
    assert_eq!(whole_number(&written("-3")), Ok(-3));
    for text in ["12,5", "12.5", "-0,5", "12,0"] {
        assert_eq!(whole_number(&written(text)).unwrap_err().reason, "NUMBER_NOT_WHOLE", "{text}");
    }
    for text in ["", "tolv", "1 000", "+1", "99999999999999999999", "1,2,3", ","] {
        assert_eq!(whole_number(&written(text)).unwrap_err().reason, "NUMBER_MALFORMED", "{text}");
    }
}

#[test]
fn a_date_is_written_in_one_way() {
    assert_eq!(date(&written("2025-06-30")), Ok(Date { year: 2025, month: 6, day: 30 }));
    for text in [
        "",
        "2025-6-30",
        "2025-02-29",
        "20250630",
        "30/6 2025",
        "0000-01-01",
        "+025-01-01",
        "2025-06-31",
        "2025‐06‐30",
    ] {
        assert_eq!(date(&written(text)).unwrap_err().reason, "DATE_MALFORMED", "{text}");
    }
}

#[test]
fn an_unknown_code_is_answered_with_the_ones_allowed() {
    let allowed = [("yes", true), ("no", false)];
    assert_eq!(code(&written("no"), &allowed), Ok(false));
    let fault = code(&written("ja"), &allowed).unwrap_err();
    assert_eq!(fault.facts, [("value", "ja".to_owned()), ("allowed", "yes, no".to_owned())]);
}

#[test]
fn yes_and_no_are_understood_in_both_languages_and_from_spreadsheets() {
    for text in ["yes", "Ja", "TRUE", "SANT"] {
        assert_eq!(yes_or_no(&written(text)), Ok(true), "{text}");
    }
    for text in ["no", "NEJ", "false", "Falskt"] {
        assert_eq!(yes_or_no(&written(text)), Ok(false), "{text}");
    }
    assert_eq!(yes_or_no(&Value::Boolean(true)), Ok(true));
    for value in [written("kanske"), Value::Number(1.0)] {
        assert_eq!(yes_or_no(&value).unwrap_err().reason, "CODE_UNKNOWN", "{value:?}");
    }
}

#[test]
fn a_number_where_a_text_belongs_is_never_made_into_one() {
    assert_eq!(text(&written("0480")), Ok("0480"));
    for value in [Value::Number(480.0), Value::Boolean(true), Value::Percentage(0.5)] {
        assert_eq!(text(&value).unwrap_err().reason, "CELL_NOT_TEXT", "{value:?}");
    }
}

#[test]
fn numbers_and_percentages_of_a_workbook_are_read_as_they_are_shown() {
    assert_eq!(whole_number(&Value::Number(12.0)), Ok(12));
    assert_eq!(whole_number(&Value::Number(12.5)).unwrap_err().reason, "NUMBER_NOT_WHOLE");
    assert_eq!(whole_number(&Value::Percentage(12.0)).unwrap_err().reason, "NUMBER_MALFORMED");
    for value in [
        Value::Number(80.0),
        Value::Percentage(0.8),
        written("80"),
        written("80%"),
        written("80 %"),
    ] {
        assert_eq!(percent(&value), Ok(80), "{value:?}");
    }
    assert_eq!(percent(&Value::Percentage(0.29)), Ok(29));
    assert_eq!(percent(&Value::Percentage(0.125)).unwrap_err().reason, "NUMBER_NOT_WHOLE");
    for value in [Value::Number(1e12), written("%"), Value::Boolean(true)] {
        assert_eq!(percent(&value).unwrap_err().reason, "NUMBER_MALFORMED", "{value:?}");
    }
}

#[test]
fn a_date_of_a_workbook_is_a_date_and_a_number_or_a_time_is_none() {
    let day = NaiveDate::from_ymd_opt(2025, 6, 30).unwrap();
    assert_eq!(date(&Value::Date(day)), Ok(Date { year: 2025, month: 6, day: 30 }));
    for value in [Value::Number(45838.0), Value::Time("2025-06-30 12:00".to_owned())] {
        assert_eq!(date(&value).unwrap_err().reason, "DATE_MALFORMED", "{value:?}");
    }
}

#[test]
fn what_may_be_a_personal_number_is_not_shown() {
    for text in [
        "191212121212",
        "121212-1212",
        "121212+1212",
        "1912-12-12 1212",
        "nr 1212121212",
        "121212\u{2013}1212",
        "121212\u{a0}1212",
        "121212/1212",
        "12.12.12 (12,12)",
        "20121212-T121",
        "121212\u{2011}t121",
    ] {
        assert_eq!(shown(text), "…", "{text}");
    }
    for text in ["2025-06-31", "2025-06-31 kl. 9", "1 234,50 kr", "Team 7, plats 12"] {
        assert_eq!(shown(text), text);
    }
    assert_eq!(shown(&"x".repeat(70)).chars().count(), 61);
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in ".*") {
        let value = written(&text);
        let _ = (whole_number(&value), percent(&value), date(&value), shown(&text));
    }
}
