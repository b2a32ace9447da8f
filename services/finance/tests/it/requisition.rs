//! A requisition's way: who may take which step, and what it does to the grant.

mod claim;
mod content;
mod correction;
mod reach;

use platform::testing::on_both;
use proto::finance as pb;
use tonic::Code;

use crate::world::{Asked, World, administrator, economist, economist_of, fact, problem};

fn refusal(reason: &str) -> (Code, String) {
    (Code::FailedPrecondition, reason.to_owned())
}

#[tokio::test]
async fn from_draft_to_payment_every_step_shows_who_when_and_why() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let drafted = world.draft("r1", "sala", 400).await;
        assert_eq!(world.balances().await, (1000, 0, 0));
        let party = economist_of("sala");
        let submitted = world.take("submit", &drafted, &party).await.unwrap();
        assert_eq!(world.balances().await, (600, 400, 0));
        let reviewed = world.take("review", &submitted, &economist("bo")).await.unwrap();
        assert_eq!(world.balances().await, (600, 400, 0));
        let approved = world.take("approve", &reviewed, &administrator()).await.unwrap();
        assert_eq!(world.balances().await, (600, 0, 400));
        let paid = world.take("pay", &approved, &economist("bo")).await.unwrap();
        assert_eq!(world.balances().await, (600, 0, 400));

        let steps: Vec<_> = paid
            .steps
            .iter()
            .map(|step| {
                (step.state(), step.actor.rsplit('/').next().unwrap(), step.comment.as_str())
            })
            .collect();
        use pb::RequisitionState::{Approved, Draft, Paid, Reviewed, Submitted};
        let expected = [
            (Draft, "ekonom-sala", ""),
            (Submitted, "ekonom-sala", "because"),
            (Reviewed, "bo", "because"),
            (Approved, "kansli", "because"),
            (Paid, "bo", "because"),
        ];
        assert_eq!(steps, expected);
        assert!(paid.steps.iter().all(|step| step.time.is_some()));

        let message = pb::GetRequisitionRequest { name: paid.name.clone() };
        let read = world.requisitions().get_requisition(world.office(message)).await;
        assert_eq!(read.unwrap().into_inner().requisition.unwrap(), paid);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn who_submitted_never_approves_and_the_two_approvals_are_two_peoples() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        // An account that holds both roles still cannot approve its own.
        let mut both = economist("anna");
        both.grants.extend(economist_of("sala").grants);
        let request = world.by(&both, world.claim("r1", "sala", 100));
        let drafted = world.requisitions().create_requisition(request).await.unwrap();
        let drafted = drafted.into_inner().requisition.unwrap();
        let submitted = world.take("submit", &drafted, &both).await.unwrap();
        let own = world.take("review", &submitted, &both).await;
        assert_eq!(problem(own), refusal("OWN_APPROVAL"));

        let reviewed = world.take("review", &submitted, &economist("bo")).await.unwrap();
        let own = world.take("approve", &reviewed, &both).await;
        assert_eq!(problem(own), refusal("OWN_APPROVAL"));
        let same = world.take("approve", &reviewed, &economist("bo")).await;
        assert_eq!(problem(same), refusal("SAME_APPROVER"));
        world.take("approve", &reviewed, &economist("cecilia")).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_goes_back_is_released_and_can_come_again() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let party = economist_of("sala");
        let submitted = world.submitted("r1", "sala", 1000).await;
        let returned = world.take("return", &submitted, &economist("bo")).await.unwrap();
        assert_eq!(world.balances().await, (1000, 0, 0));
        let again = world.take("submit", &returned, &party).await.unwrap();
        let reviewed = world.take("review", &again, &economist("bo")).await.unwrap();
        world.take("reject", &reviewed, &administrator()).await.unwrap();
        assert_eq!(world.balances().await, (1000, 0, 0));

        let submitted = world.submitted("r2", "sala", 700).await;
        let withdrawn = world.take("withdraw", &submitted, &party).await.unwrap();
        assert_eq!(world.balances().await, (1000, 0, 0));
        let gone = world.take("submit", &withdrawn, &party).await;
        assert_eq!(fact(&gone, "state"), "withdrawn");
        assert_eq!(fact(&gone, "step"), "submit");
        assert_eq!(problem(gone), refusal("STATE_FORBIDS"));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_grant_without_room_is_told_with_what_is_asked_and_what_is_left() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.submitted("r1", "sala", 700).await;
        let drafted = world.draft("r2", "koping", 301).await;
        let refused = world.take("submit", &drafted, &economist_of("koping")).await;
        assert_eq!(fact(&refused, "asked_ore"), "301");
        assert_eq!(fact(&refused, "left_ore"), "300");
        assert_eq!(problem(refused), refusal("GRANT_OVERDRAWN"));
        assert_eq!(world.balances().await, (300, 700, 0));
    })
    .await;
}

