//! The files of a requisition: attached, taken off, handed out.

use axum::{extract::Path, response::Response};
use proto::finance::{
    AttachFileRequest, DetachFileRequest, GetAttachmentRequest,
    attachment_service_client::AttachmentServiceClient,
};
use tonic::Status;

use super::{detail::RequisitionPage, step::encoded};
use crate::web::{
    self,
    attachment::check_size,
    download::{LONGEST_MESSAGE, download},
    error_page::Trouble,
    form::{Fields, Posted, fields::Form},
    layout::Visit,
    reads,
    sign_in::see_other,
    upload::{Upload, UploadedFile},
};

/// The form that attaches a file.
#[must_use]
pub(super) fn form(visit: &Visit, id: &str, etag: &str) -> Form {
    web::attachment::form(visit, format!("/requisitions/{id}/attachments"), etag)
}

/// Attaches the file and shows the requisition again, with it or with what is
/// wrong with it.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn attach(
    visit: Visit,
    Path(id): Path<String>,
    upload: Upload,
) -> Result<Response, Trouble> {
    let (posted, file) = upload.accept(&visit)?;
    let mut tried = form(&visit, &id, "");
    check_size(&visit, &mut tried, &file);
    if !tried.is_faulty()
        && let Err(refusal) = send(&visit, &id, &posted, file).await
    {
        tried.refuse(&refusal);
    }
    if !tried.is_faulty() {
        return Ok(back(&id));
    }
    let mut page = RequisitionPage::read(&visit, &id).await?;
    page.attaching.take_over(&tried);
    Ok(page.show())
}

async fn send(visit: &Visit, id: &str, posted: &Posted, file: UploadedFile) -> Result<(), Status> {
    let UploadedFile { name, media_type, content } = file;
    let request = AttachFileRequest {
        parent: reads::name(visit, "requisitions", id),
        attachment_id: posted.new_id(&["file"]),
        etag: posted.get("etag").to_owned(),
        file_name: name,
        media_type,
        content: content.unwrap_or_default(),
        request_id: posted.get("request_id").to_owned(),
        validate_only: false,
    };
    let mut client = client(visit);
    client.attach_file(visit.request(request)?).await.map(|_| ())
}

/// Takes a file off and shows the requisition again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn detach(
    visit: Visit,
    Path((id, attachment)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let request = DetachFileRequest {
        name: name(&visit, &id, &attachment),
        etag: posted.get("etag").to_owned(),
        request_id: posted.get("request_id").to_owned(),
        validate_only: false,
    };
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let request = visit.request(request).map_err(troubled)?;
    match client(&visit).detach_file(request).await {
        Ok(_) => Ok(back(&id)),
        Err(refusal) => {
            let mut page = RequisitionPage::read(&visit, &id).await?;
            page.attaching.refuse(&refusal);
            Ok(page.show())
        }
    }
}

/// Hands a file out.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn read(
    visit: Visit,
    Path((id, attachment)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let request = GetAttachmentRequest { name: name(&visit, &id, &attachment) };
    let request = visit.request(request).map_err(troubled)?;
    let answer = client(&visit).get_attachment(request).await.map_err(troubled)?.into_inner();
    let file = answer.attachment.unwrap_or_default();
    Ok(download(&file.file_name, &file.media_type, answer.content))
}

fn client(visit: &Visit) -> AttachmentServiceClient<platform::Transport> {
    AttachmentServiceClient::new(visit.state.finance.clone())
        .max_decoding_message_size(LONGEST_MESSAGE)
}

fn name(visit: &Visit, id: &str, attachment: &str) -> String {
    format!("{}/attachments/{attachment}", reads::name(visit, "requisitions", id))
}

fn back(id: &str) -> Response {
    see_other(&format!("/requisitions/{}", encoded(id)), None)
}
