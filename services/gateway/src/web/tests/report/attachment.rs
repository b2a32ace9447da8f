//! The files of a chapter, in its editor and on its report's page.

use http::StatusCode;
use platform::Failure;
use proto::reporting::{
    AttachFileRequest, AttachFileResponse, Attachment, Chapter, DetachFileRequest,
    DetachFileResponse, GetAttachmentResponse, ReportState, UpdateChapterRequest,
    UpdateChapterResponse,
};

use super::{CHAPTER, EDITOR, ONE, UPDATE_CHAPTER, World, name, show_written_report};

const ATTACH: &str = "/samordna.reporting.v1.AttachmentService/AttachFile";
const DETACH: &str = "/samordna.reporting.v1.AttachmentService/DetachFile";
const READ_FILE: &str = "/samordna.reporting.v1.AttachmentService/GetAttachment";

#[tokio::test]
async fn a_file_of_a_chapter_is_attached_handed_out_and_taken_off_in_the_editor() {
    let world = World::new().await;
    world.services.answer(ATTACH, &AttachFileResponse::default());
    world.services.answer(DETACH, &DetachFileResponse::default());
    let file = Attachment {
        file_name: "Enkät våren.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        ..Attachment::default()
    };
    let content = b"%PDF-1.7".to_vec();
    world.services.answer(READ_FILE, &GetAttachmentResponse { attachment: Some(file), content });
    let mut browser = world.signed_in("leila").await;
    let page = browser.get(EDITOR).await;
    assert!(page.text().contains("Texten sparas i samma steg"), "{}", page.text());
    let action = "/reports/r1/chapters/participants.hallstahammar/attachments";
    let kept = [("text", CHAPTER), ("language", "sv"), ("authors", "sofia"), ("step", "attach")];
    let attached = browser.upload_with(&page, EDITOR, &kept, ("Enkät.pdf", b"%PDF-1.7 en")).await;
    assert_eq!(attached.location, format!("{EDITOR}#files-heading"), "{}", attached.text());
    let asked: Vec<AttachFileRequest> = world.services.asked(ATTACH);
    assert!(asked[0].parent.ends_with("/reports/r1/chapters/participants.hallstahammar"));
    assert_eq!((asked[0].file_name.as_str(), asked[0].etag.as_str()), ("Enkät.pdf", "3"));
    assert_eq!((asked[0].media_type.as_str(), asked[0].content.len()), ("application/pdf", 11));

    let mut off = kept;
    off[3] = ("step", "detach enkat");
    let off = browser.submit(&page, EDITOR, &off).await;
    assert_eq!(off.location, format!("{EDITOR}#files-heading"));
    let asked: Vec<DetachFileRequest> = world.services.asked(DETACH);
    assert!(asked[0].name.ends_with("/attachments/enkat") && asked[0].etag == "3");
    let saved: Vec<UpdateChapterRequest> = world.services.asked(UPDATE_CHAPTER);
    assert!(saved.is_empty(), "a text that is as it was is not saved again");

    let report = world.signed_in("olle").await.get(ONE).await;
    assert!(report.html.contains(&format!("href=\"{action}/enkat\"")), "whoever reads it");
    let read = browser.get(&format!("{action}/enkat")).await;
    assert_eq!((read.status, read.html.as_str()), (StatusCode::OK, "%PDF-1.7"));

    let too_large = vec![b'x'; 5 * 1024 * 1024 + 1];
    let refused = browser.upload_with(&page, EDITOR, &kept, ("stor.pdf", &too_large)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Filen är större än 5 MiB."));
    world.services.refuse(ATTACH, Failure::refused("ATTACHMENTS_TOO_MANY").with("limit", 20));
    let refused = browser.upload_with(&page, EDITOR, &kept, ("a.pdf", b"%PDF")).await;
    assert!(refused.text().contains("Här kan högst 20 filer bifogas."), "{}", refused.text());
    assert!(refused.html.contains(">Av deltagarna är 57 % kvinnor.</textarea>"));

    show_written_report(&world.services, ReportState::Submitted, "leila");
    let closed = browser.get(EDITOR).await;
    assert!(!closed.html.contains("detach enkat") && closed.html.contains("/attachments/enkat"));
}

#[tokio::test]
async fn what_was_written_is_saved_in_the_step_that_attaches_a_file_or_takes_one_off() {
    let world = World::new().await;
    world.services.answer(ATTACH, &AttachFileResponse::default());
    world.services.answer(DETACH, &DetachFileResponse::default());
    let chapter = Some(Chapter { etag: "4".to_owned(), ..Chapter::default() });
    world.services.answer(UPDATE_CHAPTER, &UpdateChapterResponse { chapter });
    let mut browser = world.signed_in("leila").await;
    let page = browser.get(EDITOR).await;
    let written = |step| [("text", "Nytt.\r\nMer."), ("language", "sv"), ("step", step)];
    let file: (&str, &[u8]) = ("a.pdf", b"%PDF");

    browser.upload_with(&page, EDITOR, &written("attach"), file).await;
    browser.submit(&page, EDITOR, &written("detach enkat")).await;
    let done = browser.upload_with(&page, EDITOR, &written("save"), file).await;
    assert!(done.location.starts_with("/reports/r1#"), "{}", done.text());
    browser.upload_with(&page, EDITOR, &written("save"), ("", b"")).await;
    let saved: Vec<UpdateChapterRequest> = world.services.asked(UPDATE_CHAPTER);
    assert_eq!(saved.len(), 4);
    for request in &saved {
        assert_eq!(request.chapter.as_ref().unwrap().text, "Nytt.\nMer.");
        assert_eq!(request.etag, "3");
    }
    let attached: Vec<AttachFileRequest> = world.services.asked(ATTACH);
    assert_eq!(attached.len(), 2, "the last time none was chosen");
    let detached: Vec<DetachFileRequest> = world.services.asked(DETACH);
    assert_eq!((attached[0].etag.as_str(), detached[0].etag.as_str()), ("4", "4"), "as saved");
    assert_ne!(attached[0].request_id, saved[0].request_id);

    let stale = Failure::Stale { name: name("reports", "r1") };
    world.services.refuse(UPDATE_CHAPTER, stale);
    let refused = browser.upload_with(&page, EDITOR, &written("attach"), file).await;
    assert!(refused.html.contains(">Nytt.\nMer.</textarea>"), "{}", refused.html);
    assert!(refused.text().contains("välj filen igen"), "{}", refused.text());
    let attached: Vec<AttachFileRequest> = world.services.asked(ATTACH);
    assert_eq!(attached.len(), 2, "no file without its text");
}
