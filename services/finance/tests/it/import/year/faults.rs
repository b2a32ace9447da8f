//! Every fault of every row of a year, each with its row, and nothing applied.

use platform::testing::on_both;
use proto::finance::{self as pb, BudgetArea};

use super::{agreed, budget, budgeted, forecast, limited, opened, paid, rows, spent, staffed};
use crate::{
    import::{faults::told, import},
    world::{HOME, World, day, expected},
};

/// Rows of a year and nothing else, on a federation that has only the parties.
fn of_year(world: &World) -> pb::ImportFinanceRequest {
    pb::ImportFinanceRequest {
        recipients: Vec::new(),
        grants: Vec::new(),
        requisitions: Vec::new(),
        ..rows(world)
    }
}

/// One of each thing that can be wrong, in one import.
fn bad_rows(world: &World) -> pb::ImportFinanceRequest {
    let mut message = of_year(world);
    let tomorrow = Some(day("2025-07-02"));
    message.financial_years.extend([
        opened(2026, 1),
        pb::FinancialYear { name: format!("{HOME}/financialYears/2028"), ..opened(2027, 0) },
        pb::FinancialYear { opening_decision: None, ..opened(2029, 0) },
        opened(2025, 700),
    ]);
    let mut without_region = agreed(world, "third", 8000);
    without_region.shares.retain(|share| !share.party.ends_with("/region"));
    message.contribution_decisions.extend([
        without_region,
        pb::ContributionDecision { total_ore: 0, ..agreed(world, "fourth", 8000) },
        pb::ContributionDecision { decision_date: tomorrow, ..agreed(world, "fifth", 8000) },
    ]);
    message.contribution_payments.extend([
        // Too much, if it were known what is decided.
        paid(world, "k3", "koping", 501),
        paid(world, "k4", "nobody", 1),
        pb::ContributionPayment { comment: String::new(), ..paid(world, "k5", "koping", -1) },
        paid(world, "k6", "koping", -1001),
        pb::ContributionPayment { payment_date: tomorrow, ..paid(world, "k7", "koping", 1) },
    ]);
    message.budgets.extend([
        budget(world, "b2", Vec::new()),
        budget(world, "b3", vec![budgeted(BudgetArea::Board, 0, "sala")]),
        budget(world, "b1", vec![budgeted(BudgetArea::Board, 1, "")]),
    ]);
    message.own_costs.extend([
        spent(world, "c1", BudgetArea::Initiatives, 1),
        pb::OwnCost { day: tomorrow, ..spent(world, "c2", BudgetArea::Audit, 1) },
        pb::OwnCost { name: "c3".to_owned(), ..spent(world, "c3", BudgetArea::Audit, 0) },
    ]);
    message.staffing_financings.extend([
        staffed("s1", "0001", (100, 0)),
        staffed("s2", "", (100, 0)),
        staffed("s3", "0484", (0, 0)),
        pb::StaffingFinancing {
            last_day: Some(day("2024-12-31")),
            ..staffed("s4", "0461", (1, 0))
        },
    ]);
    message.budget_forecasts.extend([
        forecast("f1", BudgetArea::Audit, -1, "2025-07-02"),
        forecast("f2", BudgetArea::Unspecified, 1, "2024-12-31"),
        forecast("april", BudgetArea::Board, 1, "2025-04-30"),
    ]);
    // What is wrong with 2029 itself is told at its own row.
    let years = [limited(2030, &[1]), limited(2025, &[20, 40]), limited(2029, &[40, 40])];
    message.equity_policies.extend(years);
    message
}

const TOLD: [(&str, &str); 34] = [
    ("financial_years[1].opening_equity_ore", "EQUITY_IS_CARRIED_OVER"),
    ("financial_years[2].name", "NAME_MALFORMED"),
    ("financial_years[3].opening_decision", "FIELD_MISSING"),
    ("financial_years[4].name", "NAME_TWICE"),
    ("contribution_decisions[2].shares", "GROUP_WITHOUT_PARTY"),
    ("contribution_decisions[3].total_ore", "AMOUNT_NOT_POSITIVE"),
    ("contribution_decisions[4].decision_date", "DECISION_DATE_IN_FUTURE"),
    ("contribution_payments[3].party", "PARTY_UNKNOWN"),
    ("contribution_payments[4].comment", "COMMENT_MISSING"),
    ("contribution_payments[5].amount_ore", "CONTRIBUTION_PAID_BELOW_ZERO"),
    ("contribution_payments[6].payment_date", "DAY_IN_FUTURE"),
    ("budgets[0].rows[1].recipient", "RECIPIENT_UNKNOWN"),
    ("budgets[1].rows", "BUDGET_ROWS_MISSING"),
    ("budgets[2].rows[0].amount_ore", "AMOUNT_NOT_POSITIVE"),
    ("budgets[2].rows[0].recipient", "RECIPIENT_NOT_ALLOWED"),
    ("budgets[3].name", "NAME_TWICE"),
    ("own_costs[2].area", "AREA_NOT_OWN_COST"),
    ("own_costs[3].day", "DAY_IN_FUTURE"),
    ("own_costs[4].name", "NAME_MALFORMED"),
    ("own_costs[4].amount_ore", "AMOUNT_ZERO"),
    ("staffing_financings[2].municipality", "MUNICIPALITY_UNKNOWN"),
    ("staffing_financings[3].paid_by_municipality_fte_percent", "MUNICIPALITY_MISSING"),
    ("staffing_financings[3].first_day", "STAFFING_OVERLAPS"),
    ("staffing_financings[4].paid_by_federation_fte_percent", "POSTS_MISSING"),
    ("staffing_financings[4].first_day", "STAFFING_OVERLAPS"),
    ("staffing_financings[5].last_day", "PERIOD_REVERSED"),
    ("budget_forecasts[2].forecast_ore", "AMOUNT_NEGATIVE"),
    ("budget_forecasts[2].day", "DAY_IN_FUTURE"),
    ("budget_forecasts[3].area", "ENUM_UNSPECIFIED"),
    ("budget_forecasts[3].day", "DAY_OUTSIDE_YEAR"),
    ("budget_forecasts[4].name", "NAME_TWICE"),
    ("equity_policies[1].name", "FINANCIAL_YEAR_UNKNOWN"),
    ("equity_policies[2].name", "NAME_TWICE"),
    ("equity_policies[3].equity_limits[1].above_percent", "LIMITS_NOT_RISING"),
];

