//! Statistics in the browser: what is asked, in which order it stands, how one gets to
//! the records, and what is hidden from whom.

use http::StatusCode;
use platform::Failure;
use proto::participant::{
    Dimension, GetFollowUpRatesRequest, GetProtectedTablesRequest, GetSurveyResultsRequest,
    ListCellRecordsRequest, Measure, SurveyOccasion, TabulateRequest,
};
use values::Fault;

use super::{
    browser::World,
    vastmanland::{people::FAMILY_NAME, statistics::show_protected},
};

const TABULATE: &str = "/samordna.participant.v1.TabulationService/Tabulate";
const RECORDS: &str = "/samordna.participant.v1.TabulationService/ListCellRecords";
const PROTECTED: &str = "/samordna.participant.v1.TabulationService/GetProtectedTables";
const RATES: &str = "/samordna.participant.v1.FollowUpService/GetFollowUpRates";
const RESULTS: &str = "/samordna.participant.v1.SurveyService/GetSurveyResults";

#[tokio::test]
async fn a_table_is_asked_for_by_measures_and_cuts_and_stands_in_order_with_its_sums() {
    let world = World::new().await;
    let mut browser = world.signed_in("sofia").await;
    let address = "/statistics?first_day=2025-01-01&last_day=2025-06-30&team=hallstahammar\
                   &as_known_at=300&measure=MEASURE_NEW&measure=MEASURE_PARTICIPANTS\
                   &cut1=DIMENSION_SEX&cut2=DIMENSION_TEAM";
    let page = browser.get(address).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let asked: Vec<TabulateRequest> = world.services.asked(TABULATE);
    let shape = asked[0].shape.as_ref().unwrap();
    assert_eq!(shape.measures().collect::<Vec<_>>(), [Measure::New, Measure::Participants]);
    let cuts: Vec<_> = shape.cuts.iter().map(|cut| cut.dimension()).collect();
    assert_eq!(cuts, [Dimension::Sex, Dimension::Team]);
    assert_eq!((asked[0].as_known_at, asked[0].teams.len()), (300, 1));
    // The book-keeping is of the same journal as the table.
    assert_eq!((asked[1].as_known_at, asked[1].shape.as_ref().unwrap().measures.len()), (412, 11));
    let text = page.text();
    let table = text.split("Räknade personer").nth(1).unwrap();
    let order =
        ["kvinna Samordningsteam", "kvinna, summa", "man Samordningsteam", "man, summa", "Totalt"];
    let places: Vec<_> = order.iter().map(|it| table.find(it).unwrap()).collect();
    assert!(places.is_sorted(), "{table}");
    assert!(text.contains("post 412") && text.contains("= Vid slutet"));
}

#[tokio::test]
async fn a_number_opens_to_its_cases_by_codes_alone() {
    let world = World::new().await;
    let mut browser = world.signed_in("sofia").await;
    let page = browser.get("/statistics?cut1=DIMENSION_SEX&cut2=DIMENSION_TEAM").await;
    let cell = page.html.split("href=\"").find(|it| it.starts_with("/statistics/cell?")).unwrap();
    let cell = cell.split('"').next().unwrap().replace("&#38;", "&");
    assert!(cell.contains("key1=SEX_WOMAN") && cell.contains("sequence=412"), "{cell}");
    let page = browser.get(&cell).await;
    let text = page.text();
    assert!(text.contains(FAMILY_NAME) && text.contains("1 till räknas men kan inte visas"));
    assert!(page.html.contains("page_token=more"));
    for address in page.html.split("href=\"").skip(1) {
        assert!(!address.split('"').next().unwrap().contains(FAMILY_NAME));
    }
    let asked: Vec<ListCellRecordsRequest> = world.services.asked(RECORDS);
    assert_eq!((asked[0].sequence, asked[0].keys.len()), (412, 2));
    assert_eq!(asked[0].measure(), Measure::Participants);
    let table = asked[0].table.as_ref().unwrap();
    assert_eq!(table.shape.as_ref().unwrap().cuts.len(), 2);
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_said_at_its_field() {
    let world = World::new().await;
    let mut browser = world.signed_in("sofia").await;
    let page = browser.get("/statistics?first_day=2025-02-30&last_day=&as_known_at=x").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for id in ["first_day", "last_day", "as_known_at"] {
        assert!(page.html.contains(&format!("id=\"{id}-error\"")), "{id}");
        assert!(page.html.contains(&format!("href=\"#{id}\"")), "{id}");
    }
    let fault = Fault::new("shape.cuts[0]", "CUT_ONLY_FOR_EXITS");
    world.services.refuse(TABULATE, Failure::from(fault));
    let page = browser.get("/statistics?cut1=DIMENSION_EXIT_OUTCOME&measure=MEASURE_NEW").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.html.contains("id=\"cut1-error\"") && page.html.contains("href=\"#cut1\""));
}

