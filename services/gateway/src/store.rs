//! The gateway's SQL: accounts, sessions, and the key of its tokens.

pub(crate) mod account;
pub(crate) mod migrations;
pub(crate) mod session;
pub(crate) mod signing_key;
