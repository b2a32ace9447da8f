//! Corrections: what they take back, and what they cannot.

use platform::{failure::Problem, testing::on_both};
use proto::finance as pb;
use tonic::{Code, Response, Status};

use crate::world::{
    HOME, World, administrator, days, economist, economist_of, expected, fact, fault_fact, faults,
    line, problem,
};

/// A correction of a requisition of `sala` for the same days.
fn correction(id: &str, lines: &[(pb::CostKind, i64)]) -> pb::Requisition {
    let lines = lines.iter().map(|(kind, ore)| line(*kind, *ore));
    pb::Requisition {
        corrects: format!("{HOME}/requisitions/{id}"),
        cost_lines: lines.collect(),
        ..crate::world::requisition("sala", 1)
    }
}

async fn draft(
    world: &World,
    id: &str,
    content: pb::Requisition,
) -> Result<pb::Requisition, Status> {
    let mut message = world.claim(id, "sala", 1);
    message.requisition = Some(content);
    let request = world.by(&economist_of("sala"), message);
    let answer = world.requisitions().create_requisition(request).await?;
    Ok(answer.into_inner().requisition.unwrap())
}

/// A requisition of `sala` for staff and premises, approved.
async fn original(world: &World) -> pb::Requisition {
    let lines = vec![line(pb::CostKind::Staff, 300), line(pb::CostKind::Premises, 100)];
    let content = pb::Requisition { cost_lines: lines, ..crate::world::requisition("sala", 1) };
    approve(world, draft(world, "r1", content).await.unwrap()).await
}

async fn approve(world: &World, drafted: pb::Requisition) -> pb::Requisition {
    let submitted = world.take("submit", &drafted, &economist_of("sala")).await.unwrap();
    let reviewed = world.take("review", &submitted, &economist("bo")).await.unwrap();
    world.take("approve", &reviewed, &administrator()).await.unwrap()
}

#[tokio::test]
async fn a_correction_goes_the_same_way_reserves_nothing_and_gives_the_money_back() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let paid = original(&world).await;
        let paid = world.take("pay", &paid, &economist("bo")).await.unwrap();
        assert_eq!(world.balances().await, (600, 0, 400));
        let content = correction("r1", &[(pb::CostKind::Staff, -120)]);
        let drafted = draft(&world, "k1", content).await.unwrap();
        assert_eq!((drafted.amount_ore, drafted.cost_lines[0].amount_ore), (-120, -120));
        assert_eq!(drafted.corrects, paid.name);
        let submitted = world.take("submit", &drafted, &economist_of("sala")).await.unwrap();
        assert_eq!(submitted.earlier_requisitioned_ore, 400);
        assert_eq!(world.balances().await, (600, 0, 400));
        let reviewed = world.take("review", &submitted, &economist("bo")).await.unwrap();
        assert_eq!(world.problems().await, [""; 0]);
        let approved = world.take("approve", &reviewed, &administrator()).await.unwrap();
        assert_eq!(world.balances().await, (720, 0, 280));
        assert_eq!(world.on_account("initiatives").await, 280);
        assert_eq!(world.on_account("payable").await, 120);
        let back = world.take("pay", &approved, &economist("bo")).await.unwrap();
        assert_eq!(back.state(), pb::RequisitionState::Paid);
        assert_eq!((world.on_account("payable").await, world.on_account("bank").await), (0, -280));
        assert_eq!(world.problems().await, [""; 0]);

        let message = pb::ListRequisitionsRequest {
            parent: HOME.to_owned(),
            party: format!("{HOME}/parties/sala"),
            corrects: paid.name.clone(),
            ..Default::default()
        };
        let listed = world.requisitions().list_requisitions(world.office(message)).await.unwrap();
        let listed: Vec<_> =
            listed.into_inner().requisitions.into_iter().map(|found| found.name).collect();
        assert_eq!(listed, [back.name]);
    })
    .await;
}

