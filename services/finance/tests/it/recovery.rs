//! Recoveries: proposed by one, decided by another, and settled when the money
//! has come back.

use platform::testing::on_both;
use proto::finance as pb;
use sea_orm::ConnectionTrait as _;
use tonic::{Code, Response, Status};

use crate::world::{
    HOME, World, administrator, day, economist, economist_of, expected, fact, fault_fact, faults,
    line, problem,
};

fn proposal(world: &World, id: &str, ore: i64) -> pb::CreateRecoveryRequest {
    pb::CreateRecoveryRequest {
        parent: HOME.to_owned(),
        recovery_id: id.to_owned(),
        recovery: Some(pb::Recovery {
            requisition: format!("{HOME}/requisitions/r1"),
            cost_lines: vec![line(pb::CostKind::Other, ore)],
            reason: "Hyran var betald av en annan insats".to_owned(),
            dnr: "2025/31".to_owned(),
            ..Default::default()
        }),
        request_id: world.id(),
        validate_only: false,
    }
}

async fn propose(world: &World, id: &str, ore: i64) -> Result<pb::Recovery, Status> {
    let request = world.by(&economist("bo"), proposal(world, id, ore));
    let answer = world.recoveries().create_recovery(request).await?;
    Ok(answer.into_inner().recovery.unwrap())
}

async fn decide(
    world: &World,
    seen: &pb::Recovery,
    caller: &platform::Principal,
) -> Result<pb::Recovery, Status> {
    let message = pb::DecideRecoveryRequest {
        name: seen.name.clone(),
        etag: seen.etag.clone(),
        comment: "enligt styrelsen".to_owned(),
        request_id: world.id(),
        validate_only: false,
    };
    let answer = world.recoveries().decide_recovery(world.by(caller, message)).await?;
    Ok(answer.into_inner().recovery.unwrap())
}

async fn settle(world: &World, seen: &pb::Recovery, on: &str) -> Result<pb::Recovery, Status> {
    settle_as(world, seen, on, "BGC 9").await
}

async fn settle_as(
    world: &World,
    seen: &pb::Recovery,
    on: &str,
    bank_reference: &str,
) -> Result<pb::Recovery, Status> {
    let message = pb::SettleRecoveryRequest {
        name: seen.name.clone(),
        etag: seen.etag.clone(),
        comment: String::new(),
        request_id: world.id(),
        validate_only: false,
        settlement_date: Some(day(on)),
        bank_reference: bank_reference.to_owned(),
    };
    let answer = world.recoveries().settle_recovery(world.office(message)).await?;
    Ok(answer.into_inner().recovery.unwrap())
}

async fn cancel(world: &World, seen: &pb::Recovery, comment: &str) -> Result<pb::Recovery, Status> {
    let message = pb::CancelRecoveryRequest {
        name: seen.name.clone(),
        etag: seen.etag.clone(),
        comment: comment.to_owned(),
        request_id: world.id(),
        validate_only: false,
    };
    let answer = world.recoveries().cancel_recovery(world.office(message)).await?;
    Ok(answer.into_inner().recovery.unwrap())
}

/// A world in which `sala` has been paid 400 öre.
async fn with_payment(database: platform::Database) -> World {
    let world = World::with_grant(database, 1000).await;
    let approved = world.approved("r1", "sala", 400).await;
    world.take("pay", &approved, &economist("bo")).await.unwrap();
    world
}

