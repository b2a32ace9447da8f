//! The gateway's own RPCs.

mod account;

use platform::{Journal, Permission, Permissions};
use proto::gateway::account_service_server::AccountServiceServer;
use tonic::service::Routes;
use values::Role;

/// Who may call what.
pub(crate) const PERMISSIONS: Permissions =
    &[Permission { method: "/samordna.gateway.v1.AccountService/GetOwnAccount", roles: Role::ALL }];

/// Every RPC of the gateway's own.
pub(crate) fn routes(journal: &Journal) -> Routes {
    Routes::new(AccountServiceServer::new(account::Accounts::new(journal.clone())))
}
