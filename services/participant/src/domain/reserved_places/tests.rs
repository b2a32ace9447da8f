//! Whom the places that are left are for.

use proptest::prelude::*;

use super::*;
use crate::domain::code::ReferringKind::{EmploymentService, JointAfFk, Municipality, Region};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).unwrap()
}

fn team(id: &str) -> TeamName {
    TeamName::parse("", &format!("federations/f/teams/{id}")).unwrap()
}

fn reservation(
    id: &str,
    referring_kind: ReferringKind,
    first_day: NaiveDate,
    (reserved, of): (i32, i32),
) -> ReservedPlaces {
    ReservedPlaces {
        key: ReservedPlacesKey { team: team(id), referring_kind, first_day },
        places: Places::new(reserved, of).unwrap(),
        decision: "Styrelsen 2025-01-15".to_owned(),
    }
}

fn places(reserved: &[(ReferringKind, i64)], of: i64) -> InForce {
    InForce { reserved: reserved.iter().copied().collect(), of }
}

#[test]
fn a_reservation_is_called_by_team_channel_and_day() {
    let key = reservation("sala", JointAfFk, day(2, 1), (5, 40)).key;
    assert_eq!(key.to_string(), "federations/f/reservedPlaces/sala.JOINT_AF_FK.2025-02-01");
}

#[test]
fn places_are_within_bounds_and_no_more_than_there_are() {
    for (reserved, of, faults) in [
        (0, 1, &[][..]),
        (1000, 10_000, &[]),
        (5, 5, &[]),
        (6, 5, &[("places", "PLACES_ABOVE_ALL")]),
        (-1, 5, &[("places", "PLACES_OUT_OF_RANGE")]),
        (1001, 0, &[("places", "PLACES_OUT_OF_RANGE"), ("team_places", "PLACES_OUT_OF_RANGE")]),
    ] {
        let found = Places::new(reserved, of).map_or_else(Faults::into_vec, |_| Vec::new());
        let found: Vec<_> =
            found.iter().map(|fault| (fault.field.as_str(), fault.reason)).collect();
        assert_eq!(found, faults, "{reserved} of {of}");
    }
}

#[test]
fn of_each_channel_the_latest_that_had_begun_is_in_force() {
    let all = [
        reservation("sala", JointAfFk, day(3, 1), (0, 30)),
        reservation("sala", JointAfFk, day(2, 1), (5, 40)),
        reservation("sala", Region, day(2, 1), (2, 45)),
        reservation("fns", Region, day(2, 1), (9, 9)),
    ];
    for (at, expected) in [
        (day(1, 31), places(&[], 0)),
        (day(2, 1), places(&[(JointAfFk, 5), (Region, 2)], 45)),
        (day(3, 1), places(&[(JointAfFk, 0), (Region, 2)], 30)),
    ] {
        assert_eq!(in_force(&all, &team("sala"), at), expected, "{at}");
    }
}

#[test]
fn a_free_place_that_is_reserved_is_for_its_channel_alone() {
    let five_of_ten = places(&[(JointAfFk, 5)], 10);
    let two_channels = places(&[(JointAfFk, 5), (Region, 2)], 10);
    for (in_force, enrolled, applicant, reserved) in [
        // An open place is left beside the reserved ones.
        (&five_of_ten, &[(Municipality, 4)][..], Municipality, &[][..]),
        // None is.
        (&five_of_ten, &[(Municipality, 5)], Municipality, &[(JointAfFk, 5)]),
        (&five_of_ten, &[(Municipality, 5)], JointAfFk, &[]),
        (&five_of_ten, &[(Municipality, 5), (JointAfFk, 4)], Region, &[(JointAfFk, 1)]),
        // The channel's own places are taken, and it needs an open one as all others do.
        (&five_of_ten, &[(Municipality, 4), (JointAfFk, 5)], JointAfFk, &[]),
        (&five_of_ten, &[(JointAfFk, 9)], JointAfFk, &[]),
        (&two_channels, &[(Municipality, 3), (JointAfFk, 5)], JointAfFk, &[(Region, 2)]),
        (
            &two_channels,
            &[(Municipality, 3), (JointAfFk, 3)],
            EmploymentService,
            &[(JointAfFk, 2), (Region, 2)],
        ),
        (&two_channels, &[(Municipality, 3), (JointAfFk, 3)], Region, &[]),
        // A full team refuses nobody by itself, but keeps what is reserved.
        (&five_of_ten, &[(Municipality, 5), (JointAfFk, 5)], Municipality, &[]),
        (&five_of_ten, &[(Municipality, 12)], Region, &[(JointAfFk, 5)]),
        (&places(&[(JointAfFk, 0)], 10), &[(Municipality, 12)], Region, &[]),
        (&places(&[], 0), &[(Municipality, 12)], Municipality, &[]),
    ] {
        let enrolled: BTreeMap<_, _> = enrolled.iter().copied().collect();
        let reserved: BTreeMap<_, _> = reserved.iter().copied().collect();
        let expected = if reserved.is_empty() { Ok(()) } else { Err(AllReserved { reserved }) };
        assert_eq!(admit(in_force, &enrolled, applicant), expected, "{enrolled:?} {applicant:?}");
    }
}

proptest! {
    #[test]
    fn whoever_comes_the_reserved_places_are_kept_for_their_channels(
        reserved in prop::collection::btree_map(
            prop::sample::select(ReferringKind::ALL.to_vec()), 0_i64..6, 0..4),
        open in 0_i64..8,
        comers in prop::collection::vec(
            prop::sample::select(ReferringKind::ALL.to_vec()), 0..40),
    ) {
        let of = open + reserved.values().sum::<i64>();
        let in_force = InForce { reserved: reserved.clone(), of };
        let mut enrolled = BTreeMap::new();
        for comer in comers {
            if admit(&in_force, &enrolled, comer).is_ok() {
                *enrolled.entry(comer).or_insert(0) += 1;
            }
            for (channel, places) in &reserved {
                let there = enrolled.get(channel).copied().unwrap_or(0);
                if there < *places {
                    prop_assert!(admit(&in_force, &enrolled, *channel).is_ok());
                    let left = of - enrolled.values().sum::<i64>();
                    prop_assert!(left >= places - there, "{channel:?} has lost a place");
                }
            }
        }
    }
}
