//! Between the contract's messages and the domain's values.

pub(crate) mod account;
pub(crate) mod role_grant;
