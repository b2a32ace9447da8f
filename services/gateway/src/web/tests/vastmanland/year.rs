//! Prepared answers about the year 2025: contributions, budget, equity, own costs.

use proto::finance::{
    Budget, BudgetAmounts, BudgetArea, BudgetRow, BudgetTable, BudgetTableRow,
    CloseFinancialYearResponse, ContributionAmounts, ContributionDecision, ContributionGroup,
    ContributionPayment, ContributionRow, ContributionShare, ContributionTable, Decision,
    EquityLimit, EquityLimitOutlook, EquityOutlook, FinancialYear, FinancialYearClosing,
    FinancialYearState, GetBudgetResponse, GetBudgetTableResponse, GetContributionDecisionResponse,
    GetContributionTableResponse, GetEquityOutlookResponse, GetFinancialYearResponse,
    ListContributionPaymentsResponse, ListFinancialYearsResponse, ListOwnCostsResponse, OwnCost,
};

use super::{TKR, date, name};
use crate::web::tests::services::Services;

pub(super) fn prepare(services: &Services) {
    prepare_contributions(services);
    prepare_budget(services);
    services.answer(
        "/samordna.finance.v1.FinancialYearService/ListFinancialYears",
        &ListFinancialYearsResponse {
            financial_years: vec![year()],
            next_page_token: String::new(),
        },
    );
    services.answer(
        "/samordna.finance.v1.FinancialYearService/GetFinancialYear",
        &GetFinancialYearResponse { financial_year: Some(year()) },
    );
    services.answer(
        "/samordna.finance.v1.FinancialYearService/GetEquityOutlook",
        &GetEquityOutlookResponse { equity_outlook: Some(outlook()) },
    );
    let closed = FinancialYear { closing: Some(closing()), ..year() };
    services.answer(
        "/samordna.finance.v1.FinancialYearService/CloseFinancialYear",
        &CloseFinancialYearResponse { financial_year: Some(closed) },
    );
}

fn prepare_contributions(services: &Services) {
    let amounts = |agreed: i64, paid: i64, share_permille: i32| ContributionAmounts {
        agreed_ore: agreed * TKR,
        paid_ore: paid * TKR,
        outstanding_ore: (agreed - paid) * TKR,
        share_permille,
    };
    let row = |display_name: &str, group: ContributionGroup, amounts: ContributionAmounts| {
        ContributionRow {
            party: name("parties", "hallstahammar"),
            display_name: display_name.to_owned(),
            group: group.into(),
            amounts: Some(amounts),
        }
    };
    let table = ContributionTable {
        year: 2025,
        rows: vec![
            row("Försäkringskassan", ContributionGroup::State, amounts(7_000, 7_000, 500)),
            row("Region Västmanland", ContributionGroup::Region, amounts(3_500, 1_750, 250)),
            row("Hallstahammars kommun", ContributionGroup::Municipalities, amounts(3_500, 0, 250)),
        ],
        carried_over_equity_ore: 2_400 * TKR,
        total: Some(amounts(14_000, 8_750, 1000)),
        contribution_decision: name("contributionDecisions", "2025-beslut"),
        sequence: 61,
    };
    services.answer(
        "/samordna.finance.v1.ContributionService/GetContributionTable",
        &GetContributionTableResponse { contribution_table: Some(table) },
    );
    let decision = ContributionDecision {
        name: name("contributionDecisions", "2025-beslut"),
        year: 2025,
        total_ore: 14_000 * TKR,
        shares: vec![ContributionShare {
            party: name("parties", "hallstahammar"),
            weight: 16_800,
            amount_ore: 3_500 * TKR,
        }],
        ..ContributionDecision::default()
    };
    services.answer(
        "/samordna.finance.v1.ContributionService/GetContributionDecision",
        &GetContributionDecisionResponse { contribution_decision: Some(decision) },
    );
    let payment = ContributionPayment {
        name: name("contributionPayments", "p1"),
        year: 2025,
        party: name("parties", "hallstahammar"),
        amount_ore: 1_750 * TKR,
        payment_date: date(2025, 2, 3),
        bank_reference: "BGC 17".to_owned(),
        ..ContributionPayment::default()
    };
    services.answer(
        "/samordna.finance.v1.ContributionService/ListContributionPayments",
        &ListContributionPaymentsResponse {
            contribution_payments: vec![payment],
            next_page_token: String::new(),
        },
    );
}

