//! The generator itself: the same federation each time, of people who could be.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use participant::domain::personal_number::PersonalNumber;
use prost::Message as _;
use proto::participant::{ExitOutcome, ReferralState};

use crate::population::{BATCH, Population, number::number, organisation::TEAMS};

const POPULATION: Population = Population { federation: "testforbundet", seed: 1, people: 5000 };

/// Every batch, as it goes over the wire.
fn bytes(population: &Population) -> Vec<Vec<u8>> {
    let teams = 0..TEAMS.len();
    teams.flat_map(|team| population.batches(team).map(|batch| batch.encode_to_vec())).collect()
}

#[test]
fn the_same_seed_makes_the_same_federation_and_another_seed_another_one() {
    let made = bytes(&POPULATION);
    assert_eq!(made, bytes(&POPULATION.clone()));
    assert_ne!(made, bytes(&Population { seed: 2, ..POPULATION }));
}

#[test]
fn each_case_comes_once_and_no_batch_is_too_large() {
    let mut ids = BTreeSet::new();
    for batch in (0..TEAMS.len()).flat_map(|team| POPULATION.batches(team)) {
        assert!((1..=BATCH).contains(&batch.cases.len()));
        for case in batch.cases {
            assert!(ids.insert(case.id));
        }
    }
    let cases: usize = POPULATION.everybody().map(|person| person.cases.len()).sum();
    assert_eq!((ids.len(), POPULATION.everybody().count()), (cases, POPULATION.people));
}

#[test]
fn numbers_are_of_the_series_for_tests_and_no_two_who_may_meet_have_the_same() {
    let today = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    let mut all = BTreeSet::new();
    // So many live in the municipalities of one team, when there are a million.
    for ordinal in 0..180_000 {
        let made = number(ordinal);
        if ordinal % 100 == 0 {
            let read = PersonalNumber::parse("number", &made.digits, today).unwrap();
            assert_eq!(read.birth_year(), made.birth_year);
            let serial: u32 = made.digits[8..11].parse().unwrap();
            assert!(serial >= 980 && (serial % 2 == 1) == made.is_man, "{ordinal}");
        }
        assert!(all.insert(made.digits), "{ordinal}");
    }
}

#[test]
fn everything_that_happens_to_people_happens_to_some() {
    let mut states = BTreeMap::<ReferralState, usize>::new();
    let mut outcomes = BTreeSet::<ExitOutcome>::new();
    let (mut hidden, mut twice, mut waiting, mut going_on) = (0, 0, 0, 0);
    for person in POPULATION.everybody() {
        hidden += usize::from(person.born.is_none());
        twice += usize::from(person.cases.len() > 1);
        for case in &person.cases {
            let state = case.decision.map(|decision| decision.state).unwrap_or_default();
            *states.entry(state).or_default() += 1;
            match &case.enrolment {
                None => waiting += usize::from(state == ReferralState::Accepted),
                Some(enrolment) => match &enrolment.exit {
                    None => going_on += 1,
                    Some(exit) => {
                        outcomes.insert(exit.outcome);
                        assert!(case.referred < exit.day);
                    }
                },
            }
        }
    }
    assert_eq!((hidden, outcomes.len()), (POPULATION.people / 200, 16));
    assert!(twice > POPULATION.people / 50, "{twice}");
    assert!(waiting > POPULATION.people / 200 && going_on > POPULATION.people / 30);
    let decided = [ReferralState::NotEligible, ReferralState::Declined];
    assert!(decided.iter().all(|state| states[state] > POPULATION.people / 20), "{states:?}");
    assert!(states[&ReferralState::Reconsidering] > 0 && states[&ReferralState::Unspecified] > 0);
}
