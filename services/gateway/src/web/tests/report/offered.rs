//! What a report and its editor offer to whom: an explanation to take back, what is said
//! of a chapter, and a way back for what cannot be published.

use http::StatusCode;
use platform::Failure;
use proto::reporting::{GetReleaseEvidenceResponse, ReportState, ReturnReportResponse};

use super::{EDITOR, ONE, PUBLISH, RETURN, World, show_written_report};
use crate::web::tests::vastmanland::report::{CHAPTER, show_explained_by, show_published_report};

const EVIDENCE: &str = "/samordna.reporting.v1.ReleaseService/GetReleaseEvidence";

#[tokio::test]
async fn an_explanation_is_taken_back_by_who_gave_it_and_who_writes_the_report() {
    let world = World::new().await;
    for (author, offered) in [("leila", ["leila", "maria"]), ("maria", ["maria", "maria"])] {
        show_explained_by(&world.services, author);
        for who in ["leila", "maria"] {
            let page = world.signed_in(who).await.get(ONE).await;
            let is_offered = page.html.contains("/explain/withdraw");
            assert_eq!(is_offered, offered.contains(&who), "{who} of what {author} wrote");
            assert!(page.html.contains("/explain?finding=f2"), "{who} may explain it anew");
        }
    }
}

#[tokio::test]
async fn what_is_said_of_a_chapter_stands_in_its_editor_until_it_is_dealt_with() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let page = browser.get("/reports/r1/chapters/introduction/edit").await;
    let text = page.text();
    assert!(text.contains("Kommentarer att åtgärda"), "{text}");
    assert!(text.contains("Nämn den nya styrelsen."), "{text}");
    let page = browser.get(EDITOR).await;
    assert!(!page.text().contains("Kommentarer att åtgärda"), "{}", page.text());
}

#[tokio::test]
async fn a_number_that_is_no_figure_is_marked_with_a_reason_and_never_without() {
    let world = World::new().await;
    let mut browser = world.signed_in("leila").await;
    let page = browser.get(EDITOR).await;
    let start = CHAPTER.find("57").unwrap();
    let step = format!("quotation {start} {}", start + 4);
    let reason = format!("reason-{start}-{}", start + 4);
    assert!(page.html.contains(&format!("value=\"{step}\"")), "{}", page.html);
    let fields = [("text", CHAPTER), ("step", step.as_str())];
    let refused = browser.submit(&page, EDITOR, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains(&format!("id=\"{reason}-error\"")), "{}", refused.html);
    let fields = [("text", CHAPTER), ("step", step.as_str()), (reason.as_str(), "SCB 2024")];
    let marked = browser.submit(&page, EDITOR, &fields).await;
    let text = "Av deltagarna är [57 %](quotation &#34;SCB 2024&#34;) kvinnor.</textarea>";
    assert!(marked.html.contains(text), "{}", marked.html);
    assert!(marked.html.contains("id=\"checked-heading\" tabindex=\"-1\" autofocus"));
}

#[tokio::test]
async fn a_word_that_is_true_of_a_figure_beside_it_is_bound_at_a_button() {
    let world = World::new().await;
    let mut browser = world.signed_in("leila").await;
    let page = browser.get(EDITOR).await;
    assert!(page.text().contains("Ord som kan bindas"), "{}", page.text());
    let start = CHAPTER.find("kvinnor").unwrap();
    let step = format!("bind {start} {} change:participants.woman", start + 7);
    assert!(page.html.contains(&format!("value=\"{step}\"")), "{}", page.html);
    let fields = [("text", CHAPTER), ("step", step.as_str())];
    let bound = browser.submit(&page, EDITOR, &fields).await;
    let text = "Av deltagarna är 57 % [kvinnor](change:participants.woman).</textarea>";
    assert!(bound.html.contains(text), "{}", bound.html);
}

#[tokio::test]
async fn a_page_says_that_its_figures_are_of_several_times_and_later_than_what_was_published() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let page = browser.get(ONE).await;
    assert!(page.text().contains("De äldsta är från läge 58"), "{}", page.text());
    let live = "Den här sidan visar uppgifterna som de är nu.";
    assert!(!page.text().contains(live), "{}", page.text());
    show_published_report(&world.services);
    let page = browser.get(ONE).await;
    assert!(page.text().contains(live), "{}", page.text());
}

#[tokio::test]
async fn what_proves_a_release_is_handed_out_to_whoever_may_prove_it() {
    let world = World::new().await;
    show_published_report(&world.services);
    let (file_name, content) = ("r1-1-evidence.json".to_owned(), b"{}".to_vec());
    world.services.answer(EVIDENCE, &GetReleaseEvidenceResponse { file_name, content });
    for (who, proves) in [("maria", true), ("olle", true), ("erik", false), ("leila", false)] {
        let page = world.signed_in(who).await.get(ONE).await;
        assert_eq!(page.html.contains("/releases/r1-1/evidence"), proves, "{who}");
    }
    let file = world.signed_in("olle").await.get("/releases/r1-1/evidence").await;
    assert_eq!((file.status, file.html.as_str()), (StatusCode::OK, "{}"));
    let disposition = file.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.contains("r1-1-evidence.json"), "{disposition}");
}

#[tokio::test]
async fn what_cannot_be_published_as_it_stands_is_named_and_given_back() {
    let world = World::new().await;
    show_written_report(&world.services, ReportState::Accepted, "leila");
    let refusal = Failure::refused("RELEASE_TEXT_SHOWS_HIDDEN")
        .with("count", 2)
        .with("chapters", "introduction, participants.hallstahammar");
    world.services.refuse(PUBLISH, refusal);
    world.services.answer(RETURN, &ReturnReportResponse::default());
    let mut browser = world.signed_in("maria").await;
    let page = browser.get(ONE).await;
    let refused = browser.submit(&page, "/reports/r1/steps", &[("step", "publish")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let said = "Texten i ”Inledning”, ”Deltagare, Samordningsteam Hallstahammar” säger något";
    assert!(refused.text().contains(said), "{}", refused.text());
    let fields = [("step", "return"), ("reason", "Skriv utan det lilla talet.")];
    let back = browser.submit(&refused, "/reports/r1/steps", &fields).await;
    assert_eq!(back.location, "/reports/r1", "{}", back.text());
}
