//! Accounts.

use proto::gateway as pb;
use values::name::PartyName;

use super::role_grant;
use crate::domain::{account::Account, role_grant::Granted};

/// An account as the contract shows it, with those of its roles that are shown.
pub(crate) fn render(account: &Account, roles: &[Granted]) -> pb::Account {
    let Account { name, display_name, kind: _, party, grants: _ } = account;
    let party = party.as_ref().map(|party| PartyName::new(name.federation.clone(), party.clone()));
    pb::Account {
        name: name.to_string(),
        display_name: display_name.clone(),
        role_grants: roles.iter().map(role_grant::render).collect(),
        party: party.map(|party| party.to_string()).unwrap_or_default(),
    }
}