#[tokio::test]
async fn every_fault_of_every_noun_is_named_at_once_and_nothing_is_applied() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let answer = import(&world, bad_rows(&world)).await;
        assert_eq!(told(&answer), expected(&TOLD));
        assert_eq!(world.sequence().await, 0);
        let dry = pb::ImportFinanceRequest { validate_only: true, ..bad_rows(&world) };
        assert_eq!(import(&world, dry).await, answer);
    })
    .await;
}

#[tokio::test]
async fn other_content_than_the_record_has_is_refused_for_every_noun() {
    on_both(|database| async move {
        let world = World::new(database).await;
        import(&world, rows(&world)).await;
        let mut changed = rows(&world);
        changed.financial_years[0].opening_equity_ore += 1;
        changed.contribution_decisions[0].shares[3].weight += 1;
        changed.contribution_payments[1].comment.push('!');
        changed.budgets[0].rows[2].title.push('!');
        changed.own_costs[0].reference.push('!');
        changed.staffing_financings[0].paid_by_federation_fte_percent += 1;
        changed.budget_forecasts[1].measures.push('!');
        changed.equity_policies[0].equity_limits[1].consequence.push('!');
        let all = [
            ("financial_years[0].name", "DIFFERS_FROM_RECORD"),
            ("contribution_decisions[0].name", "DIFFERS_FROM_RECORD"),
            ("contribution_payments[1].name", "DIFFERS_FROM_RECORD"),
            ("budgets[0].name", "DIFFERS_FROM_RECORD"),
            ("own_costs[0].name", "DIFFERS_FROM_RECORD"),
            ("staffing_financings[0].name", "DIFFERS_FROM_RECORD"),
            ("budget_forecasts[1].name", "DIFFERS_FROM_RECORD"),
            ("equity_policies[0].name", "DIFFERS_FROM_RECORD"),
        ];
        assert_eq!(told(&import(&world, changed).await), expected(&all));
    })
    .await;
}

#[tokio::test]
async fn rows_of_a_year_are_held_against_what_is_recorded_and_against_the_rows_before() {
    on_both(|database| async move {
        let world = World::new(database).await;
        import(&world, rows(&world)).await;
        let nothing = || pb::ImportFinanceRequest {
            parent: HOME.to_owned(),
            request_id: world.id(),
            ..Default::default()
        };
        // Försäkringskassan has paid 4000 of its half.
        let mut lower = nothing();
        lower.contribution_decisions = vec![agreed(&world, "third", 7996)];
        let answer = import(&world, lower).await;
        let all = [("contribution_decisions[0].shares", "CONTRIBUTION_BELOW_PAID")];
        assert_eq!(told(&answer), expected(&all));
        let party = answer.faults[0].facts.iter().find(|fact| fact.key == "party");
        assert_eq!(party.unwrap().value, format!("{HOME}/parties/forsakringskassan"));

        let mut more = nothing();
        more.contribution_payments =
            vec![paid(&world, "k3", "koping", 499), paid(&world, "k4", "koping", 2)];
        more.staffing_financings =
            vec![staffed("fler", "0484", (100, 0)), staffed("flen", "0482", (50, 0))];
        more.staffing_financings.push(staffed("flen-igen", "0482", (50, 0)));
        let all = [
            ("contribution_payments[1].amount_ore", "CONTRIBUTION_OVERPAID"),
            ("staffing_financings[0].first_day", "STAFFING_OVERLAPS"),
            ("staffing_financings[2].first_day", "STAFFING_OVERLAPS"),
        ];
        assert_eq!(told(&import(&world, more).await), expected(&all));
        assert_eq!(world.sequence().await, 19);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_imported_into_a_closed_year() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let year = world.open(2025, 0).await.unwrap();
        let world = world.later("2026-03-01T10:00:00Z");
        world.close(2025, &year.etag, "2026-02-20").await.unwrap();
        let mut message = of_year(&world);
        message.financial_years = vec![opened(2024, 0)];
        message.contribution_decisions.truncate(1);
        message.contribution_payments.truncate(1);
        message.budgets[0].rows.truncate(1);
        message.own_costs.truncate(1);
        message.budget_forecasts.truncate(1);
        let all = [
            ("financial_years[0].year", "EARLIER_YEAR_CLOSED"),
            ("contribution_decisions[0].year", "YEAR_CLOSED"),
            ("contribution_payments[0].payment_date", "YEAR_CLOSED"),
            ("budgets[0].year", "YEAR_CLOSED"),
            ("own_costs[0].day", "YEAR_CLOSED"),
            ("budget_forecasts[0].year", "YEAR_CLOSED"),
        ];
        assert_eq!(told(&import(&world, message).await), expected(&all));
    })
    .await;
}
