//! The gateway's settings.

use std::net::{Ipv4Addr, SocketAddr};

use platform::config::DatabaseConfig;
use serde::Deserialize;

/// The section `[gateway]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where pages and gRPC are served. Default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// Accounts, sessions and the key of bearer tokens.
    pub database: DatabaseConfig,
    /// The address that users type, printed at start. Default
    /// `http://` and the listening address.
    pub public_url: Option<String>,
    /// Cookies are sent over TLS only; set it wherever there is TLS. Default
    /// false.
    pub secure_cookies: bool,
    /// Calls passed on at the same time before further ones are told to come
    /// back. Default 1024.
    pub calls_at_once: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            database: DatabaseConfig::default(),
            public_url: None,
            secure_cookies: false,
            calls_at_once: 1024,
        }
    }
}
