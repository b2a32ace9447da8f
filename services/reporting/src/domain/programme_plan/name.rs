//! The names of versions of programme plans, and their numbers.

use std::fmt;

use values::name::ProgrammePlanName;
use values::{Fault, Slug};

/// The number of a version: `2.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionNumber {
    major: u16,
    minor: u16,
}

/// The highest number before or after the point.
const HIGHEST: u16 = 999;

impl VersionNumber {
    /// Puts a number together; `None` when it cannot be one.
    #[must_use]
    pub fn new(major: u16, minor: u16) -> Option<Self> {
        let is_one = (1..=HIGHEST).contains(&major) && minor <= HIGHEST;
        is_one.then_some(Self { major, minor })
    }

    /// Reads `2.0`.
    ///
    /// # Errors
    /// `PLAN_NUMBER_MALFORMED` for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let number = read(text, '.').filter(|number| number.to_string() == text);
        number.ok_or_else(|| Fault::new(field, "PLAN_NUMBER_MALFORMED").with("value", text))
    }

    /// What stands before the point.
    #[must_use]
    pub fn major(self) -> u16 {
        self.major
    }

    /// What stands after the point.
    #[must_use]
    pub fn minor(self) -> u16 {
        self.minor
    }

    fn id(self) -> String {
        format!("{}-{}", self.major, self.minor)
    }
}

fn read(text: &str, point: char) -> Option<VersionNumber> {
    let (major, minor) = text.split_once(point)?;
    VersionNumber::new(major.parse().ok()?, minor.parse().ok()?)
}

impl fmt::Display for VersionNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

/// `federations/{federation}/programmePlans/{plan}/versions/{major}-{minor}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProgrammePlanVersionName {
    /// The plan.
    pub plan: ProgrammePlanName,
    /// The version's number.
    pub number: VersionNumber,
}

impl ProgrammePlanVersionName {
    /// Reads a name.
    ///
    /// # Errors
    /// `NAME_MALFORMED` for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let slug = |part: &str| Slug::parse(field, part).ok();
        let name = match text.split('/').collect::<Vec<_>>().as_slice() {
            ["federations", federation, ProgrammePlanName::COLLECTION, plan, "versions", id] => {
                let number = read(id, '-').filter(|number| number.id() == *id);
                slug(federation).zip(slug(plan)).zip(number)
            }
            _ => None,
        };
        let ((federation, plan), number) = name.ok_or_else(|| {
            let form = "federations/{federation}/programmePlans/{plan}/versions/{major}-{minor}";
            Fault::new(field, "NAME_MALFORMED").with("value", text).with("form", form)
        })?;
        Ok(Self { plan: ProgrammePlanName::new(federation, plan), number })
    }
}

impl fmt::Display for ProgrammePlanVersionName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/versions/{}", self.plan, self.number.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_as_numbers_and_read_in_one_way() {
        let number = |text| VersionNumber::parse("number", text).unwrap();
        assert!(number("2.0") < number("10.0") && number("2.9") < number("2.10"));
        for text in ["", "2", "2.", "02.0", "0.1", "2.0.1", "2,0", "1000.0", "+2.0"] {
            let fault = VersionNumber::parse("number", text).unwrap_err();
            assert_eq!(fault.reason, "PLAN_NUMBER_MALFORMED", "{text}");
        }
    }

    #[test]
    fn a_name_reads_back_and_another_form_is_refused() {
        let text = "federations/sormland/programmePlans/sikta/versions/2-0";
        let name = ProgrammePlanVersionName::parse("name", text).unwrap();
        assert_eq!((name.to_string().as_str(), name.number.to_string().as_str()), (text, "2.0"));
        for text in [
            "",
            "federations/f/programmePlans/sikta",
            "federations/f/programmePlans/sikta/versions/2",
            "federations/f/programmePlans/sikta/versions/2.0",
            "federations/f/programmePlans/sikta/versions/02-0",
        ] {
            let fault = ProgrammePlanVersionName::parse("name", text).unwrap_err();
            assert_eq!(fault.reason, "NAME_MALFORMED", "{text}");
        }
    }
}
