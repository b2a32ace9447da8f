//! What is put right afterwards: late facts, mistakes, and who is referred anew.

use platform::testing::on_both;
use proto::participant::{
    CorrectExitRequest, Enrolment, Exit, ExitOutcome, ReferralState,
    RegisterEnrolmentInErrorRequest, delivery::Recipient,
};
use tonic::{Response, Status};

use super::{counted, create, create_on, deliver, ended, enrolled, exit, known, leaves, name};
use crate::people::{
    NUMBER, accept, accepted, coach, officer, organised, person, read, referral, refusal, sent,
};
use crate::referral::mistake;
use crate::world::World;

pub(crate) fn correct(id: &str, etag: &str, exit: Option<Exit>) -> CorrectExitRequest {
    CorrectExitRequest {
        name: name(id),
        etag: etag.to_owned(),
        exit,
        reason: "Fel dag i intyget".to_owned(),
        request_id: format!("correct-{id}-{etag}"),
        validate_only: false,
    }
}

pub(crate) fn in_error(id: &str, etag: &str) -> RegisterEnrolmentInErrorRequest {
    RegisterEnrolmentInErrorRequest {
        name: name(id),
        etag: etag.to_owned(),
        reason: "Fel person i kön".to_owned(),
        request_id: format!("error-{id}-{etag}"),
        validate_only: false,
    }
}

async fn corrected(world: &World, request: CorrectExitRequest) -> Enrolment {
    let answer = world.enrolments().correct_exit(world.by(&coach(), request)).await.unwrap();
    answer.into_inner().enrolment.unwrap()
}

async fn registered_in_error(
    world: &World,
    id: &str,
    etag: &str,
) -> Result<Response<proto::participant::RegisterEnrolmentInErrorResponse>, Status> {
    let request = world.by(&coach(), in_error(id, etag));
    world.enrolments().register_enrolment_in_error(request).await
}

#[tokio::test]
async fn a_late_fact_changes_what_is_known_now_and_not_what_was_known() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        enrolled(&world, create("e-1", "r-1")).await;
        ended(&world, exit("e-1", "1", leaves("2025-06-20", ExitOutcome::NotMeasured))).await;
        let before = world.sequence().await;
        let right = leaves("2025-06-10", ExitOutcome::Studies);
        let after = corrected(&world, correct("e-1", "2", Some(right.clone()))).await;
        assert_eq!(after.exit, Some(right));
        let kept = &after.exit_corrections[0];
        let replaced = kept.replaced.as_ref().unwrap();
        assert_eq!(
            (replaced.outcome(), kept.reason.as_str()),
            (ExitOutcome::NotMeasured, "Fel dag i intyget")
        );
        assert_eq!(kept.actor, coach().account.to_string());
        assert_eq!(counted(&world, "r-1").await, ["1981 03-10–04-01 04-01–06-10 new 2"]);
        let then = known(&world, "r-1", before).await;
        assert_eq!(then, ["1981 03-10–04-01 04-01–06-20 new 16"]);

        let request = world.by(&coach(), deliver("e-1", "3", Recipient::ReferringParty));
        world.enrolments().deliver_documentation(request).await.unwrap();
        let open = corrected(&world, correct("e-1", "4", None)).await;
        assert_eq!((open.exit, open.deliveries.len()), (None, 0));
        assert_eq!(counted(&world, "r-1").await, ["1981 03-10–04-01 04-01–… new …"]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_mistake_is_counted_nowhere_and_the_person_stands_in_the_queue_as_before() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        enrolled(&world, create("e-1", "r-1")).await;
        let enrolled_still = world.by(&coach(), mistake("r-1", "4"));
        let refused = world.referrals().register_referral_in_error(enrolled_still).await;
        let (reason, facts) = refusal(refused);
        assert_eq!((reason.as_str(), facts[0].1.as_str()), ("ALREADY_ENROLLED", "e-1"));

        let kept = registered_in_error(&world, "e-1", "1").await.unwrap().into_inner();
        let kept = kept.enrolment.unwrap();
        assert!(kept.registered_in_error && kept.error_reason == "Fel person i kön");
        assert_eq!(counted(&world, "r-1").await, ["1981 03-10–… - - …"]);
        let waits = read(&world, &coach(), "r-1").await.unwrap();
        assert_eq!((waits.state(), waits.enrolment.as_str()), (ReferralState::Accepted, ""));
        assert_eq!(world.problems().await, Vec::<String>::new());

        enrolled(&world, create_on("e-2", "r-1", "2025-03-20")).await;
        assert_eq!(counted(&world, "r-1").await, ["1981 03-10–03-20 03-20–… new …"]);
        let twice = registered_in_error(&world, "e-1", "2").await;
        assert_eq!(refusal(twice).0, "ENROLMENT_IN_ERROR");
        registered_in_error(&world, "e-2", "1").await.unwrap();
        let request = world.by(&coach(), mistake("r-1", "7"));
        world.referrals().register_referral_in_error(request).await.unwrap();
        assert!(counted(&world, "r-1").await.is_empty());
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn who_has_left_may_be_referred_anew_and_nobody_is_enrolled_twice() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        enrolled(&world, create("e-1", "r-1")).await;
        let again = || world.by(&officer(), referral("r-2", person(NUMBER)));
        let open = world.referrals().create_referral(again()).await;
        assert_eq!(
            refusal(open),
            ("REFERRAL_OPEN".to_owned(), vec![("referral".to_owned(), "r-1".to_owned())])
        );
        ended(&world, exit("e-1", "1", leaves("2025-05-20", ExitOutcome::DroppedOut))).await;
        sent(&world, referral("r-2", person(NUMBER))).await;
        accept(&world, &coach(), "r-2").await;
        // The first may not go on, or wait, beside the second.
        let request = world.by(&coach(), correct("e-1", "2", None));
        let beside = world.enrolments().correct_exit(request).await;
        assert_eq!(refusal(beside).0, "REFERRAL_OPEN");
        let beside = registered_in_error(&world, "e-1", "2").await;
        assert_eq!(refusal(beside).0, "REFERRAL_OPEN");
        corrected(&world, correct("e-1", "2", Some(leaves("2025-05-21", ExitOutcome::DroppedOut))))
            .await;
        enrolled(&world, create_on("e-2", "r-2", "2025-06-01")).await;
        assert_eq!(counted(&world, "r-1").await, ["1981 03-10–04-01 04-01–05-21 new 11"]);
        assert_eq!(counted(&world, "r-2").await, ["1981 03-10–06-01 06-01–… new …"]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}
