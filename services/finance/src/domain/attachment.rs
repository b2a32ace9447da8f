//! The files of a requisition, and when they are attached and taken off.

use values::{
    Slug,
    attachment::{MOST_ATTACHMENTS, MediaType},
    name::AttachmentName,
};

use super::requisition::{
    Requisition,
    update::{NotOpen, check_is_open},
};

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
