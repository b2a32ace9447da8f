//! Files, to and from the contract.

use platform::convert::text;
use proto::finance as pb;
use values::Fault;

use crate::domain::attachment::{Attachment, ContentFault, LARGEST_CONTENT, MediaType};

/// Reads the name people read.
pub(in crate::rpc) fn parse_file_name(sent: &str) -> Result<String, Fault> {
    let name = text("file_name", sent, 1, 200)?;
    let is_plain = !name.contains(['/', '\\', '\n']);
    if is_plain { Ok(name) } else { Err(Fault::new("file_name", "FILE_NAME_MALFORMED")) }
}

/// Reads what the content is told to be.
pub(in crate::rpc) fn parse_media_type(sent: &str) -> Result<MediaType, Fault> {
    let allowed = MediaType::ALL.iter().map(|allowed| allowed.label()).collect::<Vec<_>>();
    MediaType::from_code(sent).ok_or_else(|| {
        Fault::new("media_type", "ATTACHMENT_TYPE_NOT_ALLOWED")
            .with("value", sent)
            .with("allowed", allowed.join(", "))
    })
}

/// What is wrong with a content, as it is told.
pub(in crate::rpc) fn content_fault(fault: ContentFault) -> Fault {
    match fault {
        ContentFault::Empty => Fault::new("content", "ATTACHMENT_EMPTY"),
        ContentFault::TooLarge(size) => Fault::new("content", "ATTACHMENT_TOO_LARGE")
            .with("size_bytes", size)
            .with("limit_bytes", LARGEST_CONTENT),
        ContentFault::Mismatch { told, shown } => {
            let shown = MediaType::from_code(shown).map_or(shown, MediaType::label);
            Fault::new("content", "ATTACHMENT_TYPE_MISMATCH")
                .with("value", told.label())
                .with("shown", shown)
        }
    }
}

/// A file as it is sent.
pub(in crate::rpc) fn render(attachment: &Attachment) -> pb::Attachment {
    let Attachment { name, file_name, media_type, size_bytes, sha256 } = attachment;
    pb::Attachment {
        name: name.to_string(),
        file_name: file_name.clone(),
        media_type: media_type.code().to_owned(),
        size_bytes: *size_bytes,
        sha256: sha256.clone(),
    }
}