#[tokio::test]
async fn what_was_paid_is_claimed_back_by_two_people_and_the_grants_again() {
    on_both(|database| async move {
        let world = with_payment(database).await;
        let proposed = propose(&world, "v1", 150).await.unwrap();
        assert_eq!(proposed.party, format!("{HOME}/parties/sala"));
        assert_eq!((proposed.amount_ore, proposed.etag.as_str()), (150, "1"));
        assert_eq!(world.balances().await, (600, 0, 400));
        let own = decide(&world, &proposed, &economist("bo")).await;
        assert_eq!(problem(own), (Code::FailedPrecondition, "OWN_APPROVAL".to_owned()));
        let decided = decide(&world, &proposed, &administrator()).await.unwrap();
        assert_eq!(decided.state(), pb::RecoveryState::Decided);
        assert_eq!(world.balances().await, (750, 0, 250));
        assert_eq!(world.on_account("initiatives").await, 250);
        assert_eq!(world.on_account("receivable").await, 150);
        assert_eq!(world.problems().await, [""; 0]);
        let settled = settle(&world, &decided, "2025-07-01").await.unwrap();
        assert_eq!(
            (settled.settlement_date, settled.bank_reference.as_str()),
            (Some(day("2025-07-01")), "BGC 9")
        );
        assert_eq!(
            (world.on_account("receivable").await, world.on_account("bank").await),
            (0, -250)
        );
        let steps: Vec<_> = settled
            .steps
            .iter()
            .map(|step| (step.state(), step.actor.rsplit('/').next().unwrap()))
            .collect();
        use pb::RecoveryState::{Decided, Proposed, Settled};
        assert_eq!(steps, [(Proposed, "bo"), (Decided, "kansli"), (Settled, "kansli")]);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn after_the_year_is_closed_a_recovery_lessens_the_costs_of_the_year_it_is_decided_in() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        // A payment of the year before, by the calendar of the tests.
        let mut message = world.grant("sala-2024", "sala", 1000);
        let content = message.grant.as_mut().unwrap();
        content.period = Some(crate::world::days("2024-01-01", "2024-12-31"));
        content.decision_date = Some(day("2023-11-28"));
        world.grants().create_grant(world.office(message)).await.unwrap();
        let mut claim = world.claim("r1", "sala", 400);
        let content = claim.requisition.as_mut().unwrap();
        content.grant = format!("{HOME}/grants/sala-2024");
        content.period = Some(crate::world::days("2024-07-01", "2024-12-31"));
        let party = economist_of("sala");
        let drafted = world.requisitions().create_requisition(world.by(&party, claim)).await;
        let mut seen = drafted.unwrap().into_inner().requisition.unwrap();
        for (step, caller) in [
            ("submit", party),
            ("review", economist("bo")),
            ("approve", administrator()),
            ("pay", economist("bo")),
        ] {
            seen = world.take(step, &seen, &caller).await.unwrap();
        }
        world.close_year(2024).await;
        let proposed = propose(&world, "v1", 400).await.unwrap();
        decide(&world, &proposed, &administrator()).await.unwrap();
        let message = pb::GetGrantRequest { name: format!("{HOME}/grants/sala-2024") };
        let grant = world.grants().get_grant(world.office(message)).await.unwrap();
        let grant = grant.into_inner().grant.unwrap();
        assert_eq!((grant.left_ore, grant.requisitioned_ore), (600, 400));
        assert_eq!(world.in_year("initiatives", 2025).await, -400);
        assert_eq!(world.in_year("receivable", 2025).await, 400);
    })
    .await;
}

