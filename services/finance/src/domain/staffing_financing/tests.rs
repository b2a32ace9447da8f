//! What a row may be, and Sörmland's matrix to the last percent.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use values::{Slug, name::AreaName};

use super::{
    matrix::{Municipality, Sum, compute},
    *,
};

fn slug(id: &str) -> Slug {
    Slug::parse("id", id).unwrap()
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).unwrap()
}

fn named(id: &str) -> StaffingFinancingName {
    StaffingFinancingName::new(slug("f"), slug(id))
}

fn municipality(code: &str) -> MunicipalityName {
    MunicipalityName::new(slug("f"), slug(code))
}

fn parts(code: &str, by_municipality: i32, by_federation: i32) -> StaffingFinancingParts {
    StaffingFinancingParts {
        name: Some(named("row")),
        place: Some(match code {
            "" => Place::Nowhere,
            code => Place::Municipality(municipality(code)),
        }),
        title: Some("Coacher".to_owned()),
        first_day: Some(day(1, 1)),
        last_day: Some(None),
        posts: Posts {
            by_municipality_percent: by_municipality,
            by_federation_percent: by_federation,
        },
        synthetic: false,
    }
}

const GOOD: CreateFacts =
    CreateFacts { is_taken: false, municipality_is_known: true, overlapping: None };

fn row(code: &str, by_municipality: i32, by_federation: i32) -> StaffingFinancing {
    create(parts(code, by_municipality, by_federation), GOOD).unwrap()
}

#[test]
fn every_fault_of_a_row_is_told_at_once() {
    use StaffingFault::{
        DaysReversed, FederationPostsOutOfRange, MunicipalityPostsOutOfRange, MunicipalityUnknown,
        NoMunicipalityPays, NoPosts, Overlaps,
    };
    let unknown = CreateFacts { municipality_is_known: false, ..GOOD };
    let overlaps = CreateFacts { overlapping: Some(named("other")), ..GOOD };
    let reversed =
        StaffingFinancingParts { last_day: Some(Some(day(1, 1))), ..parts("0480", 0, 0) };
    let reversed = StaffingFinancingParts { first_day: Some(day(2, 1)), ..reversed };
    let days = DaysReversed { first_day: day(2, 1), last_day: day(1, 1) };
    for (parts, facts, faults) in [
        (parts("0480", 0, 100), GOOD, vec![]),
        (parts("", 0, 300), GOOD, vec![]),
        (parts("", 100, 0), GOOD, vec![NoMunicipalityPays(100)]),
        (
            parts("0480", -1, 100_001),
            GOOD,
            vec![MunicipalityPostsOutOfRange(-1), FederationPostsOutOfRange(100_001)],
        ),
        (reversed.clone(), GOOD, vec![days.clone(), NoPosts]),
        // Days that are none overlap nothing.
        (reversed, overlaps.clone(), vec![days, NoPosts]),
        (parts("0480", 75, 0), unknown, vec![MunicipalityUnknown(municipality("0480"))]),
        (parts("0480", 75, 0), overlaps, vec![Overlaps(named("other"))]),
    ] {
        let expected = if faults.is_empty() { None } else { Some(CreateRefusal::Faulty(faults)) };
        assert_eq!(create(parts, facts).err(), expected);
    }
    let taken = CreateFacts { is_taken: true, ..GOOD };
    assert_eq!(create(parts("0480", 75, 0), taken), Err(CreateRefusal::Taken));
    let unread = StaffingFinancingParts { title: None, ..parts("0480", 75, 0) };
    assert_eq!(create(unread, GOOD), Err(CreateRefusal::Faulty(vec![])));
}

#[test]
fn posts_of_one_place_and_title_may_follow_each_other_but_not_overlap() {
    let january = StaffingFinancing { last_day: Some(day(1, 31)), ..row("0480", 75, 0) };
    let from_march = StaffingFinancing { first_day: day(3, 1), ..row("0480", 75, 0) };
    let from_march = StaffingFinancing { name: named("later"), ..from_march };
    let others = [from_march, january, row("", 0, 100)];
    for (code, title, first_day, last_day, overlaps) in [
        ("0480", "Coacher", day(1, 31), Some(day(1, 31)), Some("row")),
        ("0480", "Coacher", day(1, 1), None, Some("later")),
        ("0480", "Coacher", day(2, 1), Some(day(2, 28)), None),
        ("0480", "Coacher", day(2, 1), Some(day(3, 1)), Some("later")),
        ("0480", "Samordnare", day(1, 1), None, None),
        ("0481", "Coacher", day(1, 1), None, None),
    ] {
        let place = Place::Municipality(municipality(code));
        let days = Days { place: &place, title, first_day, last_day };
        assert_eq!(days.overlapping(&others), overlaps.map(named), "{days:?}");
    }
}

