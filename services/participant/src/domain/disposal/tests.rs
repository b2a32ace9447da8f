//! Whose time is over: nobody of whom anything goes on, nobody too early, and the longest
//! past first.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use values::{
    Slug,
    name::{AccountName, MunicipalityName, ReferralName, TeamName},
};

use super::*;
use crate::domain::{
    code::{Livelihood, ReferringKind},
    fact::Responsible,
    livelihood::Livelihoods,
    referral::{Content, Referral, State, Step},
};

fn slug(text: &str) -> Slug {
    Slug::parse("", text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn party() -> PartyName {
    PartyName::new(slug("f"), slug("sala"))
}

/// A case of one whose referral came to a state on a day.
fn case(person: &str, state: State, since: NaiveDate) -> Case {
    let municipality = MunicipalityName::new(slug("f"), slug("1981"));
    let first_day = since - chrono::Days::new(30);
    let step = |state, day| Step {
        state,
        actor: AccountName::new(slug("f"), slug("coach")),
        time: DateTime::<Utc>::UNIX_EPOCH,
        day,
        comment: String::new(),
    };
    Case::from(Referral {
        name: ReferralName::new(slug("f"), slug(&format!("{person}-r"))),
        participant: ParticipantName::new(slug("f"), slug(person)),
        content: Content {
            team: TeamName::new(slug("f"), slug("norra")),
            municipality: municipality.clone(),
            sender: party(),
            referring_kind: ReferringKind::Other,
            sender_reference: String::new(),
            referral_date: first_day,
            livelihoods: Livelihoods::new("", vec![(Livelihood::None, 100)]).unwrap(),
            ready: true,
            override_reason: String::new(),
            synthetic: true,
        },
        responsible: vec![Responsible { municipality, party: party(), first_day }],
        criteria: None,
        steps: vec![step(State::Sent, first_day), step(state, since)],
        decision: None,
        queue_exception: None,
        enrolment: None,
        merged_from: Vec::new(),
        import: None,
    })
}

fn somebody(name: &str, cases: Vec<Case>) -> Candidate {
    let name = ParticipantName::new(slug("f"), slug(name));
    Candidate { name, is_protected: false, cases, emptied_on: None }
}

fn retention(months: i32) -> Retention {
    let kept = Kept::new("months", months).unwrap();
    Retention { party: party(), kept, decision: "Plan".to_owned() }
}

#[test]
fn a_case_is_kept_for_whole_months_after_it_has_ended() {
    let today = day("2025-07-31");
    for (state, since, is_due) in [
        (State::Declined, "2025-06-30", true),
        (State::Declined, "2025-07-01", false),
        (State::Revoked, "2024-01-01", true),
        (State::RegisteredInError, "2024-01-01", true),
        (State::Accepted, "2024-01-01", false),
        (State::Sent, "2024-01-01", false),
    ] {
        let candidates = vec![somebody("p", vec![case("p", state, day(since))])];
        let due = due(Some(&retention(1)), candidates, today);
        assert_eq!(due.is_ok(), is_due, "{state:?} {since}");
    }
}

#[test]
fn nobody_is_disposed_of_without_a_decision_or_a_case() {
    let today = day("2025-07-31");
    let ended = || vec![somebody("p", vec![case("p", State::Declined, day("2020-01-01"))])];
    assert_eq!(due(None, ended(), today), Err(Refusal::WithoutRetention));
    let nobody = Refusal::NobodyDue { ended_by: day("2025-06-30") };
    assert_eq!(due(Some(&retention(1)), vec![somebody("p", Vec::new())], today), Err(nobody));
    assert!(due(Some(&retention(1)), ended(), today).is_ok());
}

#[test]
fn one_whose_cases_are_gone_is_kept_as_long_after_they_went() {
    let today = day("2025-07-31");
    for (emptied_on, is_due) in [("2025-06-30", true), ("2025-07-01", false)] {
        let emptied_on = Some(day(emptied_on));
        let empty = Candidate { emptied_on, ..somebody("p", Vec::new()) };
        assert_eq!(due(Some(&retention(1)), vec![empty], today).is_ok(), is_due);
    }
}

#[test]
fn the_time_is_told_in_months_from_one_to_six_hundred() {
    for (months, is_taken) in [(-1, false), (0, false), (1, true), (600, true), (601, false)] {
        assert_eq!(Kept::new("months", months).is_ok(), is_taken, "{months}");
    }
}

proptest! {
    #[test]
    fn all_that_go_are_over_the_longest_past_first_and_no_more_than_go_at_a_time(
        ends in proptest::collection::vec((0_u64..2000, any::<bool>()), 0..1100),
        months in 1..36,
    ) {
        let today = day("2025-07-31");
        let candidate = |(number, (days, is_open)): (usize, &(u64, bool))| {
            let name = format!("p-{number}");
            let state = if *is_open { State::Accepted } else { State::Declined };
            let since = today - chrono::Days::new(*days);
            somebody(&name, vec![case(&name, state, since), case(&name, State::Revoked, since)])
        };
        let candidates: Vec<Candidate> = ends.iter().enumerate().map(candidate).collect();
        let retention = retention(months);
        let ended_by = retention.kept.ended_by(today);
        let over = candidates.iter().filter(|one| is_over(one, ended_by)).count();
        match due(Some(&retention), candidates, today) {
            Ok(due) => {
                let days: Vec<_> = due.people.iter().map(ended_on).collect();
                prop_assert!(days.is_sorted());
                prop_assert!(days.iter().all(|day| day.is_some_and(|day| day <= ended_by)));
                prop_assert_eq!(days.len(), over.min(MOST));
                prop_assert_eq!(due.has_more, over > MOST);
            }
            Err(refusal) => {
                prop_assert_eq!((refusal, over), (Refusal::NobodyDue { ended_by }, 0));
            }
        }
    }
}
