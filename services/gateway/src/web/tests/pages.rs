//! What each page shows, and to whom.

use http::StatusCode;
use platform::Failure;
use proto::{
    Date,
    common::Period,
    finance::{
        GetFundingTableRequest, GetFundingTableResponse, ListRecoveriesRequest,
        ListRequisitionsResponse, RecoveryState, RequisitionState,
    },
    reporting::{ListReportingPeriodsResponse, ReportingPeriod},
};

use super::{browser::World, vastmanland};

const FUNDING_TABLE: &str = "/samordna.finance.v1.FundingTableService/GetFundingTable";

#[tokio::test]
async fn somebody_who_is_not_signed_in_comes_back_to_the_page_after_signing_in() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = browser.get("/funding?first_day=2025-01-01&last_day=2025-06-30").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(page.location.starts_with("/sign-in?next="), "{}", page.location);
    let form = browser.get(&page.location).await;
    let fields = [("username", "erik"), ("password", super::browser::PASSWORD)];
    let page = browser.submit(&form, "/sign-in", &fields).await;
    assert_eq!(page.location, "/funding?first_day=2025-01-01&last_day=2025-06-30");
}

#[tokio::test]
async fn a_wrong_password_is_told_and_the_name_stays() {
    let world = World::new().await;
    let mut browser = world.browser();
    let form = browser.get("/sign-in").await;
    let page =
        browser.submit(&form, "/sign-in", &[("username", "erik"), ("password", "wrong")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.html.contains("value=\"erik\"") && page.text().contains("lösenordet är fel"));
    assert!(!page.html.contains("value=\"wrong\""));
}

#[tokio::test]
async fn guessing_is_slowed_down_for_that_account_on_the_page_and_at_the_token_endpoint() {
    let world = World::new().await;
    let mut browser = world.browser();
    for _ in 0..10 {
        let guess = [("username", "erik"), ("password", "wrong"), ("next", "/")];
        let page = browser.post("/sign-in", &guess).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let right = [("username", "erik"), ("password", super::browser::PASSWORD), ("next", "/")];
    let page = browser.post("/sign-in", &right).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.text().contains("Vänta 5 sekunder"), "how long to wait: {}", page.text());

    let kind = ("grant_type", "client_credentials");
    let guess = [kind, ("client_id", "erik"), ("client_secret", "wrong")];
    let refused = browser.post("/oauth2/token", &guess).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers["retry-after"], "5");
    let other = [kind, ("client_id", "nobody"), ("client_secret", "wrong")];
    let refused = browser.post("/oauth2/token", &other).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.headers.contains_key("www-authenticate"));
    let no_id = [kind, ("client_id", "\0 no id"), ("client_secret", "wrong")];
    assert_eq!(browser.post("/oauth2/token", &no_id).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn whoever_posts_something_else_than_grpc_to_an_rpc_is_told_so() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = browser.post("/samordna.finance.v1.GrantService/ListGrants", &[]).await;
    assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(page.html.contains("application/grpc"), "{}", page.html);
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let world = World::new().await;
    let mut browser = world.signed_in("erik").await;
    let page = browser.get("/").await;
    assert_eq!(browser.submit(&page, "/sign-out", &[]).await.location, "/sign-in");
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_funding_table_shows_every_figure_and_warns_in_words() {
    let world = World::new().await;
    let page = world.signed_in("erik").await.get("/funding").await;
    let text = page.text();
    for shown in ["13 841", "5 873", "42 %", "11 746", "2 095", "1 874", "6 100", "2 359"] {
        assert!(text.contains(shown), "{shown}");
    }
    assert!(text.contains("Prognosen går 324 tkr över beviljat"));
    assert!(text.contains(
        "Rekvirerat 937 tkr (60 %) · reserverat 0 tkr · prognos 1 874 tkr · beviljat 1 550 tkr"
    ));
    assert!(
        page.html
            .contains("<svg class=\"bar\" role=\"img\" aria-labelledby=\"bar-vastra-malardalen\"")
    );
}

#[tokio::test]
async fn a_period_that_cannot_be_read_is_told_at_its_field() {
    let world = World::new().await;
    let mut browser = world.signed_in("erik").await;
    let page = browser.get("/funding?first_day=2025-02-30&last_day=").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.html.contains("id=\"first_day-error\"") && page.html.contains("id=\"last_day-error\"")
    );
    assert!(page.html.contains("href=\"#first_day\""));
}

#[tokio::test]
async fn a_requisition_shows_exact_amounts_its_steps_and_no_marks_from_comments() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Reviewed);
    let page = world.signed_in("maria").await.get("/requisitions/hallstahammar-2025-06-abc").await;
    let text = page.text();
    for shown in [
        "123 456,50 kr",
        "103 456,50 kr",
        "212000-2064",
        "SFV 2024/17",
        "Anna Ek",
        "Erik Lund",
        "60 %",
    ] {
        assert!(text.contains(shown), "{shown}");
    }
    assert!(!page.html.contains("<b>2024</b>"));
    assert!(page.html.contains("value=\"approve\"") && !page.html.contains("value=\"review\""));
}

