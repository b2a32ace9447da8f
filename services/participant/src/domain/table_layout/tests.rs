//! Which tables may be registered.

use std::collections::BTreeMap;

use values::{Faults, name::BandingName};

use super::{Cut, Dimension, TableShape};
use crate::domain::{banding::BandedDimension, fact::Measure};

fn banding(id: &str) -> BandingName {
    BandingName::parse("banding", &format!("federations/x/bandings/{id}")).unwrap()
}

fn plain(dimension: Dimension) -> Cut {
    Cut { dimension, banding: None }
}

fn banded(dimension: Dimension, id: &str) -> Cut {
    Cut { dimension, banding: Some(banding(id)) }
}

fn told(faults: &Faults) -> Vec<(&str, &'static str)> {
    faults.as_slice().iter().map(|fault| (fault.field.as_str(), fault.reason)).collect()
}

#[test]
fn a_table_of_exits_by_team_and_outcome_in_bands_is_one() {
    let cuts = vec![plain(Dimension::Team), banded(Dimension::ExitOutcome, "columns")];
    let shape = TableShape::new(vec![Measure::ExitedIn], cuts).unwrap();
    assert_eq!((shape.measures().len(), shape.cuts().len()), (1, 2));
    let known = [(banding("columns"), BandedDimension::ExitOutcome)].into();
    assert!(shape.check_bandings(&known).is_empty());
}

#[test]
fn everything_that_is_wrong_with_a_table_is_told_at_once() {
    let cuts = vec![
        plain(Dimension::Team),
        plain(Dimension::Team),
        plain(Dimension::Age),
        banded(Dimension::Sex, "sexes"),
        plain(Dimension::ExitOutcome),
    ];
    let faults = TableShape::new(vec![Measure::New, Measure::New], cuts).unwrap_err();
    assert_eq!(
        told(&faults),
        [
            ("measures[1]", "MEASURE_TWICE"),
            ("cuts", "CUTS_TOO_MANY"),
            ("cuts[1].dimension", "DIMENSION_TWICE"),
            ("cuts[2].banding", "BANDING_MISSING"),
            ("cuts[3].banding", "BANDING_NOT_HERE"),
            ("cuts[4].dimension", "CUT_ONLY_FOR_EXITS"),
        ]
    );
    let nothing = TableShape::new(Vec::new(), Vec::new()).unwrap_err();
    assert_eq!(told(&nothing), [("measures", "MEASURES_MISSING")]);
}

#[test]
fn a_banding_that_is_not_there_or_divides_something_else_is_told() {
    let cuts = vec![
        banded(Dimension::Age, "ages"),
        banded(Dimension::ReferringKind, "kinds"),
        banded(Dimension::LivelihoodBefore, "livelihoods"),
    ];
    let shape = TableShape::new(vec![Measure::Participants], cuts).unwrap();
    let known = BTreeMap::from([
        (banding("kinds"), BandedDimension::Age),
        (banding("livelihoods"), BandedDimension::Livelihood),
    ]);
    assert_eq!(
        told(&shape.check_bandings(&known)),
        [("shape.cuts[0].banding", "BANDING_UNKNOWN"), ("shape.cuts[1].banding", "BANDING_UNFIT")]
    );
}
