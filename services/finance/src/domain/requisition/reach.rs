//! How far somebody sees: the whole federation, or some parties of it.

use std::collections::BTreeSet;

use values::{Slug, name::PartyName};

/// The parties whose requisitions somebody may see or write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    Federation,
    /// These, by id.
    Parties(BTreeSet<Slug>),
}

impl Reach {
    /// True when the party is within it.
    #[must_use]
    pub fn covers(&self, party: &PartyName) -> bool {
        match self {
            Reach::Federation => true,
            Reach::Parties(parties) => parties.contains(&party.id),
        }
    }
}
