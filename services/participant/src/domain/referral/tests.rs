//! What may be sent, which step may follow which, and what is counted of it.

use chrono::{DateTime, NaiveDate, Utc};
use values::{
    Slug,
    name::{
        AccountName, CriteriaName, MunicipalityName, ParticipantName, PartyName, ReferralName,
        TeamName,
    },
};

use super::*;
use crate::domain::{
    case::Case,
    code::{Livelihood, ReferringKind, Sex},
    criteria::{Criteria, Unmet},
    fact::Stay,
    person::{Kept, Person},
};

fn slug(text: &str) -> Slug {
    Slug::parse("", text).unwrap()
}

macro_rules! name {
    ($name:ident, $id:literal) => {
        $name::new(slug("vastmanland"), slug($id))
    };
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2025-07-01T10:00:00Z".parse().unwrap()
}

fn content() -> Content {
    Content {
        team: name!(TeamName, "norra"),
        municipality: name!(MunicipalityName, "1981"),
        sender: name!(PartyName, "agency"),
        referring_kind: ReferringKind::SocialInsuranceAgency,
        sender_reference: String::new(),
        referral_date: day("2025-03-01"),
        livelihoods: Livelihoods::new("", vec![(Livelihood::SicknessBenefit, 100)]).unwrap(),
        ready: false,
        override_reason: String::new(),
        synthetic: false,
    }
}

fn sending(content: Content) -> Sending {
    Sending {
        name: name!(ReferralName, "r-1"),
        participant: name!(ParticipantName, "p-1"),
        content,
        actor: name!(AccountName, "handlaggare"),
        now: now(),
    }
}

fn criteria(team: Option<TeamName>) -> Criteria {
    Criteria {
        name: name!(CriteriaName, "c-1"),
        team,
        first_day: day("2025-01-01"),
        youngest: Some(20),
        oldest: Some(64),
        livelihoods: vec![Livelihood::SocialAssistance],
        needs_readiness: true,
        decision: "Styrgruppen".to_owned(),
    }
}

fn facts<'a>(party: &'a PartyName, criteria: &'a [Criteria]) -> SendFacts<'a> {
    SendFacts {
        is_taken: false,
        is_sender_known: true,
        is_served: true,
        party: Some(party),
        open_case: None,
        criteria,
        birth_year: Some(1981),
        today: day("2025-07-01"),
    }
}

fn sent() -> Referral {
    send(sending(content()), &facts(&name!(PartyName, "sala"), &[])).unwrap()
}

fn person() -> Person {
    Person {
        name: name!(ParticipantName, "p-1"),
        party: name!(PartyName, "sala"),
        municipality: name!(MunicipalityName, "1981"),
        sex: Sex::Woman,
        kept: Kept::Protected { start_year: None },
        merged_into: None,
        change_reason: String::new(),
    }
}

#[test]
fn what_is_sent_is_held_against_every_rule() {
    let party = name!(PartyName, "sala");
    let refused = |facts: SendFacts<'_>| send(sending(content()), &facts).unwrap_err();
    let of = |change: fn(&mut SendFacts<'_>)| {
        let mut facts = facts(&party, &[]);
        change(&mut facts);
        refused(facts)
    };
    assert_eq!(of(|facts| facts.is_taken = true), SendRefusal::Taken);
    let sender = name!(PartyName, "agency");
    assert_eq!(of(|facts| facts.is_sender_known = false), SendRefusal::SenderUnknown { sender });
    let early = of(|facts| facts.today = "2025-02-28".parse().unwrap());
    assert_eq!(early, SendRefusal::InFuture { day: day("2025-03-01") });
    assert_eq!(of(|facts| facts.is_served = false), SendRefusal::TeamNotThere);
    let municipality = name!(MunicipalityName, "1981");
    assert_eq!(of(|facts| facts.party = None), SendRefusal::WithoutParty { municipality });
    let referral = name!(ReferralName, "r-0");
    let open = SendFacts { open_case: Some(referral.clone()), ..facts(&party, &[]) };
    assert_eq!(refused(open), SendRefusal::Open { referral });
}

#[test]
fn every_criterion_that_is_not_met_is_told_unless_it_is_overridden() {
    let party = name!(PartyName, "sala");
    let versions = [criteria(None)];
    let young = SendFacts { birth_year: Some(2006), ..facts(&party, &versions) };
    let unmet = vec![Unmet::TooYoung { age: 19, youngest: 20 }, Unmet::Livelihood, Unmet::NotReady];
    let name = name!(CriteriaName, "c-1");
    let refusal = SendRefusal::NotEligible { criteria: name.clone(), unmet };
    assert_eq!(send(sending(content()), &young), Err(refusal));
    let overridden = Content { override_reason: "Prövat".to_owned(), ..content() };
    assert_eq!(send(sending(overridden), &young).unwrap().criteria, Some(name));
}

#[test]
fn a_teams_own_criteria_go_before_those_for_all() {
    let party = name!(PartyName, "sala");
    let own = Criteria {
        name: name!(CriteriaName, "own"),
        youngest: None,
        oldest: None,
        livelihoods: Vec::new(),
        needs_readiness: false,
        ..criteria(Some(name!(TeamName, "norra")))
    };
    let versions = [criteria(None), own];
    let sent = send(sending(content()), &facts(&party, &versions)).unwrap();
    assert_eq!(sent.criteria, Some(name!(CriteriaName, "own")));
}

fn taken(day_text: &str) -> Taken {
    Taken {
        actor: name!(AccountName, "coach"),
        now: now(),
        today: day("2025-07-01"),
        day: day(day_text),
        comment: String::new(),
    }
}

