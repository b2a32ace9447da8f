//! Settings: defaults in code, then `samordna.toml`, then the environment
//! (`SAMORDNA__FINANCE__DATABASE__URL`). A key that nobody knows stops the
//! process with one line that says so.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail};
use secrecy::SecretString;
use serde::{Deserialize, de::DeserializeOwned};

/// The sections that belong to services; each service reads its own.
pub const SECTIONS: [&str; 4] = ["participant", "finance", "reporting", "gateway"];

/// The settings of a process: what all share, and one section a service.
#[derive(Clone)]
pub struct Config {
    /// What every process shares.
    pub common: Common,
    sections: config::Config,
}

/// Settings that every process shares.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Common {
    /// Where the embedded databases live. Default `./data`.
    pub data_directory: PathBuf,
    /// Allows listening beyond loopback without TLS, where a proxy or a mesh
    /// in front sees to that. Default false.
    pub insecure_listen: bool,
    /// Where the other services are, when each runs in a process of its own.
    pub peers: Peers,
    /// The key pair of the signed principal.
    pub principal: PrincipalKeys,
    /// Traces, metrics and logs.
    pub telemetry: Telemetry,
}

impl Default for Common {
    fn default() -> Self {
        Self {
            data_directory: PathBuf::from("./data"),
            insecure_listen: false,
            peers: Peers::default(),
            principal: PrincipalKeys::default(),
            telemetry: Telemetry::default(),
        }
    }
}

/// Addresses of the services, for processes that ask them over the network.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Peers {
    /// Default `http://127.0.0.1:8081`.
    pub participant: String,
    /// Default `http://127.0.0.1:8082`.
    pub finance: String,
    /// Default `http://127.0.0.1:8083`.
    pub reporting: String,
}

impl Default for Peers {
    fn default() -> Self {
        Self {
            participant: "http://127.0.0.1:8081".to_owned(),
            finance: "http://127.0.0.1:8082".to_owned(),
            reporting: "http://127.0.0.1:8083".to_owned(),
        }
    }
}

/// The Ed25519 key pair of the signed principal, as PEM. All-in-one makes its
/// own at each start when none is set.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrincipalKeys {
    /// PKCS#8; the gateway's alone.
    pub private_key: Option<SecretString>,
    /// SubjectPublicKeyInfo; the services'.
    pub public_key: Option<String>,
}

/// Where traces and metrics go, and how logs look.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telemetry {
    /// An OTLP/gRPC collector, such as `http://127.0.0.1:4317`. Without one
    /// nothing is exported.
    pub endpoint: Option<String>,
    /// `text` (default) or `json`.
    pub log_format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// A service's database.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://…` or `postgres://…`. Default: `<service>.sqlite` in the data
    /// directory. To a PostgreSQL on another machine:
    /// `?sslmode=verify-full&sslrootcert=FILE`.
    pub url: Option<SecretString>,
    /// Connections for reading, and for writing on PostgreSQL. Default 8.
    pub connections: u32,
    /// How long PostgreSQL may take to answer a statement before it is taken to be gone;
    /// longer than it may run. A test's to set.
    #[serde(skip)]
    pub longest_silence: Duration,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self { url: None, connections: 8, longest_silence: Duration::from_secs(75) }
    }
}

