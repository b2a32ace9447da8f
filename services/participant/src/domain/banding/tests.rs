//! Bandings are partitions, and what is not is told in full.

use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};
use values::{Faults, Slug};

use super::{Band, BandedDimension, Banding, OLDEST};
use crate::domain::code::{ExitOutcome, ReferringKind};

fn ages(id: &str, youngest: i32, oldest: i32) -> Band {
    band(id, youngest, oldest, &[])
}

fn codes(id: &str, codes: &[&str]) -> Band {
    band(id, 0, 0, codes)
}

fn band(id: &str, youngest: i32, oldest: i32, codes: &[&str]) -> Band {
    Band {
        id: Slug::parse("id", id).unwrap(),
        label: id.to_owned(),
        label_en: id.to_owned(),
        youngest,
        oldest,
        codes: codes.iter().map(ToString::to_string).collect(),
    }
}

fn banding(dimension: BandedDimension, bands: Vec<Band>) -> Result<Banding, Faults> {
    Banding::new(dimension, bands, "Board, 2025-01-15".to_owned())
}

/// Field, reason and value of every fault.
fn told(result: Result<Banding, Faults>) -> Vec<(String, &'static str, String)> {
    let value = |fault: &values::Fault| {
        fault
            .facts
            .iter()
            .find(|(key, _)| *key == "value")
            .map_or(String::new(), |(_, v)| v.clone())
    };
    let faults = result.unwrap_err().into_vec();
    faults.iter().map(|fault| (fault.field.clone(), fault.reason, value(fault))).collect()
}

fn expected(faults: &[(&str, &'static str, &str)]) -> Vec<(String, &'static str, String)> {
    faults
        .iter()
        .map(|(field, reason, value)| ((*field).to_owned(), *reason, (*value).to_owned()))
        .collect()
}

#[test]
fn every_age_falls_into_one_band_and_no_year_of_birth_is_a_part_of_its_own() {
    let bands = vec![ages("young", 0, 29), ages("middle", 30, 49), ages("old", 50, 150)];
    let banding = banding(BandedDimension::Age, bands).unwrap();
    for (age, band) in [(0, "young"), (29, "young"), (30, "middle"), (50, "old"), (151, "old")] {
        assert_eq!(banding.of_age(Some(age)), band);
        assert_eq!(banding.of_part(&age.to_string()), band);
    }
    assert_eq!((banding.of_age(None), banding.of_part("")), ("", ""));
}

#[test]
fn one_column_may_hold_several_codes() {
    let kinds = ReferringKind::ALL.iter().map(|kind| kind.name());
    let (first, rest): (Vec<_>, Vec<_>) = kinds.partition(|name| name.ends_with("REGION"));
    let bands = vec![codes("health-care", &first), codes("rest", &rest)];
    let banding = banding(BandedDimension::ReferringKind, bands).unwrap();
    assert_eq!(banding.of_part("REFERRING_KIND_REGION"), "health-care");
    assert_eq!(banding.of_part("REFERRING_KIND_MUNICIPALITY"), "rest");
    assert_eq!(banding.of_part("SEX_WOMAN"), "");
}

#[test]
fn gaps_and_overlaps_of_ages_are_told_with_the_ages() {
    let bands = vec![ages("a", 1, 29), ages("b", 30, 50), ages("c", 50, 60), ages("d", 65, 149)];
    assert_eq!(
        told(banding(BandedDimension::Age, bands)),
        expected(&[
            ("bands", "BAND_GAP", "0"),
            ("bands[2]", "BAND_OVERLAP", "50"),
            ("bands", "BAND_GAP", "61–64"),
            ("bands", "BAND_GAP", "150"),
        ])
    );
}

#[test]
fn gaps_and_overlaps_of_codes_are_told_with_the_codes() {
    let all: Vec<_> = ReferringKind::ALL.iter().map(|kind| kind.name()).collect();
    let bands = vec![
        codes("most", &all[..5]),
        codes("twice", &[all[4], "REFERRING_KIND_AUNT"]),
        codes("most", &[]),
    ];
    assert_eq!(
        told(banding(BandedDimension::ReferringKind, bands)),
        expected(&[
            ("bands[2].id", "BAND_ID_TWICE", "most"),
            ("bands[1].codes[0]", "BAND_OVERLAP", all[4]),
            ("bands[1].codes[1]", "BAND_CODE_UNKNOWN", "REFERRING_KIND_AUNT"),
            ("bands[2].codes", "BAND_EMPTY", ""),
            ("bands", "BAND_GAP", all[5]),
            ("bands", "BAND_GAP", all[6]),
        ])
    );
}

#[test]
fn ages_have_no_codes_and_codes_no_ages() {
    let mixed = vec![band("all", 0, 150, &["SEX_WOMAN"])];
    let faults = told(banding(BandedDimension::Age, mixed));
    assert_eq!(faults, expected(&[("bands[0].codes", "BAND_WITH_CODES", "")]));
    let all: Vec<_> = ExitOutcome::ALL.iter().map(|outcome| outcome.name()).collect();
    let mixed = vec![band("all", 0, 30, &all)];
    let faults = told(banding(BandedDimension::ExitOutcome, mixed));
    assert_eq!(faults, expected(&[("bands[0].youngest", "BAND_WITH_AGES", "")]));
}

#[test]
fn impossible_ages_and_no_or_too_many_bands_are_told() {
    let bands = vec![ages("a", -1, 29), ages("b", 40, 30), ages("c", 50, 151)];
    assert_eq!(
        told(banding(BandedDimension::Age, bands)),
        expected(&[
            ("bands[0].youngest", "BAND_AGE_OUT_OF_RANGE", "-1"),
            ("bands[1].oldest", "BAND_REVERSED", ""),
            ("bands[2].oldest", "BAND_AGE_OUT_OF_RANGE", "151"),
        ])
    );
    let none = told(banding(BandedDimension::Age, Vec::new()));
    assert_eq!(none, expected(&[("bands", "BANDS_MISSING", "")]));
    let many = (0..=OLDEST).map(|age| ages(&format!("a{age}"), age, age)).collect();
    assert_eq!(
        told(banding(BandedDimension::Age, many)),
        expected(&[("bands", "BANDS_TOO_MANY", "151")])
    );
}

proptest! {
    /// Bands made from cuts are a partition; one moved edge is a gap or an overlap.
    #[test]
    fn cuts_make_a_partition_and_a_moved_edge_breaks_it(
        cuts in prop::collection::btree_set(1..OLDEST, 0..8),
        moved in any::<prop::sample::Index>(),
        wider in any::<bool>(),
        age in 0..=OLDEST,
    ) {
        let starts: Vec<i32> = std::iter::once(0).chain(cuts.iter().copied()).collect();
        let end = |place: usize| starts.get(place + 1).map_or(OLDEST, |next| next - 1);
        let bands: Vec<Band> = (0..starts.len())
            .map(|place| ages(&format!("b{place}"), starts[place], end(place)))
            .collect();
        let good = banding(BandedDimension::Age, bands.clone()).unwrap();
        let held = good.bands().iter().filter(|b| b.youngest <= age && age <= b.oldest).count();
        prop_assert_eq!(held, 1);
        prop_assert!(!good.of_age(Some(age)).is_empty());

        let place = moved.index(bands.len());
        let mut broken = bands;
        broken[place].oldest += if wider { 1 } else { -1 };
        prop_assert!(banding(BandedDimension::Age, broken).is_err());
    }
}
