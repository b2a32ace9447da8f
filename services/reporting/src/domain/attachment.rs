//! The files of a chapter, and when they are attached and taken off.

use std::fmt;

use chrono::{DateTime, Utc};
use values::attachment::{MOST_ATTACHMENTS, MediaType};
use values::{Fault, Slug};

use super::chapter::{Chapter, ChapterName, Refusal, Writer, check_may_change};
use super::report::State;

/// A file of a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its own id.
    pub id: Slug,
    /// The name people read.
    pub file_name: String,
    /// What the content is.
    pub media_type: MediaType,
    /// How long the content is, in bytes.
    pub size_bytes: i64,
    /// SHA-256 of the content, in hexadecimal digits.
    pub sha256: String,
}

/// `federations/{federation}/reports/{report}/chapters/{chapter}/attachments/{attachment}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttachmentName {
    /// The chapter it belongs to.
    pub chapter: ChapterName,
    /// Its own id.
    pub id: Slug,
}

/// Why a file is not attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachRefusal {
    /// The chapter cannot be changed.
    Chapter(Refusal),
    /// The name is taken.
    Taken,
    /// There are [`MOST_ATTACHMENTS`] already.
    TooMany,
}

/// Attaches a file to a chapter of a report in a state.
///
/// # Errors
/// What forbids it.
pub fn attach(
    standing: &Chapter,
    report: State,
    etag: &str,
    attachment: Attachment,
    writer: Writer,
    time: DateTime<Utc>,
) -> Result<Chapter, AttachRefusal> {
    check_may_change(standing, report, etag, &writer).map_err(AttachRefusal::Chapter)?;
    let there = &standing.attachments;
    if there.iter().any(|other| other.id == attachment.id) {
        return Err(AttachRefusal::Taken);
    }
    if there.len() >= MOST_ATTACHMENTS {
        return Err(AttachRefusal::TooMany);
    }
    let attachments = there.iter().cloned().chain([attachment]).collect();
    Ok(standing.with_attachments(attachments, writer.account, time))
}

/// Why a file is not taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetachRefusal {
    /// There is no such file.
    Unknown,
    /// The chapter cannot be changed.
    Chapter(Refusal),
}

/// Takes a file off a chapter of a report in a state.
///
/// # Errors
/// What forbids it.
pub fn detach(
    standing: &Chapter,
    report: State,
    etag: &str,
    id: &Slug,
    writer: Writer,
    time: DateTime<Utc>,
) -> Result<Chapter, DetachRefusal> {
    let there = &standing.attachments;
    if !there.iter().any(|attachment| attachment.id == *id) {
        return Err(DetachRefusal::Unknown);
    }
    check_may_change(standing, report, etag, &writer).map_err(DetachRefusal::Chapter)?;
    let others = there.iter().filter(|attachment| attachment.id != *id).cloned().collect();
    Ok(standing.with_attachments(others, writer.account, time))
}

impl AttachmentName {
    /// Puts a name together.
    #[must_use]
    pub fn new(chapter: ChapterName, id: Slug) -> Self {
        Self { chapter, id }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// `NAME_MALFORMED` for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let read = || {
            let (chapter, id) = text.split_once("/attachments/")?;
            let chapter = ChapterName::parse(field, chapter).ok()?;
            Some(Self { chapter, id: Slug::parse(field, id).ok()? })
        };
        read().ok_or_else(|| {
            let form = "federations/{federation}/reports/{report}/chapters/{chapter}\
                        /attachments/{attachment}";
            Fault::new(field, "NAME_MALFORMED").with("value", text).with("form", form)
        })
    }
}

impl fmt::Display for AttachmentName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/attachments/{}", self.chapter, self.id)
    }
}

#[cfg(test)]
mod tests;