#[tokio::test]
async fn two_corrections_never_take_back_more_together_than_what_stands() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        original(&world).await;
        let party = economist_of("sala");
        let content = |ore| correction("r1", &[(pb::CostKind::Staff, ore)]);
        // Both fit as long as neither is sent in.
        let first = draft(&world, "k1", content(-200)).await.unwrap();
        let second = draft(&world, "k2", content(-101)).await.unwrap();
        let first = world.take("submit", &first, &party).await.unwrap();
        let refused = world.take("submit", &second, &party).await;
        for (key, value) in [
            ("kind", "staff"),
            ("asked_ore", "101"),
            ("possible_ore", "100"),
            ("staff_ore", "100"),
            ("premises_ore", "100"),
        ] {
            assert_eq!(fact(&refused, key), value, "{key}");
        }
        let expected_problem = (Code::FailedPrecondition, "CORRECTION_TOO_LARGE".to_owned());
        assert_eq!(problem(refused), expected_problem);
        let told = [("requisition.cost_lines[0].amount_ore", "CORRECTION_TOO_LARGE")];
        let third = draft(&world, "k3", content(-101)).await;
        assert_eq!(faults(third.map(Response::new)), expected(&told));

        // Of several kinds each is told.
        let content = correction("r1", &[(pb::CostKind::Premises, -1), (pb::CostKind::Staff, -1)]);
        let both = draft(&world, "k4", content).await.unwrap();
        let lines = [(pb::CostKind::Staff, -100), (pb::CostKind::Premises, -100)];
        let whole = draft(&world, "k5", correction("r1", &lines)).await.unwrap();
        let whole = world.take("submit", &whole, &party).await.unwrap();
        let refused = world.take("submit", &both, &party).await;
        let told = Problem::of(refused.as_ref().err().unwrap());
        assert_eq!((told.code, told.faults.len()), (Code::FailedPrecondition, 2));
        for (number, (kind, place)) in [("staff", 1), ("premises", 0)].into_iter().enumerate() {
            let fault = &told.faults[number];
            assert_eq!(fault.field, format!("cost_lines[{place}].amount_ore"));
            assert_eq!(fault.reason, "CORRECTION_TOO_LARGE");
            assert_eq!(fault_fact(&refused, number, "kind"), kind);
            assert_eq!(fault_fact(&refused, number, "possible_ore"), "0");
        }
        world.take("reject", &whole, &administrator()).await.unwrap();

        // What is rejected takes nothing back.
        world.take("reject", &first, &administrator()).await.unwrap();
        let second = approve(&world, second).await;
        assert_eq!(second.amount_ore, -101);
        assert_eq!(world.balances().await, (701, 0, 299));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_correction_that_does_not_fit_what_it_corrects_is_refused() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        original(&world).await;
        let unknown = draft(&world, "k1", correction("none", &[(pb::CostKind::Staff, -1)])).await;
        let told = [("requisition.corrects", "REQUISITION_UNKNOWN")];
        assert_eq!(faults(unknown.map(Response::new)), expected(&told));

        let content = pb::Requisition {
            period: Some(days("2025-01-01", "2025-03-31")),
            forecast_rest_ore: Some(1),
            ..correction("r1", &[(pb::CostKind::Staff, -1), (pb::CostKind::Training, -1)])
        };
        let told = [
            ("requisition.period", "CORRECTION_DIFFERS"),
            ("requisition.cost_lines[1].kind", "CORRECTION_UNBALANCED"),
            ("requisition.forecast_rest_ore", "FORECAST_NOT_ALLOWED"),
        ];
        let answer = draft(&world, "k1", content).await;
        assert_eq!(faults(answer.map(Response::new)), expected(&told));
        let mixed = correction("r1", &[(pb::CostKind::Staff, -1), (pb::CostKind::Premises, 1)]);
        let told = [("requisition.cost_lines[1].amount_ore", "CORRECTION_UNBALANCED")];
        let answer = draft(&world, "k1", mixed).await;
        assert_eq!(faults(answer.map(Response::new)), expected(&told));

        let content = correction("r1", &[(pb::CostKind::Staff, -1)]);
        approve(&world, draft(&world, "k1", content).await.unwrap()).await;
        let nested = draft(&world, "k2", correction("k1", &[(pb::CostKind::Staff, -1)])).await;
        let told = [("requisition.corrects", "CORRECTION_OF_CORRECTION")];
        assert_eq!(faults(nested.map(Response::new)), expected(&told));
        world.submitted("r2", "sala", 10).await;
        let early = draft(&world, "k2", correction("r2", &[(pb::CostKind::Other, -1)])).await;
        let told = [("requisition.corrects", "CORRECTED_NOT_APPROVED")];
        assert_eq!(faults(early.map(Response::new)), expected(&told));
    })
    .await;
}

