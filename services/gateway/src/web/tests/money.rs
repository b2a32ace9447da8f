//! Years and staffing: what is shown, to whom, and what the forms send.

use http::StatusCode;
use platform::Failure;
use prost::Message;
use proto::finance::{
    CloseFinancialYearRequest, ContributionPayment, CreateStaffingFinancingRequest,
    CreateStaffingFinancingResponse, DecideBudgetRequest, DecideBudgetResponse,
    DecideContributionsRequest, DecideContributionsResponse, EndStaffingFinancingRequest,
    EndStaffingFinancingResponse, EquityLimitOutlook, EquityOutlook, FinancialYear,
    FinancialYearClosing, GetEquityOutlookResponse, GetFinancialYearResponse,
    ListContributionPaymentsRequest, ListContributionPaymentsResponse, ListFinancialYearsResponse,
    OpenFinancialYearRequest, OpenFinancialYearResponse, RecordBudgetForecastRequest,
    RecordBudgetForecastResponse, RecordContributionPaymentRequest,
    RecordContributionPaymentResponse, RecordOwnCostRequest, RecordOwnCostResponse,
    SetEquityPolicyRequest, SetEquityPolicyResponse,
};

use super::{
    browser::{Browser, World},
    vastmanland,
};

const YEARS: &str = "/samordna.finance.v1.FinancialYearService/ListFinancialYears";

/// Sends a form that succeeds; answers where it leads and what was asked.
pub(super) async fn send<M: Message + Default>(
    world: &World,
    path: &str,
    rpc: &'static str,
    answer: &impl Message,
    fields: &[(&str, &str)],
) -> (String, M) {
    world.services.answer(rpc, answer);
    let mut browser: Browser<'_> = world.signed_in("erik").await;
    let form = browser.get(path).await;
    assert_eq!(form.status, StatusCode::OK, "{path}: {}", form.text());
    let page = browser.submit(&form, path, fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}: {}", page.text());
    let asked: Vec<M> = world.services.asked(rpc);
    (page.location, asked.into_iter().next().unwrap())
}

