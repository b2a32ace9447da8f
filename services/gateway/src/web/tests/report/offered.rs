//! What a report and its editor offer to whom: an explanation to take back, what is said
//! of a chapter, and a way back for what cannot be published.

use http::StatusCode;
use platform::Failure;
use proto::reporting::{ReportState, ReturnReportResponse};

use super::{EDITOR, ONE, PUBLISH, RETURN, World, show_written_report};
use crate::web::tests::vastmanland::report::show_explained_by;

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