fn accept() -> Action {
    let decision = Decision { reason: DecisionReason::MeetsCriteria, feedback: String::new() };
    Action::Decide { state: State::Accepted, decision }
}

/// A referral in each state, as far as steps lead there.
fn standing(state: State) -> Referral {
    let decided = |state, reason| Action::Decide {
        state,
        decision: Decision { reason, feedback: String::new() },
    };
    let way = match state {
        State::Sent => vec![],
        State::Received => vec![Action::Receive],
        State::Called => vec![Action::Receive, Action::Call],
        State::Talked => vec![Action::Receive, Action::Call, Action::Talk],
        State::Reconsidering => {
            vec![Action::Receive, decided(state, DecisionReason::Incomplete)]
        }
        State::Accepted | State::Enrolled => vec![Action::Receive, accept()],
        State::NotEligible => vec![Action::Receive, decided(state, DecisionReason::NotReady)],
        State::Declined => vec![Action::Receive, decided(state, DecisionReason::PersonDeclines)],
        State::Revoked => vec![Action::Revoke],
        State::RegisteredInError => vec![Action::RegisterInError],
    };
    let walk = |referral: Referral, action| take(&referral, action, taken("2025-03-02")).unwrap();
    let mut referral = way.into_iter().fold(sent(), walk);
    if state == State::Enrolled {
        let last = referral.steps.last().unwrap().clone();
        referral.steps.push(Step { state, ..last });
    }
    assert_eq!(referral.state(), state);
    referral
}

#[test]
fn a_step_leads_on_from_the_states_it_belongs_to_and_from_no_other() {
    use State::{Accepted, Called, Received, Reconsidering, Sent, Talked};
    let table: [(Action, &[State]); 5] = [
        (Action::Receive, &[Sent]),
        (Action::Call, &[Received, Reconsidering]),
        (Action::Talk, &[Called]),
        (accept(), &[Received, Called, Talked, Reconsidering]),
        (Action::Revoke, &[Sent, Received, Called, Talked, Reconsidering, Accepted]),
    ];
    for (action, allowed) in table {
        for state in State::ALL {
            let after = take(&standing(*state), action.clone(), taken("2025-04-01"));
            assert_eq!(after.is_ok(), allowed.contains(state), "{action:?} from {state:?}");
            if !allowed.contains(state) {
                assert_eq!(after.unwrap_err(), StepRefusal::NotFrom { state: *state });
            }
        }
    }
    for state in State::ALL {
        let error = take(&standing(*state), Action::RegisterInError, taken("2025-04-01"));
        let is_allowed = !matches!(state, State::Enrolled | State::RegisteredInError);
        assert_eq!(error.is_ok(), is_allowed, "{state:?}");
    }
}

#[test]
fn a_reason_goes_with_its_decision() {
    for state in State::ALL {
        for reason in DecisionReason::ALL {
            let decision = Decision { reason: *reason, feedback: String::new() };
            let action = Action::Decide { state: *state, decision };
            let after = take(&standing(State::Received), action, taken("2025-04-01"));
            let is_met = *reason == DecisionReason::MeetsCriteria;
            let is_allowed = match state {
                State::Accepted => is_met,
                State::NotEligible | State::Reconsidering => !is_met,
                State::Declined => matches!(
                    reason,
                    DecisionReason::PersonDeclines
                        | DecisionReason::NotReached
                        | DecisionReason::Other
                ),
                State::Sent
                | State::Received
                | State::Called
                | State::Talked
                | State::Revoked
                | State::Enrolled
                | State::RegisteredInError => false,
            };
            assert_eq!(after.is_ok(), is_allowed, "{state:?} {reason:?}");
        }
    }
}

#[test]
fn a_step_is_neither_before_the_last_nor_in_the_future() {
    let referral = standing(State::Received);
    let before = take(&referral, Action::Call, taken("2025-03-01")).unwrap_err();
    assert_eq!(before, StepRefusal::Before { earliest: day("2025-03-02") });
    let future = take(&referral, Action::Call, taken("2025-07-02")).unwrap_err();
    assert_eq!(future, StepRefusal::InFuture { today: day("2025-07-01") });
}

#[test]
fn only_one_who_waits_goes_before_others_for_a_reason() {
    for state in State::ALL {
        let after = except(&standing(*state), Some("Sick child".to_owned()));
        assert_eq!(after.is_ok(), *state == State::Accepted, "{state:?}");
    }
    let first = except(&standing(State::Accepted), Some("Sick child".to_owned())).unwrap();
    assert_eq!(except(&first, None).unwrap(), standing(State::Accepted));
}

#[test]
fn the_queue_is_from_the_acceptance_until_what_comes_after() {
    let waiting = standing(State::Accepted);
    let [fact] = Case::from(waiting.clone()).counted(&person()).try_into().unwrap();
    assert_eq!(fact.referred, Some(day("2025-03-01")));
    assert_eq!(fact.queue, Some(Stay { first: day("2025-03-02"), end: None }));
    let revoked = take(&waiting, Action::Revoke, taken("2025-05-01")).unwrap();
    let [fact] = Case::from(revoked).counted(&person()).try_into().unwrap();
    assert_eq!(fact.queue, Some(Stay { first: day("2025-03-02"), end: Some(day("2025-05-01")) }));
    let [fact] = Case::from(sent()).counted(&person()).try_into().unwrap();
    assert_eq!((fact.queue, fact.age), (None, None));
    assert_eq!(Case::from(standing(State::RegisteredInError)).counted(&person()), []);
}
