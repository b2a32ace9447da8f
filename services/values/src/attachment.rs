//! Files that people attach: how large they may be, of which types, and what their
//! content shows them to be.

/// The largest file, in bytes: 5 MiB.
pub const LARGEST_CONTENT: usize = 5 * 1024 * 1024;

/// The most files of one thing.
pub const MOST_ATTACHMENTS: usize = 20;

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

#[cfg(test)]
mod tests;