fn prepare_budget(services: &Services) {
    let amounts = |budgeted: i64, outcome: i64, share_percent: i32| BudgetAmounts {
        budgeted_ore: budgeted * TKR,
        granted_ore: 0,
        outcome_ore: outcome * TKR,
        share_percent,
        linear_forecast_ore: 2 * outcome * TKR,
        forecast_ore: 2 * outcome * TKR,
        deviation_ore: (budgeted - 2 * outcome) * TKR,
    };
    let part = BudgetRow {
        area: BudgetArea::Board.into(),
        title: "Arvoden".to_owned(),
        amount_ore: 300 * TKR,
        recipient: String::new(),
    };
    let rows = vec![
        BudgetTableRow {
            area: BudgetArea::Board.into(),
            amounts: Some(amounts(300, 160, 53)),
            rows: vec![part.clone()],
            measures: "Färre möten i höst.".to_owned(),
        },
        BudgetTableRow {
            area: BudgetArea::Initiatives.into(),
            amounts: Some(amounts(13_841, 5_873, 42)),
            rows: vec![],
            measures: String::new(),
        },
    ];
    let table = BudgetTable {
        year: 2025,
        day: date(2025, 6, 30),
        rows,
        total: Some(amounts(14_141, 6_033, 43)),
        budget: name("budgets", "2025-1"),
        sequence: 61,
    };
    services.answer(
        "/samordna.finance.v1.BudgetService/GetBudgetTable",
        &GetBudgetTableResponse { budget_table: Some(table) },
    );
    let budget = Budget { name: name("budgets", "2025-1"), rows: vec![part], ..Budget::default() };
    services.answer(
        "/samordna.finance.v1.BudgetService/GetBudget",
        &GetBudgetResponse { budget: Some(budget) },
    );
    let cost = OwnCost {
        name: name("ownCosts", "c1"),
        area: BudgetArea::Administration.into(),
        amount_ore: 81_250_050,
        day: date(2025, 3, 31),
        description: "Löner januari–mars".to_owned(),
        reference: "A 117".to_owned(),
        synthetic: false,
    };
    services.answer(
        "/samordna.finance.v1.OwnCostService/ListOwnCosts",
        &ListOwnCostsResponse { own_costs: vec![cost], next_page_token: "more".to_owned() },
    );
}

fn decision() -> Decision {
    Decision {
        dnr: "SFV 2024/1".to_owned(),
        decision_date: date(2024, 11, 28),
        deciding_body: "Styrelsen".to_owned(),
    }
}

fn limit() -> EquityLimit {
    EquityLimit {
        above_percent: 20,
        state_reduction_percent: 10,
        consequence: "Förbundet lämnar en plan till parterna.".to_owned(),
    }
}

fn year() -> FinancialYear {
    FinancialYear {
        name: name("financialYears", "2025"),
        year: 2025,
        state: FinancialYearState::Open.into(),
        opening_equity_ore: 2_400 * TKR,
        opening_decision: Some(decision()),
        equity_limits: vec![limit()],
        closing: None,
        etag: "year-etag".to_owned(),
        synthetic: true,
    }
}

fn outlook() -> EquityOutlook {
    EquityOutlook {
        year: 2025,
        day: date(2025, 7, 15),
        opening_equity_ore: 2_400 * TKR,
        contributions_ore: 14_000 * TKR,
        initiatives_forecast_ore: 11_746 * TKR,
        closing_equity_ore: 3_654 * TKR,
        closing_equity_percent: 26,
        limits: vec![EquityLimitOutlook {
            limit: Some(limit()),
            limit_ore: 2_800 * TKR,
            above_ore: 854 * TKR,
            state_reduction_ore: 700 * TKR,
        }],
        passed_limit: 0,
        sequence: 61,
        ..EquityOutlook::default()
    }
}

fn closing() -> FinancialYearClosing {
    FinancialYearClosing {
        decision: Some(decision()),
        contributions_ore: 14_000 * TKR,
        initiatives_ore: 11_746 * TKR,
        own_costs_ore: 1_000 * TKR,
        result_ore: 1_254 * TKR,
        closing_equity_ore: 3_654 * TKR,
        lapsed_ore: 2_095 * TKR,
        unpaid_ore: 0,
        outstanding_ore: 0,
    }
}