impl Config {
    /// Reads the settings: the named file, or `samordna.toml` in the working
    /// directory when there is one; then the environment.
    ///
    /// # Errors
    /// With a line to act on, when a value is wrong or a key unknown.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let source = match file {
            Some(file) => config::File::from(file).required(true),
            None => config::File::with_name("samordna.toml").required(false),
        };
        Self::build(source.format(config::FileFormat::Toml), None)
    }

    /// Reads settings from a text and a given environment, in place of the
    /// process's own.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_parts(text: &str, environment: &[(&str, &str)]) -> anyhow::Result<Self> {
        let file = config::File::from_str(text, config::FileFormat::Toml);
        let pairs = environment.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Self::build(file, Some(pairs.collect()))
    }

    fn build<S>(source: S, environment: Option<config::Map<String, String>>) -> anyhow::Result<Self>
    where
        S: config::Source + Send + Sync + 'static,
    {
        let environment = config::Environment::with_prefix("SAMORDNA")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true)
            .source(environment);
        let all = config::Config::builder()
            .add_source(source)
            .add_source(environment)
            .build()
            .context("the configuration cannot be read")?;
        let top: config::Map<String, config::Value> = all.clone().try_deserialize()?;
        let known = ["data_directory", "insecure_listen", "peers", "principal", "telemetry"];
        for key in top.keys() {
            if !known.contains(&key.as_str()) && !SECTIONS.contains(&key.as_str()) {
                bail!(
                    "unknown setting `{key}`: remove it, or see deploy/samordna.example.toml for the right name"
                );
            }
        }
        let common = all.clone().try_deserialize().map_err(|error| readable("", &error))?;
        Ok(Self { common, sections: all })
    }

    /// The section of a service.
    ///
    /// # Errors
    /// With a line to act on, when a value is wrong or a key unknown.
    pub fn section<T: DeserializeOwned + Default>(&self, name: &str) -> anyhow::Result<T> {
        match self.sections.get::<T>(name) {
            Ok(section) => Ok(section),
            Err(config::ConfigError::NotFound(_)) => Ok(T::default()),
            Err(error) => Err(readable(name, &error)),
        }
    }

    /// The file of a service's embedded database.
    #[must_use]
    pub fn default_database(&self, service: &str) -> PathBuf {
        self.common.data_directory.join(format!("{service}.sqlite"))
    }

    /// Refuses an address that others can reach, unless the settings allow it.
    ///
    /// # Errors
    /// With a line to act on.
    pub fn check_listen(&self, service: &str, listen: SocketAddr) -> anyhow::Result<()> {
        if listen.ip().is_loopback() || self.common.insecure_listen {
            return Ok(());
        }
        bail!(
            "{service}.listen = {listen} is open to others and has no TLS: listen on 127.0.0.1, \
             or put TLS in front and set insecure_listen = true"
        )
    }

    /// The effective settings as TOML-like lines, secrets left out.
    #[must_use]
    pub fn describe(&self) -> String {
        let Common { data_directory, insecure_listen, peers, principal, telemetry } = &self.common;
        let Peers { participant, finance, reporting } = peers;
        let log_format = match telemetry.log_format {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        };
        format!(
            "data_directory = {}\ninsecure_listen = {insecure_listen}\npeers.participant = {participant}\n\
             peers.finance = {finance}\npeers.reporting = {reporting}\nprincipal.private_key = {}\n\
             principal.public_key = {}\ntelemetry.endpoint = {}\ntelemetry.log_format = {log_format}\n",
            data_directory.display(),
            presence(principal.private_key.is_some()),
            presence(principal.public_key.is_some()),
            telemetry.endpoint.as_deref().unwrap_or("(not set)"),
        )
    }
}

/// What is told of a setting that is not shown.
#[must_use]
pub const fn presence(is_set: bool) -> &'static str {
    if is_set { "(set)" } else { "(not set)" }
}

fn readable(section: &str, error: &config::ConfigError) -> anyhow::Error {
    let place = if section.is_empty() { String::new() } else { format!(" in [{section}]") };
    anyhow::anyhow!("the configuration{place} is wrong: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Section {
        listen: Option<SocketAddr>,
        database: DatabaseConfig,
    }

    #[test]
    fn the_environment_goes_before_the_file_and_the_file_before_the_defaults() {
        let text = "data_directory = '/from-file'\n[finance]\nlisten = '127.0.0.1:1'";
        let environment = [("SAMORDNA__FINANCE__DATABASE__CONNECTIONS", "3")];
        let config = Config::from_parts(text, &environment).unwrap();
        let section: Section = config.section("finance").unwrap();
        assert_eq!(section.database.connections, 3);
        assert_eq!(section.listen.unwrap().port(), 1);
        assert_eq!(config.common.data_directory, Path::new("/from-file"));
        assert_eq!(config.section::<Section>("reporting").unwrap().database.connections, 8);
    }

    #[test]
    fn an_unknown_key_is_named_wherever_it_stands() {
        let error = Config::from_parts("databse = 1", &[]).err().unwrap();
        assert!(error.to_string().contains("databse"), "{error}");
        let config = Config::from_parts("[finance]\nlistne = '127.0.0.1:1'", &[]).unwrap();
        let error = config.section::<Section>("finance").unwrap_err();
        assert!(error.to_string().contains("listne"), "{error}");
        assert!(Config::from_parts("[peers]\nfinanse = 'x'", &[]).is_err());
    }

    #[test]
    fn an_address_that_others_can_reach_is_refused_until_allowed() {
        let open = "0.0.0.0:8080".parse().unwrap();
        assert!(Config::from_parts("", &[]).unwrap().check_listen("gateway", open).is_err());
        let allowed = Config::from_parts("insecure_listen = true", &[]).unwrap();
        assert!(allowed.check_listen("gateway", open).is_ok());
    }

    #[test]
    fn secrets_are_not_described() {
        let config = Config::from_parts("[principal]\nprivate_key = 'hunter2'", &[]).unwrap();
        assert!(!config.describe().contains("hunter2"));
        assert!(!format!("{:?}", config.common).contains("hunter2"));
    }
}
