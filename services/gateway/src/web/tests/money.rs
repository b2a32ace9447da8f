//! Recoveries, grants, years and staffing: what is shown, to whom, and what the
//! forms send.

use http::StatusCode;
use platform::Failure;
use prost::Message;
use proto::finance::{
    AmendGrantRequest, AmendGrantResponse, CancelRecoveryRequest, CancelRecoveryResponse,
    CloseFinancialYearRequest, CreateGrantRequest, CreateGrantResponse, CreateRecoveryRequest,
    CreateRecoveryResponse, CreateStaffingFinancingRequest, CreateStaffingFinancingResponse,
    DecideBudgetRequest, DecideBudgetResponse, DecideContributionsRequest,
    DecideContributionsResponse, DecideRecoveryRequest, DecideRecoveryResponse,
    EndStaffingFinancingRequest, EndStaffingFinancingResponse, Grant, OpenFinancialYearRequest,
    OpenFinancialYearResponse, RecordBudgetForecastRequest, RecordBudgetForecastResponse,
    RecordContributionPaymentRequest, RecordContributionPaymentResponse, RecordOwnCostRequest,
    RecordOwnCostResponse, Recovery, RecoveryState, RequisitionState, SetEquityPolicyRequest,
    SetEquityPolicyResponse, SettleRecoveryRequest, SettleRecoveryResponse,
};
use values::{Fault, Faults};

use super::{
    browser::{Browser, World},
    vastmanland,
};

/// Sends a form that succeeds; answers where it leads and what was asked.
async fn send<M: Message + Default>(
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
async fn what_is_paid_is_claimed_back_by_two() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Paid);
    let created = Recovery { name: vastmanland::name("recoveries", "r1"), ..Recovery::default() };
    let (location, asked): (_, CreateRecoveryRequest) = send(
        &world,
        "/recoveries/new?requisition=hallstahammar-2025-06-abc",
        "/samordna.finance.v1.RecoveryService/CreateRecovery",
        &CreateRecoveryResponse { recovery: Some(created) },
        &[
            ("line-0-kind", "premises"),
            ("line-0-description", "Lokal som inte användes"),
            ("line-0-amount", "5 000"),
            ("reason", "Lokalen var uppsagd."),
            ("dnr", "SFV 2025/31"),
        ],
    )
    .await;
    assert_eq!(location, "/recoveries/r1");
    let recovery = asked.recovery.unwrap();
    assert_eq!((recovery.cost_lines.len(), recovery.cost_lines[0].amount_ore), (1, 500_000));

    let own = world.signed_in("erik").await.get("/recoveries/r1").await;
    assert!(!own.html.contains("value=\"decide\"") && own.html.contains("value=\"cancel\""));
    assert!(own.text().contains("Du har själv föreslagit återkravet."));

    let decide = "/samordna.finance.v1.RecoveryService/DecideRecovery";
    world.services.answer(decide, &DecideRecoveryResponse::default());
    let mut browser = world.signed_in("maria").await;
    let page = browser.get("/recoveries/r1").await;
    browser.submit(&page, "/recoveries/r1/steps", &[("step", "decide"), ("comment", "Ja.")]).await;
    let asked: Vec<DecideRecoveryRequest> = world.services.asked(decide);
    assert_eq!((asked[0].etag.as_str(), asked[0].comment.as_str()), ("recovery-etag", "Ja."));

    vastmanland::show_recovery(&world.services, RecoveryState::Decided);
    let settle = "/samordna.finance.v1.RecoveryService/SettleRecovery";
    world.services.answer(settle, &SettleRecoveryResponse::default());
    let page = browser.get("/recoveries/r1").await;
    let fields =
        [("step", "settle"), ("settlement_date", "2025-07-14"), ("bank_reference", "BGC 3")];
    browser.submit(&page, "/recoveries/r1/steps", &fields).await;
    let asked: Vec<SettleRecoveryRequest> = world.services.asked(settle);
    assert_eq!(
        (asked[0].settlement_date.unwrap().day, asked[0].bank_reference.as_str()),
        (14, "BGC 3")
    );
}

