//! What is typed outlives the session: somebody who was signed out signs in again and
//! sends it.

use http::StatusCode;
use proto::reporting::{UpdateChapterRequest, UpdateChapterResponse};

use super::browser::{PASSWORD, Page, World};

const EDITOR: &str = "/reports/r1/chapters/participants.hallstahammar/edit";
const UPDATE: &str = "/samordna.reporting.v1.ChapterService/UpdateChapter";
const TYPED: &str = "En \"timmes\" <text>.\r\nOch mer.";

fn has_typed(page: &Page, name: &str) -> bool {
    let escaped = TYPED.replace('"', "&#34;").replace('<', "&#60;").replace('>', "&#62;");
    page.html.contains(&format!("name=\"{name}\" value=\"{escaped}\""))
}

#[tokio::test]
async fn a_chapter_that_the_session_did_not_outlive_is_saved_after_signing_in_again() {
    let world = World::new().await;
    world.services.answer(UPDATE, &UpdateChapterResponse::default());
    let mut browser = world.signed_in("leila").await;
    let form = browser.get(EDITOR).await;
    let first = browser.get("/").await;
    browser.submit(&first, "/sign-out", &[]).await;

    let fields = [("text", TYPED), ("step", "save")];
    let asked = browser.upload_with(&form, EDITOR, &fields, ("", [].as_slice())).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(has_typed(&asked, "kept.text"), "{}", asked.html);
    assert!(asked.text().contains("Du har loggats ut"), "{}", asked.text());
    let wrong = [("username", "leila"), ("password", "wrong")];
    let wrong = browser.submit(&asked, "/sign-in", &wrong).await;
    assert!(has_typed(&wrong, "kept.text"), "a wrong password loses nothing");
    let right = [("username", "leila"), ("password", PASSWORD)];
    let again = browser.submit(&wrong, "/sign-in", &right).await;
    assert!(has_typed(&again, "text"), "{}", again.html);
    let saved: Vec<UpdateChapterRequest> = world.services.asked(UPDATE);
    assert!(saved.is_empty(), "nothing is sent before somebody says so");

    let done = browser.submit(&again, EDITOR, &[]).await;
    assert_eq!(done.location, "/reports/r1#chapter-participants.hallstahammar");
    let saved: Vec<UpdateChapterRequest> = world.services.asked(UPDATE);
    let text = saved[0].chapter.as_ref().map(|chapter| chapter.text.as_str());
    assert_eq!(text, Some(TYPED.replace("\r\n", "\n").as_str()));
}

#[tokio::test]
async fn a_form_of_an_earlier_session_is_sent_again_in_the_one_that_is_now() {
    let world = World::new().await;
    world.services.answer(UPDATE, &UpdateChapterResponse::default());
    let form = world.signed_in("leila").await.get(EDITOR).await;
    let mut browser = world.signed_in("leila").await;
    for is_upload in [false, true] {
        let fields = [("text", TYPED), ("step", "save")];
        let refused = if is_upload {
            browser.upload_with(&form, EDITOR, &fields, ("a.pdf", b"%PDF".as_slice())).await
        } else {
            browser.submit(&form, EDITOR, &fields).await
        };
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(has_typed(&refused, "text"), "{}", refused.html);
        let done = browser.submit(&refused, EDITOR, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(world.services.asked::<UpdateChapterRequest>(UPDATE).len(), 2);
}

#[tokio::test]
async fn what_another_site_sends_is_never_kept_nor_what_cannot_be_read() {
    let world = World::new().await;
    let mut stranger = world.browser();
    for (site, body) in [("cross-site", "text=x"), ("none", "text=x"), ("same-origin", "")] {
        let answer = stranger.post_from(site, EDITOR, body).await;
        assert!(!answer.html.contains("kept."), "{site} {body}: {}", answer.html);
        assert_ne!(answer.status, StatusCode::OK, "{site} {body}");
    }
    let large = "x".repeat(600 * 1024);
    let answer = stranger.post_from("same-origin", EDITOR, &format!("text={large}")).await;
    assert!(answer.location.starts_with("/sign-in"), "{}", answer.status);
}
