//! The files of a chapter: attached, taken off, handed out.

use axum::{extract::Path, response::Response};
use proto::reporting::{
    AttachFileRequest, DetachFileRequest, GetAttachmentRequest,
    attachment_service_client::AttachmentServiceClient,
};
use tonic::Status;

use super::{address, chapter, editor, plain};
use crate::web::{
    attachment::{check_size, form},
    download::{LONGEST_MESSAGE, download},
    error_page::Trouble,
    form::{Fields, Posted},
    layout::Visit,
    reads,
    sign_in::see_other,
    upload::{Upload, UploadedFile},
};

/// The address of the files of a chapter, by the chapter's resource name.
#[must_use]
pub(super) fn files(name: &str) -> String {
    let (report, chapter) = name.split_once("/chapters/").unwrap_or((name, ""));
    format!("{}/chapters/{}/attachments", address(reads::id_of(report)), plain(chapter))
}

/// Attaches the file and shows the editor again, with it or with what is wrong with it.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn attach(
    visit: Visit,
    Path((report, chapter)): Path<(String, String)>,
    upload: Upload,
) -> Result<Response, Trouble> {
    let (posted, file) = upload.accept(&visit)?;
    let name = chapter_name(&visit, &report, &chapter);
    let mut tried = form(&visit, files(&name), "");
    check_size(&visit, &mut tried, &file);
    if !tried.is_faulty()
        && let Err(refusal) = send(&visit, &name, &posted, file).await
    {
        tried.refuse(&refusal);
    }
    if tried.is_faulty() {
        return chapter::show_tried(&visit, (&report, &chapter), &tried).await;
    }
    Ok(see_other(&back(&name), None))
}

async fn send(
    visit: &Visit,
    chapter: &str,
    posted: &Posted,
    file: UploadedFile,
) -> Result<(), Status> {
    let UploadedFile { name, media_type, content } = file;
    let request = AttachFileRequest {
        parent: chapter.to_owned(),
        attachment_id: posted.new_id(&["file"]),
        etag: posted.get("etag").to_owned(),
        file_name: name,
        media_type,
        content: content.unwrap_or_default(),
        request_id: posted.get("request_id").to_owned(),
        validate_only: false,
    };
    client(visit).attach_file(visit.request(request)?).await.map(|_| ())
}

/// Takes a file off and shows the editor again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn detach(
    visit: Visit,
    Path((report, chapter, attachment)): Path<(String, String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let name = chapter_name(&visit, &report, &chapter);
    let request = DetachFileRequest {
        name: format!("{name}/attachments/{attachment}"),
        etag: posted.get("etag").to_owned(),
        request_id: posted.get("request_id").to_owned(),
        validate_only: false,
    };
    let request = visit.request(request).map_err(|status| Trouble::of(&visit, &status))?;
    let Err(refusal) = client(&visit).detach_file(request).await else {
        return Ok(see_other(&back(&name), None));
    };
    let mut tried = form(&visit, files(&name), "");
    tried.refuse(&refusal);
    chapter::show_tried(&visit, (&report, &chapter), &tried).await
}

/// Hands a file out.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn read(
    visit: Visit,
    Path((report, chapter, attachment)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let chapter = chapter_name(&visit, &report, &chapter);
    let request = GetAttachmentRequest { name: format!("{chapter}/attachments/{attachment}") };
    let request = visit.request(request).map_err(troubled)?;
    let answer = client(&visit).get_attachment(request).await.map_err(troubled)?.into_inner();
    let file = answer.attachment.unwrap_or_default();
    Ok(download(&file.file_name, &file.media_type, answer.content))
}

fn client(visit: &Visit) -> AttachmentServiceClient<platform::Transport> {
    AttachmentServiceClient::new(visit.state.reporting.clone())
        .max_decoding_message_size(LONGEST_MESSAGE)
}

fn chapter_name(visit: &Visit, report: &str, chapter: &str) -> String {
    format!("{}/chapters/{chapter}", reads::name(visit, "reports", report))
}

/// The editor, where its files are.
fn back(chapter: &str) -> String {
    format!("{}#files-heading", editor(chapter))
}
