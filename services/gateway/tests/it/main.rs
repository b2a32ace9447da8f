//! The gateway's own RPCs, and what they open and close, in process, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod account;
mod migration;
mod permissions;
mod role_grant;
mod world;
