//! What may happen with an enrolment, and what is refused.

use values::Slug;

use super::*;
use crate::domain::{
    case::Recorded,
    code::{ExitOutcome, Livelihood},
};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).unwrap()
}

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2025, 12, 1).unwrap();

fn slug(text: &str) -> Slug {
    Slug::parse("", text).unwrap()
}

fn account(id: &str) -> AccountName {
    AccountName::new(slug("f"), slug(id))
}

fn lives_on(livelihood: Livelihood) -> Livelihoods {
    Livelihoods::new("l", vec![(livelihood, 100)]).unwrap()
}

fn enrolment() -> Enrolment {
    Enrolment {
        name: EnrolmentName::new(slug("f"), slug("e")),
        referral: ReferralName::new(slug("f"), slug("r")),
        participant: ParticipantName::new(slug("f"), slug("p")),
        team: TeamName::new(slug("f"), slug("t")),
        first_day: day(3, 1),
        planned_last_day: day(9, 1),
        coaches: vec![CoachSpell {
            coach: account("one"),
            first_day: day(3, 1),
            reason: String::new(),
        }],
        consents: Vec::new(),
        extensions: Vec::new(),
        exit: None,
        corrections: Vec::new(),
        deliveries: Vec::new(),
        livelihoods: lives_on(Livelihood::SicknessBenefit),
        mistake: None,
        synthetic: true,
    }
}

fn facts() -> CreateFacts<&'static str, &'static str> {
    CreateFacts {
        is_taken: false,
        accepted_on: Some(day(2, 1)),
        before: 0,
        pause: None,
        reserved: None,
        enrolled: None,
        today: TODAY,
    }
}

fn leaves(day: NaiveDate, outcome: ExitOutcome) -> Exit {
    let livelihoods = lives_on(Livelihood::Salary);
    Exit { day, outcome, subsidised: false, extent_percent: 0, livelihoods }
}

#[test]
fn who_is_next_is_enrolled_and_nobody_else() {
    let of = |change: fn(&mut CreateFacts<&'static str, &'static str>)| {
        let mut facts = facts();
        change(&mut facts);
        create(&enrolment(), facts)
    };
    use CreateRefusal as R;
    assert_eq!(of(|_| {}), Ok(()));
    assert_eq!(of(|facts| facts.is_taken = true), Err(R::Taken));
    let not_in_queue = Err(R::NotNext(NotNext::NotInQueue));
    assert_eq!(of(|facts| facts.accepted_on = None), not_in_queue);
    let others = Err(R::NotNext(NotNext::Others { before: 2 }));
    assert_eq!(of(|facts| facts.before = 2), others);
    let early = Err(R::BeforeAccepted { earliest: day(3, 2) });
    assert_eq!(of(|facts| facts.accepted_on = Some(day(3, 2))), early);
    let in_future = Err(R::InFuture { today: day(2, 28) });
    assert_eq!(of(|facts| facts.today = day(2, 28)), in_future);
    assert_eq!(of(|facts| facts.pause = Some("summer")), Err(R::Paused("summer")));
    assert_eq!(of(|facts| facts.reserved = Some("five")), Err(R::Reserved("five")));
}

#[test]
fn a_year_is_the_longest_that_is_planned_without_a_decision() {
    let planned = |last_day| {
        let enrolment = Enrolment { planned_last_day: last_day, ..enrolment() };
        create(&enrolment, facts())
    };
    let latest = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    assert_eq!(planned(latest), Ok(()));
    let too_long = planned(latest.succ_opt().unwrap());
    assert_eq!(too_long, Err(CreateRefusal::TooLong { latest }));
    assert_eq!(planned(day(2, 28)), Err(CreateRefusal::Reversed));

    let decided = Extension {
        planned_last_day: latest.succ_opt().unwrap(),
        day: day(8, 20),
        reason: "More time".to_owned(),
    };
    let longer = extend(&enrolment(), decided.clone(), TODAY).unwrap();
    assert_eq!(longer.planned_last_day, decided.planned_last_day);
    let again = extend(&longer, decided.clone(), TODAY);
    let planned_last_day = decided.planned_last_day;
    assert_eq!(again, Err(ChangeRefusal::NotLonger { planned_last_day }));
}

#[test]
fn coaches_follow_one_another() {
    let to = |coach: &str, day| {
        transfer_coach(&enrolment(), account(coach), day, "Moved".to_owned(), TODAY)
    };
    let after = to("two", day(4, 1)).unwrap();
    assert_eq!(after.coach(), Some(&account("two")));
    assert_eq!(to("one", day(4, 1)), Err(ChangeRefusal::SameCoach));
    assert_eq!(to("two", day(3, 1)), Err(ChangeRefusal::Before { earliest: day(3, 2) }));
    assert_eq!(to("two", day(12, 2)), Err(ChangeRefusal::InFuture { today: TODAY }));
}

#[test]
fn an_exit_has_one_outcome_and_what_belongs_to_it() {
    let after = exit(&enrolment(), leaves(day(6, 1), ExitOutcome::Work), TODAY).unwrap();
    let twice = exit(&after, leaves(day(6, 1), ExitOutcome::Work), TODAY);
    assert_eq!(twice, Err(ExitRefusal::NotOpen));
    let early = exit(&enrolment(), leaves(day(2, 1), ExitOutcome::Work), TODAY);
    assert_eq!(early, Err(ExitRefusal::Before { earliest: day(3, 1) }));
    let subsidised = Exit { subsidised: true, ..leaves(day(6, 1), ExitOutcome::JobSeeking) };
    assert_eq!(exit(&enrolment(), subsidised, TODAY), Err(ExitRefusal::SubsidyNotWork));
    let extent = Exit { extent_percent: 50, ..leaves(day(6, 1), ExitOutcome::Moved) };
    assert_eq!(exit(&enrolment(), extent, TODAY), Err(ExitRefusal::ExtentNotFitting));
}

