//! The tables of a year: what their rows become, and what is wrong with them.

use proto::finance::{self as pb, BudgetArea, ContributionGroup};

use super::{
    fake::fault,
    files::{GRANTS, LINES, PARTIES, REQUISITIONS, answer, assert_faults, brief, plan, with},
};
use crate::import::Section;

const YEARS: &str = "year;opening_equity_kronor;dnr;decision_date;deciding_body\n";
const CONTRIBUTIONS: &str = "contribution;year;total_kronor;dnr;decision_date;deciding_body\n";
const SHARES: &str = "contribution;party;weight\n";
const PAYMENTS: &str =
    "contribution_payment;year;party;amount_kronor;payment_date;bank_reference;comment\n";
const BUDGETS: &str = "budget;year;dnr;decision_date;deciding_body\n";
const ROWS: &str = "budget;area;title;amount_kronor;recipient\n";
const FORECASTS: &str = "budget_forecast;year;area;day;forecast_kronor;measures\n";
const LIMITS: &str = "year;above_percent;state_reduction_percent;consequence\n";
const COSTS: &str = "own_cost;area;amount_kronor;day;description;reference\n";
const STAFFING: &str = "staffing;municipality;title;first_day;last_day;\
                        paid_by_municipality_fte_percent;paid_by_federation_fte_percent\n";

fn day(month: i32, day: i32) -> Option<proto::Date> {
    Some(proto::Date { year: 2025, month, day })
}

#[test]
fn the_rows_of_a_year_become_what_the_service_takes() {
    let plan = plan(&[
        ("financial-years.csv", &with(YEARS, "2025;-1,50;7;2025-01-02;Styrelsen\n")),
        ("contributions.csv", &with(CONTRIBUTIONS, "c;2025;100 kr;8;2025-01-02;Styrelsen\n")),
        ("contribution-shares.csv", &with(SHARES, "c;fk;\nc;sala;3\n")),
        ("contribution-payments.csv", &with(PAYMENTS, "k;2025;sala;-5;2025-01-02;OCR;fel\n")),
        ("budgets.csv", &with(BUDGETS, "b;2025;9;2025-01-02;Styrelsen\n")),
        ("budget-rows.csv", &with(ROWS, "b;initiatives;Team;1;sala\nb;audit;Revision;2;\n")),
        ("own-costs.csv", &with(COSTS, "o;board;3;2025-01-02;Arvoden;\n")),
        ("staffing-financing.csv", &with(STAFFING, "s;1981;Coach;2025-01-02;;75;1 50\n")),
    ]);
    let faults = plan.faults(&[]);
    let percent =
        ("staffing-financing.csv", 2, "paid_by_federation_fte_percent", "NUMBER_MALFORMED");
    assert_eq!(faults.iter().map(brief).collect::<Vec<_>>(), [percent]);

    let finance = &plan.requests.finance;
    let decision = pb::Decision {
        dnr: "7".to_owned(),
        decision_date: day(1, 2),
        deciding_body: "Styrelsen".to_owned(),
    };
    let year = pb::FinancialYear {
        name: "federations/f/financialYears/2025".to_owned(),
        year: 2025,
        opening_equity_ore: -150,
        opening_decision: Some(decision),
        ..Default::default()
    };
    assert_eq!(finance.financial_years, [year]);
    let [contribution] = finance.contribution_decisions.as_slice() else { panic!("one") };
    assert_eq!((contribution.year, contribution.total_ore), (2025, 10_000));
    let shares = contribution.shares.iter().map(|share| (share.party.as_str(), share.weight));
    let expected = [("federations/f/parties/fk", 0), ("federations/f/parties/sala", 3)];
    assert_eq!(shares.collect::<Vec<_>>(), expected);
    assert_eq!(finance.contribution_payments[0].amount_ore, -500);
    let rows = finance.budgets[0].rows.iter();
    let rows: Vec<_> = rows.map(|row| (row.area(), row.amount_ore, &*row.recipient)).collect();
    let sala = "federations/f/recipients/sala";
    assert_eq!(rows, [(BudgetArea::Initiatives, 100, sala), (BudgetArea::Audit, 200, "")]);
    assert_eq!(finance.own_costs[0].area(), BudgetArea::Board);
    let staffing = &finance.staffing_financings[0];
    assert_eq!(staffing.municipality, "federations/f/municipalities/1981");
    assert_eq!((staffing.first_day, staffing.last_day), (day(1, 2), None));
    assert_eq!(staffing.paid_by_municipality_fte_percent, 75);
}

