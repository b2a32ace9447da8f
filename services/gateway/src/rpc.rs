//! The gateway's own RPCs.

mod account;
pub(crate) mod convert;
mod organisation;
mod role_grant;

use std::sync::Arc;

use platform::{Entry, Failure, Journal, Permission, Permissions, Principal, Transport};
use prost::Message;
use proto::gateway::{
    account_service_server::AccountServiceServer, role_grant_service_server::RoleGrantServiceServer,
};
use tonic::service::Routes;
use values::{Faults, Role, Slug};

use crate::callers::Callers;

/// Who keeps accounts and roles.
const ADMINISTRATORS: &[Role] = &[Role::FederationAdministrator, Role::PartyAdministrator];

/// Who may call what.
pub const PERMISSIONS: Permissions = &[
    permission("/samordna.gateway.v1.AccountService/GetOwnAccount", Role::ALL),
    permission("/samordna.gateway.v1.AccountService/CreateAccount", ADMINISTRATORS),
    permission("/samordna.gateway.v1.AccountService/InviteAccount", ADMINISTRATORS),
    permission("/samordna.gateway.v1.AccountService/GetAccount", ADMINISTRATORS),
    permission("/samordna.gateway.v1.AccountService/ListAccounts", ADMINISTRATORS),
    permission("/samordna.gateway.v1.RoleGrantService/GrantRole", ADMINISTRATORS),
    permission("/samordna.gateway.v1.RoleGrantService/RevokeRole", ADMINISTRATORS),
    permission("/samordna.gateway.v1.RoleGrantService/ListRoleGrants", ADMINISTRATORS),
];

const fn permission(method: &'static str, roles: &'static [Role]) -> Permission {
    Permission { method, roles }
}

/// What the handlers are handed; cheap to clone.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) journal: Journal,
    pub(crate) callers: Arc<Callers>,
    pub(crate) organisation: Transport,
}

/// Every RPC of the gateway's own.
pub(crate) fn routes(shared: &Shared) -> Routes {
    Routes::new(AccountServiceServer::new(account::Accounts(shared.clone())))
        .add_service(RoleGrantServiceServer::new(role_grant::RoleGrants(shared.clone())))
}

/// Reads `parent`. A malformed one is noted, and the rest is read as if it were the
/// caller's, so that every fault is told at once.
fn parent(faults: &mut Faults, principal: &Principal, sent: &str) -> Result<Slug, Failure> {
    match values::name::parse_federation("parent", sent) {
        Ok(federation) => {
            principal.is_in(&federation, sent)?;
            Ok(federation)
        }
        Err(fault) => {
            faults.push(fault);
            Ok(principal.federation.clone())
        }
    }
}

/// The resource that a write recorded.
fn recorded<M: Message + Default>(entries: &[Entry]) -> Result<M, Failure> {
    let entry = entries.first().ok_or_else(|| anyhow::anyhow!("a write recorded nothing"))?;
    Ok(M::decode(entry.payload.as_slice()).map_err(anyhow::Error::from)?)
}
