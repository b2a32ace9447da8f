//! The gateway's settings.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
};

use platform::{
    config::DatabaseConfig,
    key_file::{self, KeyFile},
};
use secrecy::SecretString;
use serde::Deserialize;

/// Where the master key is when the settings give none.
pub(crate) const KEY_FILE: KeyFile = KeyFile {
    name: "gateway.key",
    setting: "gateway.master_key",
    lost: "the key of bearer tokens cannot be read without it",
};

/// The section `[gateway]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where pages and gRPC are served. Default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// Accounts, sessions and the key of bearer tokens.
    pub database: DatabaseConfig,
    /// What the key of bearer tokens is locked with in the database: 32 bytes in base64.
    /// Default: what stands in `gateway.key` in the data directory.
    #[serde(deserialize_with = "key_file::setting")]
    pub master_key: Option<SecretString>,
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
    /// The same with the master key of the data directory's file, where it has none.
    ///
    /// # Errors
    /// With a line to act on, when there is no key.
    pub fn with_key(self, data_directory: &Path) -> anyhow::Result<Self> {
        let master_key = match self.master_key {
            Some(key) => key,
            None => KEY_FILE.read(data_directory)?,
        };
        Ok(Self { master_key: Some(master_key), ..self })
    }

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
            master_key: None,
            public_url: None,
            secure_cookies: None,
            session_idle_minutes: 60,
            calls_at_once: 1024,
        }
    }
}
