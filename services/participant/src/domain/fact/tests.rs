//! That facts divide a case without gap or overlap, and what each measure counts.

use proptest::prelude::*;
use values::Slug;

use super::*;

fn day(number: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + chrono::Days::new(number.unsigned_abs())
}

fn slug(text: &str) -> Slug {
    Slug::parse("", text).unwrap()
}

fn responsible(number: usize, from: i64) -> Responsible {
    let id = slug(&format!("m-{number}"));
    Responsible {
        municipality: MunicipalityName::new(slug("f"), id.clone()),
        party: PartyName::new(slug("f"), id),
        first_day: day(from),
    }
}

/// A case from its days: referral, acceptance, enrolment, exit; and its transfers.
fn case(days: [Option<i64>; 4], transfers: &[i64]) -> Case {
    let [referred, accepted, enrolled, exited] = days;
    let referred = day(referred.unwrap_or(0));
    let first = std::iter::once(responsible(0, 0));
    let later = transfers.iter().enumerate().map(|(n, from)| responsible(n + 1, *from));
    Case {
        team: TeamName::new(slug("f"), slug("t")),
        responsible: first.chain(later).collect(),
        sex: Sex::Woman,
        birth_year: Some(1990),
        referring_kind: ReferringKind::Region,
        sender: PartyName::new(slug("f"), slug("region")),
        referred,
        queue: accepted.map(|from| Stay { first: day(from), end: enrolled.map(day) }),
        enrolled: enrolled.map(|from| Stay { first: day(from), end: exited.map(day) }),
        livelihood: Livelihood::SicknessBenefit,
        ended: exited.map(|_| Ended { outcome: ExitOutcome::Work, livelihood: Livelihood::Salary }),
    }
}

fn count(facts: &[Fact], measure: Measure, period: Period) -> usize {
    facts.iter().filter(|fact| measure.counts(fact, period)).count()
}

#[test]
fn a_transfer_leads_from_one_municipality_to_the_next_and_is_no_new_enrolment() {
    let all = facts(&case([Some(0), Some(5), Some(20), Some(90)], &[10, 40]));
    let stays: Vec<_> = all.iter().map(|fact| (fact.queue, fact.enrolled, fact.is_new)).collect();
    let stay = |first, end| Some(Stay { first: day(first), end: Some(day(end)) });
    assert_eq!(
        stays,
        [
            (stay(5, 10), None, false),
            (stay(10, 20), stay(20, 40), true),
            (None, stay(40, 90), false),
        ]
    );
    let ended: Vec<_> = all.iter().map(|fact| fact.ended.is_some()).collect();
    assert_eq!(ended, [false, false, true]);
    assert_eq!(all.iter().filter(|fact| fact.referred.is_some()).count(), 1);
}

#[test]
fn whoever_is_transferred_on_the_day_of_the_exit_ended_where_the_time_was_spent() {
    let all = facts(&case([Some(0), Some(0), Some(0), Some(30)], &[30]));
    assert!(all[0].ended.is_some());
    assert_eq!(all.len(), 1, "where no time was spent nothing is counted");
}

#[test]
fn a_stay_of_no_day_is_one_entry_and_one_exit_in_one_place() {
    let all = facts(&case([Some(0), Some(7), Some(7), Some(7)], &[7]));
    let period = Period::new("", day(0), day(30)).unwrap();
    for measure in [Measure::QueueIn, Measure::QueueOut, Measure::New, Measure::ExitedIn] {
        assert_eq!(count(&all, measure, period), 1, "{measure:?}");
    }
    assert_eq!(count(&all, Measure::EnrolledClosing, period), 0);
}

fn some_case() -> impl Strategy<Value = Case> {
    let steps = proptest::collection::vec(0..60_i64, 4);
    let transfers = proptest::collection::btree_set(1..200_i64, 0..4);
    (steps, 0..=3_usize, transfers).prop_map(|(steps, reached, transfers)| {
        let mut days = [None; 4];
        let mut at = 0;
        for (place, step) in steps.into_iter().enumerate().take(reached + 1) {
            at += step;
            days[place] = Some(at);
        }
        case(days, &transfers.into_iter().collect::<Vec<_>>())
    })
}

proptest! {
    #[test]
    fn opening_and_in_less_out_is_closing_in_every_cell_and_the_next_opening(
        cases in proptest::collection::vec(some_case(), 1..20),
        first in 0..150_i64,
        length in 0..90_i64,
        next in 0..90_i64,
    ) {
        let period = Period::new("", day(first), day(first + length)).unwrap();
        let following =
            Period::new("", day(first + length + 1), day(first + length + 1 + next)).unwrap();
        let all: Vec<Fact> = cases.iter().flat_map(facts).collect();
        for cell in 0..4 {
            let id = format!("m-{cell}");
            let here: Vec<Fact> = all
                .iter()
                .filter(|fact| fact.municipality.id.as_str() == id)
                .cloned()
                .collect();
            let count = |measure, period| count(&here, measure, period);
            use Measure as M;
            for [opening, entered, left, closing] in [
                [M::QueueOpening, M::QueueIn, M::QueueOut, M::QueueClosing],
                [M::EnrolledOpening, M::EnrolledIn, M::EnrolledOut, M::EnrolledClosing],
            ] {
                prop_assert_eq!(
                    count(opening, period) + count(entered, period),
                    count(closing, period) + count(left, period)
                );
                prop_assert_eq!(count(closing, period), count(opening, following));
            }
            prop_assert_eq!(
                count(M::ExitedOpening, period) + count(M::ExitedIn, period),
                count(M::ExitedClosing, period)
            );
            prop_assert_eq!(count(M::ExitedClosing, period), count(M::ExitedOpening, following));
        }
    }

    #[test]
    fn transfers_neither_add_nor_lose_a_person(case in some_case(), today in 0..400_i64) {
        let whole = facts(&Case { responsible: vec![case.responsible[0].clone()], ..case.clone() });
        let divided = facts(&case);
        let period = Period::new("", day(0), day(today)).unwrap();
        for measure in [
            Measure::QueueClosing,
            Measure::EnrolledClosing,
            Measure::ExitedClosing,
            Measure::Referred,
            Measure::New,
            Measure::Participants,
        ] {
            prop_assert_eq!(count(&whole, measure, period), count(&divided, measure, period));
        }
    }
}
