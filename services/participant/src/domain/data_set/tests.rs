//! What may be agreed.

use values::Slug;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn agreement() -> DataAgreement {
    let slug = |text: &str| Slug::parse("", text).unwrap();
    DataAgreement {
        evaluator: AccountName::new(slug("f"), slug("utvarderare")),
        period: Period::new("", day("2025-01-01"), day("2025-06-30")).unwrap(),
        layout: TableLayoutName::new(slug("f"), slug("exits")),
        last_day: day("2025-12-31"),
        dnr: "12/2025".to_owned(),
    }
}

fn reasons(refusal: Refusal) -> Vec<&'static str> {
    match refusal {
        Refusal::Taken => vec!["taken"],
        Refusal::References(faults) => faults.as_slice().iter().map(|fault| fault.reason).collect(),
    }
}

#[test]
fn a_layout_that_counts_everybody_once_is_agreed_on() {
    for measure in Measure::ALL {
        let shape = TableShape::new(vec![*measure], Vec::new()).unwrap();
        let created = create(&agreement(), false, Some(&shape));
        let once = [Measure::Referred, Measure::New, Measure::ExitedIn].contains(measure);
        let expected = if once { vec![] } else { vec!["LAYOUT_NOT_OF_PEOPLE"] };
        assert_eq!(created.err().map(reasons).unwrap_or_default(), expected, "{measure:?}");
    }
    let two = TableShape::new(vec![Measure::New, Measure::Referred], Vec::new()).unwrap();
    let refused = create(&agreement(), false, Some(&two)).unwrap_err();
    assert_eq!(reasons(refused), ["LAYOUT_NOT_OF_PEOPLE"]);
    assert_eq!(reasons(create(&agreement(), false, None).unwrap_err()), ["LAYOUT_UNKNOWN"]);
    assert_eq!(reasons(create(&agreement(), true, None).unwrap_err()), ["taken"]);
}

#[test]
fn an_agreement_is_read_until_its_last_day() {
    assert_eq!(may_read(&agreement(), day("2025-12-31")), Ok(()));
    assert_eq!(may_read(&agreement(), day("2026-01-01")), Err(day("2025-12-31")));
}

#[test]
fn a_half_year_is_written_with_its_year() {
    let half = |first: &str, last: &str| Period::new("", day(first), day(last)).unwrap();
    assert_eq!(half_year(half("2025-01-01", "2025-06-30")), "2025H1");
    assert_eq!(half_year(half("2025-07-01", "2025-12-31")), "2025H2");
}