#[test]
fn forecasts_and_limits_are_read_and_the_limits_of_a_year_gathered() {
    let limits = "2025;20;10 %;Mindre\n2026;15;;\n2025;30;;\n";
    let plan = plan(&[
        ("equity-limits.csv", &with(LIMITS, limits)),
        ("budget-forecasts.csv", &with(FORECASTS, "p;2025;audit;2025-06-30;1 200,50;Inget\n")),
    ]);
    assert_eq!(plan.faults(&[]), []);
    let finance = &plan.requests.finance;
    let limit = |above_percent, state_reduction_percent, consequence: &str| pb::EquityLimit {
        above_percent,
        state_reduction_percent,
        consequence: consequence.to_owned(),
    };
    let policy = |year: &str, equity_limits| pb::EquityPolicy {
        name: format!("federations/f/financialYears/{year}"),
        equity_limits,
    };
    let of_2025 = vec![limit(20, 10, "Mindre"), limit(30, 0, "")];
    let expected = [policy("2025", of_2025), policy("2026", vec![limit(15, 0, "")])];
    assert_eq!(finance.equity_policies, expected);
    let forecast = pb::BudgetForecast {
        name: "federations/f/budgetForecasts/p".to_owned(),
        year: 2025,
        area: BudgetArea::Audit.into(),
        day: day(6, 30),
        forecast_ore: 120_050,
        measures: "Inget".to_owned(),
        synthetic: false,
    };
    assert_eq!(finance.budget_forecasts, [forecast]);
}

#[test]
fn what_finance_says_of_limits_and_forecasts_is_told_at_the_cell_it_came_from() {
    let plan = plan(&[
        ("equity-limits.csv", &with(LIMITS, "2025;20;10;\n2026;15;;\n2025;20;;\n")),
        ("budget-forecasts.csv", &with(FORECASTS, "p;2025;audit;2025-06-30;1;\n")),
    ]);
    let said = answer(vec![
        fault("equity_policies[0].equity_limits[1].above_percent", "LIMITS_NOT_RISING"),
        fault("equity_policies[1].name", "FINANCIAL_YEAR_UNKNOWN"),
        fault("budget_forecasts[0].forecast_ore", "AMOUNT_TOO_LARGE"),
    ]);
    assert_eq!(
        plan.faults(&[(Section::Finance, said)]).iter().map(brief).collect::<Vec<_>>(),
        [
            ("equity-limits.csv", 3, "year", "FINANCIAL_YEAR_UNKNOWN"),
            ("equity-limits.csv", 4, "above_percent", "LIMITS_NOT_RISING"),
            ("budget-forecasts.csv", 2, "forecast_kronor", "AMOUNT_TOO_LARGE"),
        ]
    );
}

#[test]
fn another_currency_is_refused_in_every_table_with_an_amount() {
    let decision = ";8;2025-01-02;Styrelsen\n";
    let contribution = with(CONTRIBUTIONS, &format!("c;2025;100 EUR{decision}"));
    assert_faults(
        &[
            ("financial-years.csv", &with(YEARS, &format!("2025;100 EUR{decision}"))),
            ("contributions.csv", &contribution),
            ("contribution-shares.csv", SHARES),
            ("contribution-payments.csv", &with(PAYMENTS, "k;2025;p;100 EUR;2025-01-02;OCR;\n")),
            ("budgets.csv", &with(BUDGETS, &format!("b;2025{decision}"))),
            ("budget-rows.csv", &with(ROWS, "b;audit;Revision;100 EUR;\n")),
            ("own-costs.csv", &with(COSTS, "o;board;100 EUR;2025-01-02;Arvoden;\n")),
            ("budget-forecasts.csv", &with(FORECASTS, "p;2025;audit;2025-06-30;100 EUR;\n")),
        ],
        &[
            ("financial-years.csv", 2, "opening_equity_kronor", "CURRENCY_UNKNOWN"),
            ("contributions.csv", 2, "total_kronor", "CURRENCY_UNKNOWN"),
            ("contribution-payments.csv", 2, "amount_kronor", "CURRENCY_UNKNOWN"),
            ("budget-rows.csv", 2, "amount_kronor", "CURRENCY_UNKNOWN"),
            ("budget-forecasts.csv", 2, "forecast_kronor", "CURRENCY_UNKNOWN"),
            ("own-costs.csv", 2, "amount_kronor", "CURRENCY_UNKNOWN"),
        ],
    );
}

