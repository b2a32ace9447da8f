//! Files of chapters, to the contract, and from what was recorded.

use proto::reporting as pb;
use values::attachment::MediaType;

use crate::domain::{
    attachment::{Attachment, AttachmentName},
    chapter::ChapterName,
};

/// A file as it is sent and recorded.
pub(in crate::rpc) fn render(chapter: &ChapterName, attachment: &Attachment) -> pb::Attachment {
    let Attachment { id, file_name, media_type, size_bytes, sha256 } = attachment;
    pb::Attachment {
        name: AttachmentName::new(chapter.clone(), id.clone()).to_string(),
        file_name: file_name.clone(),
        media_type: media_type.code().to_owned(),
        size_bytes: *size_bytes,
        sha256: sha256.clone(),
    }
}

/// Reads a file that was recorded.
pub(super) fn recorded(message: &pb::Attachment) -> anyhow::Result<Attachment> {
    let pb::Attachment { name, file_name, media_type, size_bytes, sha256 } = message;
    let name = AttachmentName::parse("name", name)
        .map_err(|fault| anyhow::anyhow!("a recorded file has {fault:?}"))?;
    let media_type = MediaType::from_code(media_type)
        .ok_or_else(|| anyhow::anyhow!("{name} is recorded as {media_type}"))?;
    Ok(Attachment {
        id: name.id,
        file_name: file_name.clone(),
        media_type,
        size_bytes: *size_bytes,
        sha256: sha256.clone(),
    })
}
