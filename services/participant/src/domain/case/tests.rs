//! What is counted of a case, what a mistake leaves, and that nobody is enrolled past
//! one who waits.

use std::collections::BTreeMap;

use proptest::prelude::*;
use values::{
    Slug,
    name::{MunicipalityName, ParticipantName, PartyName, TeamName},
};

use super::*;
use crate::domain::{
    code::{ExitOutcome, Livelihood, ReferringKind, Sex},
    enrolment::{Content as Begins, Exit, NotNext},
    fact::Responsible,
    livelihood::Livelihoods,
    person::{Kept, protect},
    queue::{self, Waiting},
    referral::{Content, Step},
    reserved_places::{Places, ReservedPlaces, ReservedPlacesKey, admit, in_force},
};

fn slug(text: &str) -> Slug {
    Slug::parse("", text).unwrap()
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + chrono::Days::new(number)
}

fn lives_on(livelihood: Livelihood) -> Livelihoods {
    Livelihoods::new("", vec![(livelihood, 100)]).unwrap()
}

fn recorded() -> Recorded {
    let actor = AccountName::new(slug("f"), slug("coach"));
    Recorded { actor, time: "2026-01-01T00:00:00Z".parse().unwrap() }
}

fn team() -> TeamName {
    TeamName::new(slug("f"), slug("norra"))
}

/// A referral of a day that was accepted on another.
fn accepted(
    id: &str,
    place: &str,
    channel: ReferringKind,
    (referred, accepted): (u64, u64),
) -> Case {
    let municipality = MunicipalityName::new(slug("f"), slug(place));
    let party = PartyName::new(slug("f"), slug("party"));
    let Recorded { actor, time } = recorded();
    let step = |state, day| Step { state, actor: actor.clone(), time, day, comment: String::new() };
    Case::from(Referral {
        name: ReferralName::new(slug("f"), slug(id)),
        participant: ParticipantName::new(slug("f"), slug(id)),
        content: Content {
            team: team(),
            municipality: municipality.clone(),
            sender: party.clone(),
            referring_kind: channel,
            sender_reference: String::new(),
            referral_date: day(referred),
            livelihoods: lives_on(Livelihood::SicknessBenefit),
            ready: true,
            override_reason: String::new(),
            synthetic: true,
        },
        responsible: vec![Responsible { municipality, party, first_day: day(referred) }],
        criteria: None,
        steps: vec![step(State::Sent, day(referred)), step(State::Accepted, day(accepted))],
        decision: None,
        queue_exception: None,
        enrolment: None,
        merged_from: Vec::new(),
        import: None,
    })
}

fn person(case: &Case) -> Person {
    let Responsible { municipality, party, .. } = case.referral.responsible[0].clone();
    Person {
        name: case.referral.participant.clone(),
        party,
        municipality,
        sex: Sex::Man,
        kept: Kept::Protected { start_year: None },
        merged_into: None,
        change_reason: String::new(),
    }
}

fn begin(case: &Case, id: &str, first_day: NaiveDate, livelihood: Option<Livelihood>) -> Enrolment {
    let content = Begins {
        referral: case.referral.name.clone(),
        first_day,
        planned_last_day: first_day,
        coach: recorded().actor,
        consents: Vec::new(),
        livelihoods: livelihood.map(lives_on),
    };
    Enrolment::begin(EnrolmentName::new(slug("f"), slug(id)), content, &case.referral)
}

fn facts(case: &Case, before: usize) -> CreateFacts<(), ()> {
    CreateFacts {
        is_taken: false,
        accepted_on: case.waits_since(),
        before,
        pause: None,
        reserved: None,
        enrolled: case.referral.enrolment.clone(),
        today: day(300),
    }
}

fn enrolled(case: &Case, id: &str, first: u64, livelihood: Option<Livelihood>) -> Case {
    let begun = begin(case, id, day(first), livelihood);
    enrol(case, begun, facts(case, 0), recorded()).unwrap()
}

#[test]
fn a_case_is_counted_from_the_queue_to_the_exit() {
    let waits = accepted("r", "1981", ReferringKind::Region, (0, 10));
    let in_team = enrolled(&waits, "e", 20, Some(Livelihood::SocialAssistance));
    let exit = Exit {
        day: day(50),
        outcome: ExitOutcome::Studies,
        subsidised: false,
        extent_percent: 0,
        livelihoods: lives_on(Livelihood::StudySupport),
    };
    let ended = enrolment::exit(in_team.enrolment().unwrap(), exit, day(60)).unwrap();
    let left = in_team.with(ended);
    assert!(waits.is_open() && in_team.is_open() && !left.is_open());
    let stay = |first, end: Option<u64>| Some(Stay { first: day(first), end: end.map(day) });
    for (case, queue, enrolled, livelihood, outcome) in [
        (&waits, stay(10, None), None, Livelihood::SicknessBenefit, None),
        (&in_team, stay(10, Some(20)), stay(20, None), Livelihood::SocialAssistance, None),
        (
            &left,
            stay(10, Some(20)),
            stay(20, Some(50)),
            Livelihood::SocialAssistance,
            Some(ExitOutcome::Studies),
        ),
    ] {
        let [fact] = case.counted(&person(case)).try_into().unwrap();
        assert_eq!((fact.queue, fact.enrolled, fact.livelihood), (queue, enrolled, livelihood));
        assert_eq!(fact.ended.map(|ended| ended.outcome), outcome);
    }
}

