//! Roles: granting one to an account, and taking it back.

pub(crate) mod grant;
pub(crate) mod revoke;
