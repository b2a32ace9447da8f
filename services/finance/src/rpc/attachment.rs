//! `AttachmentService`.

use std::sync::Arc;

use platform::{
    Failure, Write,
    attachment::{self as files, Sent, content},
    principal,
};
use proto::finance as pb;
use proto::finance::attachment_service_server::AttachmentService;
use tonic::{Request, Response, Status};
use values::{
    Faults, Slug,
    attachment::MOST_ATTACHMENTS,
    name::{AttachmentName, RequisitionName},
};

use super::{Shared, convert, draft, permissions, recorded, requisition::check_reach};
use crate::{
    domain::{
        attachment::{self, AttachRefusal, Attachment, DetachRefusal},
        requisition::update::NotOpen,
    },
    store,
};

const ATTACH: &str = "/samordna.finance.v1.AttachmentService/AttachFile";
const DETACH: &str = "/samordna.finance.v1.AttachmentService/DetachFile";

pub(super) struct Attachments(pub(super) Shared);

#[tonic::async_trait]
impl AttachmentService for Attachments {
    async fn attach_file(
        &self,
        request: Request<pb::AttachFileRequest>,
    ) -> Result<Response<pb::AttachFileResponse>, Status> {
        let requisition = Some(attach(&self.0, request).await?);
        Ok(Response::new(pb::AttachFileResponse { requisition }))
    }

    async fn detach_file(
        &self,
        request: Request<pb::DetachFileRequest>,
    ) -> Result<Response<pb::DetachFileResponse>, Status> {
        let requisition = Some(detach(&self.0, request).await?);
        Ok(Response::new(pb::DetachFileResponse { requisition }))
    }

    async fn get_attachment(
        &self,
        request: Request<pb::GetAttachmentRequest>,
    ) -> Result<Response<pb::GetAttachmentResponse>, Status> {
        Ok(Response::new(get(&self.0, request).await?))
    }
}

async fn attach(
    shared: &Shared,
    request: Request<pb::AttachFileRequest>,
) -> Result<pb::Requisition, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, ATTACH, request.get_ref())?;
    let (sent, etag, added, content) = parse(request.into_inner())?;
    let name = added.name.requisition.clone();
    principal.is_in(&name.federation, &sent)?;
    let reach = permissions::own_parties(&principal);

    let (within, content) = (reach.clone(), Arc::new(content));
    let entries = shared.journal.write(write, move |transaction, _| {
        let (reach, etag, added) = (reach.clone(), etag.clone(), added.clone());
        let content = content.clone();
        Box::pin(async move {
            let name = &added.name.requisition;
            let found = store::requisition::find(transaction, name, &reach).await?;
            let standing = found.ok_or_else(|| Failure::not_found(name))?;
            let after = attachment::attach(standing, &etag, added.clone())
                .map_err(|refusal| not_attached(refusal, &added.name))?;
            store::attachment::insert(transaction, &after, &added, &content).await?;
            let resource = convert::requisition::render(&after);
            Ok(vec![draft("requisition.file_attached", name, &resource)])
        })
    });
    let answer: pb::Requisition = recorded(&entries.await?)?;
    check_reach(&answer.party, &within, &name)?;
    Ok(answer)
}

/// The parent as sent, the version seen, the file and its content.
type Parsed = (String, String, Attachment, Vec<u8>);

fn parse(message: pb::AttachFileRequest) -> Result<Parsed, Faults> {
    let pb::AttachFileRequest {
        parent,
        attachment_id,
        etag,
        file_name,
        media_type,
        content,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let requisition = faults.keep(RequisitionName::parse("parent", &parent));
    let id = faults.keep(Slug::parse("attachment_id", &attachment_id));
    convert::etag(&etag, &mut faults);
    let file = files::parse(&file_name, &media_type, &content, &mut faults);
    faults.into_result(|| {
        let name = AttachmentName::new(requisition?, id?);
        let Sent { file_name, media_type, size_bytes, sha256 } = file?;
        let added = Attachment { name, file_name, media_type, size_bytes, sha256 };
        Some((parent, etag, added, content))
    })
}

fn not_attached(refusal: AttachRefusal, name: &AttachmentName) -> Failure {
    match refusal {
        AttachRefusal::NotOpen(refusal) => not_open(refusal, &name.requisition),
        AttachRefusal::Taken => Failure::Exists { name: name.to_string() },
        AttachRefusal::TooMany => {
            Failure::refused("ATTACHMENTS_TOO_MANY").with("limit", MOST_ATTACHMENTS)
        }
    }
}

fn not_open(refusal: NotOpen, name: &RequisitionName) -> Failure {
    match refusal {
        NotOpen::Stale => Failure::Stale { name: name.to_string() },
        NotOpen::StateForbids(state) => convert::requisition::cannot_change(state),
    }
}

async fn detach(
    shared: &Shared,
    request: Request<pb::DetachFileRequest>,
) -> Result<pb::Requisition, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, DETACH, request.get_ref())?;
    let pb::DetachFileRequest {
        name: sent,
        etag,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let name = faults.keep(AttachmentName::parse("name", &sent));
    convert::etag(&etag, &mut faults);
    let name = faults.into_result(|| name)?;
    principal.is_in(&name.requisition.federation, &sent)?;
    let reach = permissions::own_parties(&principal);

    let (asked, within) = (name.clone(), reach.clone());
    let entries = shared.journal.write(write, move |transaction, _| {
        let (name, etag, reach) = (name.clone(), etag.clone(), reach.clone());
        Box::pin(async move {
            let found = store::requisition::find(transaction, &name.requisition, &reach).await?;
            let standing = found.ok_or_else(|| Failure::not_found(&name))?;
            let after =
                attachment::detach(standing, &etag, &name.id).map_err(|refusal| match refusal {
                    DetachRefusal::Unknown => Failure::not_found(&name),
                    DetachRefusal::NotOpen(refusal) => not_open(refusal, &name.requisition),
                })?;
            store::attachment::remove(transaction, &after, &name.id).await?;
            let resource = convert::requisition::render(&after);
            Ok(vec![draft("requisition.file_detached", &name.requisition, &resource)])
        })
    });
    let answer: pb::Requisition = recorded(&entries.await?)?;
    check_reach(&answer.party, &within, &asked)?;
    Ok(answer)
}

async fn get(
    shared: &Shared,
    request: Request<pb::GetAttachmentRequest>,
) -> Result<pb::GetAttachmentResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetAttachmentRequest { name: sent } = request.into_inner();
    let name = AttachmentName::parse("name", &sent)?;
    principal.is_in(&name.requisition.federation, &sent)?;
    let reach = permissions::reading(&principal);
    let connection = &shared.database().read;
    let found = store::requisition::find(connection, &name.requisition, &reach).await?;
    let requisition = found.ok_or_else(|| Failure::not_found(&name))?;
    let mut attachments = requisition.attachments().iter();
    let attachment = attachments.find(|attachment| attachment.name == name);
    let attachment = attachment.ok_or_else(|| Failure::not_found(&name))?;
    // Contents are never taken away, so that it needs no picture of the database.
    let federation = &name.requisition.federation;
    let content = content::read(connection, federation, &attachment.sha256).await?;
    Ok(pb::GetAttachmentResponse {
        attachment: Some(convert::attachment::render(attachment)),
        content,
    })
}
