//! Figures that are counted from records: nobody fetches them by looking, and what is
//! fetched says when it was and whether it is the newest.

use http::StatusCode;
use platform::Failure;
use proto::{
    Date,
    common::Period,
    reporting::{
        FetchFiguresRequest, FetchFiguresResponse, GetReportResponse, ListReportingPeriodsResponse,
        ReportState, ReportingPeriod,
    },
};

use super::{ONE, SUBMIT, World, name, show_published_report};
use crate::web::tests::vastmanland::report::{GET, counted};

const FETCH: &str = "/samordna.reporting.v1.ReportService/FetchFigures";
const PERIODS: &str = "/samordna.reporting.v1.ReportingPeriodService/ListReportingPeriods";
const FIGURES: &str = "/reports/r1/figures";
const FETCHED: Option<&str> = Some("2025-07-10T08:00:00Z");

/// The report, as something of its head is otherwise.
fn with_head(
    state: ReportState,
    fetched: Option<&str>,
    change: impl FnOnce(&mut proto::reporting::Report),
) -> GetReportResponse {
    let mut report = counted(state, fetched);
    report.report.as_mut().map(change).unwrap();
    report
}

#[tokio::test]
async fn nothing_is_fetched_by_looking_and_a_button_fetches() {
    let world = World::new().await;
    world.services.answer(GET, &counted(ReportState::Draft, None));
    world.services.answer(FETCH, &FetchFiguresResponse { is_newest: true });
    let mut browser = world.signed_in("maria").await;
    let page = browser.get(ONE).await;
    let text = page.text();
    for shown in [
        "Siffrorna ur deltagarregistret är inte hämtade än.",
        "Siffror ur deltagarregistret Siffrorna är inte hämtade än. Hämta dem när teamen",
        "Hämta siffror",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    assert!(page.html.contains("href=\"#records\""));
    assert!(world.services.asked::<FetchFiguresRequest>(FETCH).is_empty());

    world.services.answer(GET, &counted(ReportState::Draft, FETCHED));
    let done = browser.submit(&page, FIGURES, &[("step", "fetch")]).await;
    let asked: Vec<FetchFiguresRequest> = world.services.asked(FETCH);
    assert_eq!((asked[0].name.as_str(), asked[0].hide_more), (&*name("reports", "r1"), false));
    assert_eq!(done.status, StatusCode::OK);
    let text = done.text();
    let said = "Siffrorna är hämtade. Det finns inga nyare. Hämtade 2025-07-10 10:00.";
    assert!(text.contains(said), "{text}");
    assert!(!text.contains("är inte hämtade än"), "{text}");
    assert!(done.html.contains("value=\"fetch\"") && !done.html.contains("value=\"hide_more\""));
    let page = browser.get(ONE).await;
    assert!(page.text().contains("Hämta nyare siffror"), "{}", page.text());
    assert!(!page.text().contains("Det finns inga nyare."), "{}", page.text());
}

#[tokio::test]
async fn what_would_tell_of_single_people_stays_until_somebody_hides_more() {
    let world = World::new().await;
    world.services.answer(FETCH, &FetchFiguresResponse { is_newest: false });
    let mut browser = world.signed_in("maria").await;
    let page = browser.get(ONE).await;
    assert!(!page.html.contains("value=\"hide_more\""));
    let told = browser.submit(&page, FIGURES, &[("step", "fetch")]).await;
    let text = told.text();
    let said = "skulle berätta om enskilda personer. Därför står tidigare siffror kvar.";
    assert!(text.contains(said), "{text}");
    assert!(text.contains("Visa de nyaste och dölj fler tal"), "{text}");
    assert!(!text.contains("Det finns inga nyare."), "{text}");

    world.services.answer(FETCH, &FetchFiguresResponse { is_newest: true });
    assert!(told.html.contains("value=\"hide_more\""));
    let newest = browser.submit(&told, FIGURES, &[("step", "hide_more")]).await;
    assert!(newest.text().contains("Det finns inga nyare."), "{}", newest.text());
    let asked: Vec<FetchFiguresRequest> = world.services.asked(FETCH);
    assert_eq!(asked.iter().map(|it| it.hide_more).collect::<Vec<_>>(), [false, true]);
}

#[tokio::test]
async fn who_writes_the_report_fetches_and_nobody_else() {
    let world = World::new().await;
    world.services.answer(FETCH, &FetchFiguresResponse { is_newest: true });
    let own = with_head(ReportState::Draft, FETCHED, |head| {
        head.subject = name("teams", "hallstahammar");
    });
    for (report, writers) in
        [(counted(ReportState::Draft, FETCHED), ["maria"].as_slice()), (own, &["maria", "leila"])]
    {
        world.services.answer(GET, &report);
        for who in ["maria", "leila", "olle"] {
            let page = world.signed_in(who).await.get(ONE).await;
            assert!(page.text().contains("Hämtade 2025-07-10 10:00."), "{}", page.text());
            let is_offered = page.html.contains(&format!("action=\"{FIGURES}\""));
            assert_eq!(is_offered, writers.contains(&who), "{who}");
        }
    }
    let mut browser = world.signed_in("maria").await;
    let foreign = browser.post(FIGURES, &[("step", "fetch")]).await;
    assert!(foreign.status.is_client_error(), "{}", foreign.status);
    assert!(world.services.asked::<FetchFiguresRequest>(FETCH).is_empty());
}

#[tokio::test]
async fn what_is_handed_in_stays_as_it_is_and_what_is_published_is_looked_at_anew() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    for (state, fetched, is_offered) in [
        (ReportState::Draft, FETCHED, true),
        (ReportState::Returned, FETCHED, true),
        (ReportState::Submitted, FETCHED, false),
        (ReportState::Accepted, FETCHED, false),
        // Without figures it is not accepted, and not published.
        (ReportState::Submitted, None, true),
        (ReportState::Accepted, None, true),
    ] {
        world.services.answer(GET, &counted(state, fetched));
        let page = browser.get(ONE).await;
        assert_eq!(page.html.contains(FIGURES), is_offered, "{state:?} {fetched:?}");
        let why = "Nyare siffror hämtas medan rapporten är ett utkast eller är återsänd.";
        assert_eq!(page.text().contains(why), !is_offered, "{}", page.text());
    }
    let live = "Talen ur deltagarregistret är de som hämtades senast.";
    assert!(!browser.get(ONE).await.text().contains(live));
    show_published_report(&world.services);
    let page = browser.get(ONE).await;
    assert!(page.html.contains(FIGURES) && page.text().contains(live), "{}", page.text());
}

