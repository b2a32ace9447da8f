//! What the federation itself costs.

use platform::testing::on_both;
use proto::finance::{self as pb, BudgetArea, LedgerAccount};
use tonic::Code;

use crate::world::{HOME, World, expected, faults, problem};

#[tokio::test]
async fn a_cost_is_booked_on_its_day_and_what_was_wrong_is_taken_back() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.spend("a", BudgetArea::Administration, 90_000, "2025-03-31").await.unwrap();
        let back = world.spend("b", BudgetArea::Administration, -10_000, "2025-04-01").await;
        let back = back.unwrap();
        world.spend("c", BudgetArea::Audit, 5_000, "2024-12-31").await.unwrap();
        let asked = pb::ListBalancesRequest { year: 2025, ..Default::default() };
        let expected = [
            (LedgerAccount::Bank, String::new(), -80_000),
            (LedgerAccount::OwnCosts, String::new(), 80_000),
        ];
        assert_eq!(world.balances_of(asked).await, expected);

        let mut client = world.own_costs();
        let message = pb::GetOwnCostRequest { name: back.name.clone() };
        let read = client.get_own_cost(world.office(message)).await.unwrap().into_inner();
        assert_eq!(read.own_cost.as_ref(), Some(&back));
        let message = pb::ListOwnCostsRequest {
            parent: HOME.to_owned(),
            year: 2025,
            page_size: 1,
            ..Default::default()
        };
        let page = client.list_own_costs(world.office(message.clone())).await.unwrap().into_inner();
        assert_eq!(page.own_costs, [back]);
        let page_token = page.next_page_token;
        let message = pb::ListOwnCostsRequest { page_token, ..message };
        let page = client.list_own_costs(world.office(message)).await.unwrap().into_inner();
        assert_eq!((page.own_costs[0].amount_ore, page.next_page_token.as_str()), (90_000, ""));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_cost_is_told_at_once_and_none_is_recorded_over_another() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let mut message = world.own_cost("A", BudgetArea::Initiatives, 0, "2025-07-02");
        message.own_cost.as_mut().unwrap().description = String::new();
        message.own_cost.as_mut().unwrap().reference = "x".repeat(101);
        let answer = world.own_costs().record_own_cost(world.office(message)).await;
        let told = [
            ("own_cost_id", "ID_MALFORMED"),
            ("own_cost.area", "AREA_NOT_OWN_COST"),
            ("own_cost.amount_ore", "AMOUNT_ZERO"),
            ("own_cost.description", "TEXT_MISSING"),
            ("own_cost.reference", "TEXT_TOO_LONG"),
            ("own_cost.day", "DAY_IN_FUTURE"),
        ];
        assert_eq!(faults(answer), expected(&told));

        world.spend("a", BudgetArea::Board, 1, "2025-01-01").await.unwrap();
        let again = world.spend("a", BudgetArea::Board, 1, "2025-01-01").await;
        assert_eq!(problem(again).0, Code::AlreadyExists);
    })
    .await;
}
