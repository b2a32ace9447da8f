//! The federation's own facts.

use std::fmt;

use disclosure::Threshold;
use values::{OrganisationNumber, Slug};

/// A coordination federation (samordningsförbund).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Federation {
    /// The name people read.
    pub display_name: String,
    /// Its organisation number.
    pub organisation_number: OrganisationNumber,
    /// True when the facts were made up for a demonstration.
    pub synthetic: bool,
    /// The smallest count of people but 0 that leaves the parties; none for the usual.
    pub smallest_shown_count: Option<Threshold>,
}

/// `federations/{federation}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FederationName(pub Slug);

impl fmt::Display for FederationName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "federations/{}", self.0)
    }
}
