//! The organisations that fund the federation and employ its staff.

use values::OrganisationNumber;

/// A partner organisation (huvudman).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The name people read.
    pub display_name: String,
    /// Its organisation number.
    pub organisation_number: OrganisationNumber,
    /// What kind of organisation it is.
    pub kind: PartyKind,
    /// True when the facts were made up for a demonstration.
    pub synthetic: bool,
}

/// The kinds of member a federation has (lag 2003:1210).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartyKind {
    /// Försäkringskassan or Arbetsförmedlingen.
    StateAgency,
    /// A region.
    Region,
    /// A municipality.
    Municipality,
}

impl PartyKind {
    /// The code it is stored as.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            PartyKind::StateAgency => "state_agency",
            PartyKind::Region => "region",
            PartyKind::Municipality => "municipality",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::StateAgency, Self::Region, Self::Municipality]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_kind_reads_back() {
        for kind in [PartyKind::StateAgency, PartyKind::Region, PartyKind::Municipality] {
            assert_eq!(PartyKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(PartyKind::from_code("club"), None);
    }
}
