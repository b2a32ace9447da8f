//! The files of a chapter, in its editor and on its report's page.

use http::StatusCode;
use platform::Failure;
use proto::reporting::{
    AttachFileRequest, AttachFileResponse, Attachment, DetachFileRequest, DetachFileResponse,
    GetAttachmentResponse, ReportState,
};

use super::{EDITOR, ONE, World, show_written_report};

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
    assert!(page.text().contains("Spara texten först"), "{}", page.text());
    let action = "/reports/r1/chapters/participants.hallstahammar/attachments";
    let attached = browser.upload(&page, action, "Enkät.pdf", b"%PDF-1.7 en").await;
    assert_eq!(attached.location, format!("{EDITOR}#files-heading"));
    let asked: Vec<AttachFileRequest> = world.services.asked(ATTACH);
    assert!(asked[0].parent.ends_with("/reports/r1/chapters/participants.hallstahammar"));
    assert_eq!((asked[0].file_name.as_str(), asked[0].etag.as_str()), ("Enkät.pdf", "3"));
    assert_eq!((asked[0].media_type.as_str(), asked[0].content.len()), ("application/pdf", 11));

    let off = browser.submit(&page, &format!("{action}/enkat/detach"), &[]).await;
    assert_eq!(off.location, format!("{EDITOR}#files-heading"));
    let asked: Vec<DetachFileRequest> = world.services.asked(DETACH);
    assert!(asked[0].name.ends_with("/attachments/enkat") && asked[0].etag == "3");

    let report = world.signed_in("olle").await.get(ONE).await;
    assert!(report.html.contains(&format!("href=\"{action}/enkat\"")), "whoever reads it");
    let read = browser.get(&format!("{action}/enkat")).await;
    assert_eq!((read.status, read.html.as_str()), (StatusCode::OK, "%PDF-1.7"));

    let too_large = vec![b'x'; 5 * 1024 * 1024 + 1];
    let refused = browser.upload(&page, action, "stor.pdf", &too_large).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Filen är större än 5 MiB."));
    world.services.refuse(ATTACH, Failure::refused("ATTACHMENTS_TOO_MANY").with("limit", 20));
    let refused = browser.upload(&page, action, "a.pdf", b"%PDF").await;
    assert!(refused.text().contains("Här kan högst 20 filer bifogas."), "{}", refused.text());
    assert!(refused.html.contains(">Av deltagarna är 57 % kvinnor.</textarea>"));

    show_written_report(&world.services, ReportState::Submitted, "leila");
    let closed = browser.get(EDITOR).await;
    assert!(!closed.html.contains("/enkat/detach") && closed.html.contains("/attachments/enkat"));
}
