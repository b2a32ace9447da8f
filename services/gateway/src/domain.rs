//! The gateway's own rules: accounts and their roles.
//!
//! Architecture invariant: plain functions over plain values.

pub mod account;
pub mod role_grant;