#[test]
fn protection_keeps_what_goes_on_and_the_year_of_the_first_enrolment() {
    let waits = accepted("r", "1981", ReferringKind::Region, (0, 10));
    let in_team = enrolled(&waits, "e", 20, None);
    let began_in = |year: i32| {
        let mut case = in_team.clone();
        case.enrolments[0].first_day = NaiveDate::from_ymd_opt(year, 3, 1).unwrap();
        case
    };
    let mut mistaken = Case { referral: waits.referral.clone(), ..began_in(2019) };
    mistaken.enrolments[0].mistake = Some("Fel person".to_owned());
    let mut declined = waits.clone();
    declined.referral.steps.last_mut().unwrap().state = State::Declined;
    let noted = |start_year| Person { kept: Kept::Protected { start_year }, ..person(&waits) };
    for (before, cases, year, kept) in [
        (None, vec![began_in(2025), began_in(2024)], None, 2),
        (None, vec![began_in(2025), began_in(2024), declined.clone()], Some(2024), 2),
        (Some(2023), vec![began_in(2025), declined.clone()], Some(2023), 1),
        (Some(2026), vec![began_in(2025), declined.clone()], Some(2025), 1),
        (None, vec![mistaken, declined.clone()], None, 1),
    ] {
        let person = noted(before);
        let goes = cases.iter().filter(|case| person.lets_go(case)).count();
        assert_eq!(goes + kept, cases.len());
        let protected = protect(&person, cases);
        assert_eq!(protected.is_some(), goes > 0, "once");
        let told = protected.map(|after| (after.person.kept, after.kept.len()));
        let expected = (Kept::Protected { start_year: year }, kept);
        assert_eq!(told, (goes > 0).then_some(expected));
    }
}

#[test]
fn a_mistake_leaves_the_case_as_it_was_before_and_lets_another_enrolment_come() {
    let waits = accepted("r", "1981", ReferringKind::Region, (0, 10));
    let wrong = enrolled(&waits, "e-1", 30, None);
    let mistaken = wrong.enrolment().unwrap().clone();
    let again = begin(&wrong, "e-2", day(31), None);
    let twice = enrol(&wrong, again, facts(&wrong, 0), recorded());
    let enrolment = mistaken.name.clone();
    assert_eq!(twice, Err(CreateRefusal::AlreadyEnrolled { enrolment }));

    let reason = || "Wrong person".to_owned();
    let other = waits.referral.name.clone();
    let beside = register_in_error(&wrong, &mistaken, reason(), Some(other.clone()), recorded());
    assert_eq!(beside, Err(ChangeRefusal::OtherOpen { referral: other }));
    let after = register_in_error(&wrong, &mistaken, reason(), None, recorded()).unwrap();
    assert_eq!(after.counted(&person(&after)), waits.counted(&person(&waits)));
    assert_eq!((after.enrolment(), after.waits_since()), (None, Some(day(10))));
    let right = enrolled(&after, "e-2", 12, None);
    assert_eq!(right.enrolment().unwrap().first_day, day(12));
    assert_eq!(right.enrolments.len(), 2);
}

#[test]
fn who_does_not_wait_is_not_enrolled() {
    let mut revoked = accepted("r", "1981", ReferringKind::Region, (0, 10));
    let last = revoked.referral.steps.last().unwrap().clone();
    revoked.referral.steps.push(Step { state: State::Revoked, ..last });
    let begun = begin(&revoked, "e", day(20), None);
    let refused = enrol(&revoked, begun, facts(&revoked, 0), recorded());
    assert_eq!(refused, Err(CreateRefusal::NotNext(NotNext::NotInQueue)));
}

/// What may happen to a team, a day after the other.
#[derive(Debug, Clone)]
enum Happens {
    /// Somebody is accepted: from which municipality, by which channel, referred so many
    /// days before.
    Comes { place: usize, joint: bool, days_before: u64 },
    /// One of those who wait gets an exception.
    Exception { which: usize },
    /// The team tries to enrol one of them.
    Enrols { which: usize },
    /// One of the enrolled leaves.
    Leaves { which: usize },
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        3 => (0..2_usize, any::<bool>(), 0..40_u64)
            .prop_map(|(place, joint, days_before)| Happens::Comes { place, joint, days_before }),
        1 => (0..20_usize).prop_map(|which| Happens::Exception { which }),
        6 => (0..20_usize).prop_map(|which| Happens::Enrols { which }),
        1 => (0..20_usize).prop_map(|which| Happens::Leaves { which }),
    ]
}

/// A team of six places, two of which are kept for those whom both agencies refer.
struct Team {
    cases: Vec<Case>,
    reserved: Vec<ReservedPlaces>,
}

