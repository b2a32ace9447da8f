//! Budgets, forecasts and the table, by hand.

use std::collections::HashMap;

use values::name::BudgetForecastName;

use super::{
    forecast::{Forecast, ForecastFault, ForecastParts, RecordFacts, RecordRefusal, record},
    table::{Amounts, AreaFigures, compute},
    *,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn year() -> BudgetYear {
    BudgetYear::new(2025).unwrap()
}

fn recipient(id: &str) -> RecipientName {
    RecipientName::parse("name", &format!("federations/f/recipients/{id}")).unwrap()
}

fn row(area: BudgetArea, ore: i64, recipient: Option<RecipientName>) -> RowParts {
    RowParts {
        area: Some(area),
        title: Some("Arvoden".to_owned()),
        amount: Amount::new(Ore::new(ore)).ok(),
        recipient: Some(recipient),
    }
}

fn parts(rows: Vec<RowParts>) -> BudgetParts {
    BudgetParts {
        name: BudgetName::parse("name", "federations/f/budgets/b1").ok(),
        year: Some(year()),
        rows: Some(rows),
        decision: BoardDecisionParts {
            dnr: Some("2024/17".to_owned()),
            decision_date: Some(day("2024-11-28")),
            deciding_body: Some("Styrelsen".to_owned()),
        },
        synthetic: false,
    }
}

fn facts(recipients: &HashSet<RecipientName>) -> DecideFacts<'_> {
    DecideFacts {
        is_taken: false,
        recipients,
        versions: 1,
        closed_through: None,
        today: day("2025-07-01"),
    }
}

fn budget() -> Budget {
    let rows = vec![
        row(BudgetArea::Initiatives, 900, Some(recipient("sala"))),
        row(BudgetArea::Board, 30, None),
        row(BudgetArea::Initiatives, 100, None),
        row(BudgetArea::Administration, 200, None),
    ];
    decide(parts(rows), facts(&HashSet::from([recipient("sala")]))).unwrap()
}

#[test]
fn a_budget_is_the_sum_of_its_rows_and_the_next_version_of_its_year() {
    let budget = budget();
    assert_eq!((budget.total(), budget.version), (Ore::new(1230), 2));
    assert_eq!(budget.of_area(BudgetArea::Initiatives).count(), 2);
}

#[test]
fn a_recipient_is_known_and_stands_with_initiatives_alone() {
    let rows = vec![
        row(BudgetArea::Audit, 1, Some(recipient("sala"))),
        row(BudgetArea::Initiatives, 1, Some(recipient("nobody"))),
        RowParts { title: None, ..row(BudgetArea::Initiatives, 1, Some(recipient("sala"))) },
    ];
    let known = HashSet::from([recipient("sala")]);
    let facts = DecideFacts { today: day("2024-11-27"), ..facts(&known) };
    let faults = vec![
        BudgetFault::RecipientNotAllowed { row: 0 },
        BudgetFault::RecipientUnknown { row: 1, recipient: recipient("nobody") },
        BudgetFault::InFuture(InFuture(day("2024-11-28"))),
    ];
    assert_eq!(decide(parts(rows), facts), Err(DecideRefusal::Faulty(faults)));
}

#[test]
fn a_budget_is_never_recorded_over_another_nor_in_a_closed_year() {
    let (rows, nobody) = (vec![row(BudgetArea::Board, 1, None)], HashSet::new());
    let closed = DecideFacts { closed_through: Some(2025), ..facts(&nobody) };
    let taken = DecideFacts { is_taken: true, ..closed };
    assert_eq!(decide(parts(rows.clone()), taken), Err(DecideRefusal::Taken));
    assert_eq!(decide(parts(rows), closed), Err(DecideRefusal::YearClosed(year())));
}

fn forecast(area: BudgetArea, on: &str, ore: i64) -> ForecastParts {
    ForecastParts {
        name: BudgetForecastName::parse("name", "federations/f/budgetForecasts/f1").ok(),
        year: Some(year()),
        area: Some(area),
        day: Some(day(on)),
        amount: Some(Ore::new(ore)),
        measures: Some("Vakans".to_owned()),
        synthetic: false,
    }
}

const OPEN: Option<i32> = Some(2024);

fn recorded(area: BudgetArea, on: &str, ore: i64) -> Result<Forecast, RecordRefusal> {
    let facts = RecordFacts { is_taken: false, closed_through: OPEN, today: day("2025-07-01") };
    record(forecast(area, on, ore), facts)
}

#[test]
fn a_forecast_is_made_on_a_day_of_its_year_that_has_come() {
    let (before, ahead) = (day("2024-12-31"), day("2025-07-02"));
    let outside = ForecastFault::DayOutsideYear { day: before, year: year() };
    for (on, faults) in [
        ("2025-07-01", vec![]),
        ("2024-12-31", vec![outside]),
        ("2025-07-02", vec![ForecastFault::InFuture(ahead)]),
    ] {
        let expected = (!faults.is_empty()).then_some(RecordRefusal::Faulty(faults));
        assert_eq!(recorded(BudgetArea::Board, on, 1).err(), expected, "{on}");
    }
    let today = day("2025-07-01");
    let closed = RecordFacts { is_taken: false, closed_through: Some(2025), today };
    let parts = forecast(BudgetArea::Board, "2025-06-30", 1);
    assert_eq!(record(parts.clone(), closed), Err(RecordRefusal::YearClosed(year())));
    let taken = RecordFacts { is_taken: true, ..closed };
    assert_eq!(record(parts, taken), Err(RecordRefusal::Taken));
}

#[test]
fn the_table_sets_budget_against_outcome_with_both_forecasts() {
    let forecast = recorded(BudgetArea::Administration, "2025-06-30", 190).ok();
    let figures = HashMap::from([
        (BudgetArea::Board, (0, 10, None)),
        (BudgetArea::Administration, (0, 120, forecast)),
        (BudgetArea::Initiatives, (950, 425, None)),
    ]);
    let of_area = |area| {
        let (granted, outcome, forecast) = figures.get(&area).cloned().unwrap_or_default();
        AreaFigures { granted: Ore::new(granted), outcome: Ore::new(outcome), forecast }
    };
    let table = compute(year(), day("2025-06-30"), Some(&budget()), of_area).unwrap();
    let told = |amounts: &Amounts| {
        let Amounts {
            budgeted,
            granted,
            outcome,
            share_percent,
            linear_forecast,
            forecast,
            deviation,
        } = *amounts;
        let ore = [budgeted, granted, outcome, linear_forecast, forecast, deviation];
        (ore.map(Ore::get), share_percent)
    };
    let rows: Vec<_> = table.rows.iter().map(|row| told(&row.amounts)).collect();
    let expected = [
        ([30, 0, 10, 20, 20, 10], 33),
        ([200, 0, 120, 240, 190, 10], 60),
        ([0, 0, 0, 0, 0, 0], 0),
        ([1000, 950, 425, 850, 850, 150], 43),
    ];
    assert_eq!(rows, expected);
    assert_eq!(told(&table.total), ([1230, 950, 555, 1110, 1060, 170], 45));
    let measures: Vec<&str> = table.rows.iter().map(|row| row.measures.as_str()).collect();
    assert_eq!(measures, ["", "Vakans", "", ""]);

    let empty = compute(year(), day("2025-01-31"), None, |_| AreaFigures::default()).unwrap();
    assert_eq!(told(&empty.total), ([0; 6], 0));
}
