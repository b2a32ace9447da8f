//! The files of a requisition: what may be attached, and what its content shows
//! it to be.

use values::{Slug, name::AttachmentName};

use super::requisition::{
    Requisition,
    update::{NotOpen, check_is_open},
};

/// The largest file, in bytes: 5 MiB.
pub const LARGEST_CONTENT: usize = 5 * 1024 * 1024;

/// The most files a requisition has.
pub const MOST_ATTACHMENTS: usize = 20;

/// A file of a requisition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: AttachmentName,
    /// The name people read.
    pub file_name: String,
    /// What the content is.
    pub media_type: MediaType,
    /// How long the content is, in bytes.
    pub size_bytes: i64,
    /// SHA-256 of the content, in hexadecimal digits.
    pub sha256: String,
}

/// What can be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaType {
    /// A PDF document.
    Pdf,
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
    /// Comma-separated values.
    Csv,
    /// An XLSX workbook.
    Xlsx,
    /// A DOCX document.
    Docx,
}

impl MediaType {
    /// Every type.
    pub const ALL: &'static [MediaType] = &[
        MediaType::Pdf,
        MediaType::Png,
        MediaType::Jpeg,
        MediaType::Csv,
        MediaType::Xlsx,
        MediaType::Docx,
    ];

    /// The type as it is stored and told.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            MediaType::Pdf => "application/pdf",
            MediaType::Png => "image/png",
            MediaType::Jpeg => "image/jpeg",
            MediaType::Csv => "text/csv",
            MediaType::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            MediaType::Docx => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            }
        }
    }

    /// The word people have for it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            MediaType::Pdf => "PDF",
            MediaType::Png => "PNG",
            MediaType::Jpeg => "JPEG",
            MediaType::Csv => "CSV",
            MediaType::Xlsx => "XLSX",
            MediaType::Docx => "DOCX",
        }
    }

    /// The type of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<MediaType> {
        MediaType::ALL.iter().copied().find(|media_type| media_type.code() == code)
    }
}

/// What is wrong with a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentFault {
    /// There is none.
    Empty,
    /// It is longer than [`LARGEST_CONTENT`].
    TooLarge(usize),
    /// It shows another type than the one told.
    Mismatch {
        /// The type told.
        told: MediaType,
        /// The type shown.
        shown: &'static str,
    },
}

/// Checks that a content is what it is told to be.
///
/// # Errors
/// What is wrong with it.
pub fn check_content(told: MediaType, content: &[u8]) -> Result<(), ContentFault> {
    if content.is_empty() {
        return Err(ContentFault::Empty);
    }
    if content.len() > LARGEST_CONTENT {
        return Err(ContentFault::TooLarge(content.len()));
    }
    let shown = shown(content);
    if shown == told.code() { Ok(()) } else { Err(ContentFault::Mismatch { told, shown }) }
}

/// The type that a content shows.
fn shown(content: &[u8]) -> &'static str {
    // Names of the files within stand in the clear, in whichever order.
    let holds = |name: &[u8]| content.windows(name.len()).any(|window| window == name);
    match infer::get(content) {
        Some(found) if found.mime_type() == "application/zip" => {
            if holds(b"xl/workbook.xml") {
                MediaType::Xlsx.code()
            } else if holds(b"word/document.xml") {
                MediaType::Docx.code()
            } else {
                found.mime_type()
            }
        }
        Some(found) => found.mime_type(),
        None if is_text(content) => MediaType::Csv.code(),
        None => "application/octet-stream",
    }
}

/// True for text in UTF-8 or Latin-1: in both, what is below a space is none but
/// for tabs and ends of lines.
fn is_text(content: &[u8]) -> bool {
    content
        .iter()
        .all(|byte| *byte >= b' ' && *byte != 0x7F || matches!(byte, b'\t' | b'\n' | b'\r'))
}

/// Why a file is not attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachRefusal {
    /// The requisition cannot be changed.
    NotOpen(NotOpen),
    /// The name is taken.
    Taken,
    /// There are [`MOST_ATTACHMENTS`] already.
    TooMany,
}

/// Attaches a file.
///
/// # Errors
/// What forbids it.
pub fn attach(
    requisition: Requisition,
    etag: &str,
    attachment: Attachment,
) -> Result<Requisition, AttachRefusal> {
    check_is_open(&requisition, etag).map_err(AttachRefusal::NotOpen)?;
    let there = requisition.attachments();
    if there.iter().any(|other| other.name == attachment.name) {
        return Err(AttachRefusal::Taken);
    }
    if there.len() >= MOST_ATTACHMENTS {
        return Err(AttachRefusal::TooMany);
    }
    let attachments = there.iter().cloned().chain([attachment]).collect();
    Ok(requisition.with_attachments(attachments))
}

/// Why a file is not taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetachRefusal {
    /// There is no such file.
    Unknown,
    /// The requisition cannot be changed.
    NotOpen(NotOpen),
}

/// Takes a file off.
///
/// # Errors
/// What forbids it.
pub fn detach(
    requisition: Requisition,
    etag: &str,
    id: &Slug,
) -> Result<Requisition, DetachRefusal> {
    let there = requisition.attachments();
    if !there.iter().any(|attachment| attachment.name.id == *id) {
        return Err(DetachRefusal::Unknown);
    }
    check_is_open(&requisition, etag).map_err(DetachRefusal::NotOpen)?;
    let others = there.iter().filter(|attachment| attachment.name.id != *id).cloned().collect();
    Ok(requisition.with_attachments(others))
}

#[cfg(test)]
mod tests;
