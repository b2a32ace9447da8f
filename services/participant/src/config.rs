//! The service's section of the settings, `[participant]`.

use std::net::SocketAddr;

use platform::config::DatabaseConfig;
use serde::Deserialize;

/// The settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where it listens in a process of its own. Default `127.0.0.1:8081`.
    pub listen: SocketAddr,
    /// Its database. Default `participant.sqlite` in the data directory.
    pub database: DatabaseConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8081)),
            database: DatabaseConfig::default(),
        }
    }
}