#[tokio::test]
async fn no_more_is_recovered_than_what_was_paid_and_still_stands() {
    on_both(|database| async move {
        let world = with_payment(database).await;
        let first = propose(&world, "v1", 300).await.unwrap();
        let refused = propose(&world, "v2", 101).await;
        assert_eq!(fault_fact(&refused, 0, "possible_ore"), "100");
        assert_eq!(fault_fact(&refused, 0, "other_ore"), "100");
        let told = [("recovery.cost_lines[0].amount_ore", "RECOVERY_TOO_LARGE")];
        assert_eq!(faults(refused.map(Response::new)), expected(&told));
        // What is claimed back cannot be corrected too.
        let mut correction = world.claim("k1", "sala", -101);
        correction.requisition.as_mut().unwrap().corrects = format!("{HOME}/requisitions/r1");
        let request = world.by(&economist_of("sala"), correction);
        let answer = world.requisitions().create_requisition(request).await;
        let told = [("requisition.cost_lines[0].amount_ore", "CORRECTION_TOO_LARGE")];
        assert_eq!(faults(answer), expected(&told));

        let silent = cancel(&world, &first, " ").await;
        let told = [("comment", "COMMENT_MISSING")];
        assert_eq!(faults(silent.map(Response::new)), expected(&told));
        let cancelled = cancel(&world, &first, "fel rekvisition").await.unwrap();
        assert_eq!(cancelled.state(), pb::RecoveryState::Cancelled);
        let late = decide(&world, &cancelled, &administrator()).await;
        assert_eq!(problem(late).1, "RECOVERY_STATE_FORBIDS");
        let stale = decide(&world, &first, &administrator()).await;
        assert_eq!(problem(stale).0, Code::Aborted);
        let whole = propose(&world, "v2", 400).await.unwrap();
        let decided = decide(&world, &whole, &administrator()).await.unwrap();
        assert_eq!(world.balances().await, (1000, 0, 0));
        let future = settle(&world, &decided, "2025-07-02").await;
        let told = [("settlement_date", "SETTLEMENT_DATE_IN_FUTURE")];
        assert_eq!(faults(future.map(Response::new)), expected(&told));
        let both = settle_as(&world, &decided, "2025-07-02", "").await;
        let told = [("bank_reference", "TEXT_MISSING"), told[0]];
        assert_eq!(faults(both.map(Response::new)), expected(&told));
        assert_eq!(world.problems().await, [""; 0]);
        world.close_year(2024).await;
        let closed = settle(&world, &decided, "2024-12-31").await;
        assert_eq!(problem(closed).1, "YEAR_CLOSED");
    })
    .await;
}

#[tokio::test]
async fn what_was_recovered_whole_can_be_claimed_again_and_was_not_requisitioned_earlier() {
    on_both(|database| async move {
        let world = with_payment(database).await;
        let again = async |id: &str| {
            let request = world.by(&economist_of("sala"), world.claim(id, "sala", 90));
            world.requisitions().create_requisition(request).await
        };
        let told = [("requisition.cost_lines[0].kind", "COST_CLAIMED_BEFORE")];
        let most = propose(&world, "v1", 399).await.unwrap();
        decide(&world, &most, &administrator()).await.unwrap();
        assert_eq!(faults(again("r2").await), expected(&told));
        let rest = propose(&world, "v2", 1).await.unwrap();
        // A proposal may yet be given up.
        assert_eq!(faults(again("r2").await), expected(&told));
        let decided = decide(&world, &rest, &administrator()).await.unwrap();
        let drafted = again("r2").await.unwrap().into_inner().requisition.unwrap();
        settle(&world, &decided, "2025-07-01").await.unwrap();
        let submitted = world.take("submit", &drafted, &economist_of("sala")).await.unwrap();
        assert_eq!(submitted.earlier_requisitioned_ore, 0);
        assert_eq!(world.balances().await, (910, 90, 0));
        assert_eq!(faults(again("r3").await), expected(&told));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_is_requisitioned_earlier_is_what_the_ledger_has_net_of_recoveries() {
    on_both(|database| async move {
        let world = with_payment(database).await;
        let part = propose(&world, "v1", 150).await.unwrap();
        propose(&world, "v2", 30).await.unwrap();
        decide(&world, &part, &administrator()).await.unwrap();
        let mut message = world.claim("r2", "sala", 100);
        let content = message.requisition.as_mut().unwrap();
        content.period = Some(crate::world::days("2025-07-01", "2025-09-30"));
        let party = economist_of("sala");
        let drafted = world.requisitions().create_requisition(world.by(&party, message)).await;
        let drafted = drafted.unwrap().into_inner().requisition.unwrap();
        let submitted = world.take("submit", &drafted, &party).await.unwrap();
        assert_eq!(submitted.earlier_requisitioned_ore, 250);
        assert_eq!(world.on_account("requisitioned").await, 250);
    })
    .await;
}

#[tokio::test]
async fn a_proposal_that_cannot_be_right_is_refused_with_every_fault() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.approved("r1", "sala", 400).await;
        let unpaid = propose(&world, "v1", 100).await;
        assert_eq!(problem(unpaid), (Code::FailedPrecondition, "NOT_PAID".to_owned()));
        let mut message = proposal(&world, "v1", 100);
        let content = message.recovery.as_mut().unwrap();
        content.requisition = format!("{HOME}/requisitions/none");
        content.cost_lines = vec![line(pb::CostKind::Other, 1), line(pb::CostKind::Other, 1)];
        content.reason = String::new();
        content.dnr = String::new();
        let answer = world.recoveries().create_recovery(world.office(message)).await;
        let told = [
            ("recovery.reason", "TEXT_MISSING"),
            ("recovery.dnr", "TEXT_MISSING"),
            ("recovery.requisition", "REQUISITION_UNKNOWN"),
            ("recovery.cost_lines[1].kind", "COST_KIND_TWICE"),
        ];
        assert_eq!(faults(answer), expected(&told));
    })
    .await;
}