#[tokio::test]
async fn forms_of_decisions_are_the_offices() {
    let world = World::new().await;
    let paths = [
        "/grants/new",
        "/grants/recipients/new",
        "/grants/hallstahammar-2025/amend",
        "/years/open",
        "/years/2025/contributions/new",
        "/years/2025/payments/new",
        "/years/2025/budget/new",
        "/years/2025/forecasts/new",
        "/years/2025/equity-policy",
        "/years/2025/close",
        "/staffing/new",
        "/staffing/sala-coacher/end",
        "/recoveries/new?requisition=hallstahammar-2025-06-abc",
    ];
    for username in ["anna", "leila", "olle"] {
        let mut browser = world.signed_in(username).await;
        for path in paths {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{username} {path}");
        }
    }
    let mut browser = world.signed_in("maria").await;
    for path in paths {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn only_a_federation_without_a_year_is_offered_to_open_its_first() {
    let world = World::new().await;
    let mut browser = world.signed_in("erik").await;
    assert!(!browser.get("/years").await.html.contains("/years/open"));
    world.services.answer(YEARS, &ListFinancialYearsResponse::default());
    assert!(browser.get("/years").await.html.contains("/years/open"));
}

#[tokio::test]
async fn grants_and_balances_begin_with_the_latest_year_there_is() {
    let world = World::new().await;
    let year = |year| FinancialYear { year, ..FinancialYear::default() };
    let financial_years = vec![year(2023), year(2022)];
    let answer = ListFinancialYearsResponse { financial_years, ..Default::default() };
    world.services.answer(YEARS, &answer);
    let mut browser = world.signed_in("erik").await;
    for path in ["/grants", "/ledger", "/ledger/export"] {
        let page = browser.get(path).await;
        assert!(page.html.contains("<option value=\"2023\" selected"), "{path}: {}", page.html);
    }
}

#[tokio::test]
async fn the_year_shows_money_in_money_out_and_what_the_equity_means() {
    let world = World::new().await;
    let page = world.signed_in("leila").await.get("/years/2025").await;
    let text = page.text();
    for shown in [
        "Försäkringskassan Staten, hälften 7 000 000,00 50,0 % 7 000 000,00 0,00",
        "Eget kapital från året före (inget bidrag) 2 400 000,00",
        "Summa bidrag 14 000 000,00",
        "Det egna kapitalet väntas bli 3 654 tkr vid årets slut, 26 % av årets bidrag.",
        "Gränsen på 20 % passeras med 854 tkr. Staten betalar då 700 tkr mindre nästa år. \
         Förbundet lämnar en plan till parterna.",
        "Färre möten i höst.",
        "Styrelse 300 0 160 53 % 320 320 \u{2212}20",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    assert!(!page.html.contains("/close\"") && !page.html.contains("/payments/new"));
    let office = world.signed_in("erik").await.get("/years/2025").await;
    assert!(office.html.contains("/years/2025/close") && office.html.contains("/payments/new"));
    assert_eq!(world.signed_in("erik").await.get("/years/x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nothing_is_expected_of_a_year_that_is_closed() {
    let world = World::new().await;
    let closing = FinancialYearClosing { closing_equity_ore: 1_031_100_000, ..Default::default() };
    let year = FinancialYear { year: 2025, closing: Some(closing), ..Default::default() };
    let answer = GetFinancialYearResponse { financial_year: Some(year) };
    world.services.answer("/samordna.finance.v1.FinancialYearService/GetFinancialYear", &answer);
    let text = world.signed_in("erik").await.get("/years/2025").await.text();
    assert!(text.contains("Året är stängt. Det egna kapitalet blev 10 311 tkr."), "{text}");
    assert!(!text.contains("väntas bli"), "{text}");
}

#[tokio::test]
async fn the_years_payments_are_shown_a_page_at_a_time() {
    let world = World::new().await;
    let list = "/samordna.finance.v1.ContributionService/ListContributionPayments";
    let payment = ContributionPayment { bank_reference: "BGC 17".to_owned(), ..Default::default() };
    let answer = ListContributionPaymentsResponse {
        contribution_payments: vec![payment],
        next_page_token: "after 50".to_owned(),
    };
    world.services.answer(list, &answer);
    let mut browser = world.signed_in("leila").await;
    let page = browser.get("/years/2025?day=2025-03-31").await;
    let next = "/years/2025?day=2025-03-31&#38;page_token=after%2050#contributions";
    assert!(page.html.contains(&format!("rel=\"next\" href=\"{next}\"")), "{}", page.html);
    browser.get("/years/2025?day=2025-03-31&page_token=after%2050").await;
    let asked: Vec<ListContributionPaymentsRequest> = world.services.asked(list);
    let asked: Vec<_> = asked.iter().map(|asked| asked.page_token.as_str()).collect();
    assert_eq!(asked, ["", "after 50"]);
}

#[tokio::test]
async fn without_contributions_no_limit_of_the_equity_is_called_passed() {
    let world = World::new().await;
    let rpc = "/samordna.finance.v1.FinancialYearService/GetEquityOutlook";
    let limit = EquityLimitOutlook { above_ore: 100, ..Default::default() };
    let outlook = EquityOutlook { limits: vec![limit], passed_limit: 0, ..Default::default() };
    let answer = GetEquityOutlookResponse { equity_outlook: Some(outlook) };
    world.services.answer(rpc, &answer);
    let text = world.signed_in("erik").await.get("/years/2025").await.text();
    assert!(text.contains("Inga bidrag är beslutade för året"), "{text}");
    assert!(!text.contains("Passeras") && !text.contains("passeras med"), "{text}");
}

#[tokio::test]
async fn a_part_of_the_year_that_does_not_answer_leaves_the_others() {
    let world = World::new().await;
    let budget = "/samordna.finance.v1.BudgetService/GetBudgetTable";
    world.services.refuse(budget, Failure::Unavailable { service: "finance" });
    let year = "/samordna.finance.v1.FinancialYearService/GetFinancialYear";
    world.services.refuse(year, Failure::not_found("federations/vastmanland/financialYears/2025"));
    let page = world.signed_in("erik").await.get("/years/2025").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(text.contains("Ekonomin svarar inte just nu.") && text.contains("Inte öppnat"));
    assert!(text.contains("Summa bidrag") && !page.html.contains("/years/2025/close"));
}

#[tokio::test]
async fn contributions_are_decided_with_the_parties_that_have_a_weight() {
    let world = World::new().await;
    let (location, asked): (_, DecideContributionsRequest) = send(
        &world,
        "/years/2025/contributions/new",
        "/samordna.finance.v1.ContributionService/DecideContributions",
        &DecideContributionsResponse::default(),
        &[
            ("total", "14 000 000"),
            ("weight-hallstahammar", "16 800"),
            ("dnr", "SFV 2025/9"),
            ("decision_date", "2025-06-12"),
            ("deciding_body", "Medlemssamrådet"),
        ],
    )
    .await;
    assert_eq!(location, "/years/2025#contributions");
    let decision = asked.contribution_decision.unwrap();
    assert_eq!((decision.total_ore, decision.shares.len()), (1_400_000_000, 1));
    assert_eq!(decision.shares[0].weight, 16_800);
}

#[tokio::test]
async fn payments_forecasts_costs_and_budgets_are_recorded() {
    let world = World::new().await;
    let (_, asked): (_, RecordContributionPaymentRequest) = send(
        &world,
        "/years/2025/payments/new",
        "/samordna.finance.v1.ContributionService/RecordContributionPayment",
        &RecordContributionPaymentResponse::default(),
        &[
            ("party", "hallstahammar"),
            ("amount", "1750000"),
            ("payment_date", "2025-07-01"),
            ("bank_reference", "BGC 18"),
        ],
    )
    .await;
    assert_eq!(asked.contribution_payment.unwrap().amount_ore, 175_000_000);
    let (_, asked): (_, RecordBudgetForecastRequest) = send(
        &world,
        "/years/2025/forecasts/new",
        "/samordna.finance.v1.BudgetService/RecordBudgetForecast",
        &RecordBudgetForecastResponse::default(),
        &[
            ("area", "board"),
            ("day", "2025-07-15"),
            ("forecast", "310 000,50"),
            ("measures", "Inga."),
        ],
    )
    .await;
    assert_eq!(asked.budget_forecast.unwrap().forecast_ore, 31_000_050);
    let (location, asked): (_, RecordOwnCostRequest) = send(
        &world,
        "/years/2025/own-costs",
        "/samordna.finance.v1.OwnCostService/RecordOwnCost",
        &RecordOwnCostResponse::default(),
        &[
            ("area", "audit"),
            ("day", "2025-05-02"),
            ("amount", "-1 000"),
            ("description", "Arvode"),
        ],
    )
    .await;
    assert_eq!(location, "/years/2025/own-costs");
    assert_eq!(asked.own_cost.unwrap().amount_ore, -100_000);
    let (_, asked): (_, DecideBudgetRequest) = send(
        &world,
        "/years/2025/budget/new",
        "/samordna.finance.v1.BudgetService/DecideBudget",
        &DecideBudgetResponse::default(),
        &[
            ("dnr", "SFV 2024/60"),
            ("decision_date", "2024-11-28"),
            ("deciding_body", "Styrelsen"),
            ("line-1-area", "initiatives"),
            ("line-1-title", "Samordningsteam Sala"),
            ("line-1-amount", "1 720 000"),
            ("line-1-recipient", "sala"),
        ],
    )
    .await;
    let budget = asked.budget.unwrap();
    assert_eq!((budget.rows.len(), budget.rows[0].amount_ore), (1, 172_000_000));
    assert_eq!(budget.rows[0].recipient, vastmanland::name("recipients", "sala"));
}

#[tokio::test]
async fn a_year_is_opened_limited_and_closed_only_after_it_was_shown_what_happens() {
    let world = World::new().await;
    let decision =
        [("dnr", "SFV 2024/1"), ("decision_date", "2024-12-01"), ("deciding_body", "Styrelsen")];
    let (location, asked): (_, OpenFinancialYearRequest) = send(
        &world,
        "/years/open",
        "/samordna.finance.v1.FinancialYearService/OpenFinancialYear",
        &OpenFinancialYearResponse::default(),
        &[&decision[..], &[("year", "2025"), ("opening_equity", "2 400 000")]].concat(),
    )
    .await;
    assert_eq!(location, "/years/2025");
    assert_eq!(asked.financial_year.unwrap().opening_equity_ore, 240_000_000);
    let (_, asked): (_, SetEquityPolicyRequest) = send(
        &world,
        "/years/2025/equity-policy",
        "/samordna.finance.v1.FinancialYearService/SetEquityPolicy",
        &SetEquityPolicyResponse::default(),
        &[("line-0-above", "20 %"), ("line-0-reduction", "10"), ("line-0-consequence", "Plan.")],
    )
    .await;
    let limit = &asked.equity_limits[0];
    assert_eq!(
        (asked.etag.as_str(), limit.above_percent, limit.state_reduction_percent),
        ("year-etag", 20, 10)
    );

    let close = "/samordna.finance.v1.FinancialYearService/CloseFinancialYear";
    let mut browser = world.signed_in("erik").await;
    let form = browser.get("/years/2025/close").await;
    assert!(!form.html.contains("value=\"close\""), "nobody closes a year unseen");
    let preview = [&decision[..], &[("step", "preview")]].concat();
    let seen = browser.submit(&form, "/years/2025/close", &preview).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(
        seen.text().contains("Beviljade medel som förfaller 2 095 000,00 kr"),
        "{}",
        seen.text()
    );
    assert!(seen.html.contains("value=\"close\"") && seen.html.contains("value=\"SFV 2024/1\""));
    let first_button = seen.html.find("value=\"preview\"") < seen.html.find("value=\"close\"");
    assert!(first_button, "Enter in a field looks again");
    let stuck = "Utkast och återsända som inte kan skickas in sedan hallstahammar-2025-06-abc";
    assert!(seen.text().contains(stuck), "{}", seen.text());
    let really = [&decision[..], &[("step", "close")]].concat();
    let closed = browser.submit(&seen, "/years/2025/close", &really).await;
    assert_eq!(closed.location, "/years/2025");
    let asked: Vec<CloseFinancialYearRequest> = world.services.asked(close);
    assert_eq!([asked[0].validate_only, asked[1].validate_only], [true, false]);
    assert_eq!(asked[1].etag, "year-etag");
}

#[tokio::test]
async fn posts_are_shown_and_typed_with_decimals() {
    let world = World::new().await;
    let page = world.signed_in("leila").await.get("/staffing").await;
    let text = page.text();
    assert!(text.contains("Sala 6,25 9,50 15,75") && text.contains("Summa Norra 6,25 9,50 15,75"));
    assert!(text.contains("Tre samordnare hos regionen 3,00") && !page.html.contains("/end\""));
    let (_, asked): (_, CreateStaffingFinancingRequest) = send(
        &world,
        "/staffing/new",
        "/samordna.finance.v1.StaffingFinancingService/CreateStaffingFinancing",
        &CreateStaffingFinancingResponse::default(),
        &[
            ("municipality", "1981"),
            ("title", "Coacher"),
            ("first_day", "2025-08-01"),
            ("by_municipality", "6,25"),
            ("by_federation", "0,5"),
        ],
    )
    .await;
    let row = asked.staffing_financing.unwrap();
    let percents = (row.paid_by_municipality_fte_percent, row.paid_by_federation_fte_percent);
    assert_eq!((percents, row.last_day), ((625, 50), None));
    let (location, asked): (_, EndStaffingFinancingRequest) = send(
        &world,
        "/staffing/sala-coacher/end",
        "/samordna.finance.v1.StaffingFinancingService/EndStaffingFinancing",
        &EndStaffingFinancingResponse::default(),
        &[("last_day", "2025-07-31")],
    )
    .await;
    assert_eq!((location.as_str(), asked.etag.as_str()), ("/staffing", "staffing-etag"));
    assert_eq!(asked.last_day.unwrap().month, 7);
}