#[tokio::test]
async fn a_step_on_a_version_that_has_changed_is_told_to_read_again() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let drafted = world.draft("r1", "sala", 100).await;
        world.take("submit", &drafted, &economist_of("sala")).await.unwrap();
        let stale = world.take("withdraw", &drafted, &economist_of("sala")).await;
        assert_eq!(problem(stale), (Code::Aborted, "STALE".to_owned()));
        assert_eq!(world.balances().await, (900, 100, 0));
    })
    .await;
}

#[tokio::test]
async fn a_repeated_step_answers_the_first_time_and_moves_nothing_twice() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let drafted = world.draft("r1", "sala", 100).await;
        let asked = Asked {
            name: drafted.name.clone(),
            etag: drafted.etag.clone(),
            comment: String::new(),
            request_id: "once".to_owned(),
        };
        let party = economist_of("sala");
        let first = world.ask("submit", asked.clone(), &party).await.unwrap();
        world.take("review", &first, &economist("bo")).await.unwrap();
        let sequence = world.sequence().await;
        let again = world.ask("submit", asked.clone(), &party).await.unwrap();
        assert_eq!(first, again);
        assert_eq!(world.sequence().await, sequence);
        assert_eq!(world.balances().await, (900, 100, 0));

        let other = world.ask("withdraw", asked.clone(), &party).await;
        assert_eq!(problem(other), refusal("REQUEST_ID_REUSED"));
        // The answer is for whom may see it today.
        let moved = world.ask("submit", asked, &economist_of("koping")).await;
        assert_eq!(problem(moved).0, Code::NotFound);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_is_asked_for_beside_its_draft_comes_after_it_or_finds_nothing() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1_000_000).await;
        let pair = async |number: usize| {
            let (id, party) = (format!("r{number}"), format!("party-0{number}"));
            let name = format!("{}/requisitions/{id}", crate::world::HOME);
            let seen = pb::Requisition { name, etag: "1".to_owned(), ..Default::default() };
            let economist = economist_of(&party);
            let draft = world.draft(&id, &party, 100);
            let submission = world.take("submit", &seen, &economist);
            let (_, submitted) = futures::join!(draft, submission);
            match submitted {
                Ok(submitted) => {
                    assert_eq!(submitted.state(), pb::RequisitionState::Submitted);
                    100
                }
                Err(status) => {
                    assert_eq!(status.code(), Code::NotFound);
                    0
                }
            }
        };
        let pairs = futures::future::join_all((0..10).map(pair)).await;
        let reserved: i64 = pairs.into_iter().sum();
        assert_eq!(world.balances().await, (1_000_000 - reserved, reserved, 0));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_a_step_lacks_is_told_all_at_once() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let message = pb::ReturnRequisitionRequest {
            name: "r1".to_owned(),
            etag: String::new(),
            comment: "  ".to_owned(),
            request_id: world.id(),
            validate_only: false,
        };
        let answer = world.requisitions().return_requisition(world.office(message)).await;
        let told =
            [("name", "NAME_MALFORMED"), ("etag", "FIELD_MISSING"), ("comment", "COMMENT_MISSING")];
        assert_eq!(crate::world::faults(answer), crate::world::expected(&told));

        let submitted = world.submitted("r1", "sala", 100).await;
        let dry = pb::ReviewRequisitionRequest {
            name: submitted.name.clone(),
            etag: submitted.etag.clone(),
            comment: String::new(),
            request_id: world.id(),
            validate_only: true,
        };
        let answer = world.requisitions().review_requisition(world.office(dry)).await;
        let would_be = answer.unwrap().into_inner().requisition.unwrap();
        assert_eq!(would_be.state(), pb::RequisitionState::Reviewed);
        world.take("review", &submitted, &economist("bo")).await.unwrap();
    })
    .await;
}
