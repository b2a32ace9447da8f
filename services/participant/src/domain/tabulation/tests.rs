//! What follows from counts, and what keys stand for.

use super::*;
use crate::domain::banding::{Band, BandedDimension, Banding};

fn slug(text: &str) -> Slug {
    Slug::parse("", text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period(first: &str, last: &str) -> Period {
    Period::new("period", day(first), day(last)).unwrap()
}

fn keys_of(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

#[test]
fn totals_and_margins_sum_the_cells() {
    let mut counted = Counted::new(&[Measure::New]);
    counted.add(keys_of(&["a", "x"]), &[3]);
    counted.add(keys_of(&["a", "y"]), &[4]);
    counted.add(keys_of(&["b", "x"]), &[5]);
    counted.add(keys_of(&["b", "x"]), &[1]);
    assert_eq!(counted.cells()[&keys_of(&["b", "x"])], [6]);
    assert_eq!(counted.margin(0), BTreeMap::from([("a", vec![7]), ("b", vec![6])]));
    assert_eq!(counted.margin(1), BTreeMap::from([("x", vec![9]), ("y", vec![4])]));
    assert_eq!(counted.totals(), [13]);
    let nobody = Counted::new(&[Measure::New]);
    assert_eq!((nobody.margin(0), nobody.totals()), (BTreeMap::new(), vec![0]));
}

#[test]
fn books_that_do_not_balance_are_told() {
    use Measure::{EnrolledClosing, EnrolledIn, EnrolledOpening, EnrolledOut, New};
    let measures = [New, EnrolledOpening, EnrolledIn, EnrolledOut, EnrolledClosing];
    let mut counted = Counted::new(&measures);
    counted.add(keys_of(&["a"]), &[1, 10, 3, 2, 11]);
    assert_eq!(counted.check_books(), Ok(()));
    counted.add(keys_of(&["b"]), &[0, 1, 0, 0, 2]);
    let told = Unbalanced { keys: keys_of(&["b"]), closing: EnrolledClosing };
    assert_eq!(counted.check_books(), Err(told));
    let mut half = Counted::new(&measures[..4]);
    half.add(keys_of(&["b"]), &[0, 1, 0, 0]);
    assert_eq!(half.check_books(), Ok(()), "what was not counted cannot be held against it");
}

#[test]
fn a_year_is_two_halves_and_other_periods_are_none() {
    let (spring, autumn) = (period("2025-01-01", "2025-06-30"), period("2025-07-01", "2025-12-31"));
    assert_eq!(halves(spring), Some(vec![spring]));
    assert_eq!(halves(autumn), Some(vec![autumn]));
    assert_eq!(halves(Period::year(2025).unwrap()), Some(vec![spring, autumn]));
    for (first, last) in [
        ("2025-01-02", "2025-06-30"),
        ("2025-01-01", "2025-06-29"),
        ("2025-03-01", "2025-03-31"),
        ("2025-07-01", "2026-06-30"),
        ("2025-01-01", "2026-12-31"),
    ] {
        assert_eq!(halves(period(first, last)), None, "{first}–{last}");
    }
    let over = halves_over([autumn, period("2026-07-01", "2026-12-31")]);
    assert_eq!(over.len(), 3, "the half-year between them, too");
    assert_eq!(halves_over([]), []);
}

#[test]
fn a_key_stands_for_what_falls_into_it() {
    let band = |id: &str, youngest, oldest| Band {
        id: slug(id),
        label: id.to_owned(),
        label_en: id.to_owned(),
        youngest,
        oldest,
        codes: Vec::new(),
    };
    let bands = vec![band("young", 0, 29), band("old", 30, 150)];
    let ages = Banding::new(BandedDimension::Age, bands, String::new()).unwrap();
    let ages = BandedCut { dimension: Dimension::Age, banding: Some(ages) };
    let plain = |dimension| BandedCut { dimension, banding: None };
    let home = slug("x");
    assert_eq!(part(&home, &ages, "young"), Some(Part::Ages { youngest: 0, oldest: 29 }));
    assert_eq!(part(&home, &ages, ""), Some(Part::Nothing));
    assert_eq!(part(&home, &ages, "middle"), None);
    let team = plain(Dimension::Team);
    assert_eq!(part(&home, &team, "federations/x/teams/a"), Some(Part::Of(slug("a"))));
    assert_eq!(part(&home, &team, "federations/y/teams/a"), None);
    assert_eq!(part(&home, &team, "federations/x/parties/a"), None);
    assert_eq!(part(&home, &team, ""), None);
    let sex = plain(Dimension::Sex);
    assert_eq!(part(&home, &sex, "SEX_MAN"), Some(Part::Codes(vec![2])));
    assert_eq!(part(&home, &sex, ""), None);
    assert_eq!(part(&home, &plain(Dimension::ExitOutcome), ""), Some(Part::Nothing));
    assert_eq!(part(&home, &plain(Dimension::Area), ""), Some(Part::Nothing));
}
