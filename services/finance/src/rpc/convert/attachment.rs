//! Files, to the contract.

use proto::finance as pb;

use crate::domain::attachment::Attachment;

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
