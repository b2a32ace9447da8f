//! The files of chapters.

use std::sync::Arc;

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write,
    attachment::{self as files, Sent, content},
    journal::Transaction,
    journalled::Recorded,
    principal,
};
use proto::reporting::{self as pb, attachment_service_server::AttachmentService};
use tonic::{Request, Response, Status, async_trait};
use values::{Faults, Slug, attachment::MOST_ATTACHMENTS};

use super::{
    Shell,
    chapter::{self, Standing, check_team, keep, refused},
    convert, recorded, resource,
};
use crate::{
    domain::{
        attachment::{
            AttachRefusal, Attachment, AttachmentName, DetachRefusal, attach as attached,
            detach as detached,
        },
        chapter::ChapterName,
    },
    store,
};

const ATTACH: &str = "/samordna.reporting.v1.AttachmentService/AttachFile";
const DETACH: &str = "/samordna.reporting.v1.AttachmentService/DetachFile";

pub(super) struct Attachments(pub(super) Shell);

#[async_trait]
impl AttachmentService for Attachments {
    async fn attach_file(
        &self,
        request: Request<pb::AttachFileRequest>,
    ) -> Result<Response<pb::AttachFileResponse>, Status> {
        let chapter = Some(attach(&self.0, request).await?);
        Ok(Response::new(pb::AttachFileResponse { chapter }))
    }

    async fn detach_file(
        &self,
        request: Request<pb::DetachFileRequest>,
    ) -> Result<Response<pb::DetachFileResponse>, Status> {
        let chapter = Some(detach(&self.0, request).await?);
        Ok(Response::new(pb::DetachFileResponse { chapter }))
    }

    async fn get_attachment(
        &self,
        request: Request<pb::GetAttachmentRequest>,
    ) -> Result<Response<pb::GetAttachmentResponse>, Status> {
        Ok(Response::new(get(&self.0, request).await?))
    }
}

/// A file to be attached, its chapter, and the version of that which was read.
#[derive(Clone)]
struct Asked {
    name: AttachmentName,
    etag: String,
    added: Attachment,
    content: Arc<Vec<u8>>,
}

async fn attach(
    shell: &Shell,
    request: Request<pb::AttachFileRequest>,
) -> Result<pb::Chapter, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, ATTACH, request.get_ref())?;
    let (caller, _, message) = request.into_parts();
    let asked = parse(&principal, message)?;
    check_team(shell, &caller, &asked.name.chapter).await?;
    let kept = shell.clone();
    let step = shell.journal.write(write, move |transaction, step| {
        let (shell, principal, asked) = (kept.clone(), principal.clone(), asked.clone());
        async move { save(&shell, transaction, step, &principal, asked).await }.boxed()
    });
    recorded(&step.await?)
}

fn parse(principal: &Principal, message: pb::AttachFileRequest) -> Result<Asked, Failure> {
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
    let chapter = faults.keep(ChapterName::parse("parent", &parent));
    if let Some(chapter) = &chapter {
        principal.is_in(&chapter.report.federation, &parent)?;
    }
    let id = faults.keep(Slug::parse("attachment_id", &attachment_id));
    resource::etag(&mut faults, &etag);
    let sent = files::parse(&file_name, &media_type, &content, &mut faults);
    let asked = faults.into_result(|| {
        let name = AttachmentName::new(chapter?, id?);
        let Sent { file_name, media_type, size_bytes, sha256 } = sent?;
        let id = name.id.clone();
        let added = Attachment { id, file_name, media_type, size_bytes, sha256 };
        Some(Asked { name, etag, added, content: Arc::new(content) })
    })?;
    Ok(asked)
}

async fn save(
    shell: &Shell,
    transaction: &Transaction,
    step: Step,
    principal: &Principal,
    asked: Asked,
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, etag, added, content } = asked;
    let standing = Standing::load(shell, transaction, principal, name.chapter.clone()).await?;
    let sha256 = added.sha256.clone();
    let (report, writer) = (standing.report, standing.writer.clone());
    let after = attached(&standing.chapter, report, &etag, added, writer, step.now)
        .map_err(|refusal| not_attached(refusal, &name))?;
    let federation = &name.chapter.report.federation;
    store::attachment::keep(transaction, federation, &sha256, &content).await?;
    keep(transaction, "chapter.file_attached", step, standing, &after).await
}

fn not_attached(refusal: AttachRefusal, name: &AttachmentName) -> Failure {
    match refusal {
        AttachRefusal::Chapter(refusal) => refused(refusal, &name.chapter),
        AttachRefusal::Taken => Failure::Exists { name: name.to_string() },
        AttachRefusal::TooMany => {
            Failure::refused("ATTACHMENTS_TOO_MANY").with("limit", MOST_ATTACHMENTS)
        }
    }
}

async fn detach(
    shell: &Shell,
    request: Request<pb::DetachFileRequest>,
) -> Result<pb::Chapter, Failure> {
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
    resource::etag(&mut faults, &etag);
    let name = faults.into_result(|| name)?;
    principal.is_in(&name.chapter.report.federation, &sent)?;
    let kept = shell.clone();
    let step = shell.journal.write(write, move |transaction, step| {
        let (shell, principal) = (kept.clone(), principal.clone());
        let (name, etag) = (name.clone(), etag.clone());
        async move {
            let chapter = name.chapter.clone();
            let standing = Standing::load(&shell, transaction, &principal, chapter).await?;
            let (report, writer) = (standing.report, standing.writer.clone());
            let after = detached(&standing.chapter, report, &etag, &name.id, writer, step.now)
                .map_err(|refusal| match refusal {
                    DetachRefusal::Unknown => Failure::not_found(&name),
                    DetachRefusal::Chapter(refusal) => refused(refusal, &name.chapter),
                })?;
            keep(transaction, "chapter.file_detached", step, standing, &after).await
        }
        .boxed()
    });
    recorded(&step.await?)
}

async fn get(
    shell: &Shell,
    request: Request<pb::GetAttachmentRequest>,
) -> Result<pb::GetAttachmentResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetAttachmentRequest { name: sent } = request.into_inner();
    let name = AttachmentName::parse("name", &sent)?;
    let federation = &name.chapter.report.federation;
    principal.is_in(federation, &sent)?;
    let picture = shell.journal.database().snapshot().await?;
    let chapter = chapter::read(shell, &picture, &principal, &name.chapter).await?;
    picture.rollback().await?;
    let found = chapter.attachments.iter().find(|attachment| attachment.id == name.id);
    let attachment = found.ok_or_else(|| Failure::not_found(&name))?;
    // Contents are never taken away, so that it needs no picture of the database.
    let connection = &shell.journal.database().read;
    let content = content::read(connection, federation, &attachment.sha256).await?;
    let attachment = Some(convert::attachment::render(&name.chapter, attachment));
    Ok(pb::GetAttachmentResponse { attachment, content })
}

/// The federation of a recorded chapter, and the hashes of its files.
pub(crate) fn hashes(
    _: &str,
    payload: &[u8],
    _: Recorded,
) -> anyhow::Result<Option<(Slug, Vec<String>)>> {
    let message: pb::Chapter = prost::Message::decode(payload)?;
    let (name, chapter) = convert::chapter::recorded(message)?;
    let hashes = chapter.attachments.into_iter().map(|file| file.sha256).collect();
    Ok(Some((name.report.federation, hashes)))
}