#[tokio::test]
async fn what_another_party_has_claimed_is_not_there_to_be_corrected() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.approved("theirs", "koping", 100).await;
        let of_sala = draft(&world, "own", crate::world::requisition("sala", 1)).await.unwrap();
        for id in ["theirs", "none"] {
            let name = format!("{HOME}/requisitions/{id}");
            let unknown = ("requisition.corrects".to_owned(), "REQUISITION_UNKNOWN".to_owned());
            let mut message = world.claim("k1", "sala", 1);
            message.requisition = Some(correction(id, &[(pb::CostKind::Other, -1)]));
            let request = world.by(&economist_of("sala"), message);
            let answer = world.requisitions().create_requisition(request).await;
            assert_eq!(faults(answer), std::slice::from_ref(&unknown), "{id}");

            let content = pb::Requisition { corrects: name, ..of_sala.clone() };
            let message = pb::UpdateRequisitionRequest {
                requisition: Some(content),
                etag: of_sala.etag.clone(),
                request_id: world.id(),
                validate_only: false,
            };
            let request = world.by(&economist_of("sala"), message);
            let answer = world.requisitions().update_requisition(request).await;
            assert!(faults(answer).contains(&unknown), "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_back_whole_can_be_claimed_again() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        original(&world).await;
        let again = |id: &str| {
            let mut message = world.claim(id, "sala", 1);
            let content = message.requisition.as_mut().unwrap();
            content.cost_lines = vec![line(pb::CostKind::Staff, 250)];
            content.clone()
        };
        let told = [("requisition.cost_lines[0].kind", "COST_CLAIMED_BEFORE")];
        let part = draft(&world, "k1", correction("r1", &[(pb::CostKind::Staff, -299)])).await;
        approve(&world, part.unwrap()).await;
        let refused = draft(&world, "r2", again("r2")).await;
        assert_eq!(faults(refused.map(Response::new)), expected(&told));
        let rest = draft(&world, "k2", correction("r1", &[(pb::CostKind::Staff, -1)])).await;
        approve(&world, rest.unwrap()).await;
        let claimed = draft(&world, "r2", again("r2")).await.unwrap();
        approve(&world, claimed).await;
        assert_eq!(world.balances().await, (650, 0, 350));
        let refused = draft(&world, "r3", again("r3")).await;
        assert_eq!(faults(refused.map(Response::new)), expected(&told));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_correction_is_changed_as_a_claim_is_and_never_in_a_closed_year() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        original(&world).await;
        let content = correction("r1", &[(pb::CostKind::Staff, -1)]);
        let drafted = draft(&world, "k1", content).await.unwrap();
        let new = pb::Requisition {
            cost_lines: vec![line(pb::CostKind::Premises, -100)],
            ..drafted.clone()
        };
        let message = pb::UpdateRequisitionRequest {
            requisition: Some(new),
            etag: drafted.etag,
            request_id: world.id(),
            validate_only: false,
        };
        let request = world.by(&economist_of("sala"), message);
        let changed = world.requisitions().update_requisition(request).await.unwrap();
        let changed = changed.into_inner().requisition.unwrap();
        assert_eq!(changed.amount_ore, -100);
        let submitted = world.take("submit", &changed, &economist_of("sala")).await.unwrap();
        let reviewed = world.take("review", &submitted, &economist("bo")).await.unwrap();
        world.close_year(2025).await;
        let refused = world.take("approve", &reviewed, &administrator()).await;
        assert_eq!(problem(refused).1, "YEAR_CLOSED");
        let returned = world.take("return", &reviewed, &administrator()).await.unwrap();
        let refused = world.take("submit", &returned, &economist_of("sala")).await;
        assert_eq!(fact(&refused, "year"), "2025");
        let expected_problem = (Code::FailedPrecondition, "YEAR_CLOSED".to_owned());
        assert_eq!(problem(refused), expected_problem);
        world.take("withdraw", &returned, &economist_of("sala")).await.unwrap();
    })
    .await;
}
