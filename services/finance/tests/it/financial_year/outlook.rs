//! Where a year's equity is heading.

use platform::testing::on_both;
use proto::finance::{self as pb, BudgetArea};

use super::lived_through;
use crate::world::{HOME, World, day, economist_of, expected, faults};

async fn outlook(world: &World, on: &str) -> pb::EquityOutlook {
    let message =
        pb::GetEquityOutlookRequest { parent: HOME.to_owned(), year: 2025, day: Some(day(on)) };
    // Every role reads it.
    let request = world.by(&economist_of("sala"), message);
    let answer = world.financial_years().get_equity_outlook(request).await;
    answer.unwrap().into_inner().equity_outlook.unwrap()
}

async fn set_limits(world: &World) {
    let limit = |above_percent, state_reduction_percent| pb::EquityLimit {
        above_percent,
        state_reduction_percent,
        consequence: String::new(),
    };
    let message = pb::SetEquityPolicyRequest {
        name: format!("{HOME}/financialYears/2025"),
        etag: "1".to_owned(),
        equity_limits: vec![limit(20, 0), limit(30, 50), limit(50, 100)],
        request_id: world.id(),
        validate_only: false,
    };
    world.financial_years().set_equity_policy(world.office(message)).await.unwrap();
}

#[tokio::test]
async fn at_half_time_the_equity_is_heading_where_the_pace_leads() {
    on_both(|database| async move {
        let world = lived_through(database).await;
        set_limits(&world).await;
        let message = world.budget_forecast("f1", BudgetArea::Board, 70_000, "2025-06-30");
        world.budgets().record_budget_forecast(world.office(message)).await.unwrap();

        let outlook = outlook(&world, "2025-06-30").await;
        let limit = |place: usize| {
            let limit = &outlook.limits[place];
            (limit.limit_ore, limit.above_ore, limit.state_reduction_ore)
        };
        assert_eq!((outlook.opening_equity_ore, outlook.contributions_ore), (100_000, 800_000));
        // 2 000,00 of 4 400,00 in half a year; the sub-project's days are over.
        assert_eq!((outlook.initiatives_ore, outlook.initiatives_forecast_ore), (200_000, 400_000));
        assert_eq!(outlook.initiatives_own_forecast_ore, 400_000);
        assert_eq!(outlook.unspent_ore, 500_000 - 400_000);
        // The office's forecast of the board, twice the administration's half.
        assert_eq!((outlook.own_costs_ore, outlook.own_costs_forecast_ore), (100_000, 230_000));
        assert_eq!(outlook.closing_equity_ore, 100_000 + 800_000 - 400_000 - 230_000);
        assert_eq!(outlook.closing_equity_percent, 34);
        assert_eq!(limit(0), (160_000, 110_000, 0));
        assert_eq!(limit(1), (240_000, 30_000, 200_000));
        assert_eq!(limit(2), (400_000, -130_000, 0));
        assert_eq!(outlook.passed_limit, 1);
        assert_eq!(outlook.sequence, world.sequence().await);
    })
    .await;
}

#[tokio::test]
async fn a_closed_year_is_seen_as_it_ended() {
    on_both(|database| async move {
        let world = lived_through(database).await.later("2026-03-01T09:00:00Z");
        world.close(2025, "1", "2026-02-27").await.unwrap();
        let outlook = outlook(&world, "2025-12-31").await;
        assert_eq!((outlook.initiatives_ore, outlook.initiatives_forecast_ore), (200_000, 200_000));
        assert_eq!((outlook.own_costs_ore, outlook.own_costs_forecast_ore), (100_000, 100_000));
        assert_eq!((outlook.closing_equity_ore, outlook.passed_limit), (600_000, -1));
        assert_eq!(outlook.limits, []);
    })
    .await;
}

#[tokio::test]
async fn a_year_of_which_nothing_is_known_is_heading_nowhere() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let nothing = outlook(&world, "2025-01-01").await;
        assert_eq!((nothing.closing_equity_ore, nothing.closing_equity_percent), (0, 0));
        let message = pb::GetEquityOutlookRequest {
            parent: HOME.to_owned(),
            year: 2025,
            day: Some(day("2024-12-31")),
        };
        let answer = world.financial_years().get_equity_outlook(world.office(message)).await;
        assert_eq!(faults(answer), expected(&[("day", "DAY_OUTSIDE_YEAR")]));
    })
    .await;
}
