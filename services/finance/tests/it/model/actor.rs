//! Who asks: economists of parties, of the federation, and one who is both.

use platform::Principal;

use crate::world::{economist, economist_of};

/// The parties that claim.
pub(super) const PARTIES: [&str; 3] = ["party-00", "party-01", "party-02"];

/// Who asks: the party an account requisitions for, and whether it is of the
/// office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Actor {
    pub(super) account: &'static str,
    pub(super) party: Option<&'static str>,
    pub(super) is_office: bool,
}

const fn actor(account: &'static str, party: Option<&'static str>, is_office: bool) -> Actor {
    Actor { account, party, is_office }
}

pub(super) const ACTORS: [Actor; 7] = [
    actor("ekonom-party-00", Some("party-00"), false),
    actor("ekonom-party-01", Some("party-01"), false),
    actor("ekonom-party-02", Some("party-02"), false),
    actor("anna", Some("party-00"), true),
    actor("bo", None, true),
    actor("cecilia", None, true),
    actor("david", None, true),
];

impl Actor {
    /// The same as the services know it.
    pub(super) fn principal(self) -> Principal {
        let mut principal = match (self.is_office, self.party) {
            (false, Some(party)) => return economist_of(party),
            (_, _) => economist(self.account),
        };
        principal
            .grants
            .extend(self.party.into_iter().flat_map(|party| economist_of(party).grants));
        principal
    }
}

/// Those of the office.
pub(super) fn office() -> Vec<Actor> {
    ACTORS.into_iter().filter(|actor| actor.is_office).collect()
}

/// Those who claim for a party.
pub(super) fn of_party(party: &str) -> Vec<Actor> {
    ACTORS.into_iter().filter(|actor| actor.party == Some(party)).collect()
}
