//! Budgets, what the office expects, and budget against outcome.

use platform::testing::on_both;
use proto::finance::{self as pb, BudgetArea};
use tonic::Code;

use crate::world::{HOME, World, day, expected, faults, problem};

fn row(area: BudgetArea, ore: i64, recipient: &str) -> pb::BudgetRow {
    let recipient = match recipient {
        "" => String::new(),
        id => format!("{HOME}/recipients/{id}"),
    };
    pb::BudgetRow { area: area.into(), title: "Arvoden".to_owned(), amount_ore: ore, recipient }
}

async fn decide(world: &World, id: &str, rows: Vec<pb::BudgetRow>) -> pb::Budget {
    let message = world.budget(id, rows);
    let answer = world.budgets().decide_budget(world.office(message)).await;
    answer.unwrap().into_inner().budget.unwrap()
}

async fn expect(world: &World, id: &str, area: BudgetArea, ore: i64, on: &str) {
    let message = world.budget_forecast(id, area, ore, on);
    world.budgets().record_budget_forecast(world.office(message)).await.unwrap();
}

async fn table(world: &World, on: &str) -> pb::BudgetTable {
    let message =
        pb::GetBudgetTableRequest { parent: HOME.to_owned(), year: 2025, day: Some(day(on)) };
    let answer = world.budgets().get_budget_table(world.office(message)).await;
    answer.unwrap().into_inner().budget_table.unwrap()
}

/// Budgeted, granted, outcome, share, linear, forecast, deviation.
fn told(amounts: Option<pb::BudgetAmounts>) -> [i64; 7] {
    let pb::BudgetAmounts {
        budgeted_ore,
        granted_ore,
        outcome_ore,
        share_percent,
        linear_forecast_ore,
        forecast_ore,
        deviation_ore,
    } = amounts.unwrap();
    let share = i64::from(share_percent);
    [
        budgeted_ore,
        granted_ore,
        outcome_ore,
        share,
        linear_forecast_ore,
        forecast_ore,
        deviation_ore,
    ]
}

