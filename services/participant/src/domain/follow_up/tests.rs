//! Follow-ups of exits, and what is counted of them.

use super::*;
use crate::domain::{
    along::tests::{day, enrolled},
    enrolment::{Consent, Exit},
};

fn in_year(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Who left on a day and agreed to be asked.
fn left(day: NaiveDate) -> Enrolment {
    let given = super::tests::day(3, 1);
    let kind = ConsentKind::FollowUp;
    let consent = Consent { kind, parties: Vec::new(), given, withdrawn: None };
    Enrolment { consents: vec![consent], ..enrolled(Some(day)) }
}

#[test]
fn an_exit_schedules_three_on_the_same_day_of_the_month() {
    let due = |exit| schedule(&left(exit)).iter().map(|one| one.due).collect::<Vec<_>>();
    let expected = [in_year(2025, 9, 14), in_year(2026, 3, 14), in_year(2026, 9, 14)];
    assert_eq!(due(day(3, 14)), expected);
    let expected = [in_year(2026, 2, 28), in_year(2026, 8, 31), in_year(2027, 2, 28)];
    assert_eq!(due(day(8, 31)), expected);
}

#[test]
fn who_has_died_has_not_left_or_never_came_is_not_followed_up() {
    assert_eq!(schedule(&enrolled(None)), []);
    let mistake = Enrolment { mistake: Some("Fel".to_owned()), ..left(day(4, 1)) };
    assert_eq!(schedule(&mistake), []);
    let mut died = left(day(4, 1));
    died.exit = died.exit.map(|exit| Exit { outcome: ExitOutcome::Deceased, ..exit });
    assert_eq!(schedule(&died), []);
}

#[test]
fn it_ends_once_and_neither_long_before_it_is_due_nor_in_the_future() {
    let enrolment = left(day(3, 15));
    let first = schedule(&enrolment).remove(0);
    let today = day(10, 1);
    let end = |on| end(&first, &enrolment, on, Outcome::NotReached, today);
    assert_eq!(end(day(8, 15)), Err(EndRefusal::NotDue { from: day(8, 16) }));
    assert_eq!(end(day(10, 2)), Err(EndRefusal::InFuture { today }));
    let ended = end(day(8, 16)).unwrap();
    let again = super::end(&ended, &enrolment, today, Outcome::Declined, today);
    assert_eq!(again, Err(EndRefusal::Ended));
}

#[test]
fn nobody_is_asked_who_has_not_agreed_to_it() {
    let (on, today) = (day(9, 15), day(10, 1));
    let silent = enrolled(Some(day(3, 15)));
    let first = schedule(&silent).remove(0);
    let end = |enrolment: &Enrolment, outcome| end(&first, enrolment, on, outcome, today).err();
    assert_eq!(end(&silent, Outcome::NotReached), Some(EndRefusal::WithoutConsent));
    assert_eq!(end(&silent, Outcome::NotAsked), None);
    let mut withdrawn = left(day(3, 15));
    assert_eq!(end(&withdrawn, Outcome::NotReached), None);
    withdrawn.consents[0].withdrawn = Some(on);
    assert_eq!(end(&withdrawn, Outcome::Declined), Some(EndRefusal::WithoutConsent));
}

#[test]
fn a_corrected_exit_moves_what_has_not_ended_and_voids_what_ended_before_it() {
    let enrolment = left(day(3, 15));
    let mut before = schedule(&enrolment);
    before[0] = end(&before[0], &enrolment, day(9, 20), Outcome::NotReached, day(10, 1)).unwrap();
    let after = |exit| reschedule(&before, &left(exit));
    let moved = after(day(4, 1));
    assert_eq!(moved[0], before[0], "it has ended");
    assert_eq!(moved[1].due, in_year(2026, 4, 1));
    let voided = after(day(9, 21));
    assert_eq!((voided[0].ended.as_ref(), voided[0].due), (None, in_year(2026, 3, 21)));
    assert_eq!(reschedule(&before, &enrolled(None)), []);
    assert_eq!(revision(&before[0], &enrolment), 2);
    assert_eq!(revision(&before[1], &enrolment), 1);
}

#[test]
fn an_exit_is_due_exactly_when_its_follow_up_is() {
    let mut exit = in_year(2024, 1, 1);
    while exit < in_year(2026, 1, 1) {
        for months in MONTHS {
            let on = due(exit, months).unwrap();
            let last = exits_due_by(on, months).unwrap();
            assert!(exit <= last && due(last, months) <= Some(on), "{exit} {months}");
            assert!(exits_due_by(on.pred_opt().unwrap(), months).unwrap() < exit, "{exit}");
        }
        exit = exit.succ_opt().unwrap();
    }
}

#[test]
fn silence_widens_the_bounds_and_answers_close_them() {
    let works = Outcome::Answered { situation: Situation::Work, livelihoods: None };
    let ill = Outcome::Answered { situation: Situation::Ill, livelihoods: None };
    let tally = |ended: &[Option<&Outcome>]| {
        let mut tally = Tally::default();
        ended.iter().for_each(|one| tally.count(one.map(Reached::from), 1));
        tally
    };
    let some = tally(&[
        Some(&works),
        Some(&ill),
        Some(&Outcome::NotReached),
        Some(&Outcome::Declined),
        None,
    ]);
    assert_eq!((some.due(), some.answered(), some.not_asked), (5, 2, 1));
    assert_eq!((bounds(&some), answered_share(&some)), (Some((200, 800)), Some(400)));
    assert_eq!(bounds(&tally(&[Some(&works), Some(&ill)])), Some((500, 500)));
    assert_eq!((bounds(&Tally::default()), answered_share(&Tally::default())), (None, None));
}
