//! What every Samordna process needs before its first business word: starting
//! and stopping, configuration, telemetry, transport, permission, database and
//! the journal.
//!
//! Architecture invariant: nothing here knows what a team or a requisition is,
//! and nothing is re-exported from other crates.

pub mod attachment;
pub mod batches;
pub mod clock;
pub mod config;
pub mod convert;
pub mod data_key;
pub mod db;
pub mod failure;
pub mod journal;
pub mod journalled;
pub mod key_file;
pub mod listener;
pub mod mount;
mod open_files;
pub mod page;
pub mod principal;
mod reflection;
pub mod run;
pub mod schema;
pub mod service;
pub mod sql;
pub mod stop;
pub mod streams;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod transport;

pub use clock::Clock;
pub use db::Database;
pub use failure::Failure;
pub use journal::{Draft, Entry, Journal, Order, Step, Write};
pub use mount::Mounted;
pub use principal::{Permission, Permissions, Principal, PrincipalVerifier};
pub use service::Service;
pub use transport::Transport;
