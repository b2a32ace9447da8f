//! The way of a referral, everything that is refused on it, and who sees what of it.

mod refused;
mod seen;

use platform::testing::on_both;
use proto::participant::{
    CallReferralRequest, DecisionReason, HoldIntakeTalkRequest, Referral, ReferralState,
    RegisterReferralInErrorRequest, RevokeReferralRequest,
};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::people::{
    NUMBER, THIRD_NUMBER, changed, coach, date, decide, holder, officer, organised, person,
    protected, read, receive, referral, sent,
};
use crate::world::{HOME, World, expected, faults};

pub(crate) fn call(id: &str, etag: &str) -> CallReferralRequest {
    CallReferralRequest {
        name: format!("{HOME}/referrals/{id}"),
        etag: etag.to_owned(),
        day: date("2025-03-06"),
        request_id: format!("call-{id}"),
        ..Default::default()
    }
}

pub(crate) fn talk(id: &str, etag: &str) -> HoldIntakeTalkRequest {
    HoldIntakeTalkRequest {
        name: format!("{HOME}/referrals/{id}"),
        etag: etag.to_owned(),
        day: date("2025-03-08"),
        request_id: format!("talk-{id}"),
        ..Default::default()
    }
}

pub(crate) fn revoke(id: &str, etag: &str) -> RevokeReferralRequest {
    RevokeReferralRequest {
        name: format!("{HOME}/referrals/{id}"),
        etag: etag.to_owned(),
        day: date("2025-03-20"),
        comment: "Återtagen".to_owned(),
        request_id: format!("revoke-{id}-{etag}"),
        ..Default::default()
    }
}

pub(crate) fn mistake(id: &str, etag: &str) -> RegisterReferralInErrorRequest {
    RegisterReferralInErrorRequest {
        name: format!("{HOME}/referrals/{id}"),
        etag: etag.to_owned(),
        comment: "Fel person".to_owned(),
        request_id: format!("mistake-{id}"),
        ..Default::default()
    }
}

/// What is known of a case: from and to which sequence it was in the queue since when.
async fn queue_of(world: &World, id: &str) -> Vec<(i64, bool, Option<String>, Option<String>)> {
    let sql = format!(
        "SELECT known_from, known_to = 9223372036854775807 AS still, \
             CAST(queue_first AS text) AS queue_first, CAST(queue_end AS text) AS queue_end \
         FROM case_fact WHERE case_id = '{id}' ORDER BY known_from"
    );
    let statement = Statement::from_string(world.database.backend(), sql);
    let rows = world.database.read.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| {
            (
                row.try_get("", "known_from").unwrap(),
                row.try_get("", "still").unwrap(),
                row.try_get("", "queue_first").unwrap(),
                row.try_get("", "queue_end").unwrap(),
            )
        })
        .collect()
}

fn states(referral: &Referral) -> Vec<ReferralState> {
    referral.steps.iter().map(|step| step.state()).collect()
}

