//! The ledger, the account plan, the follow-up and the files: what is shown, to
//! whom, and what is asked for.

use http::{StatusCode, header};
use platform::Failure;
use proto::finance::{
    AccountPlan, CostKind, ExportFundingTableRequest, ExportPaymentsRequest,
    ExportRequisitionsRequest, ExportSieRequest, ExportStaffingMatrixRequest, FundingCut,
    GetAccountPlanResponse, GetFundingTableRequest, LedgerAccount, ListBalancesRequest,
    ListPostingsRequest, SetAccountPlanRequest, SetAccountPlanResponse, TableFormat,
};
use proto::reporting::{ListReportingPeriodsResponse, ReportingPeriod};

use super::{browser::World, vastmanland};

#[tokio::test]
async fn the_ledger_is_for_the_office_and_the_auditor() {
    let world = World::new().await;
    for path in ["/ledger", "/ledger/postings", "/ledger/account-plan"] {
        for (username, status) in [
            ("olle", StatusCode::OK),
            ("maria", StatusCode::OK),
            ("anna", StatusCode::FORBIDDEN),
            ("leila", StatusCode::FORBIDDEN),
        ] {
            let page = world.signed_in(username).await.get(path).await;
            assert_eq!(page.status, status, "{username} {path}");
            let names_roles = page.text().contains("förbundsekonom, revisor");
            assert_eq!(names_roles, status == StatusCode::FORBIDDEN, "{username} {path}");
        }
    }
    let export = world.signed_in("anna").await.get("/ledger/export").await;
    assert_eq!(export.status, StatusCode::OK);
    assert!(!export.html.contains("/ledger/export/sie") && !export.html.contains("class=\"tabs\""));
    let export = world.signed_in("leila").await.get("/ledger/export").await;
    assert_eq!(export.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn balances_are_as_of_a_day_and_lead_to_their_postings() {
    let world = World::new().await;
    let page =
        world.signed_in("olle").await.get("/ledger?year=2025&as_of=2025-06-30&by=party").await;
    let text = page.text();
    assert!(text.contains("Bidrag Hallstahammars kommun \u{2212}14 000 000,00"));
    assert!(
        page.html.contains(
            "/ledger/postings?year=2025&#38;account=contributions&#38;party=hallstahammar"
        )
    );
    let asked: Vec<ListBalancesRequest> =
        world.services.asked("/samordna.finance.v1.LedgerService/ListBalances");
    assert_eq!((asked[0].year, asked[0].as_of.unwrap().day), (2025, 30));
    assert!(asked[0].by_party && !asked[0].by_grant);
}

#[tokio::test]
async fn a_period_that_goes_on_is_followed_up_as_far_as_it_has_come() {
    let world = World::new().await;
    let day = |month, day| Some(proto::Date { year: 2025, month, day });
    let period = Some(proto::common::Period { first_day: day(7, 1), last_day: day(12, 31) });
    let reporting_periods = vec![ReportingPeriod { period, ..ReportingPeriod::default() }];
    world.services.answer(
        "/samordna.reporting.v1.ReportingPeriodService/ListReportingPeriods",
        &ListReportingPeriodsResponse { reporting_periods, ..Default::default() },
    );
    let page = world.signed_in("erik").await.get("/funding").await;
    assert_eq!(page.status, StatusCode::OK);
    let asked: Vec<GetFundingTableRequest> =
        world.services.asked("/samordna.finance.v1.FundingTableService/GetFundingTable");
    let period = asked[0].period.unwrap();
    assert_eq!((period.first_day, period.last_day), (day(7, 1), day(7, 15)));
}

#[tokio::test]
async fn a_voucher_leads_to_its_requisition_and_the_next_page_asks_for_the_same() {
    let world = World::new().await;
    let path = "/ledger/postings?year=2025&account=payable&subject=federations/vastmanland/requisitions/hallstahammar-2025-06-abc";
    let page = world.signed_in("erik").await.get(path).await;
    assert!(page.html.contains("href=\"/requisitions/hallstahammar-2025-06-abc\""));
    let text = page.text();
    assert!(text.contains("48:1") && text.contains("Rekvisition beslutsattesterad:"));
    assert!(text.contains("103 456,50") && text.contains("Maria Holm, 2025-07-03"));
    let next = "account=payable&#38;subject=federations/vastmanland/requisitions/hallstahammar-2025-06-abc&#38;page_token=page%202";
    assert!(page.html.contains(next));
    let asked: Vec<ListPostingsRequest> =
        world.services.asked("/samordna.finance.v1.LedgerService/ListPostings");
    assert_eq!(asked[0].account(), LedgerAccount::Payable);
    assert_eq!(asked[0].subject, vastmanland::name("requisitions", "hallstahammar-2025-06-abc"));
}

#[tokio::test]
async fn the_account_plan_is_entered_whole_and_only_read_by_the_auditor() {
    let world = World::new().await;
    let set = "/samordna.finance.v1.AccountPlanService/SetAccountPlan";
    world.services.answer(set, &SetAccountPlanResponse::default());
    let mut browser = world.signed_in("erik").await;
    let path = "/ledger/account-plan";
    let form = browser.get(path).await;
    assert!(form.html.contains("value=\"1930\""));
    let fields = [
        ("voucher_series", "S"),
        ("party_dimension", "20"),
        ("line-0-account", "bank"),
        ("line-0-number", "1930"),
        ("line-0-title", "Bank"),
        ("line-1-account", "initiatives"),
        ("line-1-kind", "staff"),
        ("line-1-number", "5001"),
        ("line-1-title", "Personal"),
        ("party-hallstahammar", "82"),
        ("recipient-sala", "120"),
        ("step", "save"),
    ];
    let saved = browser.submit(&form, path, &fields).await;
    assert_eq!(saved.location, path);
    let asked: Vec<SetAccountPlanRequest> = world.services.asked(set);
    let plan = asked[0].account_plan.as_ref().unwrap();
    assert_eq!(
        (asked[0].etag.as_str(), plan.accounts.len(), plan.party_dimension),
        ("plan-etag", 2, 20)
    );
    assert_eq!(plan.accounts[1].cost_kind(), CostKind::Staff);
    assert_eq!(plan.parties[0].party, vastmanland::name("parties", "hallstahammar"));
    assert_eq!((plan.recipients.len(), plan.grants.len()), (1, 0));
    let auditor = world.signed_in("olle").await.get(path).await;
    assert!(!auditor.html.contains("name=\"step\""));
}

#[tokio::test]
async fn a_plan_that_is_not_begun_has_a_line_for_each_account() {
    let world = World::new().await;
    let get = "/samordna.finance.v1.AccountPlanService/GetAccountPlan";
    world
        .services
        .answer(get, &GetAccountPlanResponse { account_plan: Some(AccountPlan::default()) });
    let form = world.signed_in("erik").await.get("/ledger/account-plan").await;
    for account in ["contributions", "receivable", "bank", "payable", "initiatives"] {
        let chosen = format!("<option value=\"{account}\" selected");
        assert_eq!(form.html.matches(&chosen).count(), 1, "{account}");
    }
}

#[tokio::test]
async fn files_come_with_their_name_and_their_type() {
    let world = World::new().await;
    let mut browser = world.signed_in("erik").await;
    for (path, media_type) in [
        ("/ledger/export/sie?year=2025", "application/x-sie"),
        ("/ledger/export/payments?format=csv&what=unpaid", "text/csv; charset=utf-8"),
        (
            "/ledger/export/requisitions?first_day=2025-01-01&last_day=2025-06-30&format=csv",
            "text/csv; charset=utf-8",
        ),
        (
            "/funding/download?first_day=2025-01-01&last_day=2025-06-30&cut=party&format=csv",
            "text/csv; charset=utf-8",
        ),
        ("/staffing/download?day=2025-06-30&format=xlsx", "text/csv; charset=utf-8"),
    ] {
        let file = browser.get(path).await;
        assert_eq!((file.status, file.html.as_str()), (StatusCode::OK, "innehall"), "{path}");
        assert_eq!(file.headers[header::CONTENT_TYPE], media_type, "{path}");
        let disposition = file.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(disposition.starts_with("attachment; filename="), "{path}");
    }
    let service = "/samordna.finance.v1.ExportService";
    let asked: Vec<ExportSieRequest> = world.services.asked(&format!("{service}/ExportSie"));
    assert_eq!((asked[0].year, asked[0].period), (2025, None));
    let asked: Vec<ExportPaymentsRequest> =
        world.services.asked(&format!("{service}/ExportPayments"));
    assert_eq!((asked[0].paid_in, asked[0].format()), (None, TableFormat::Csv));
    let asked: Vec<ExportRequisitionsRequest> =
        world.services.asked(&format!("{service}/ExportRequisitions"));
    assert_eq!(asked[0].period.unwrap().last_day.unwrap().month, 6);
    let asked: Vec<ExportFundingTableRequest> =
        world.services.asked(&format!("{service}/ExportFundingTable"));
    assert_eq!(asked[0].table.as_ref().unwrap().cut(), FundingCut::Party);
    let asked: Vec<ExportStaffingMatrixRequest> =
        world.services.asked(&format!("{service}/ExportStaffingMatrix"));
    assert_eq!((asked[0].day.unwrap().month, asked[0].format()), (6, TableFormat::Xlsx));
}

#[tokio::test]
async fn an_export_that_is_refused_says_why_on_its_page() {
    let world = World::new().await;
    let sie = "/samordna.finance.v1.ExportService/ExportSie";
    world.services.refuse(
        sie,
        Failure::refused("STATE_FORBIDS").with("state", "paid").with("step", "submit"),
    );
    let page = world.signed_in("erik").await.get("/ledger/export/sie?year=2025").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.html.contains("ds-error-summary") && page.html.contains("<h1"));
    assert!(page.html.contains("name=\"next\" value=\"/ledger/export\""));
}

#[tokio::test]
async fn the_funding_table_is_cut_and_narrowed_as_asked() {
    let world = World::new().await;
    let path = "/funding?first_day=2025-01-01&last_day=2025-06-30&cut=area&area=norra&kind=staff";
    let page = world.signed_in("leila").await.get(path).await;
    let asked: Vec<GetFundingTableRequest> =
        world.services.asked("/samordna.finance.v1.FundingTableService/GetFundingTable");
    assert_eq!((asked[0].cut(), asked[0].cost_kind()), (FundingCut::Area, CostKind::Staff));
    assert_eq!(asked[0].area, vastmanland::name("areas", "norra"));
    let same =
        "first_day=2025-01-01&#38;last_day=2025-06-30&#38;cut=area&#38;area=norra&#38;kind=staff";
    assert!(page.html.contains(&format!("/funding/download?{same}&#38;format=xlsx")));
    assert!(page.html.contains("<option value=\"norra\" selected>"));
}

#[tokio::test]
async fn a_cost_stands_beside_the_population_it_is_a_cost_of() {
    let world = World::new().await;
    for (who, reads) in [("leila", true), ("sofia", false)] {
        let page = world.signed_in(who).await.get("/funding").await;
        assert_eq!(page.html.contains("href=\"/unit-costs\""), reads, "{who}");
    }
    let text = world.signed_in("leila").await.get("/unit-costs").await.text();
    assert!(
        text.contains("Samordningsteam Hallstahammar 580 Deltagare under perioden 30 19 333,33"),
        "{text}"
    );
    assert!(
        text.contains("Ingen att dela med")
            && text.contains("Samordningsteam Sala 580 Inte rapporterat")
    );
}