#[tokio::test]
async fn a_report_whose_teams_report_has_nothing_to_fetch() {
    let world = World::new().await;
    let reported = with_head(ReportState::Draft, None, |head| head.sources.clear());
    world.services.answer(GET, &reported);
    let page = world.signed_in("maria").await.get(ONE).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.html.contains("records-heading") && !page.html.contains("#records"));
    assert!(!page.html.contains(FIGURES));
}

#[tokio::test]
async fn while_the_period_goes_on_the_page_says_from_which_day_they_are_fetched() {
    let world = World::new().await;
    let day = |month, day| Some(Date { year: 2025, month, day });
    let half_year = |last_day| ReportingPeriod {
        name: name("reportingPeriods", "2025h2"),
        period: Some(Period { first_day: day(7, 1), last_day }),
        due_date: day(12, 31),
    };
    let report = with_head(ReportState::Draft, None, |head| {
        head.reporting_period = name("reportingPeriods", "2025h2");
    });
    world.services.answer(GET, &report);
    let mut browser = world.signed_in("maria").await;
    // Today is the 15th of July.
    for (last_day, from) in [(day(7, 14), None), (day(7, 15), Some("2025-07-16"))] {
        let listed = ListReportingPeriodsResponse {
            reporting_periods: vec![half_year(last_day)],
            next_page_token: String::new(),
        };
        world.services.answer(PERIODS, &listed);
        let page = browser.get(ONE).await;
        assert_eq!(page.html.contains(FIGURES), from.is_none(), "{last_day:?}");
        let said = format!("kan hämtas från och med {}.", from.unwrap_or_default());
        assert_eq!(page.text().contains(&said), from.is_some(), "{}", page.text());
    }
}

#[tokio::test]
async fn what_is_in_the_way_of_fetching_is_said_above_the_report() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    for (refusal, said) in [
        (
            Failure::refused("PERIOD_NOT_OVER").with("last_day", "2025-12-31"),
            "Perioden är inte slut: dess sista dag är 2025-12-31.",
        ),
        (Failure::refused("NOTHING_CAN_BE_TOLD"), "kan teamen i stället rapportera sina uppgifter"),
        (Failure::refused("LAYOUTS_NOT_REGISTERED"), "Be förbundsadministratören att hämta"),
    ] {
        world.services.answer(GET, &counted(ReportState::Draft, None));
        world.services.refuse(FETCH, refusal);
        for step in ["fetch", "hide_more"] {
            let page = browser.get(ONE).await;
            let refused = browser.submit(&page, FIGURES, &[("step", step)]).await;
            assert_eq!(refused.status, StatusCode::CONFLICT);
            assert!(refused.html.contains("ds-error-summary"));
            assert!(refused.text().contains(said), "{said} in {}", refused.text());
            assert!(!refused.text().contains("Det finns inga nyare."), "{}", refused.text());
            assert!(refused.html.contains(FIGURES), "it can be tried again");
        }
    }
}

#[tokio::test]
async fn a_report_without_its_figures_is_not_handed_in_and_says_where_they_are_fetched() {
    let world = World::new().await;
    world.services.answer(GET, &counted(ReportState::Draft, None));
    world.services.refuse(SUBMIT, Failure::refused("FIGURES_NOT_FETCHED"));
    let mut browser = world.signed_in("maria").await;
    let page = browser.get(ONE).await;
    let refused = browser.submit(&page, "/reports/r1/steps", &[("step", "submit")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let said = "Hämta dem i rapporten, under ”Siffror ur deltagarregistret”";
    assert!(refused.text().contains(said), "{}", refused.text());
    assert!(refused.html.contains(FIGURES));
}