#[tokio::test]
async fn a_referral_goes_from_the_question_to_the_queue_and_back() {
    on_both(|database| async {
        let world = organised(database).await;
        let first = sent(&world, referral("r-1", person(NUMBER))).await;
        assert_eq!((first.state(), first.etag.as_str()), (ReferralState::Sent, "1"));
        let coach = coach();
        let mut referrals = world.referrals();
        let answer = referrals.receive_referral(world.by(&coach, receive("r-1", "1"))).await;
        assert_eq!(answer.unwrap().into_inner().referral.unwrap().etag, "2");
        referrals.call_referral(world.by(&coach, call("r-1", "2"))).await.unwrap();
        referrals.hold_intake_talk(world.by(&coach, talk("r-1", "3"))).await.unwrap();
        let meets = DecisionReason::MeetsCriteria;
        let accept = decide("r-1", "4", ReferralState::Accepted, meets);
        let answer = referrals.decide_referral(world.by(&coach, accept)).await.unwrap();
        let accepted = answer.into_inner().referral.unwrap();
        use ReferralState::{Accepted, Called, Received, Revoked, Sent, Talked};
        assert_eq!(states(&accepted), [Sent, Received, Called, Talked, Accepted]);
        let step = accepted.steps.last().unwrap();
        assert_eq!(step.day, date("2025-03-10"));
        assert_eq!(step.actor, format!("{HOME}/accounts/coach"));
        assert_eq!(read(&world, &coach, "r-1").await.unwrap(), accepted);

        let answer = referrals.revoke_referral(world.by(&officer(), revoke("r-1", "5"))).await;
        assert_eq!(answer.unwrap().into_inner().referral.unwrap().state(), Revoked);
        let text = |text: &str| Some(text.to_owned());
        let known = queue_of(&world, "r-1").await;
        let sequences: Vec<i64> = known.iter().map(|row| row.0).collect();
        // The organisation is 8 entries, the person stands after its referral.
        assert_eq!(sequences, [9, 14, 15]);
        assert_eq!((known[0].1, known[1].1, known[2].1), (false, false, true));
        assert_eq!((known[0].2.clone(), known[0].3.clone()), (None, None));
        assert_eq!((known[1].2.clone(), known[1].3.clone()), (text("2025-03-10"), None));
        assert_eq!(
            (known[2].2.clone(), known[2].3.clone()),
            (text("2025-03-10"), text("2025-03-20"))
        );
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_mistake_is_kept_and_counted_nowhere() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let mut referrals = world.referrals();
        let request = world.by(&coach(), mistake("r-1", "1"));
        let answer = referrals.register_referral_in_error(request).await.unwrap();
        let kept = answer.into_inner().referral.unwrap();
        assert_eq!(kept.state(), ReferralState::RegisteredInError);
        let known = queue_of(&world, "r-1").await;
        assert_eq!(known.iter().map(|row| row.1).collect::<Vec<_>>(), [false]);
        assert_eq!(world.problems().await, Vec::<String>::new());
        // The person may be referred again.
        sent(&world, referral("r-2", person(NUMBER))).await;
    })
    .await;
}