#[tokio::test]
async fn a_cancelled_recovery_needs_a_comment_and_a_party_takes_no_step() {
    let world = World::new().await;
    let cancel = "/samordna.finance.v1.RecoveryService/CancelRecovery";
    world.services.refuse(cancel, Failure::from(Fault::new("comment", "COMMENT_MISSING")));
    let mut browser = world.signed_in("erik").await;
    let page = browser.get("/recoveries/r1").await;
    let fields = [("step", "cancel"), ("comment", "")];
    let refused = browser.submit(&page, "/recoveries/r1/steps", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains("id=\"comment-error\""));
    world.services.answer(cancel, &CancelRecoveryResponse::default());
    browser.submit(&page, "/recoveries/r1/steps", &[("step", "cancel"), ("comment", "Fel.")]).await;
    let asked: Vec<CancelRecoveryRequest> = world.services.asked(cancel);
    assert_eq!(asked[1].comment, "Fel.");
    let party = world.signed_in("anna").await.get("/recoveries/r1").await;
    assert!(party.text().contains("Lokalen var uppsagd.") && !party.html.contains("name=\"step\""));
}

#[tokio::test]
async fn a_grant_is_recorded_amended_and_divided() {
    let world = World::new().await;
    let create = "/samordna.finance.v1.GrantService/CreateGrant";
    let created = Grant { name: vastmanland::name("grants", "sala-2026"), ..Grant::default() };
    let answer = CreateGrantResponse { grant: Some(created) };
    let fields = [
        ("recipient", "sala"),
        ("amount", "1 720 000"),
        ("first_day", "2026-01-01"),
        ("last_day", "2026-12-31"),
        ("dnr", "SFV 2025/40"),
        ("decision_date", "2025-06-12"),
        ("deciding_body", "Styrelsen"),
    ];
    let (location, asked): (_, CreateGrantRequest) =
        send(&world, "/grants/new", create, &answer, &fields).await;
    assert_eq!(location, "/grants/sala-2026");
    assert!(asked.grant_id.starts_with("sala-2026-"), "{}", asked.grant_id);
    let grant = asked.grant.unwrap();
    assert_eq!((grant.amount_ore, grant.parent_grant.as_str()), (172_000_000, ""));

    let path = "/grants/new?parent_grant=hallstahammar-2025";
    let mut browser = world.signed_in("erik").await;
    let form = browser.get(path).await;
    assert!(
        form.html.contains("value=\"2025-12-31\"") && form.text().contains("Kvar 546 543,50 kr")
    );
    browser.submit(&form, path, &fields).await;
    let asked: Vec<CreateGrantRequest> = world.services.asked(create);
    let parent = vastmanland::name("grants", "hallstahammar-2025");
    assert_eq!(asked[1].grant.as_ref().unwrap().parent_grant, parent);

    let (location, asked): (_, AmendGrantRequest) = send(
        &world,
        "/grants/hallstahammar-2025/amend",
        "/samordna.finance.v1.GrantService/AmendGrant",
        &AmendGrantResponse::default(),
        &[&fields[1..], &[("reason", "Fler deltagare.")]].concat(),
    )
    .await;
    assert_eq!(location, "/grants/hallstahammar-2025");
    assert_eq!((asked.etag.as_str(), asked.reason.as_str()), ("grant-etag", "Fler deltagare."));
    assert_eq!(asked.amount_ore, 172_000_000);
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
    let really = [&decision[..], &[("step", "close")]].concat();
    let closed = browser.submit(&seen, "/years/2025/close", &really).await;
    assert_eq!(closed.location, "/years/2025");
    let asked: Vec<CloseFinancialYearRequest> = world.services.asked(close);
    assert_eq!([asked[0].validate_only, asked[1].validate_only], [true, false]);
    assert_eq!(asked[1].etag, "year-etag");
}

#[tokio::test]
async fn all_that_is_wrong_with_a_grant_is_told_beside_its_fields() {
    let world = World::new().await;
    let mut faults = Faults::new();
    faults.push(Fault::new("grant.period", "PERIOD_MISSING"));
    faults.push(Fault::new("grant.dnr", "TEXT_MISSING"));
    world
        .services
        .refuse("/samordna.finance.v1.GrantService/CreateGrant", Failure::Invalid(faults));
    let mut browser = world.signed_in("erik").await;
    let form = browser.get("/grants/new").await;
    let page = browser.submit(&form, "/grants/new", &[("amount", "100 EUR")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for id in ["recipient", "amount", "first_day", "dnr"] {
        assert!(page.html.contains(&format!("id=\"{id}-error\"")), "{id}");
    }
    assert!(page.text().contains("”100 EUR” är inte i kronor."));
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
