//! Grants: decisions of the board, recorded once and never changed.

mod amend;

use platform::testing::on_both;
use proto::finance as pb;
use tonic::Code;

use crate::world::{HOME, World, day, days, expected, faults, problem};

#[tokio::test]
async fn a_new_grant_has_all_of_it_left() {
    on_both(|database| async move {
        let world = World::with_grant(database, 172_000_000).await;
        assert_eq!(world.balances().await, (172_000_000, 0, 0));
        let message = pb::ListGrantsRequest { parent: HOME.to_owned(), ..Default::default() };
        let listed = world.grants().list_grants(world.office(message)).await;
        let listed = listed.unwrap().into_inner();
        assert_eq!(listed.grants.len(), 1);
        assert_eq!(listed.grants[0].decision_date, Some(day("2024-11-28")));
        assert_eq!(listed.next_page_token, "");
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_grant_is_told_at_once() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let mut message = world.grant("g", "nobody", 0);
        let content = message.grant.as_mut().unwrap();
        content.name = format!("{HOME}/grants/other");
        content.period = Some(days("2025-07-01", "2026-06-30"));
        content.dnr = String::new();
        content.decision_date = Some(day("2025-07-02"));
        content.deciding_body = "x".repeat(101);
        let answer = world.grants().create_grant(world.office(message)).await;
        let told = [
            ("grant.name", "NAME_MALFORMED"),
            ("grant.period", "PERIOD_NOT_IN_ONE_YEAR"),
            ("grant.amount_ore", "AMOUNT_NOT_POSITIVE"),
            ("grant.dnr", "TEXT_MISSING"),
            ("grant.deciding_body", "TEXT_TOO_LONG"),
            ("grant.recipient", "RECIPIENT_UNKNOWN"),
            ("grant.decision_date", "DECISION_DATE_IN_FUTURE"),
        ];
        assert_eq!(faults(answer), expected(&told));

        let message = world.grant("g", "nobody", 1_000_000_000_000_001);
        let answer = world.grants().create_grant(world.office(message)).await;
        let told =
            [("grant.amount_ore", "AMOUNT_TOO_LARGE"), ("grant.recipient", "RECIPIENT_UNKNOWN")];
        assert_eq!(faults(answer), expected(&told));
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_decision_is_recorded_on_its_day_and_never_over_another() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let mut today = world.grant("today", "sala", 1);
        today.grant.as_mut().unwrap().decision_date = Some(day("2025-07-01"));
        world.grants().create_grant(world.office(today)).await.unwrap();

        let message = world.grant("sala-2025", "sala", 1000);
        let answer = world.grants().create_grant(world.office(message)).await;
        assert_eq!(problem(answer).0, Code::AlreadyExists);
        assert_eq!(world.balances().await, (1000, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn the_answer_of_a_repetition_is_the_first_one_even_when_the_grant_has_moved_on() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let message = world.grant("again", "sala", 500);
        let first = world.grants().create_grant(world.office(message.clone())).await;
        let mut claim = world.claim("r1", "sala", 200);
        claim.requisition.as_mut().unwrap().grant = format!("{HOME}/grants/again");
        let by_party = crate::world::economist_of("sala");
        let drafted = world.requisitions().create_requisition(world.by(&by_party, claim)).await;
        let drafted = drafted.unwrap().into_inner().requisition.unwrap();
        world.take("submit", &drafted, &by_party).await.unwrap();

        let again = world.grants().create_grant(world.office(message)).await;
        assert_eq!(first.unwrap().into_inner(), again.unwrap().into_inner());
    })
    .await;
}
