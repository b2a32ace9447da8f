//! Typesets a document as a PDF that everybody can read: with pages that look like a
//! printed report, and with the tags, the language and the alternative texts that a
//! screen reader needs (PDF/UA-1).
//!
//! Architecture invariant: no business word is known here. A document comes in with its
//! figures written out, and bytes go out; nothing is computed of it but where it stands
//! on the page, nothing asked for, nothing fetched. The same document gives the same
//! bytes. What a document says is data and is never read as instructions to the
//! typesetter.

mod axis;
mod chart;
mod check;
mod columns;
pub mod document;
mod fault;
mod letters;
mod press;
mod sheet;

pub use document::Document;
pub use fault::{Error, Fault, Problem};

/// The document as a PDF. A long one takes a good part of a second of several processors:
/// call it where waiting is allowed.
///
/// # Errors
/// [`Error::Faults`] names all that keeps the document from being read by everybody;
/// [`Error::Refused`] is the typesetter's own word, which a document that passed the
/// checks should not meet.
pub fn pdf(document: &Document) -> Result<Vec<u8>, Error> {
    let faults = check::faults(document);
    if !faults.is_empty() {
        return Err(Error::Faults(faults));
    }
    press::print(&sheet::sheet(document, press::has_glyph), document)
}
