//! Correcting what was published, in the browser: the draft, the button, and what a later
//! release says of it.

use http::StatusCode;
use platform::Failure;
use proto::reporting::{
    DraftRestatementRequest, DraftRestatementResponse, GetReleaseResponse,
    PublishRestatementRequest, Release,
};

use super::{
    browser::World,
    vastmanland::{
        name,
        report::show_published_report,
        restatement::{changes, release},
    },
};

const DRAFT: &str = "/samordna.reporting.v1.RestatementService/DraftRestatement";
const PUBLISH: &str = "/samordna.reporting.v1.RestatementService/PublishRestatement";
const GET: &str = "/samordna.reporting.v1.ReleaseService/GetRelease";
const RESTATE: &str = "/releases/r1-1/restate";

#[tokio::test]
async fn the_office_sees_what_a_restatement_would_correct_and_what_it_is_made_of() {
    let world = World::new().await;
    show_published_report(&world.services);
    let mut browser = world.signed_in("maria").await;
    assert!(browser.get("/reports/r1").await.html.contains(RESTATE));
    let page = browser.get(RESTATE).await;
    let text = page.text();
    assert!(page.html.contains("href=\"/reports/r1#records\""));
    for shown in [
        "Antalen ur deltagarregistret hämtades 2025-08-20 10:00. Hämta nyare i rapporten",
        "Samordningsteam Sala Personer i kö 6 26 +20 sena uppgifter om vilka som kom: +24 \
         sena uppgifter om vilka som slutade: \u{2212}4",
        "Avslut: Arbete 6 visas inte Visas inte: det ena antalet är dolt.",
        "rättat underlag, Samordningsteam Sala: +20",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    let done = browser.submit(&page, RESTATE, &[("dnr", "SFV 2025/50")]).await;
    assert_eq!(done.location, "/reports/r1#releases");
    let asked: Vec<PublishRestatementRequest> = world.services.asked(PUBLISH);
    assert_eq!(
        (asked[0].name.as_str(), asked[0].dnr.as_str()),
        (name("releases", "r1-1").as_str(), "SFV 2025/50")
    );
    assert!(!asked[0].request_id.is_empty());
}

#[tokio::test]
async fn nothing_is_published_where_nothing_has_changed_and_a_refusal_is_told() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let form = browser.get(RESTATE).await;
    world.services.refuse(PUBLISH, Failure::refused("NOTHING_TO_RESTATE"));
    let refused = browser.submit(&form, RESTATE, &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.html.contains("ds-error-summary"));
    let open_findings = vec!["word".to_owned()];
    let drafted = DraftRestatementResponse { changes: changes(), open_findings, fetch_time: None };
    world.services.answer(DRAFT, &drafted);
    let page = browser.get(RESTATE).await;
    assert!(page.text().contains("Anmärkningar på texten med de nya siffrorna: 1."));
    assert!(!page.text().contains("hämtades"), "nothing is counted from records");
    assert!(!page.html.contains(&format!("action=\"{RESTATE}\"")));
    world.services.answer(DRAFT, &DraftRestatementResponse::default());
    let page = browser.get(RESTATE).await;
    assert!(page.text().contains("Det finns inget att rätta."));
    assert!(!page.html.contains(&format!("action=\"{RESTATE}\"")));
    let refusal = Failure::refused("RELEASE_RESTATED").with("release", name("releases", "r1-2"));
    world.services.refuse(DRAFT, refusal);
    let page = browser.get(RESTATE).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("Publiceringen är redan omräknad i r1-2."), "{}", page.text());
}

#[tokio::test]
async fn others_read_what_was_corrected_and_draft_nothing() {
    let world = World::new().await;
    show_published_report(&world.services);
    let mut browser = world.signed_in("olle").await;
    assert!(!browser.get("/reports/r1").await.html.contains(RESTATE));
    assert_eq!(browser.get(RESTATE).await.status, StatusCode::FORBIDDEN);
    assert!(world.services.asked::<DraftRestatementRequest>(DRAFT).is_empty());
    let corrected = Release { changes: changes(), ..release() };
    world.services.answer(GET, &GetReleaseResponse { release: Some(corrected) });
    let page = browser.get("/releases/r1-2/changes").await;
    assert!(page.text().contains("Personer i kö 6 26 +20"), "{}", page.text());
    assert!(!page.html.contains("name=\"dnr\""));
}