#[test]
fn a_row_ends_on_a_day_of_its_own_and_gets_a_new_version() {
    let ended = end(row("0480", 75, 0), "1", day(6, 30), None).unwrap();
    assert_eq!((ended.last_day, ended.etag().as_str()), (Some(day(6, 30)), "2"));
    assert_eq!(end(ended.clone(), "1", day(6, 30), None), Err(EndRefusal::Stale));
    assert_eq!(end(ended.clone(), "2", day(1, 1), None).unwrap().last_day, Some(day(1, 1)));
    let before = NaiveDate::from_ymd_opt(2024, 12, 31).unwrap();
    let reversed = StaffingFault::DaysReversed { first_day: day(1, 1), last_day: before };
    assert_eq!(end(ended.clone(), "2", before, None), Err(EndRefusal::Faulty(reversed)));
    let overlaps = StaffingFault::Overlaps(named("other"));
    let moved = end(ended, "2", day(12, 31), Some(named("other")));
    assert_eq!(moved, Err(EndRefusal::Faulty(overlaps)));
}

#[test]
fn sormlands_staff_is_fifteen_and_three_quarters_by_area_and_the_regions_stand_outside() {
    let text = include_str!("../../../tests/it/data/staffing.csv");
    let mut rows = Vec::new();
    let mut municipalities = HashMap::new();
    let mut said = BTreeMap::<String, (i64, i64)>::new();
    let mut total = (0, 0);
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let posts = |cell: &str| cell.parse::<i32>().unwrap_or(0);
        let (by_municipality, by_federation) = (posts(cells[3]), posts(cells[4]));
        match cells[0] {
            "TOTALT" => total = (by_municipality.into(), by_federation.into()),
            "Region" => {
                let title = Some("Tre samordnare hos regionen".to_owned());
                let parts = StaffingFinancingParts { title, ..parts("", 0, by_federation) };
                rows.push(create(parts, GOOD).unwrap());
            }
            area => {
                let id = area.to_lowercase().replace(['ä', 'å'], "a").replace('ö', "o");
                let area_name = AreaName::new(slug("f"), slug(&id));
                let display_name = cells[1].to_owned();
                let kept = Municipality { display_name, area: Some((area_name, area.to_owned())) };
                municipalities.insert(municipality(cells[2]), kept);
                rows.push(row(cells[2], by_municipality, by_federation));
                let sum = said.entry(area.to_owned()).or_default();
                *sum = (sum.0 + i64::from(by_municipality), sum.1 + i64::from(by_federation));
            }
        }
    }
    let matrix = compute(&rows, &municipalities);
    assert_eq!(total, (625, 950));
    let of = |sum: Sum| (sum.by_municipality_percent, sum.by_federation_percent);
    assert_eq!(of(matrix.total), total);
    assert_eq!(matrix.total.percent(), 1575);
    let found: Vec<_> = matrix
        .areas
        .iter()
        .map(|area| (area.area.as_ref().unwrap().1.as_str(), of(area.total), area.total.percent()))
        .collect();
    assert_eq!(
        found,
        [
            ("Norra", said["Norra"], 650),
            ("Södra", said["Södra"], 475),
            ("Västra", said["Västra"], 450),
        ]
    );
    let norra: Vec<_> = matrix.areas[0].rows.iter().map(|row| row.display_name.as_str()).collect();
    assert_eq!(norra, ["Eskilstuna", "Strängnäs"]);
    assert_eq!(matrix.outside_areas.len(), 1);
    assert_eq!(of(matrix.outside_areas[0].sum), (0, 300));
}

#[test]
fn a_municipality_without_an_area_comes_last_and_an_unlisted_one_by_its_id() {
    let area = (AreaName::new(slug("f"), slug("o")), "Östra".to_owned());
    let in_area = Municipality { display_name: "Ö-by".to_owned(), area: Some(area) };
    let in_none = Municipality { display_name: "A-by".to_owned(), area: None };
    let municipalities = [(municipality("0001"), in_area), (municipality("0002"), in_none)].into();
    let rows = [row("0001", 1, 0), row("0002", 2, 0), row("0003", 4, 0), row("0001", 8, 0)];
    let matrix = compute(&rows, &municipalities);
    let told: Vec<_> = matrix
        .areas
        .iter()
        .map(|area| {
            let rows = area.rows.iter();
            let rows: Vec<_> =
                rows.map(|row| (row.display_name.as_str(), row.sum.percent())).collect();
            (area.area.is_some(), rows)
        })
        .collect();
    assert_eq!(told, [(true, vec![("Ö-by", 9)]), (false, vec![("0003", 4), ("A-by", 2)]),]);
}

proptest! {
    #[test]
    fn the_total_and_what_stands_outside_are_all_there_is(
        rows in prop::collection::vec((0..6_usize, 0..500_i32, 1..500_i32), 0..40)
    ) {
        let codes = ["", "0001", "0002", "0003", "0004", "0005"];
        let rows: Vec<_> = rows
            .into_iter()
            .map(|(place, by_municipality, by_federation)| {
                let by_municipality = if place == 0 { 0 } else { by_municipality };
                row(codes[place], by_municipality, by_federation)
            })
            .collect();
        let matrix = compute(&rows, &HashMap::new());
        let all: i64 = rows
            .iter()
            .map(|row| i64::from(row.posts.by_municipality_percent + row.posts.by_federation_percent))
            .sum();
        let outside: i64 = matrix.outside_areas.iter().map(|row| row.sum.percent()).sum();
        prop_assert_eq!(matrix.total.percent() + outside, all);
    }
}
