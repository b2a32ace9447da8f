//! Files that people attach, as they come in over the contract: what they are called,
//! and what they are told to be and are.

use values::{
    Fault, Faults,
    attachment::{ContentFault, LARGEST_CONTENT, MediaType, check_content},
    personal_number,
};

use crate::convert::text;

pub mod content;

/// The largest message that brings a file: a content that is too large is told so, up
/// to twice the limit.
pub const LARGEST_MESSAGE: usize = 2 * LARGEST_CONTENT;

/// A file that can be attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The name people read.
    pub file_name: String,
    /// What the content is.
    pub media_type: MediaType,
    /// How long the content is, in bytes.
    pub size_bytes: i64,
    /// SHA-256 of the content, in hexadecimal digits.
    pub sha256: String,
}

/// Reads a file that was sent in the fields `file_name`, `media_type` and `content`.
/// What is wrong with it is noted: also a personal number in its name.
pub fn parse(
    file_name: &str,
    media_type: &str,
    content: &[u8],
    faults: &mut Faults,
) -> Option<Sent> {
    faults.keep_nested("", personal_number::check("file_name", file_name));
    let file_name = faults.keep(parse_file_name(file_name));
    let media_type = faults.keep(parse_media_type(media_type));
    if let Some(told) = media_type {
        faults.keep(check_content(told, content).map_err(content_fault));
    }
    Some(Sent {
        file_name: file_name?,
        media_type: media_type?,
        size_bytes: i64::try_from(content.len()).ok()?,
        sha256: content::sha256(content),
    })
}

fn parse_file_name(sent: &str) -> Result<String, Fault> {
    let name = text("file_name", sent, 1, 200)?;
    let is_plain = !name.contains(['/', '\\', '\n']);
    if is_plain { Ok(name) } else { Err(Fault::new("file_name", "FILE_NAME_MALFORMED")) }
}

fn parse_media_type(sent: &str) -> Result<MediaType, Fault> {
    let allowed = MediaType::ALL.iter().map(|allowed| allowed.label()).collect::<Vec<_>>();
    MediaType::from_code(sent).ok_or_else(|| {
        Fault::new("media_type", "ATTACHMENT_TYPE_NOT_ALLOWED")
            .with("value", sent)
            .with("allowed", allowed.join(", "))
    })
}

/// What is wrong with a content, as it is told.
fn content_fault(fault: ContentFault) -> Fault {
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