#[tokio::test]
async fn the_first_approver_is_told_that_somebody_else_gives_the_second_approval() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Reviewed);
    let page = world.signed_in("erik").await.get("/requisitions/hallstahammar-2025-06-abc").await;
    assert!(!page.html.contains("value=\"approve\""));
    assert!(
        page.text().contains(
            "Du har sakattesterat rekvisitionen. Någon annan måste beslutsattestera den."
        )
    );
}

#[tokio::test]
async fn a_party_sees_its_own_steps_and_no_approvals() {
    let world = World::new().await;
    let mut browser = world.signed_in("anna").await;
    let page = browser.get("/requisitions/hallstahammar-2025-06-abc").await;
    assert!(page.html.contains("value=\"withdraw\"") && !page.html.contains("value=\"review\""));
    let list = browser.get("/requisitions?state=submitted").await;
    assert!(list.html.contains("href=\"/requisitions/hallstahammar-2025-06-abc\""));
    assert!(
        list.html.contains("page_token=next%20page/2")
            || list.html.contains("page_token=next%20page%2F2")
    );
}

#[tokio::test]
async fn the_report_shows_findings_coverage_and_what_is_not_reported() {
    let world = World::new().await;
    let page = world.signed_in("olle").await.get("/half-year-reports/2025h1").await;
    let text = page.text();
    assert!(text.contains("Delarna är tillsammans 29 men totalen är 30. Skillnaden är \u{2212}1."));
    assert!(page.html.contains("href=\"#finding-hallstahammar-participants_by_age\""));
    assert!(page.html.contains("id=\"finding-hallstahammar-participants_by_age\""));
    assert!(text.contains("Omfattar 1 av 6 team."));
    assert!(text.contains("Teamen redovisar olika kategorier."));
    assert!(text.contains("Teamet har inte rapporterat för perioden. Det betyder inte noll."));
    assert!(text.contains("Personer i kö vid periodens slut Inte rapporterat"));
    assert!(text.contains("13 841") && text.contains("42 %"));
}

#[tokio::test]
async fn a_team_lead_sees_the_own_chapter_and_is_told_so() {
    let world = World::new().await;
    vastmanland::show_only_own_chapter(&world.services);
    let page = world.signed_in("leila").await.get("/half-year-reports/2025h1").await;
    let text = page.text();
    assert!(text.contains("Du ser kapitlen för de team du leder."));
    assert!(
        !text.contains("1 av 1 team")
            && text.contains("Omfattar 1 av 6 team. Saknas: Samordningsteam FNS")
    );
    assert!(page.html.contains("href=\"/reported-figures/2025h1/hallstahammar\""));
}

