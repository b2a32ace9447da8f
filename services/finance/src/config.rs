//! The settings of the finance service: section `finance`.

use std::net::{Ipv4Addr, SocketAddr};

use platform::config::DatabaseConfig;
use serde::Deserialize;

/// Section `finance` of the settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The service's own listener, when it is a process of its own. Default
    /// `127.0.0.1:8082`.
    pub listen: SocketAddr,
    /// The service's database.
    pub database: DatabaseConfig,
    /// A row of the funding table is warned when its forecast, or the parties' own, is
    /// below so many percent of the grant. Default 70; 0 warns never.
    pub under_warning_percent: u8,
    /// A stream of events on which nothing happens carries a heartbeat every so
    /// many milliseconds. Default, and at most, 15000.
    pub heartbeat_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8082)),
            database: DatabaseConfig::default(),
            under_warning_percent: 70,
            heartbeat_ms: 15_000,
        }
    }
}
