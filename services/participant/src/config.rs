//! The service's section of the settings, `[participant]`.

use std::{collections::BTreeMap, net::SocketAddr, path::Path};

use platform::{
    config::DatabaseConfig,
    key_file::{self, KeyFile},
};
use secrecy::SecretString;
use serde::Deserialize;

use crate::keyring::Keyring;

/// Where the master key is when the settings give none.
pub(crate) const KEY_FILE: KeyFile = KeyFile {
    name: "participant.key",
    setting: "participant.master_key",
    lost: "people's records cannot be read without it",
};

/// The settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where it listens in a process of its own. Default `127.0.0.1:8081`.
    pub listen: SocketAddr,
    /// The installation's master key, which people's records are locked with: 32 bytes
    /// in base64. Default: what stands in `participant.key` in the data directory.
    #[serde(deserialize_with = "key_file::setting")]
    pub master_key: Option<SecretString>,
    /// The master keys of parties that have one of their own, by `federation/party`.
    /// Default none.
    #[serde(deserialize_with = "key_file::settings")]
    pub party_keys: BTreeMap<String, SecretString>,
    /// A stream of events on which nothing happens carries a heartbeat every so
    /// many milliseconds. Default, and at most, 15000.
    pub heartbeat_ms: u64,
    /// Its database. Default `participant.sqlite` in the data directory.
    pub database: DatabaseConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8081)),
            master_key: None,
            party_keys: BTreeMap::new(),
            heartbeat_ms: 15_000,
            database: DatabaseConfig::default(),
        }
    }
}

impl Config {
    /// The master keys: those of the settings, or the key file of the data directory.
    ///
    /// # Errors
    /// With a line to act on, when there is no key or one is none. It shows no key.
    pub fn keyring(&self, data_directory: &Path) -> anyhow::Result<Keyring> {
        let master_key = match &self.master_key {
            Some(key) => key.clone(),
            None => KEY_FILE.read(data_directory)?,
        };
        Keyring::read(&master_key, &self.party_keys)
    }
}

#[cfg(test)]
mod tests {
    use platform::config::Config as Settings;
    use tempfile::TempDir;

    use super::*;

    fn section(text: &str) -> Config {
        Settings::from_parts(text, &[]).unwrap().section("participant").unwrap()
    }

    #[test]
    fn without_a_key_nothing_starts_and_the_line_says_how_to_make_one() {
        let home = TempDir::new().unwrap();
        let error = section("").keyring(home.path()).err().unwrap().to_string();
        assert!(error.contains("participant.master_key"), "{error}");
        assert!(error.contains("openssl rand -base64 32"), "{error}");
    }

    #[test]
    fn the_key_of_the_settings_goes_before_the_file_and_parties_have_their_own() {
        let home = TempDir::new().unwrap();
        KEY_FILE.make(home.path()).unwrap();
        let of_file = section("").keyring(home.path()).unwrap();
        let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        let other = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
        let set = format!("[participant]\nmaster_key = '{key}'\n");
        let of_settings = section(&set).keyring(home.path()).unwrap();
        let own = format!("{set}[participant.party_keys]\n\"vastmanland/sala\" = '{other}'");
        let with_own = section(&own).keyring(home.path()).unwrap();
        let slug = |text: &str| values::Slug::parse("", text).unwrap();
        let lookup = |keyring: &Keyring, party: &str| {
            keyring.lookup(&slug("vastmanland"), &slug(party), "189001019802")
        };
        assert_ne!(lookup(&of_file, "sala"), lookup(&of_settings, "sala"));
        assert_ne!(lookup(&with_own, "sala"), lookup(&of_settings, "sala"));
        assert_eq!(lookup(&with_own, "koping"), lookup(&of_settings, "koping"));
    }

    #[test]
    fn no_key_is_shown() {
        let key = "aHVudGVyaHVudGVyaHVudGVyaHVudGVyaHVudGVyMTI=";
        let text = format!(
            "[participant]\nmaster_key = '{key}'\n\
             [participant.party_keys]\n\"vastmanland/sala\" = '{key}'"
        );
        let settings = Settings::from_parts(&text, &[]).unwrap();
        let section: Config = settings.section("participant").unwrap();
        let shown = format!("{section:?} {}", settings.describe());
        assert!(!shown.contains("aHVudGVy"), "{shown}");
    }

    #[test]
    fn what_is_no_key_is_refused_with_its_setting_and_not_shown() {
        let of_party = "[participant.party_keys]\n\"vastmanland/sala\" = 'aHVudGVy'";
        for (text, setting) in [
            ("[participant]\nmaster_key = 'aHVudGVy'", "master_key"),
            (of_party, "vastmanland/sala"),
        ] {
            let settings = Settings::from_parts(text, &[]).unwrap();
            let refused = settings.section::<Config>("participant").unwrap_err().to_string();
            assert!(refused.contains(setting) && refused.contains("6 bytes long"), "{refused}");
            assert!(!refused.contains("aHVudGVy"), "{refused}");
        }
    }
}
