//! Layouts, bandings and questionnaires in the browser: what is registered, and how
//! something new is.

use http::StatusCode;
use platform::Failure;
use proto::participant::{
    BandedDimension, CreateBandingRequest, CreateBandingResponse, CreateQuestionnaireRequest,
    CreateQuestionnaireResponse, CreateTableLayoutRequest, CreateTableLayoutResponse, Dimension,
    Measure, ReferringKind,
};
use values::Fault;

use super::browser::World;
use crate::web::code;

const LIST: &str = "/statistics/definitions";
const LAYOUT: &str = "/samordna.participant.v1.TableLayoutService/CreateTableLayout";
const BANDING: &str = "/samordna.participant.v1.BandingService/CreateBanding";
const QUESTIONNAIRE: &str = "/samordna.participant.v1.QuestionnaireService/CreateQuestionnaire";

#[tokio::test]
async fn everybody_with_statistics_reads_what_is_registered_and_the_office_registers() {
    let world = World::new().await;
    for (who, may_register) in [("maria", true), ("olle", false), ("sofia", false)] {
        let mut browser = world.signed_in(who).await;
        let page = browser.get(LIST).await;
        assert_eq!(page.status, StatusCode::OK, "{who}");
        for link in ["/layouts/alder", "/questionnaires/egen-2025"] {
            assert!(page.html.contains(&format!("href=\"{LIST}{link}\"")), "{who} {link}");
        }
        assert_eq!(page.html.contains("/new-layout"), may_register, "{who}");
        let form = browser.get("/statistics/definitions/new-questionnaire").await;
        assert_eq!(form.status == StatusCode::OK, may_register, "{who}");
    }
    let mut browser = world.signed_in("olle").await;
    let page = browser.get("/statistics/definitions/questionnaires/egen-2025").await;
    assert!(page.text().contains("Hur ser du på framtiden?"), "{}", page.text());
    let page = browser.get("/statistics/definitions/layouts/alder").await;
    assert!(page.html.contains("/statistics/tables?layout=alder"));
    let page = browser.get("/statistics/definitions/bandings/other").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_layout_is_registered_by_what_it_counts_and_its_cuts() {
    let world = World::new().await;
    world.services.answer(LAYOUT, &CreateTableLayoutResponse::default());
    let mut browser = world.signed_in("maria").await;
    let path = "/statistics/definitions/new-layout";
    let form = browser.get(path).await;
    let fields = [
        ("title", "Nya efter kön"),
        ("MEASURE_NEW", "yes"),
        ("layout-cut-1", "DIMENSION_SEX"),
        ("layout-cut-3", "DIMENSION_TEAM"),
    ];
    assert_eq!(browser.submit(&form, path, &fields).await.location, LIST);
    let asked: Vec<CreateTableLayoutRequest> = world.services.asked(LAYOUT);
    let shape = asked[0].table_layout.as_ref().unwrap().shape.clone().unwrap();
    assert_eq!(shape.measures().collect::<Vec<_>>(), [Measure::New]);
    let cuts: Vec<_> = shape.cuts.iter().map(|cut| cut.dimension()).collect();
    assert_eq!(cuts, [Dimension::Sex, Dimension::Team]);
    let fault = Fault::new("table_layout.shape.cuts[1]", "CUT_ONLY_FOR_EXITS");
    world.services.refuse(LAYOUT, Failure::from(fault));
    let refused = browser.submit(&form, path, &fields).await;
    assert!(refused.html.contains("id=\"layout-cut-3-error\""), "{}", refused.text());
}

#[tokio::test]
async fn ages_are_banded_by_their_ends_and_codes_by_the_part_each_falls_into() {
    let world = World::new().await;
    world.services.answer(BANDING, &CreateBandingResponse::default());
    let mut browser = world.signed_in("maria").await;
    let path = "/statistics/definitions/new-banding";
    let form = browser.get(&format!("{path}?dimension=BANDED_DIMENSION_AGE")).await;
    let fields = [
        ("banding_id", "aldrar-2026"),
        ("decision", "Styrelsen"),
        ("line-0-id", "alla"),
        ("line-0-label", "alla"),
        ("line-0-label_en", "all"),
        ("line-0-youngest", "0"),
        ("line-0-oldest", "150"),
        ("step", "save"),
    ];
    assert_eq!(browser.submit(&form, path, &fields).await.location, LIST);
    let form = browser.get(&format!("{path}?dimension=BANDED_DIMENSION_REFERRING_KIND")).await;
    let mut fields = vec![
        ("banding_id", "aktualisering"),
        ("decision", "Styrelsen"),
        ("line-1-id", "ovriga"),
        ("line-1-label", "övriga"),
        ("line-1-label_en", "others"),
        ("step", "save"),
    ];
    let kinds = code::all::<ReferringKind>();
    fields.extend(kinds[1..].iter().map(|kind| (kind.as_str_name(), "2")));
    let first = kinds[0].as_str_name();
    let unclear = browser.submit(&form, path, &fields).await;
    assert!(unclear.html.contains(&format!("id=\"{first}-error\"")), "{}", unclear.text());
    fields.push((first, "2"));
    assert_eq!(browser.submit(&form, path, &fields).await.location, LIST);
    let asked: Vec<CreateBandingRequest> = world.services.asked(BANDING);
    let banding = |place: usize| asked[place].banding.clone().unwrap();
    assert_eq!((asked[0].banding_id.as_str(), banding(0).bands[0].oldest), ("aldrar-2026", 150));
    assert!(asked[1].validate_only && !asked[2].validate_only);
    assert_eq!(banding(2).dimension(), BandedDimension::ReferringKind);
    assert_eq!(banding(2).bands[0].codes.len(), kinds.len());
    let none = browser.get(path).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_questionnaire_is_registered_with_its_scales_in_halves() {
    let world = World::new().await;
    world.services.answer(QUESTIONNAIRE, &CreateQuestionnaireResponse::default());
    let mut browser = world.signed_in("maria").await;
    let path = "/statistics/definitions/new-questionnaire";
    let form = browser.get(path).await;
    let fields = [
        ("title", "Egen enkät"),
        ("licence_note", "Förbundets egen."),
        ("line-0-id", "framtid"),
        ("line-0-text", "Hur ser du på framtiden?"),
        ("line-0-least", "1"),
        ("line-0-most", "9,5"),
        ("line-0-half_steps", "yes"),
        ("step", "save"),
    ];
    assert_eq!(browser.submit(&form, path, &fields).await.location, LIST);
    let asked: Vec<CreateQuestionnaireRequest> = world.services.asked(QUESTIONNAIRE);
    let sent = asked[0].questionnaire.clone().unwrap();
    let question = &sent.questions[0];
    assert_eq!((question.least_halves, question.most_halves, question.half_steps), (2, 19, true));
    let unclear = browser.submit(&form, path, &[("line-0-most", "9,3"), ("step", "save")]).await;
    assert!(unclear.html.contains("id=\"line-0-most-error\""));
    let more = browser.submit(&form, path, &[("step", "add_line")]).await;
    assert!(more.html.contains("id=\"line-3-text\""));
}
