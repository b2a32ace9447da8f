//! Who is asking: a principal that the gateway signs and every service
//! verifies, and the table that says which role each RPC needs.

mod token;

use tonic::{Request, metadata::MetadataMap};
use values::{
    Faults, Role, RoleGrant, Scope, Slug,
    name::{AccountName, parse_federation},
};

use crate::Failure;

pub use token::{KeyPair, PrincipalSigner, PrincipalVerifier, SignedPrincipal};

/// The metadata key the signed principal travels under. The gateway drops
/// whatever a caller from outside sends under it.
pub const HEADER: &str = "samordna-principal";

/// An authenticated caller, within one federation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The federation it belongs to and never sees beyond.
    pub federation: Slug,
    /// Its account.
    pub account: AccountName,
    /// The system it came through; repetitions are recognised per client.
    pub client: String,
    /// What it may do, and where.
    pub grants: Vec<RoleGrant>,
}

impl Principal {
    /// True when it holds the role for any scope.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// True when it holds any of the roles for any scope.
    #[must_use]
    pub fn has_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// True when it holds the role for exactly that scope.
    #[must_use]
    pub fn holds(&self, role: Role, scope: &Scope) -> bool {
        self.grants.iter().any(|grant| grant.role == role && grant.scope == *scope)
    }

    /// The scopes it holds a role for.
    pub fn scopes(&self, role: Role) -> impl Iterator<Item = &Scope> {
        self.grants.iter().filter(move |grant| grant.role == role).map(|grant| &grant.scope)
    }

    /// Refuses what belongs to another federation as if it did not exist.
    ///
    /// # Errors
    /// `NotFound` with the name asked for.
    pub fn is_in(&self, federation: &Slug, name: &str) -> Result<(), Failure> {
        if self.federation == *federation { Ok(()) } else { Err(Failure::not_found(name)) }
    }
}

/// The principal of a request, put there by the guard.
///
/// # Errors
/// `Unauthenticated` when the request came past the guard.
pub fn of<T>(request: &Request<T>) -> Result<Principal, Failure> {
    request.extensions().get::<Principal>().cloned().ok_or(Failure::Unauthenticated)
}

/// The federation that a request's `parent` names, which is the caller's own. A malformed one
/// is noted, and the rest is read as if it were the caller's, so that every fault is told at
/// once.
///
/// # Errors
/// `NotFound` for another federation.
pub fn parent(faults: &mut Faults, principal: &Principal, sent: &str) -> Result<Slug, Failure> {
    match faults.keep(parse_federation("parent", sent)) {
        Some(federation) => {
            principal.is_in(&federation, sent)?;
            Ok(federation)
        }
        None => Ok(principal.federation.clone()),
    }
}

/// A request to another service on behalf of the caller of this one.
#[must_use]
pub fn forward<M>(from: &MetadataMap, message: M) -> Request<M> {
    let mut request = Request::new(message);
    for key in [HEADER, "grpc-timeout"] {
        if let Some(value) = from.get(key) {
            request.metadata_mut().insert(key, value.clone());
        }
    }
    request
}

/// Which roles may call an RPC.
#[derive(Debug, Clone, Copy)]
pub struct Permission {
    /// `/samordna.finance.v1.GrantService/CreateGrant`.
    pub method: &'static str,
    /// Any of these.
    pub roles: &'static [Role],
}

/// One line for each RPC of a service; an RPC without a line is closed to all.
pub type Permissions = &'static [Permission];

/// The line of a method.
#[must_use]
pub fn permission(permissions: Permissions, method: &str) -> Option<&'static Permission> {
    permissions.iter().find(|permission| permission.method == method)
}
