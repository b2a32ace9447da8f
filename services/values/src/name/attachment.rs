//! Names of files, which stand below their requisition's.

use std::fmt;

use super::{RequisitionName, Slug, malformed};
use crate::Fault;

/// A file of a requisition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttachmentName {
    /// The requisition it belongs to.
    pub requisition: RequisitionName,
    /// Its own id.
    pub id: Slug,
}

impl AttachmentName {
    /// Puts a name together.
    #[must_use]
    pub fn new(requisition: RequisitionName, id: Slug) -> Self {
        Self { requisition, id }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// `NAME_MALFORMED` for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let parts = text.split_once("/attachments/").and_then(|(requisition, id)| {
            let requisition = RequisitionName::parse(field, requisition).ok()?;
            Some(Self { requisition, id: Slug::parse(field, id).ok()? })
        });
        let form = "federations/{federation}/requisitions/{requisition}/attachments/{id}";
        parts.ok_or_else(|| malformed(field, text, form))
    }
}

impl fmt::Display for AttachmentName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/attachments/{}", self.requisition, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_as_it_was_written_and_another_form_is_refused() {
        let text = "federations/f/requisitions/r1/attachments/lon-mars";
        assert_eq!(AttachmentName::parse("name", text).unwrap().to_string(), text);
        for text in [
            "",
            "federations/f/requisitions/r1",
            "federations/f/requisitions/r1/attachments/",
            "federations/f/requisitions/r1/attachments/a/b",
            "federations/f/grants/r1/attachments/a",
        ] {
            assert_eq!(AttachmentName::parse("name", text).unwrap_err().reason, "NAME_MALFORMED");
        }
    }
}
