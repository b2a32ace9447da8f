//! The participant service: the federation's organisation, and the people that its
//! parties refer to the teams.
//!
//! Architecture invariant: the layers look one way. `rpc` parses, loads, asks
//! `domain` to decide, saves through `store` and renders; `domain` knows
//! neither; `store` knows `domain` alone.

mod config;
pub mod domain;
mod key_file;
pub mod keyring;
pub mod process;
mod projection;
mod read_log;
mod rebuild;
mod rpc;
mod store;
mod verify;

use std::{path::Path, sync::Arc};

use anyhow::bail;
use keyring::Keyring;
use platform::{Clock, Database, Journal, Mounted, PrincipalVerifier, journal::Pace, mount};
use read_log::ReadLog;

pub use config::Config;
pub use rebuild::rebuild;
pub use rpc::permissions::PERMISSIONS;
pub use store::migrations::Migrator;
pub use verify::verify;

/// The service's name: of its section, its file and its telemetry.
pub const NAME: &str = "participant";

/// What the service needs from outside.
pub struct Deps {
    /// The time.
    pub clock: Clock,
    /// Its own database, migrated.
    pub database: Database,
    /// Verifies the callers that the gateway signs.
    pub verifier: PrincipalVerifier,
    /// What people's records are locked with.
    pub keyring: Keyring,
}

/// Mounts the service.
#[must_use]
pub fn mount(config: &Config, deps: Deps) -> Mounted {
    let Config { listen: _, master_key: _, party_keys: _, heartbeat_ms, database: _ } = config;
    let Deps { clock, database, verifier, keyring } = deps;
    let shared = rpc::Shared {
        journal: Journal::new(database.clone(), clock.clone()),
        keyring: Arc::new(keyring),
        read_log: ReadLog::new(database.clone(), clock),
        pace: Pace::with_heartbeat_ms(*heartbeat_ms),
    };
    Mounted {
        name: NAME,
        routes: mount::guarded(NAME, rpc::routes(&shared), PERMISSIONS, verifier),
        background: Vec::new(),
        database,
    }
}

/// True when anybody's record is in the database.
///
/// # Errors
/// When the database cannot be read.
pub async fn has_people(database: &Database) -> anyhow::Result<bool> {
    Ok(store::person::is_anybody(&database.read).await?)
}

/// Makes a master key in the data directory where the settings have none: for a process
/// that nobody was asked to set up. People who are here already are locked with
/// another, which is not replaced.
///
/// # Errors
/// When the key is lost, or its file cannot be written.
pub async fn ensure_key(
    config: &Config,
    data_directory: &Path,
    database: &Database,
) -> anyhow::Result<()> {
    if config.master_key.is_some() || key_file::is_there(data_directory) {
        return Ok(());
    }
    if has_people(database).await? {
        bail!(
            "people's records are here and the key that opens them is not: put participant.key \
             back into {}, or set participant.master_key",
            data_directory.display()
        );
    }
    key_file::make(data_directory)
}
