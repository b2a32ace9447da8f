//! What is refused when a referral is sent, and at each step of its way.

use platform::testing::on_both;
use proto::participant::{DecisionReason, ReferralState};
use tonic::Code;

use super::{call, mistake, revoke, talk};
use crate::criteria;
use crate::people::{
    NUMBER, OTHER_NUMBER, changed, coach, date, decide, officer, organised, other_coach, person,
    protected, receive, referral, refusal, sent,
};
use crate::world::{HOME, expected, faults, problem};

#[tokio::test]
async fn what_cannot_be_sent_is_refused_with_its_reason() {
    on_both(|database| async {
        let world = organised(database).await;
        let send =
            async |request| world.referrals().create_referral(world.by(&officer(), request)).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let taken = send({
            let mut request = referral("r-1", person(OTHER_NUMBER));
            request.request_id = "again".to_owned();
            request
        });
        assert_eq!(problem(taken.await).0, Code::AlreadyExists);
        let (reason, facts) = refusal(send(referral("r-2", person(NUMBER))).await);
        let named = ("referral".to_owned(), "r-1".to_owned());
        assert_eq!((reason.as_str(), facts), ("REFERRAL_OPEN", vec![named]));
        for (municipality, team, expected) in [
            ("1981", "vastra", "TEAM_NOT_THERE"),
            ("1981", "sodra", "TEAM_NOT_THERE"),
            ("1984", "norra", "MUNICIPALITY_WITHOUT_PARTY"),
        ] {
            let request = changed("r-3", person(OTHER_NUMBER), |referral| {
                referral.municipality = format!("{HOME}/municipalities/{municipality}");
                referral.team = format!("{HOME}/teams/{team}");
            });
            assert_eq!(problem(send(request).await).1, expected);
        }
        let tomorrow = changed("r-3", person(OTHER_NUMBER), |referral| {
            referral.referral_date = date("2025-07-02");
        });
        let told = [("referral.referral_date", "DAY_IN_FUTURE")];
        assert_eq!(faults(send(tomorrow).await), expected(&told));
        let elsewhere = changed("r-3", person(OTHER_NUMBER), |referral| {
            referral.sender = format!("{HOME}/parties/koping");
        });
        assert_eq!(problem(send(elsewhere).await).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn an_open_case_of_another_sender_is_not_named() {
    on_both(|database| async {
        let world = organised(database).await;
        let own = changed("r-1", person(NUMBER), |referral| {
            referral.sender = format!("{HOME}/parties/sala");
        });
        world.referrals().create_referral(world.by(&coach(), own)).await.unwrap();
        let request = world.by(&officer(), referral("r-2", person(NUMBER)));
        let (reason, facts) = refusal(world.referrals().create_referral(request).await);
        assert_eq!(reason, "REFERRAL_OPEN");
        assert_eq!(facts, [("referral".to_owned(), String::new())]);
    })
    .await;
}

#[tokio::test]
async fn who_does_not_meet_the_criteria_needs_a_reason() {
    on_both(|database| async {
        let world = organised(database).await;
        let request = world.office(criteria::create("alla", ""));
        world.criteria().create_criteria(request).await.unwrap();
        let send =
            async |request| world.referrals().create_referral(world.by(&officer(), request)).await;
        let (reason, facts) = refusal(send(referral("r-1", person(OTHER_NUMBER))).await);
        assert_eq!(reason, "NOT_ELIGIBLE");
        let facts: Vec<_> = facts.iter().map(|(_, value)| value.as_str()).collect();
        assert!(facts.contains(&"alla"), "{facts:?}");
        assert!(facts.contains(&"too_old,livelihood,not_ready"), "{facts:?}");
        let (_, facts) = refusal(send(referral("r-1", protected())).await);
        let told = "age_unknown,livelihood,not_ready".to_owned();
        assert!(facts.iter().any(|(_, value)| *value == told), "{facts:?}");
        let overridden = changed("r-1", person(OTHER_NUMBER), |referral| {
            referral.override_reason = "Prövat i styrgruppen".to_owned();
        });
        let referral = send(overridden).await.unwrap().into_inner().referral.unwrap();
        assert_eq!(referral.criteria, format!("{HOME}/criteria/alla"));
    })
    .await;
}

#[tokio::test]
async fn a_step_is_refused_from_the_wrong_state_day_version_or_caller() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let (coach, officer) = (coach(), officer());
        let mut referrals = world.referrals();
        let early = referrals.hold_intake_talk(world.by(&coach, talk("r-1", "1"))).await;
        let (reason, facts) = refusal(early);
        assert_eq!(reason, "REFERRAL_STATE_FORBIDS");
        let state = ("referral_state".to_owned(), "REFERRAL_STATE_SENT".to_owned());
        assert_eq!(facts, [state]);
        for (day, reason) in [("2025-02-28", "DAY_TOO_EARLY"), ("2025-07-02", "DAY_IN_FUTURE")] {
            let mut request = receive("r-1", "1");
            request.day = date(day);
            let told = faults(referrals.receive_referral(world.by(&coach, request)).await);
            assert_eq!(told, expected(&[("day", reason)]));
        }
        let stale = referrals.receive_referral(world.by(&coach, receive("r-1", "7"))).await;
        assert_eq!(problem(stale), (Code::Aborted, "STALE".to_owned()));
        let unread = referrals.receive_referral(world.by(&coach, receive("r-1", ""))).await;
        assert_eq!(faults(unread), expected(&[("etag", "FIELD_MISSING")]));
        let foreign = referrals.receive_referral(world.by(&other_coach(), receive("r-1", "1")));
        assert_eq!(problem(foreign.await).0, Code::NotFound);
        let missing = referrals.receive_referral(world.by(&coach, receive("r-9", "1"))).await;
        assert_eq!(problem(missing).0, Code::NotFound);
        // A coach elsewhere who also refers sees the referral, and takes no step of it.
        let double = platform::testing::caller(
            "vastmanland",
            "dubbel",
            &[
                (values::Role::ReferringOfficer, "party/agency"),
                (values::Role::Coach, "party/koping/team/vastra"),
            ]
            .map(|(role, scope)| (role, values::Scope::parse("scope", scope).unwrap())),
        );
        let denied = referrals.receive_referral(world.by(&double, receive("r-1", "1"))).await;
        assert_eq!(problem(denied).0, Code::PermissionDenied);
        let not_own = referrals.revoke_referral(world.by(&coach, revoke("r-1", "1"))).await;
        assert_eq!(problem(not_own).0, Code::PermissionDenied);
        let mut silent = revoke("r-1", "1");
        silent.comment.clear();
        let told = faults(referrals.revoke_referral(world.by(&officer, silent)).await);
        assert_eq!(told, expected(&[("comment", "COMMENT_MISSING")]));
        let mut silent = mistake("r-1", "1");
        silent.comment.clear();
        let request = world.by(&coach, silent);
        let told = faults(referrals.register_referral_in_error(request).await);
        assert_eq!(told, expected(&[("comment", "COMMENT_MISSING")]));
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_decision_needs_a_reason_that_goes_with_it() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let coach = coach();
        let mut referrals = world.referrals();
        referrals.receive_referral(world.by(&coach, receive("r-1", "1"))).await.unwrap();
        use DecisionReason::{MeetsCriteria, NotReady, Other};
        use ReferralState::{Accepted, Called, NotEligible};
        let wrong = decide("r-1", "2", Accepted, NotReady);
        let told = faults(referrals.decide_referral(world.by(&coach, wrong)).await);
        let misfit = [("decision.reason", "DECISION_REASON_NOT_FITTING")];
        assert_eq!(told, expected(&misfit));
        let wrong = decide("r-1", "2", Called, MeetsCriteria);
        let told = faults(referrals.decide_referral(world.by(&coach, wrong)).await);
        assert_eq!(told, expected(&[("state", "NO_DECISION")]));
        let silent = decide("r-1", "2", NotEligible, Other);
        let told = faults(referrals.decide_referral(world.by(&coach, silent)).await);
        assert_eq!(told, expected(&[("comment", "COMMENT_MISSING")]));
        let mut empty = decide("r-1", "2", NotEligible, Other);
        (empty.state, empty.decision) = (0, None);
        let told = faults(referrals.decide_referral(world.by(&coach, empty)).await);
        let missing = [("state", "ENUM_UNSPECIFIED"), ("decision", "FIELD_MISSING")];
        assert_eq!(told, expected(&missing));
        let request = decide("r-1", "2", NotEligible, NotReady);
        referrals.decide_referral(world.by(&coach, request)).await.unwrap();
        let ended = referrals.call_referral(world.by(&coach, call("r-1", "3"))).await;
        assert_eq!(problem(ended).1, "REFERRAL_STATE_FORBIDS");
    })
    .await;
}
