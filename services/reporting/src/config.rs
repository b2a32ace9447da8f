//! The service's section of the settings, `[reporting]`.

use std::net::SocketAddr;

use platform::config::DatabaseConfig;
use serde::Deserialize;

/// The settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where it listens in a process of its own. Default `127.0.0.1:8083`.
    pub listen: SocketAddr,
    /// Its database. Default `reporting.sqlite` in the data directory.
    pub database: DatabaseConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8083)),
            database: DatabaseConfig::default(),
        }
    }
}
