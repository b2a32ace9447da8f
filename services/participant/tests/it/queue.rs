//! Who waits for a team, and who goes before others.

mod statistics;

use platform::{Principal, testing::on_both};
use proto::participant::{ListQueueRequest, QueueEntry, ReferralState, SetQueueExceptionRequest};
use tonic::Code;

use crate::enrolment::{create, enrolled};
use crate::people::{
    NUMBER, OTHER_NUMBER, THIRD_NUMBER, accept, accepted, changed, coach, date, officer, organised,
    other_coach, person, protected, read, referral, refusal, sent,
};
use crate::world::{HOME, World, expected, faults, problem};

fn list(page_size: i32, page_token: String) -> ListQueueRequest {
    ListQueueRequest {
        parent: HOME.to_owned(),
        team: format!("{HOME}/teams/norra"),
        municipality: String::new(),
        page_size,
        page_token,
    }
}

async fn listed(
    world: &World,
    caller: &Principal,
    list: ListQueueRequest,
) -> (Vec<QueueEntry>, String) {
    let page = world.queues().list_queue(world.by(caller, list)).await.unwrap().into_inner();
    (page.entries, page.next_page_token)
}

/// Place and referral of each.
async fn order(world: &World, caller: &Principal) -> Vec<(i32, String)> {
    let (entries, _) = listed(world, caller, list(0, String::new())).await;
    let id = |name: &str| name.rsplit('/').next().unwrap().to_owned();
    entries.iter().map(|entry| (entry.place, id(&entry.referral))).collect()
}

fn places(expected: &[(i32, &str)]) -> Vec<(i32, String)> {
    expected.iter().map(|(place, id)| (*place, (*id).to_owned())).collect()
}

fn exception(id: &str, etag: &str, reason: &str) -> SetQueueExceptionRequest {
    SetQueueExceptionRequest {
        name: format!("{HOME}/referrals/{id}"),
        etag: etag.to_owned(),
        reason: reason.to_owned(),
        request_id: format!("exception-{id}-{etag}"),
        validate_only: false,
    }
}

/// Three of Sala's wait for Norra, the last of whom was referred first.
async fn three(world: &World) {
    for (id, number, day) in [
        ("r-1", NUMBER, "2025-03-02"),
        ("r-2", OTHER_NUMBER, "2025-03-02"),
        ("r-3", THIRD_NUMBER, "2025-03-01"),
    ] {
        let request = changed(id, person(number), |referral| referral.referral_date = date(day));
        accepted(world, request).await;
    }
}