impl Team {
    fn new() -> Self {
        let (team, referring_kind) = (team(), ReferringKind::JointAfFk);
        let key = ReservedPlacesKey { team, referring_kind, first_day: day(0) };
        let (places, decision) = (Places::new(2, 6).unwrap(), String::new());
        Self { cases: Vec::new(), reserved: vec![ReservedPlaces { key, places, decision }] }
    }

    fn has_place(&self, channel: ReferringKind, today: NaiveDate) -> bool {
        let mut enrolled = BTreeMap::<ReferringKind, i64>::new();
        for case in self.cases.iter().filter(|case| case.enrolment().is_some_and(|e| e.is_open())) {
            *enrolled.entry(case.referral.content.referring_kind).or_default() += 1;
        }
        admit(&in_force(&self.reserved, &team(), today), &enrolled, channel).is_ok()
    }

    fn waiting(&self) -> Vec<Waiting> {
        let waits = self.cases.iter().zip(0..).filter(|(case, _)| case.waits_since().is_some());
        let row = |(case, recorded): (&Case, i64)| Waiting {
            referral: case.referral.name.clone(),
            municipality: case.referral.content.municipality.clone(),
            channel: case.referral.content.referring_kind,
            goes_first: case.referral.queue_exception.is_some(),
            referred: case.referral.content.referral_date,
            recorded,
        };
        waits.map(row).collect()
    }

    /// Those of whom nobody can say that one was enrolled past them: told apart from the
    /// order that is used, pair by pair.
    fn may_be_passed(&self, one: &Waiting, by: &Waiting, today: NaiveDate) -> bool {
        let is_later = (one.referred, one.recorded) > (by.referred, by.recorded);
        let by_exception = by.goes_first && !one.goes_first;
        let excepted_both_or_none = by.goes_first == one.goes_first;
        one.municipality != by.municipality
            || by_exception
            || (is_later && excepted_both_or_none)
            || !self.has_place(one.channel, today)
    }

    fn enrols(&mut self, which: usize, today: NaiveDate) {
        let waiting = self.waiting();
        let Some(own) = waiting.get(which % waiting.len().max(1)) else {
            return;
        };
        let place = usize::try_from(own.recorded).unwrap();
        let case = &self.cases[place];
        let has_place = |channel| self.has_place(channel, today);
        let before = queue::before(&waiting, &own.referral, has_place).unwrap();
        let is_free = has_place(own.channel);
        let facts = CreateFacts { reserved: (!is_free).then_some(()), ..facts(case, before) };
        let begun = begin(case, &format!("e-{place}"), today, None);
        let others = || waiting.iter().filter(|one| one.referral != own.referral);
        match enrol(case, begun, facts, recorded()) {
            Ok(after) => {
                for one in others() {
                    assert!(self.may_be_passed(one, own, today), "{own:?} passed {one:?}");
                }
                self.cases[place] = after;
            }
            Err(CreateRefusal::NotNext(NotNext::Others { before })) => {
                let stand_before = others().filter(|one| !self.may_be_passed(one, own, today));
                assert_eq!(stand_before.count(), before, "and none without a reason");
            }
            Err(refusal) => assert!(!is_free, "{refusal:?}"),
        }
    }
}

proptest! {
    #[test]
    fn nobody_is_enrolled_past_one_who_waits(
        history in proptest::collection::vec(happens(), 1..60),
    ) {
        let mut team = Team::new();
        for (number, happens) in history.into_iter().enumerate() {
            let now = 50 + number as u64;
            match happens {
                Happens::Comes { place, joint, days_before } => {
                    let channel =
                        if joint { ReferringKind::JointAfFk } else { ReferringKind::Region };
                    let days = (now - days_before, now);
                    let place = ["1981", "1983"][place];
                    team.cases.push(accepted(&format!("r-{number}"), place, channel, days));
                }
                Happens::Exception { which } => {
                    let waiting = team.waiting();
                    if let Some(one) = waiting.get(which % waiting.len().max(1)) {
                        let place = usize::try_from(one.recorded).unwrap();
                        team.cases[place].referral.queue_exception = Some("Sick child".to_owned());
                    }
                }
                Happens::Enrols { which } => team.enrols(which, day(now)),
                Happens::Leaves { which } => {
                    let open = |case: &Case| case.enrolment().is_some_and(|one| one.is_open());
                    let open: Vec<usize> =
                        (0..team.cases.len()).filter(|at| open(&team.cases[*at])).collect();
                    if let Some(at) = open.get(which % open.len().max(1)) {
                        let case = &team.cases[*at];
                        let exit = Exit {
                            day: day(now),
                            outcome: ExitOutcome::Work,
                            subsidised: false,
                            extent_percent: 0,
                            livelihoods: lives_on(Livelihood::Salary),
                        };
                        let enrolment = case.enrolment().unwrap();
                        let ended = enrolment::exit(enrolment, exit, day(now)).unwrap();
                        team.cases[*at] = case.with(ended);
                    }
                }
            }
        }
    }
}