#[tokio::test]
async fn the_office_gets_the_protected_tables_and_no_others() {
    let world = World::new().await;
    for who in ["maria", "olle", "leila"] {
        let mut browser = world.signed_in(who).await;
        assert_eq!(browser.get("/statistics").await.location, "/statistics/tables", "{who}");
        let page = browser.get("/statistics/cell?measure=MEASURE_NEW&sequence=412").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{who}");
    }
    let mut browser = world.signed_in("maria").await;
    let page = browser.get("/statistics/tables").await;
    assert!(world.services.asked::<GetProtectedTablesRequest>(PROTECTED).is_empty());
    assert!(page.text().contains("Läst här") && page.text().contains("2025h1"));
    let page = browser.get("/statistics/tables?layout=alder&period=2025h1").await;
    let asked: Vec<GetProtectedTablesRequest> = world.services.asked(PROTECTED);
    assert_eq!(asked[0].layouts, ["federations/vastmanland/tableLayouts/alder"]);
    let text = page.text();
    assert!(text.contains("30–49 år 14 utan födelseår dold Totalt dold"), "{text}");
    assert!(text.contains("där antalet är under 5") && text.contains("post 400"));
    assert!(!page.html.contains("/statistics/cell"), "nothing leads to records");

    world.services.refuse(PROTECTED, Failure::refused("NOTHING_CAN_BE_TOLD"));
    let page = browser.get("/statistics/tables?layout=alder&period=2024").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Inget tal i tabellen kan lämnas ut"), "{}", page.text());
}

#[tokio::test]
async fn a_table_that_is_not_the_newest_says_so_and_the_newest_is_asked_for_with_more_hidden() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let address = "/statistics/tables?layout=alder&period=2025h1";
    let earlier = "Därför står tidigare siffror kvar.";
    let page = browser.get(address).await;
    assert!(!page.text().contains(earlier), "{}", page.text());
    assert!(!page.html.contains("value=\"hide_more\""));
    assert!(page.text().contains("ändringar på några få personer kan sedan inte visas"));

    show_protected(&world.services, false);
    let page = browser.get(address).await;
    assert!(page.text().contains(earlier), "{}", page.text());
    assert!(page.text().contains("30–49 år 14"), "{}", page.text());
    show_protected(&world.services, true);
    let newest = browser.submit(&page, "/statistics/tables", &[("step", "hide_more")]).await;
    assert_eq!(newest.status, StatusCode::OK);
    assert!(newest.text().contains("30–49 år 14") && !newest.text().contains(earlier));
    assert!(newest.html.contains("<option value=\"2025h1\" selected>"), "{}", newest.html);
    let asked: Vec<GetProtectedTablesRequest> = world.services.asked(PROTECTED);
    assert_eq!(asked.iter().map(|it| it.hide_more).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!((&asked[2].layouts, &asked[2].period), (&asked[1].layouts, &asked[1].period));

    let fields = [("layout", "alder"), ("period", "2025h1"), ("step", "hide_more")];
    let foreign = browser.post("/statistics/tables", &fields).await;
    assert!(foreign.status.is_client_error(), "{}", foreign.status);
    assert_eq!(world.services.asked::<GetProtectedTablesRequest>(PROTECTED).len(), 3);

    show_protected(&world.services, false);
    let page = world.signed_in("olle").await.get(address).await;
    assert!(page.text().contains(earlier), "{}", page.text());
    assert!(!page.html.contains("value=\"hide_more\""), "an auditor replaces nothing");
}

#[tokio::test]
async fn rates_come_with_the_share_that_answered_and_what_silence_allows() {
    let world = World::new().await;
    let mut browser = world.signed_in("olle").await;
    let page = browser.get("/statistics/follow-ups?first_day=2024-01-01&last_day=2024-06-30").await;
    let text = page.text();
    assert!(text.contains("6 månader 20 12 60,0 % 5 1 2 6 30,0 %–70,0 %"), "{text}");
    assert!(text.contains("12 månader dold") && text.contains("så litet att det skulle kunna"));
    let asked: Vec<GetFollowUpRatesRequest> = world.services.asked(RATES);
    assert_eq!((asked[0].as_known_at, asked[0].teams.len()), (0, 0));
    assert!(text.contains("andra halvåret 2024") && !text.contains("hela 2024"), "{text}");
    let text = world.signed_in("sofia").await.get("/statistics/follow-ups").await.text();
    assert!(text.contains("hela 2025"), "{text}");
}

#[tokio::test]
async fn survey_results_show_how_many_answered_and_of_how_many() {
    let world = World::new().await;
    let mut browser = world.signed_in("sofia").await;
    let page = browser.get("/statistics/surveys?occasion=SURVEY_OCCASION_EXIT").await;
    let text = page.text();
    assert!(text.contains("Hur ser du på framtiden? Skala 1–10 7 11 8,14 8,5: 1"), "{text}");
    assert!(text.contains("Förbundets egen, fri att använda."));
    let asked: Vec<GetSurveyResultsRequest> = world.services.asked(RESULTS);
    assert_eq!(asked[0].occasion(), SurveyOccasion::Exit);
    let refusal = Failure::refused("COUNTS_NOT_SETTLED").with("from", "2025-08-01");
    world.services.refuse(RESULTS, refusal);
    let page = browser.get("/statistics/surveys").await;
    assert!(page.text().contains("lämnas ut från 2025-08-01"), "{}", page.text());
}