#[tokio::test]
async fn the_queue_goes_by_the_day_of_the_referral_and_an_exception_goes_first() {
    on_both(|database| async {
        let world = organised(database).await;
        three(&world).await;
        let coach = coach();
        let by_day = places(&[(1, "r-3"), (2, "r-1"), (3, "r-2")]);
        assert_eq!(order(&world, &coach).await, by_day);
        let mut queues = world.queues();
        let first = || world.by(&coach, exception("r-2", "3", "Barn i familjen"));
        let etag = queues.set_queue_exception(first()).await.unwrap().into_inner().etag;
        assert_eq!(etag, "4");
        assert_eq!(order(&world, &coach).await, places(&[(1, "r-2"), (2, "r-3"), (3, "r-1")]));
        let (entries, _) = listed(&world, &coach, list(1, String::new())).await;
        let waits = read(&world, &coach, "r-2").await.unwrap();
        let entry = QueueEntry {
            place: 1,
            referral: waits.name.clone(),
            participant: waits.participant.clone(),
            municipality: format!("{HOME}/municipalities/1981"),
            referring_kind: waits.referring_kind,
            referral_date: date("2025-03-02"),
            days_waited: 121,
            exception_reason: "Barn i familjen".to_owned(),
        };
        assert_eq!(entries, [entry]);
        assert_eq!(waits.queue_exception_reason, "Barn i familjen");
        assert_eq!(read(&world, &officer(), "r-2").await.unwrap().queue_exception_reason, "");
        // Who goes first is enrolled first, and a repetition gets the first answer.
        enrolled(&world, create("e-1", "r-2")).await;
        assert_eq!(order(&world, &coach).await, places(&[(1, "r-3"), (2, "r-1")]));
        let again = queues.set_queue_exception(first()).await.unwrap().into_inner().etag;
        assert_eq!(again, "4");
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn an_exception_is_taken_back_and_is_only_for_those_who_wait() {
    on_both(|database| async {
        let world = organised(database).await;
        three(&world).await;
        let coach = coach();
        let set = async |caller: &Principal, request| {
            world.queues().set_queue_exception(world.by(caller, request)).await
        };
        set(&coach, exception("r-2", "3", "Barn i familjen")).await.unwrap();
        set(&coach, exception("r-2", "4", "")).await.unwrap();
        let by_day = places(&[(1, "r-3"), (2, "r-1"), (3, "r-2")]);
        assert_eq!(order(&world, &coach).await, by_day);
        let stale = set(&coach, exception("r-2", "4", "Igen")).await;
        assert_eq!(refusal(stale).0, "REQUEST_ID_REUSED");
        let stale = set(&coach, exception("r-2", "3", "Barn i familjen"));
        assert_eq!(stale.await.unwrap().into_inner().etag, "4", "a repetition");
        let mut stale = exception("r-2", "2", "Igen");
        assert_eq!(problem(set(&coach, stale.clone()).await).0, Code::Aborted);
        stale.etag.clear();
        let told = faults(set(&coach, stale).await);
        assert_eq!(told, expected(&[("etag", "FIELD_MISSING")]));
        let foreign = set(&other_coach(), exception("r-3", "3", "Min")).await;
        assert_eq!(problem(foreign).0, Code::NotFound);

        let at_koping = changed("r-4", person(NUMBER), |referral| {
            referral.municipality = format!("{HOME}/municipalities/1983");
        });
        sent(&world, at_koping).await;
        let (reason, facts) = refusal(set(&other_coach(), exception("r-4", "1", "Nu")).await);
        let state = ("referral_state".to_owned(), "REFERRAL_STATE_SENT".to_owned());
        assert_eq!((reason.as_str(), facts), ("REFERRAL_STATE_FORBIDS", vec![state]));
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_queue_is_read_page_by_page_municipality_by_municipality() {
    on_both(|database| async {
        let world = organised(database).await;
        three(&world).await;
        let at_koping = changed("r-4", person(NUMBER), |referral| {
            referral.municipality = format!("{HOME}/municipalities/1983");
            referral.referral_date = date("2025-01-02");
        });
        sent(&world, at_koping).await;
        accept(&world, &other_coach(), "r-4").await;
        let both = platform::testing::caller(
            "vastmanland",
            "samordnare",
            &["party/sala/team/norra", "party/koping/team/norra"]
                .map(|scope| (values::Role::Coordinator, values::Scope::parse("", scope).unwrap())),
        );
        let set = exception("r-2", "3", "Barn i familjen");
        world.queues().set_queue_exception(world.by(&both, set)).await.unwrap();
        let mut token = String::new();
        let mut found = Vec::new();
        for size in [2, 1, 1] {
            let (entries, next) = listed(&world, &both, list(size, token)).await;
            found.extend(entries.iter().map(|entry| (entry.place, entry.days_waited)));
            token = next;
        }
        assert_eq!((found, token.as_str()), (vec![(1, 121), (2, 122), (3, 121), (1, 180)], ""));
        let koping = ListQueueRequest {
            municipality: format!("{HOME}/municipalities/1983"),
            ..list(0, String::new())
        };
        let (entries, _) = listed(&world, &both, koping.clone()).await;
        assert_eq!(entries.len(), 1);
        assert!(listed(&world, &coach(), koping).await.0.is_empty(), "another party's people");
        let bad = ListQueueRequest {
            team: String::new(),
            municipality: "1983".to_owned(),
            ..list(-1, platform::page::Page::token("1981/first/2025-01-01/1"))
        };
        let told = faults(world.queues().list_queue(world.by(&both, bad)).await);
        let wrong = [
            ("team", "NAME_MALFORMED"),
            ("municipality", "NAME_MALFORMED"),
            ("page_size", "PAGE_SIZE_OUT_OF_RANGE"),
        ];
        assert_eq!(told, expected(&wrong));
        for key in ["", "1981/true/2025-01-01", "1981/first/2025-01-01/1", "Å/true/2025-01-01/1"] {
            let bad =
                list(0, platform::page::Page::token(key) + if key.is_empty() { "_" } else { "" });
            let told = faults(world.queues().list_queue(world.by(&both, bad)).await);
            assert_eq!(told, expected(&[("page_token", "PAGE_TOKEN_MALFORMED")]), "{key}");
        }
    })
    .await;
}

#[tokio::test]
async fn people_with_protected_identity_have_a_place_and_are_not_listed() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", protected())).await;
        accepted(&world, referral("r-2", person(NUMBER))).await;
        let coach = coach();
        assert_eq!(order(&world, &coach).await, places(&[(2, "r-2")]));
        let request = world.by(&coach, create("e-2", "r-2"));
        let refused = world.enrolments().create_enrolment(request).await;
        assert_eq!(refusal(refused).0, "NOT_NEXT");
        enrolled(&world, create("e-1", "r-1")).await;
        enrolled(&world, create("e-2", "r-2")).await;
        assert!(order(&world, &coach).await.is_empty());
        let state = read(&world, &coach, "r-1").await.unwrap().state();
        assert_eq!(state, ReferralState::Enrolled);
    })
    .await;
}