#[tokio::test]
async fn a_party_sees_its_own_recoveries_and_lists_are_narrowed() {
    on_both(|database| async move {
        let world = with_payment(database).await;
        let first = propose(&world, "v1", 10).await.unwrap();
        let second = propose(&world, "v2", 10).await.unwrap();
        decide(&world, &second, &administrator()).await.unwrap();
        let taken = propose(&world, "v1", 10).await;
        assert_eq!(problem(taken).0, Code::AlreadyExists);
        for (caller, sees) in
            [(economist_of("sala"), true), (economist_of("koping"), false), (economist("bo"), true)]
        {
            let message = pb::GetRecoveryRequest { name: first.name.clone() };
            let read = world.recoveries().get_recovery(world.by(&caller, message)).await;
            assert_eq!(read.is_ok(), sees);
            let message =
                pb::ListRecoveriesRequest { parent: HOME.to_owned(), ..Default::default() };
            let listed = world.recoveries().list_recoveries(world.by(&caller, message)).await;
            let listed: Vec<_> =
                listed.unwrap().into_inner().recoveries.into_iter().map(|it| it.name).collect();
            let both = vec![second.name.clone(), first.name.clone()];
            assert_eq!(listed, if sees { both } else { Vec::new() });
        }
        let message = pb::ListRecoveriesRequest {
            parent: HOME.to_owned(),
            requisition: format!("{HOME}/requisitions/r1"),
            state: pb::RecoveryState::Proposed.into(),
            page_size: 1,
            page_token: String::new(),
        };
        let listed = world.recoveries().list_recoveries(world.office(message)).await.unwrap();
        let listed = listed.into_inner();
        assert_eq!(
            (listed.recoveries.as_slice(), listed.next_page_token.as_str()),
            ([first].as_slice(), "")
        );
        assert_eq!(world.problems().await, [""; 0]);

        let sql = "UPDATE recovery SET state = 'settled' WHERE recovery_id = 'v2'";
        world.database.write.execute_unprepared(sql).await.unwrap();
        let problems = world.problems().await;
        let name = format!("{HOME}/recoveries/v2");
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems.iter().all(|problem| problem.starts_with(&name)), "{problems:?}");
    })
    .await;
}

#[tokio::test]
async fn a_year_is_not_closed_while_a_recovery_of_its_money_waits_for_a_decision() {
    on_both(|database| async move {
        let world = with_payment(database).await;
        world.open(2025, 0).await.unwrap();
        let proposed = propose(&world, "v1", 150).await.unwrap();
        let world = world.later("2026-01-02T09:00:00Z");
        let waiting = world.close(2025, "1", "2026-01-02").await;
        assert_eq!(fact(&waiting, "count"), "1");
        assert_eq!(fact(&waiting, "recovery"), proposed.name);
        let refused = (Code::FailedPrecondition, "RECOVERIES_UNDECIDED".to_owned());
        assert_eq!(problem(waiting), refused);
        cancel(&world, &proposed, "felräknat").await.unwrap();
        world.close(2025, "1", "2026-01-02").await.unwrap();
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}