fn recorded() -> Recorded {
    Recorded { actor: account("one"), time: "2025-12-01T10:00:00Z".parse().unwrap() }
}

fn correct(
    enrolment: &Enrolment,
    exit: Option<Exit>,
    open_case: Option<ReferralName>,
) -> Result<Enrolment, ExitRefusal> {
    let facts = CorrectFacts { open_case, today: TODAY };
    correct_exit(enrolment, exit, "Wrong".to_owned(), recorded(), facts)
}

#[test]
fn an_exit_is_corrected_and_what_it_was_is_kept() {
    let wrong = leaves(day(6, 1), ExitOutcome::NotMeasured);
    let after = exit(&enrolment(), wrong.clone(), TODAY).unwrap();
    let right = leaves(day(6, 3), ExitOutcome::Work);
    let corrected = correct(&after, Some(right.clone()), None).unwrap();
    assert_eq!(corrected.exit, Some(right));
    let kept: Vec<_> = corrected.corrections.iter().map(|one| one.replaced.clone()).collect();
    assert_eq!(kept, [wrong]);
    let early = correct(&after, Some(leaves(day(2, 1), ExitOutcome::Work)), None);
    assert_eq!(early, Err(ExitRefusal::Before { earliest: day(3, 1) }));
}

#[test]
fn who_has_not_left_goes_on_unless_there_is_another_case() {
    let ended = exit(&enrolment(), leaves(day(6, 1), ExitOutcome::Work), TODAY).unwrap();
    let ended = deliver(&ended, day(6, 2), Recipient::Participant, TODAY).unwrap();
    let other = ReferralName::new(slug("f"), slug("r-2"));
    let refused = correct(&ended, None, Some(other.clone()));
    assert_eq!(refused, Err(ExitRefusal::OtherOpen { referral: other.clone() }));
    let moved = leaves(day(6, 5), ExitOutcome::Work);
    assert!(correct(&ended, Some(moved), Some(other)).is_ok(), "it has ended all the same");
    let open = correct(&ended, None, None).unwrap();
    assert!(open.is_open() && open.deliveries.is_empty());
    assert_eq!(correct(&open, None, None), Err(ExitRefusal::NotEnded));
}

#[test]
fn the_documentation_is_delivered_once_to_each_after_the_exit() {
    let open = deliver(&enrolment(), day(6, 2), Recipient::Participant, TODAY);
    assert_eq!(open, Err(ExitRefusal::NotEnded));
    let ended = exit(&enrolment(), leaves(day(6, 1), ExitOutcome::Studies), TODAY).unwrap();
    let delivered = deliver(&ended, day(6, 2), Recipient::Participant, TODAY).unwrap();
    let again = deliver(&delivered, day(6, 3), Recipient::Participant, TODAY);
    assert_eq!(again, Err(ExitRefusal::Delivered { day: day(6, 2) }));
    assert!(deliver(&delivered, day(6, 2), Recipient::ReferringParty, TODAY).is_ok());
    let early = deliver(&ended, day(5, 31), Recipient::Participant, TODAY);
    assert_eq!(early, Err(ExitRefusal::Before { earliest: day(6, 1) }));
}

#[test]
fn a_consent_replaces_the_one_of_its_kind_and_can_always_be_withdrawn() {
    let consent =
        |kind, withdrawn| Consent { kind, parties: Vec::new(), given: day(3, 1), withdrawn };
    let given = set_consent(&enrolment(), consent(ConsentKind::FollowUp, None), TODAY).unwrap();
    let ended = exit(&given, leaves(day(6, 1), ExitOutcome::Work), TODAY).unwrap();
    let withdrawn = consent(ConsentKind::FollowUp, Some(day(7, 1)));
    let after = set_consent(&ended, withdrawn.clone(), TODAY).unwrap();
    assert_eq!(after.consents, [withdrawn]);
    let reversed = consent(ConsentKind::FollowUp, Some(day(2, 1)));
    let refused = set_consent(&given, reversed, TODAY);
    let before = ConsentRefusal::WithdrawnBefore { given: day(3, 1) };
    assert_eq!(refused, Err(before));
    let later = Consent { given: day(12, 2), ..consent(ConsentKind::FollowUp, None) };
    let refused = set_consent(&given, later.clone(), TODAY);
    assert_eq!(refused, Err(ConsentRefusal::GivenInFuture));
    let with = Enrolment { consents: vec![later], ..enrolment() };
    let refusal = ConsentRefusal::GivenInFuture;
    assert_eq!(create(&with, facts()), Err(CreateRefusal::Consent { row: 0, refusal }));
}

#[test]
fn a_mistake_is_closed_to_everything_and_kept() {
    let reason = || "Another person".to_owned();
    let mistake = register_in_error(&enrolment(), reason()).unwrap();
    assert!(!mistake.is_open());
    assert_eq!(register_in_error(&mistake, reason()), Err(ChangeRefusal::InError));
    let leaves = exit(&mistake, leaves(day(6, 1), ExitOutcome::Work), TODAY);
    assert_eq!(leaves, Err(ExitRefusal::NotOpen));
}
