//! Names of follow-ups, which are made of their enrolment's.

use std::fmt;

use super::{EnrolmentName, Slug, malformed};
use crate::Fault;

/// A follow-up some months after the exit of an enrolment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FollowUpName {
    /// The enrolment.
    pub enrolment: EnrolmentName,
    /// Months after its exit.
    pub months: u32,
}

impl FollowUpName {
    /// The collection's part of the name.
    pub const COLLECTION: &'static str = "followUps";

    /// Puts a name together.
    #[must_use]
    pub fn new(enrolment: EnrolmentName, months: u32) -> Self {
        Self { enrolment, months }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// `NAME_MALFORMED` for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let parts: Vec<&str> = text.split('/').collect();
        let name = match parts.as_slice() {
            ["federations", federation, Self::COLLECTION, id] => read(federation, id),
            _ => None,
        };
        let form = "federations/{federation}/followUps/{enrolment}-{months}";
        name.filter(|name| name.to_string() == text).ok_or_else(|| malformed(field, text, form))
    }
}

fn read(federation: &str, id: &str) -> Option<FollowUpName> {
    let (enrolment, months) = id.rsplit_once('-')?;
    let slug = |text| Slug::parse("", text).ok();
    let enrolment = EnrolmentName::new(slug(federation)?, slug(enrolment)?);
    Some(FollowUpName::new(enrolment, months.parse().ok()?))
}

impl fmt::Display for FollowUpName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { enrolment: EnrolmentName { federation, id }, months } = self;
        write!(formatter, "federations/{federation}/{}/{id}-{months}", Self::COLLECTION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_as_it_was_written_and_another_form_is_refused() {
        for text in ["federations/f/followUps/e-1-6", "federations/f/followUps/6-18"] {
            assert_eq!(FollowUpName::parse("name", text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "federations/f/followUps/e",
            "federations/f/followUps/e-",
            "federations/f/followUps/-6",
            "federations/f/followUps/e-06",
            "federations/f/followUps/e-+6",
            "federations/f/enrolments/e-6",
            "federations/f/followUps/e-6/x",
        ] {
            assert_eq!(FollowUpName::parse("name", text).unwrap_err().reason, "NAME_MALFORMED");
        }
    }
}