#[tokio::test]
async fn budget_stands_against_outcome_with_the_linear_and_the_offices_forecast() {
    on_both(|database| async move {
        let world = World::with_grant(database, 900_000).await;
        let rows = vec![
            row(BudgetArea::Board, 60_000, ""),
            row(BudgetArea::Administration, 200_000, ""),
            row(BudgetArea::Initiatives, 900_000, "sala"),
            row(BudgetArea::Initiatives, 100_000, ""),
        ];
        let budget = decide(&world, "b1", rows).await;
        assert_eq!((budget.total_ore, budget.version), (1_260_000, 1));
        world.spend("a", BudgetArea::Board, 20_000, "2025-03-31").await.unwrap();
        world.spend("b", BudgetArea::Administration, 125_000, "2025-06-30").await.unwrap();
        // The day after is not seen from the last of June.
        world.spend("c", BudgetArea::Administration, 1, "2025-07-01").await.unwrap();
        world.approved("r1", "sala", 300_000).await;
        world.submitted("r2", "koping", 50_000).await;
        expect(&world, "f1", BudgetArea::Administration, 260_000, "2025-05-31").await;
        expect(&world, "f2", BudgetArea::Administration, 190_000, "2025-06-30").await;

        let table = table(&world, "2025-06-30").await;
        assert_eq!(table.budget, budget.name);
        let rows: Vec<_> = table.rows.iter().map(|row| told(row.amounts)).collect();
        let expected = [
            [60_000, 0, 20_000, 33, 40_000, 40_000, 20_000],
            [200_000, 0, 125_000, 63, 250_000, 190_000, 10_000],
            [0; 7],
            [1_000_000, 900_000, 300_000, 30, 600_000, 600_000, 400_000],
        ];
        assert_eq!(rows, expected);
        let total = [1_260_000, 900_000, 445_000, 35, 890_000, 830_000, 430_000];
        assert_eq!(told(table.total), total);
        assert_eq!(table.rows[1].measures, "Vakansen tillsätts i höst");
        assert_eq!(table.rows[3].rows.len(), 2);
        assert_eq!(table.sequence, world.sequence().await);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_later_budget_replaces_the_first_from_its_day_and_the_last_forecast_is_in_force() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let first = decide(&world, "b1", vec![row(BudgetArea::Audit, 100, "")]).await;
        let mut message = world.budget("b2", vec![row(BudgetArea::Audit, 300, "")]);
        message.budget.as_mut().unwrap().decision_date = Some(day("2025-05-08"));
        let second = world.budgets().decide_budget(world.office(message)).await;
        let second = second.unwrap().into_inner().budget.unwrap();
        assert_eq!(second.version, 2);
        // Recorded later, on an earlier day: it is the office's last word.
        expect(&world, "f1", BudgetArea::Audit, 200, "2025-06-30").await;
        expect(&world, "f2", BudgetArea::Audit, 250, "2025-04-30").await;
        for (on, budget, audit) in [
            ("2025-03-31", &first.name, [100, 0, 0, 0, 0, 0, 100]),
            ("2025-04-30", &first.name, [100, 0, 0, 0, 0, 250, -150]),
            ("2025-06-30", &second.name, [300, 0, 0, 0, 0, 250, 50]),
        ] {
            let table = table(&world, on).await;
            assert_eq!((&table.budget, told(table.rows[2].amounts)), (budget, audit), "{on}");
        }

        let mut client = world.budgets();
        let message = pb::GetBudgetRequest { name: first.name.clone() };
        let read = client.get_budget(world.office(message)).await.unwrap().into_inner().budget;
        assert_eq!(read.as_ref(), Some(&first));
        let message = pb::ListBudgetsRequest {
            parent: HOME.to_owned(),
            year: 2025,
            page_size: 1,
            ..Default::default()
        };
        let page = client.list_budgets(world.office(message.clone())).await.unwrap().into_inner();
        assert_eq!(page.budgets, [second]);
        let message = pb::ListBudgetsRequest { page_token: page.next_page_token, ..message };
        let page = client.list_budgets(world.office(message)).await.unwrap().into_inner();
        assert_eq!((page.budgets, page.next_page_token.as_str()), (vec![first], ""));
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_budget_is_told_at_once() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let before = world.sequence().await;
        let rows = vec![
            row(BudgetArea::Unspecified, 0, ""),
            row(BudgetArea::Board, 1, "sala"),
            row(BudgetArea::Initiatives, 1, "nobody"),
        ];
        let mut message = world.budget("b1", rows);
        let content = message.budget.as_mut().unwrap();
        content.year = 3000;
        content.decision_date = Some(day("2025-07-02"));
        content.rows[1].title = String::new();
        let answer = world.budgets().decide_budget(world.office(message)).await;
        let told = [
            ("budget.year", "YEAR_OUT_OF_RANGE"),
            ("budget.rows[0].area", "ENUM_UNSPECIFIED"),
            ("budget.rows[0].amount_ore", "AMOUNT_NOT_POSITIVE"),
            ("budget.rows[1].title", "TEXT_MISSING"),
            ("budget.rows[1].recipient", "RECIPIENT_NOT_ALLOWED"),
            ("budget.rows[2].recipient", "RECIPIENT_UNKNOWN"),
            ("budget.decision_date", "DECISION_DATE_IN_FUTURE"),
        ];
        assert_eq!(faults(answer), expected(&told));
        for (rows, reason) in [
            (vec![], "BUDGET_ROWS_MISSING"),
            (vec![row(BudgetArea::Board, 1, ""); 201], "BUDGET_ROWS_TOO_MANY"),
        ] {
            let message = world.budget("b1", rows);
            let answer = world.budgets().decide_budget(world.office(message)).await;
            assert_eq!(faults(answer), expected(&[("budget.rows", reason)]));
        }

        let message = world.budget_forecast("f1", BudgetArea::Board, -1, "2024-12-31");
        let answer = world.budgets().record_budget_forecast(world.office(message)).await;
        let told = [
            ("budget_forecast.forecast_ore", "AMOUNT_NEGATIVE"),
            ("budget_forecast.day", "DAY_OUTSIDE_YEAR"),
        ];
        assert_eq!(faults(answer), expected(&told));
        let message = pb::GetBudgetTableRequest {
            parent: HOME.to_owned(),
            year: 2025,
            day: Some(day("2026-01-01")),
        };
        let answer = world.budgets().get_budget_table(world.office(message)).await;
        assert_eq!(faults(answer), expected(&[("day", "DAY_OUTSIDE_YEAR")]));
        assert_eq!(world.sequence().await, before);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_recorded_over_another_of_its_name() {
    on_both(|database| async move {
        let world = World::new(database).await;
        decide(&world, "b1", vec![row(BudgetArea::Audit, 100, "")]).await;
        let message = world.budget("b1", vec![row(BudgetArea::Audit, 100, "")]);
        let answer = world.budgets().decide_budget(world.office(message)).await;
        assert_eq!(problem(answer).0, Code::AlreadyExists);
        expect(&world, "f1", BudgetArea::Audit, 200, "2025-06-30").await;
        let message = world.budget_forecast("f1", BudgetArea::Audit, 300, "2025-06-30");
        let answer = world.budgets().record_budget_forecast(world.office(message)).await;
        assert_eq!(problem(answer).0, Code::AlreadyExists);
    })
    .await;
}
