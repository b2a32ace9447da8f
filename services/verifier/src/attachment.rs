//! The files that belong to a release's chapters: whether one that somebody has is one of
//! them.

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// A chapter, as far as its files go.
#[derive(Debug, Deserialize)]
pub(crate) struct Chapter {
    #[serde(default)]
    attachments: Vec<Attachment>,
}

#[derive(Debug, Deserialize)]
struct Attachment {
    name: String,
    file_name: String,
    size_bytes: u64,
    sha256: String,
}

/// A document, as far as its files go.
#[derive(Debug, Deserialize)]
struct Document {
    chapters: Vec<Chapter>,
}

/// What a release calls a file with this content, wherever it has one; none when the
/// content belongs to none of its chapters.
///
/// # Errors
/// When the document cannot be read at all.
pub fn named(document: &[u8], content: &[u8]) -> Result<Vec<String>, String> {
    let unreadable = |error: serde_json::Error| format!("the document cannot be read: {error}");
    let Document { chapters } = serde_json::from_slice(document).map_err(unreadable)?;
    let sha256 = hex::encode(Sha256::digest(content));
    let is_it = |file: &&Attachment| {
        file.sha256 == sha256 && usize::try_from(file.size_bytes) == Ok(content.len())
    };
    let files = chapters.iter().flat_map(|chapter| &chapter.attachments);
    Ok(files.filter(is_it).map(|file| format!("{} ({})", file.file_name, file.name)).collect())
}

/// Files that no content can be checked against.
pub(crate) fn problems(chapters: &[Chapter]) -> Vec<String> {
    let files = chapters.iter().flat_map(|chapter| &chapter.attachments);
    let is_wrong = |file: &&Attachment| {
        let is_hash = hex::decode(&file.sha256).is_ok_and(|hash| hash.len() == 32);
        !is_hash || file.size_bytes == 0
    };
    files.filter(is_wrong).map(|file| format!("{} has no size or no hash", file.name)).collect()
}
