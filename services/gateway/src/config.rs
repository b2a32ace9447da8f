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
    /// Cookies are sent over TLS only. Default: true when `public_url` begins
    /// with `https:`.
    pub secure_cookies: Option<bool>,
    /// Minutes without a page after which a session ends. Default 60.
    pub session_idle_minutes: u32,
    /// Calls passed on at the same time before further ones are told to come
    /// back; one account has an eighth of them at most. Default 1024.
    pub calls_at_once: usize,
}

impl Config {
    /// True when cookies are to be sent over TLS only.
    #[must_use]
    pub fn has_secure_cookies(&self) -> bool {
        self.secure_cookies.unwrap_or(self.is_tls())
    }

    /// True when people reach the pages over TLS.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https:"))
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            database: DatabaseConfig::default(),
            public_url: None,
            secure_cookies: None,
            session_idle_minutes: 60,
            calls_at_once: 1024,
        }
    }
}