#[tokio::test]
async fn a_repetition_gets_the_first_answer_whatever_happened_since() {
    on_both(|database| async {
        let world = organised(database).await;
        let first = sent(&world, referral("r-1", person(NUMBER))).await;
        let coach = coach();
        let received = world.by(&coach, receive("r-1", "1"));
        let received = world.referrals().receive_referral(received).await.unwrap().into_inner();
        world.referrals().call_referral(world.by(&coach, call("r-1", "2"))).await.unwrap();
        let head = world.sequence().await;
        assert_eq!(sent(&world, referral("r-1", person(NUMBER))).await, first);
        let again = world.by(&coach, receive("r-1", "1"));
        assert_eq!(world.referrals().receive_referral(again).await.unwrap().into_inner(), received);
        assert_eq!(world.sequence().await, head);
        let mut other = referral("r-9", person(THIRD_NUMBER));
        other.request_id = "send-r-1".to_owned();
        let answer = world.referrals().create_referral(world.by(&officer(), other)).await;
        assert_eq!(crate::people::refusal(answer).0, "REQUEST_ID_REUSED");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_answers_and_keeps_nothing() {
    on_both(|database| async {
        let world = organised(database).await;
        let head = world.sequence().await;
        let mut request = referral("r-1", person(NUMBER));
        request.validate_only = true;
        let answer = sent(&world, request).await;
        assert_eq!(answer.state(), ReferralState::Sent);
        assert_eq!(world.sequence().await, head);
        assert!(read(&world, &officer(), "r-1").await.is_err());
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_person_is_found_within_the_party_and_entered_where_it_is_not() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        world
            .referrals()
            .register_referral_in_error(world.by(&coach(), mistake("r-1", "1")))
            .await
            .unwrap();
        sent(&world, referral("r-2", person("19701063-2391"))).await;
        let at_koping = |id: &str, person| {
            changed(id, person, |referral| {
                referral.municipality = format!("{HOME}/municipalities/1983");
            })
        };
        sent(&world, at_koping("r-3", person(NUMBER))).await;
        sent(&world, referral("r-4", protected())).await;
        sent(&world, referral("r-5", protected())).await;
        let both = platform::testing::caller(
            "vastmanland",
            "samordnare",
            &[
                (values::Role::Coordinator, "party/sala/team/norra"),
                (values::Role::Coordinator, "party/koping/team/norra"),
            ]
            .map(|(role, scope)| (role, values::Scope::parse("scope", scope).unwrap())),
        );
        let mut people = Vec::new();
        for id in ["r-1", "r-2", "r-3", "r-4", "r-5"] {
            people.push(read(&world, &both, id).await.unwrap().participant);
        }
        assert_eq!(people[0], people[1], "the same number in the same party");
        assert_ne!(people[0], people[2], "another party's people are others");
        assert_ne!(people[3], people[4], "nobody with protected identity is recognised");
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_teams_own_officer_refers_its_own_partys_people() {
    on_both(|database| async {
        let world = organised(database).await;
        let own = |id: &str, sender: &str| {
            changed(id, person(NUMBER), |referral| {
                referral.sender = format!("{HOME}/parties/{sender}");
            })
        };
        let coach = coach();
        let answer = world.referrals().create_referral(world.by(&coach, own("r-1", "sala"))).await;
        let referral = answer.unwrap().into_inner().referral.unwrap();
        assert!(!referral.participant.is_empty(), "a team sees all of it");
        world.referrals().revoke_referral(world.by(&coach, revoke("r-1", "1"))).await.unwrap();
        for sender in ["agency", "koping"] {
            let request = world.by(&coach, own("r-2", sender));
            let answer = world.referrals().create_referral(request).await;
            assert_eq!(answer.unwrap_err().code(), tonic::Code::NotFound, "{sender}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_bad_field_is_told_at_once_and_none_tells_who() {
    on_both(|database| async {
        let world = organised(database).await;
        let mut request = changed(NUMBER, person("19701063-2392"), |referral| {
            referral.team = format!("{HOME}/parties/norra");
            referral.referring_kind = 0;
            referral.sender_reference = "701063-2391".to_owned();
            referral.referral_date = None;
            referral.livelihoods.clear();
        });
        request.person.as_mut().unwrap().sex = 9;
        let answer = world.referrals().create_referral(world.by(&officer(), request)).await;
        assert_eq!(
            faults(answer),
            expected(&[
                ("referral_id", "TELLS_WHO"),
                ("referral.team", "NAME_MALFORMED"),
                ("referral.referring_kind", "ENUM_UNSPECIFIED"),
                ("referral.sender_reference", "TELLS_WHO"),
                ("referral.referral_date", "DATE_MISSING"),
                ("referral.livelihoods", "LIVELIHOODS_MISSING"),
                ("person.sex", "ENUM_UNSPECIFIED"),
                ("person.identity.personal_number", "PERSONAL_NUMBER_WRONG"),
            ])
        );
        let mut shielded = protected();
        shielded.identity = person(NUMBER).identity;
        shielded.birth_year = 1970;
        let request = world.by(&officer(), referral("r", shielded));
        let answer = world.referrals().create_referral(request).await;
        assert_eq!(
            faults(answer),
            expected(&[
                ("person.identity", "PROTECTED_WITH_IDENTITY"),
                ("person.birth_year", "PROTECTED_WITH_IDENTITY"),
            ])
        );
        let nobody = holder("ingen", values::Role::ReferringOfficer, "party/agency");
        let mut empty = referral("r", protected());
        (empty.referral, empty.person) = (None, None);
        let answer = world.referrals().create_referral(world.by(&nobody, empty)).await;
        let missing = [("referral", "FIELD_MISSING"), ("person", "FIELD_MISSING")];
        assert_eq!(faults(answer), expected(&missing));
    })
    .await;
}