#[test]
fn what_finance_says_of_a_year_is_told_at_the_cell_it_came_from() {
    let plan = plan(&[
        ("financial-years.csv", &with(YEARS, "2025;0;7;2125-01-02;Styrelsen\n")),
        ("contributions.csv", &with(CONTRIBUTIONS, "c;2025;100;8;2025-01-02;Styrelsen\n")),
        ("contribution-shares.csv", &with(SHARES, "c;fk;\nc;nobody;3\n")),
        ("budgets.csv", &with(BUDGETS, "b;2025;9;2025-01-02;Styrelsen\n")),
        ("budget-rows.csv", &with(ROWS, "b;board;Arvoden;1;sala\n")),
        ("staffing-financing.csv", &with(STAFFING, "s;1981;Coach;2025-01-02;;75;\n")),
    ]);
    let said = answer(vec![
        fault("financial_years[0].opening_decision.decision_date", "DECISION_DATE_IN_FUTURE"),
        fault("contribution_decisions[0].shares[1].party", "PARTY_UNKNOWN"),
        fault("contribution_decisions[0].shares", "GROUP_WITHOUT_PARTY"),
        fault("budgets[0].rows[0].recipient", "RECIPIENT_NOT_ALLOWED"),
        fault("staffing_financings[0].first_day", "STAFFING_OVERLAPS"),
    ]);
    assert_eq!(
        plan.faults(&[(Section::Finance, said)]).iter().map(brief).collect::<Vec<_>>(),
        [
            ("financial-years.csv", 2, "decision_date", "DECISION_DATE_IN_FUTURE"),
            ("contributions.csv", 2, "contribution", "GROUP_WITHOUT_PARTY"),
            ("contribution-shares.csv", 3, "party", "PARTY_UNKNOWN"),
            ("budget-rows.csv", 2, "recipient", "RECIPIENT_NOT_ALLOWED"),
            ("staffing-financing.csv", 2, "first_day", "STAFFING_OVERLAPS"),
        ]
    );
}

#[test]
fn the_halves_of_contributions_and_of_budgets_need_each_other() {
    assert_faults(
        &[
            ("contributions.csv", &with(CONTRIBUTIONS, "c;2025;100;8;2025-01-02;Styrelsen\n")),
            ("budget-rows.csv", &with(ROWS, "b;audit;Revision;1;\n")),
        ],
        &[
            ("contribution-shares.csv", 0, "", "FILE_MISSING"),
            ("budgets.csv", 0, "", "FILE_MISSING"),
        ],
    );
}

#[test]
fn a_dry_run_is_told_what_the_parties_of_the_files_will_be() {
    let parties = "fk;F;999900-0400;state_agency;\nsala;S;999900-0160;municipality;\n\
                   new;N;999900-0137;stad;\n;X;999900-0301;region;\n";
    let plan = plan(&[("parties.csv", &with(PARTIES, parties))]);
    let expected = plan.expected_parties();
    let expected: Vec<_> = expected
        .iter()
        .map(|party| (&*party.name, party.group(), &*party.organisation_number))
        .collect();
    assert_eq!(
        expected,
        [
            ("federations/f/parties/fk", ContributionGroup::State, "999900-0400"),
            ("federations/f/parties/sala", ContributionGroup::Municipalities, "999900-0160"),
            ("federations/f/parties/new", ContributionGroup::Unspecified, "999900-0137"),
        ]
    );
}

#[test]
fn grants_and_requisitions_may_tell_more_than_they_must() {
    let header = GRANTS.trim_end();
    let grants = format!(
        "{header};parent_grant\n\
         g;r;2025-01-01;2025-12-31;5;1;2025-01-01;S;\n\
         part;r;2025-01-01;2025-12-31;2;1;2025-01-01;S;g\n"
    );
    let header = REQUISITIONS.trim_end();
    let requisitions = format!(
        "{header};dnr;organisation_number;forecast_rest_kronor\n\
         q;g;a;2025-01-01;2025-06-30;;2025/7;999900-0137;5,50\n\
         s;g;a;2025-07-01;2025-12-31;;;;\n"
    );
    let lines = with(LINES, "q;other;;;1\ns;other;;;1\n");
    let files = [
        ("grants.csv", &*grants),
        ("requisitions.csv", &requisitions),
        ("requisition-lines.csv", &lines),
    ];
    let plan = plan(&files);
    assert_eq!(plan.faults(&[]), []);
    let finance = &plan.requests.finance;
    let parents: Vec<_> = finance.grants.iter().map(|grant| grant.parent_grant.as_str()).collect();
    assert_eq!(parents, ["", "federations/f/grants/g"]);
    let told = &finance.requisitions[0];
    assert_eq!((&*told.dnr, &*told.organisation_number), ("2025/7", "999900-0137"));
    let rests: Vec<_> = finance.requisitions.iter().map(|row| row.forecast_rest_ore).collect();
    assert_eq!(rests, [Some(550), None]);
}
