//! The gateway's own RPCs.

mod account;
pub(crate) mod convert;
mod organisation;
mod role_grant;

use std::sync::Arc;

use platform::{
    Journal, Permission, Permissions, Transport, journalled::recorded, principal::parent,
};
use proto::gateway::{
    account_service_server::AccountServiceServer, role_grant_service_server::RoleGrantServiceServer,
};
use tonic::service::Routes;
use values::Role;

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