/// Where the links of a menu lead; none when the page has no such menu.
fn menu(html: &str, class: &str) -> Vec<String> {
    let Some((_, menu)) = html.split_once(&format!("<nav class=\"{class}\"")) else {
        return Vec::new();
    };
    let menu = menu.split("</nav>").next().unwrap();
    menu.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_menu_opens_what_the_roles_open() {
    let world = World::new().await;
    let money = "/requisitions /recoveries /years /staffing /ledger";
    let office = "/half-year-reports /reports /due-reports";
    let of_people = "/referrals /queue /enrolments /participants /follow-ups";
    for (username, own, more) in [
        ("anna", String::new(), format!("{money}/export")),
        (
            "erik",
            "/statistics".to_owned(),
            format!("{money} {office} /planning /national-follow-up"),
        ),
        (
            "maria",
            "/teams /statistics".to_owned(),
            format!("{money} {office} /reported-figures /planning /national-follow-up /accounts"),
        ),
        ("karin", String::new(), "/years /staffing /accounts /read-log".to_owned()),
        ("nils", "/referrals".to_owned(), "/years /staffing".to_owned()),
        (
            "sofia",
            format!("{of_people} /teams /group-activities /statistics"),
            "/years /staffing /reports /due-reports".to_owned(),
        ),
        (
            "leila",
            "/teams /group-activities /statistics".to_owned(),
            format!("/years /staffing {office} /reported-figures /planning"),
        ),
    ] {
        let links = format!("/ {own} /funding /grants {more}");
        let links: Vec<&str> = links.split_whitespace().collect();
        let mut browser = world.signed_in(username).await;
        let mut opened = Vec::new();
        for group in menu(&browser.get("/").await.html, "menu") {
            let pages = menu(&browser.get(&group).await.html, "menu menu--pages");
            assert!(pages.is_empty() || pages.first() == Some(&group), "{username} {group}");
            opened.extend(if pages.is_empty() { vec![group] } else { pages });
        }
        assert_eq!(opened, links, "{username}");
    }
}

#[tokio::test]
async fn the_overview_leaves_out_the_part_that_does_not_answer() {
    let world = World::new().await;
    world.services.refuse(FUNDING_TABLE, Failure::Unavailable { service: "finance" });
    let page = world.signed_in("erik").await.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Ekonomin svarar inte just nu."));
    assert!(page.text().contains("Att sakattestera"));
}

#[tokio::test]
async fn the_overview_says_which_days_its_money_is_of_and_goes_on_with_a_new_year() {
    let world = World::new().await;
    let page = world.signed_in("erik").await.get("/").await;
    let said = "Till och med den senaste rapporteringsperioden, 2025-01-01 – 2025-06-30.";
    assert!(page.text().contains(said), "{}", page.text());
    let way = "href=\"/funding?first_day=2025-01-01&#38;last_day=2025-07-15\">Visa 2025 hittills";
    assert!(page.html.contains(way), "{}", page.html);

    // A year has begun of which nothing is to be reported yet.
    let day = |month, day| Some(Date { year: 2024, month, day });
    let last_year = Period { first_day: day(7, 1), last_day: day(12, 31) };
    let period = ReportingPeriod { period: Some(last_year), ..Default::default() };
    let reporting_periods = vec![period];
    let answer = ListReportingPeriodsResponse { reporting_periods, ..Default::default() };
    let list = "/samordna.reporting.v1.ReportingPeriodService/ListReportingPeriods";
    world.services.answer(list, &answer);
    let text = world.signed_in("erik").await.get("/").await.text();
    assert!(text.contains("Året hittills, ") && !text.contains("2025 hittills"), "{text}");
    let asked = || -> Vec<GetFundingTableRequest> { world.services.asked(FUNDING_TABLE) };
    let so_far = asked().pop().unwrap();
    let days = so_far.period.map(|it| (it.first_day.unwrap().year, it.last_day.unwrap().month));
    assert_eq!((so_far.year, days), (2025, Some((2025, 7))));

    // Nothing is granted for it yet either.
    world.services.answer(FUNDING_TABLE, &GetFundingTableResponse::default());
    world.signed_in("erik").await.get("/").await;
    assert_eq!(asked().pop().unwrap().period, Some(last_year));
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so() {
    let world = World::new().await;
    let page = world.browser().get("/no-such-page").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text().contains("Sidan finns inte"));
    let read = "/samordna.finance.v1.RequisitionService/GetRequisition";
    world.services.refuse(read, Failure::not_found("federations/vastmanland/requisitions/other"));
    let page = world.signed_in("anna").await.get("/requisitions/other").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_language_is_kept_and_every_page_follows_it() {
    let world = World::new().await;
    let mut browser = world.signed_in("erik").await;
    let page = browser.get("/funding").await;
    assert!(page.html.contains("<html lang=\"sv\""));
    let back = browser.submit(&page, "/language", &[("language", "en")]).await;
    assert_eq!(back.location, "/funding");
    let page = browser.get("/half-year-reports/2025h1").await;
    assert!(page.html.contains("<html lang=\"en\""));
    assert!(
        page.text().contains("Covers 1 of 6 teams.")
            && page.text().contains("participants in English")
    );
    let away = browser.post("/language", &[("language", "sv"), ("next", "//evil.example")]).await;
    assert_eq!(away.location, "/");
}

#[tokio::test]
async fn recoveries_wait_on_the_first_page_of_those_who_decide_or_pay_them() {
    let world = World::new().await;
    let link = "href=\"/recoveries/";
    let asked = || -> Vec<ListRecoveriesRequest> {
        world.services.asked("/samordna.finance.v1.RecoveryService/ListRecoveries")
    };
    let office = world.signed_in("erik").await.get("/").await;
    assert!(office.html.contains(link) && office.text().contains("Återkrav som väntar"));
    assert_eq!(asked().len(), 2);
    let party = world.signed_in("anna").await.get("/").await;
    assert!(party.html.contains(link) && party.text().contains("Återkrav att betala tillbaka"));
    let of_party: Vec<RecoveryState> = asked().iter().skip(2).map(|it| it.state()).collect();
    assert_eq!(of_party, [RecoveryState::Decided]);
    assert!(!world.signed_in("leila").await.get("/").await.html.contains(link));
}

#[tokio::test]
async fn a_party_sees_on_its_first_page_what_it_handed_in_and_where_it_waits() {
    let world = World::new().await;
    let heading = "Inskickat, väntar hos förbundet (3+)";
    let page = world.signed_in("anna").await.get("/").await;
    assert!(page.text().contains(heading), "{}", page.text());
    assert!(!world.signed_in("erik").await.get("/").await.text().contains("väntar hos förbundet"));
    let none = ListRequisitionsResponse::default();
    world.services.answer("/samordna.finance.v1.RequisitionService/ListRequisitions", &none);
    let page = world.signed_in("anna").await.get("/").await;
    assert!(!page.text().contains("väntar hos förbundet"));
}
