//! The participant service: the federation's organisation, and the people that its
//! parties refer to the teams.
//!
//! Architecture invariant: the layers look one way. `rpc` parses, loads, asks
//! `domain` to decide, saves through `store` and renders; `domain` knows
//! neither; `store` knows `domain` alone.

mod config;
pub mod domain;
pub mod keyring;
pub mod places;
pub mod process;
mod projection;
mod read_log;
mod rebuild;
mod rpc;
mod store;
mod verify;

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::bail;
use futures::FutureExt as _;
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
        pace: pace(*heartbeat_ms),
    };
    Mounted {
        name: NAME,
        routes: mount::guarded(NAME, rpc::routes(&shared), PERMISSIONS, verifier),
        background: vec![fill_again_and_again(database.clone()).boxed()],
        database,
    }
}

/// Fills what a process of before leaves open, as long as there may be one.
async fn fill_again_and_again(database: Database) {
    loop {
        match fill_party_teams(&database).await {
            Ok(0) => {}
            Ok(filled) => tracing::info!(filled, "facts of an older process are counted now"),
            Err(error) => tracing::warn!(%error, "facts of an older process are not counted"),
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
}

/// Fills what facts are counted by where a process of before, which does not know of it,
/// has left it open; tells for how many parties' people in a team.
///
/// # Errors
/// When the database fails.
pub async fn fill_party_teams(database: &Database) -> anyhow::Result<usize> {
    Ok(store::fact::fill(&database.write).await?)
}

/// A stream of events tells of people, and what may be told is looked up when it begins:
/// whoever lost a role reads on for a minute at most.
fn pace(heartbeat_ms: u64) -> Pace {
    Pace { longest: Duration::from_secs(60), ..Pace::with_heartbeat_ms(heartbeat_ms) }
}

/// True when the master key lies in the same directory as what it locks: whoever gets hold
/// of the directory, or of a backup of it, can read everything.
#[must_use]
pub fn is_key_beside_data(config: &Config) -> bool {
    config.master_key.is_none() && config.database.url.is_none()
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
    if config.master_key.is_some() || config::KEY_FILE.is_there(data_directory) {
        return Ok(());
    }
    if has_people(database).await? {
        bail!(
            "people's records are here and the key that opens them is not: put participant.key \
             back into {}, or set participant.master_key",
            data_directory.display()
        );
    }
    config::KEY_FILE.make(data_directory)
}

#[cfg(test)]
mod tests {
    use platform::config::Config as Settings;

    use super::*;

    #[test]
    fn a_stream_of_people_ends_within_a_minute_of_a_role_that_is_taken_back() {
        assert_eq!(pace(15_000).longest, Duration::from_secs(60));
        assert_eq!(pace(1_000).heartbeat, Duration::from_secs(1));
    }

    #[test]
    fn a_key_lies_beside_the_data_unless_one_of_them_is_elsewhere() {
        let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        let with_key = format!("[participant]\nmaster_key = '{key}'");
        for (text, expected) in [
            ("", true),
            (with_key.as_str(), false),
            ("[participant.database]\nurl = 'postgres://x@y/z'", false),
        ] {
            let config = Settings::from_parts(text, &[]).unwrap().section(NAME).unwrap();
            assert_eq!(is_key_beside_data(&config), expected, "{text}");
        }
    }
}
