//! What may be claimed.

use platform::{failure::Problem, testing::on_both};
use proto::finance as pb;
use tonic::Code;

use crate::world::{
    HOME, World, administrator, days, economist_of, expected, fact, fault_fact, faults, line,
    problem,
};

#[tokio::test]
async fn every_fault_of_a_claim_is_told_at_once() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let mut message = world.claim("r1", "sala", 1);
        let content = message.requisition.as_mut().unwrap();
        content.period = Some(days("2024-12-01", "2025-01-31"));
        content.payment_reference = "x".repeat(101);
        content.cost_lines = vec![
            pb::CostLine { fte_percent: 1001, ..line(pb::CostKind::Staff, 0) },
            pb::CostLine { fte_percent: 50, ..line(pb::CostKind::Premises, 1) },
            pb::CostLine { description: "x".repeat(201), ..line(pb::CostKind::Unspecified, -1) },
        ];
        let request = world.by(&economist_of("sala"), message);
        let answer = world.requisitions().create_requisition(request).await;
        let told = [
            ("requisition.cost_lines[0].fte_percent", "FTE_PERCENT_OUT_OF_RANGE"),
            ("requisition.cost_lines[0].amount_ore", "AMOUNT_NOT_POSITIVE"),
            ("requisition.cost_lines[1].fte_percent", "FTE_PERCENT_NOT_ALLOWED"),
            ("requisition.cost_lines[2].description", "TEXT_TOO_LONG"),
            ("requisition.cost_lines[2].kind", "ENUM_UNSPECIFIED"),
            ("requisition.cost_lines[2].amount_ore", "AMOUNT_NOT_POSITIVE"),
            ("requisition.payment_reference", "TEXT_TOO_LONG"),
            ("requisition.period", "PERIOD_OUTSIDE_GRANT"),
        ];
        assert_eq!(faults(answer), expected(&told));
    })
    .await;
}

#[tokio::test]
async fn a_claim_has_one_to_fifty_lines_and_a_grant_and_a_party_that_are_there() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        for (lines, told) in [(0, "COST_LINES_MISSING"), (51, "COST_LINES_TOO_MANY")] {
            let mut message = world.claim("r1", "nobody", 1);
            let content = message.requisition.as_mut().unwrap();
            content.grant = format!("{HOME}/grants/none");
            content.cost_lines = vec![line(pb::CostKind::Other, 1); lines];
            let request = world.by(&economist_of("nobody"), message);
            let answer = world.requisitions().create_requisition(request).await;
            let told = [
                ("requisition.cost_lines", told),
                ("requisition.party", "PARTY_UNKNOWN"),
                ("requisition.grant", "GRANT_UNKNOWN"),
            ];
            assert_eq!(faults(answer), expected(&told));
        }
    })
    .await;
}

#[tokio::test]
async fn a_submission_tells_every_cost_that_was_claimed_meanwhile_and_the_days_that_changed() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let party = economist_of("sala");
        let kinds = [pb::CostKind::Staff, pb::CostKind::Training, pb::CostKind::Other];
        let mut drafts = Vec::new();
        for (id, kinds) in [("r1", &kinds[1..]), ("r2", &kinds[..])] {
            let mut claim = world.claim(id, "sala", 0);
            let lines = kinds.iter().map(|kind| line(*kind, 10)).collect();
            claim.requisition.as_mut().unwrap().cost_lines = lines;
            let drafted = world.requisitions().create_requisition(world.by(&party, claim)).await;
            drafts.push(drafted.unwrap().into_inner().requisition.unwrap());
        }
        world.take("submit", &drafts[0], &party).await.unwrap();
        let refused = world.take("submit", &drafts[1], &party).await;
        let told = Problem::of(refused.as_ref().err().unwrap());
        let told: Vec<_> =
            told.faults.iter().map(|it| (it.field.as_str(), it.reason.as_str())).collect();
        let expected = [
            ("cost_lines[1].kind", "COST_CLAIMED_BEFORE"),
            ("cost_lines[2].kind", "COST_CLAIMED_BEFORE"),
        ];
        assert_eq!(told, expected);
        for (number, kind) in ["training", "other"].into_iter().enumerate() {
            assert_eq!(fault_fact(&refused, number, "kind"), kind);
            assert_eq!(fault_fact(&refused, number, "requisition"), drafts[0].name);
        }
        // The first is the reason of the whole.
        assert_eq!(fact(&refused, "kind"), "training");
        let code = (Code::FailedPrecondition, "COST_CLAIMED_BEFORE".to_owned());
        assert_eq!(problem(refused), code);
    })
    .await;
}

#[tokio::test]
async fn a_cost_is_claimed_once_by_a_party_for_the_same_days() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let party = economist_of("sala");
        // Two drafts may claim the same: neither has sent it in.
        let first = world.draft("r1", "sala", 100).await;
        let second = world.draft("r2", "sala", 100).await;
        world.take("submit", &first, &party).await.unwrap();
        let refused = world.take("submit", &second, &party).await;
        assert_eq!(fact(&refused, "requisition"), first.name);
        assert_eq!(fact(&refused, "kind"), "other");
        assert_eq!(problem(refused).1, "COST_CLAIMED_BEFORE");

        let request = world.by(&party, world.claim("r3", "sala", 100));
        let answer = world.requisitions().create_requisition(request).await;
        let told = [("requisition.cost_lines[0].kind", "COST_CLAIMED_BEFORE")];
        assert_eq!(faults(answer), expected(&told));

        // Other days, another kind and another party are other costs.
        let mut later = world.claim("r3", "sala", 100);
        later.requisition.as_mut().unwrap().period = Some(days("2025-07-01", "2025-07-31"));
        let mut kind = world.claim("r4", "sala", 100);
        kind.requisition.as_mut().unwrap().cost_lines = vec![line(pb::CostKind::Training, 1)];
        for message in [later, kind] {
            let request = world.by(&party, message);
            world.requisitions().create_requisition(request).await.unwrap();
        }
        world.submitted("r5", "koping", 100).await;

        let message = pb::GetRequisitionRequest { name: first.name };
        let seen = world.requisitions().get_requisition(world.office(message)).await;
        let seen = seen.unwrap().into_inner().requisition.unwrap();
        world.take("reject", &seen, &administrator()).await.unwrap();
        world.take("submit", &second, &party).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_requisition_is_never_drafted_over_another_or_for_another_party() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.draft("r1", "sala", 100).await;
        let request = world.by(&economist_of("koping"), world.claim("r1", "koping", 100));
        let taken = world.requisitions().create_requisition(request).await;
        assert_eq!(problem(taken).0, Code::AlreadyExists);
        let request = world.by(&economist_of("koping"), world.claim("r2", "sala", 100));
        let other = world.requisitions().create_requisition(request).await;
        assert_eq!(problem(other).0, Code::NotFound);
    })
    .await;
}
