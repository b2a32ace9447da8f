//! The files of a chapter: attached, taken off, handed out.

use axum::{extract::Path, response::Response};
use proto::reporting::{
    AttachFileRequest, DetachFileRequest, GetAttachmentRequest,
    attachment_service_client::AttachmentServiceClient,
};
use tonic::Status;

use super::{address, plain};
use crate::web::{
    download::{LONGEST_MESSAGE, download},
    error_page::Trouble,
    form::Posted,
    layout::Visit,
    reads,
    upload::UploadedFile,
};

/// The address of the files of a chapter, by the chapter's resource name.
#[must_use]
pub(super) fn files(name: &str) -> String {
    let (report, chapter) = name.split_once("/chapters/").unwrap_or((name, ""));
    format!("{}/chapters/{}/attachments", address(reads::id_of(report)), plain(chapter))
}

/// Attaches a file to a chapter as it stood in a version.
///
/// # Errors
/// What the service refuses it for.
pub(super) async fn attach(
    visit: &Visit,
    chapter: &str,
    (etag, posted): (&str, &Posted),
    file: UploadedFile,
) -> Result<(), Status> {
    let UploadedFile { name, media_type, content } = file;
    let request = AttachFileRequest {
        parent: chapter.to_owned(),
        attachment_id: posted.new_id(&["file"]),
        etag: etag.to_owned(),
        file_name: name,
        media_type,
        content: content.unwrap_or_default(),
        request_id: request_id(posted),
        validate_only: false,
    };
    client(visit).attach_file(visit.request(request)?).await.map(|_| ())
}

/// Takes a file off a chapter as it stood in a version.
///
/// # Errors
/// What the service refuses it for.
pub(super) async fn detach(
    visit: &Visit,
    chapter: &str,
    (etag, posted): (&str, &Posted),
    attachment: &str,
) -> Result<(), Status> {
    let request = DetachFileRequest {
        name: format!("{chapter}/attachments/{attachment}"),
        etag: etag.to_owned(),
        request_id: request_id(posted),
        validate_only: false,
    };
    client(visit).detach_file(visit.request(request)?).await.map(|_| ())
}

/// The text is saved in the same step, by a request of its own.
fn request_id(posted: &Posted) -> String {
    format!("{}-file", posted.get("request_id"))
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
    let report = reads::name(&visit, "reports", &report);
    let name = format!("{report}/chapters/{chapter}/attachments/{attachment}");
    let request = GetAttachmentRequest { name };
    let request = visit.request(request).map_err(troubled)?;
    let answer = client(&visit).get_attachment(request).await.map_err(troubled)?.into_inner();
    let file = answer.attachment.unwrap_or_default();
    Ok(download(&file.file_name, &file.media_type, answer.content))
}

fn client(visit: &Visit) -> AttachmentServiceClient<platform::Transport> {
    AttachmentServiceClient::new(visit.state.reporting.clone())
        .max_decoding_message_size(LONGEST_MESSAGE)
}
