//! The finance service's RPCs, in process, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod attachment;
mod event;
mod funding_table;
mod grant;
mod import;
mod ledger;
mod migration;
mod mishap;
mod model;
mod permissions;
mod recipient;
mod recovery;
mod requisition;
mod verify;
mod world;
