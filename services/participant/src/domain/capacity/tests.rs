//! The intake of Norra, and that a period's days are the sum of its parts'.

use chrono::{Days as Count, NaiveDate};
use proptest::prelude::*;
use values::{
    Slug,
    name::{PartyName, TeamName},
};

use super::*;
use crate::domain::{
    days::Days,
    position::{Extent, Payer, Spell, Spells},
};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn spell(first_day: NaiveDate, last_day: Option<NaiveDate>, percent: i32, vacant: bool) -> Spell {
    let extent = Extent::new(percent, vec![(Payer::Federation, percent)]).unwrap();
    Spell { days: Days::new("", first_day, last_day).unwrap(), extent, vacant }
}

fn position(coaches: bool, spells: Vec<Spell>) -> Position {
    let federation = Slug::parse("", "sormland").unwrap();
    Position {
        team: TeamName::new(federation.clone(), Slug::parse("", "norra").unwrap()),
        title: "Coach".to_owned(),
        coaches,
        employer: PartyName::new(federation, Slug::parse("", "eskilstuna").unwrap()),
        spells: Spells::new(spells).unwrap(),
    }
}

/// Six coaches on full time and one on half.
fn norra() -> Vec<Position> {
    let coach = |percent| position(true, vec![spell(day(2023, 1, 1), None, percent, false)]);
    [100, 100, 100, 100, 100, 100, 50].map(coach).to_vec()
}

fn period(first: NaiveDate, last: NaiveDate) -> Period {
    Period::new("", first, last).unwrap()
}

fn norm(enrolments: i32) -> IntakeNorm {
    IntakeNorm::new(enrolments).unwrap()
}

#[test]
fn norras_six_and_a_half_coaches_take_in_195_in_eighteen_months() {
    for (first, last, days, hundredths) in [
        // Eighteen months that are 547 days, and the next longer.
        (day(2024, 1, 1), day(2025, 6, 30), 547, 19_482),
        (day(2024, 1, 1), day(2025, 7, 1), 548, 19_518),
        // Eighteen months are not always as long.
        (day(2025, 1, 1), day(2026, 6, 30), 546, 19_447),
        // The nine months that had passed give half of it.
        (day(2024, 10, 1), day(2025, 6, 30), 273, 9_723),
        // A year's norm, and twice eighteen months: both sharp.
        (day(2025, 1, 1), day(2025, 12, 31), 365, 13_000),
        (day(2025, 1, 1), day(2027, 12, 31), 1095, 39_000),
    ] {
        let found = capacity(&norra(), period(first, last));
        assert_eq!(found.planned_coach_percent_days, 650 * days, "{first}–{last}");
        assert_eq!(found.planned_intake_hundredths(norm(20)), hundredths, "{first}–{last}");
    }
}

#[test]
fn a_vacancy_lowers_what_is_staffed_and_nothing_else() {
    let positions = [
        position(
            true,
            vec![
                spell(day(2025, 1, 1), Some(day(2025, 3, 31)), 100, false),
                spell(day(2025, 4, 1), Some(day(2025, 5, 31)), 100, true),
                spell(day(2025, 6, 1), None, 50, false),
            ],
        ),
        position(false, vec![spell(day(2025, 6, 30), None, 80, false)]),
        position(true, vec![spell(day(2025, 7, 1), None, 100, false)]),
    ];
    let found = capacity(&positions, period(day(2025, 1, 1), day(2025, 6, 30)));
    let expected = Capacity {
        positions: 2,
        planned_percent_days: 90 * 100 + 61 * 100 + 30 * 50 + 80,
        staffed_percent_days: 90 * 100 + 30 * 50 + 80,
        planned_coach_percent_days: 90 * 100 + 61 * 100 + 30 * 50,
        staffed_coach_percent_days: 90 * 100 + 30 * 50,
        staffed_coach_percent_at_end: 50,
    };
    assert_eq!(found, expected);
    assert_eq!(found.planned_intake_hundredths(norm(20)), 910);
    assert_eq!(found.staffed_intake_hundredths(norm(20)), 575);
}

#[test]
fn the_caseload_is_what_each_full_time_coach_has_at_the_end() {
    for (percent, enrolled, caseload) in [
        (650, 130, Some(2_000)),
        (650, 131, Some(2_015)),
        (100, 0, Some(0)),
        (80, 15, Some(1_875)),
        (30, 10, Some(3_333)),
        (96, 1, Some(104)),
        (32, 1, Some(313)),
        (0, 12, None),
    ] {
        let found = Capacity { staffed_coach_percent_at_end: percent, ..Capacity::default() };
        assert_eq!(found.caseload_hundredths(enrolled), caseload, "{enrolled} at {percent} %");
    }
}

#[test]
fn a_norm_is_one_to_a_thousand() {
    assert!([1, 1000].into_iter().all(|norm| IntakeNorm::new(norm).is_some()));
    assert!([0, -1, 1001].into_iter().all(|norm| IntakeNorm::new(norm).is_none()));
}

prop_compose! {
    /// A position whose spells follow on each other, with days between some of them.
    fn any_position()(
        coaches: bool,
        lengths in prop::collection::vec((0_u64..40, 1_u64..200, 1_i32..=100, any::<bool>()), 1..6),
        goes_on: bool,
    ) -> Position {
        let mut next = day(2025, 1, 1);
        let count = lengths.len();
        let spells = lengths.into_iter().enumerate().map(|(row, (gap, length, percent, vacant))| {
            let first = next + Count::new(gap);
            let last = first + Count::new(length - 1);
            next = last + Count::new(1);
            let is_open = goes_on && row + 1 == count;
            spell(first, (!is_open).then_some(last), percent, vacant)
        });
        position(coaches, spells.collect())
    }
}

proptest! {
    #[test]
    fn the_days_of_a_period_are_the_sum_of_its_parts_and_of_its_positions(
        positions in prop::collection::vec(any_position(), 0..6),
        start in 0_u64..400,
        first_part in 1_u64..300,
        second_part in 1_u64..300,
    ) {
        let first = day(2025, 1, 1) + Count::new(start);
        let middle = first + Count::new(first_part);
        let end = middle + Count::new(second_part);
        let whole = capacity(&positions, period(first, end));
        let parts = [
            capacity(&positions, period(first, middle)),
            capacity(&positions, period(middle + Count::new(1), end)),
        ];
        let each: Vec<Capacity> =
            positions.iter().map(|one| capacity([one], period(first, end))).collect();
        for measure in [
            |one: &Capacity| one.planned_percent_days,
            |one: &Capacity| one.staffed_percent_days,
            |one: &Capacity| one.planned_coach_percent_days,
            |one: &Capacity| one.staffed_coach_percent_days,
        ] {
            prop_assert_eq!(measure(&whole), parts.iter().map(measure).sum::<i64>());
            prop_assert_eq!(measure(&whole), each.iter().map(measure).sum::<i64>());
        }
        prop_assert_eq!(whole.staffed_coach_percent_at_end, parts[1].staffed_coach_percent_at_end);
        prop_assert!(whole.staffed_percent_days <= whole.planned_percent_days);
        prop_assert!(whole.planned_coach_percent_days <= whole.planned_percent_days);
        let norm = norm(20);
        prop_assert!(whole.staffed_intake_hundredths(norm) <= whole.planned_intake_hundredths(norm));
    }
}
