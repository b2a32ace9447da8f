//! The service in a process of its own, with its peers over the network.

use std::net::SocketAddr;

use platform::{
    Clock, Database, Mounted, Service,
    config::{Config as Settings, DatabaseConfig, presence},
    service,
};

use crate::{Config, Deps, Migrator, NAME};

/// The service's process.
pub struct Process;

impl Service for Process {
    const NAME: &'static str = NAME;
    type Section = Config;
    type Migrator = Migrator;

    fn listen(section: &Config) -> SocketAddr {
        section.listen
    }

    fn database(section: &Config) -> &DatabaseConfig {
        &section.database
    }

    fn settings(section: &Config) -> Vec<(&'static str, String)> {
        let Config { listen: _, database: _, master_key, party_keys, heartbeat_ms } = section;
        let parties: Vec<&str> = party_keys.keys().map(String::as_str).collect();
        let parties =
            if parties.is_empty() { presence(false).to_owned() } else { parties.join(", ") };
        vec![
            ("master_key", presence(master_key.is_some()).to_owned()),
            ("party_keys", parties),
            ("heartbeat_ms", heartbeat_ms.to_string()),
        ]
    }

    fn keys(config: &Settings, section: &Config) -> Vec<anyhow::Result<()>> {
        let keyring = section.keyring(&config.common.data_directory);
        vec![service::verifier(config).map(drop), keyring.map(drop)]
    }

    async fn mount(
        config: &Settings,
        section: &Config,
        database: Database,
    ) -> anyhow::Result<Mounted> {
        let deps = Deps {
            clock: Clock::system(),
            database,
            verifier: service::verifier(config)?,
            keyring: section.keyring(&config.common.data_directory)?,
        };
        Ok(crate::mount(section, deps))
    }

    async fn verify(
        config: &Settings,
        section: &Config,
        database: &Database,
    ) -> anyhow::Result<Vec<String>> {
        let keyring = match crate::has_people(database).await? {
            true => Some(section.keyring(&config.common.data_directory)?),
            false => None,
        };
        crate::verify(database, keyring.as_ref()).await
    }
}

/// Makes every table of the service again from its journal; one line for each problem
/// that forbids it.
///
/// # Errors
/// When the settings are wrong, or the database cannot be used.
pub async fn rebuild(config: &Settings) -> anyhow::Result<Vec<String>> {
    let section: Config = config.section(NAME)?;
    let database = service::open::<Process>(config, &section).await?;
    service::make_ready::<Process>(&database).await?;
    let keyring = section.keyring(&config.common.data_directory);
    let mut problems = crate::rebuild(&database, keyring.as_ref().ok()).await?;
    // Why there is no keyring matters only where one was missed.
    if let Err(error) = keyring
        && !problems.is_empty()
    {
        problems.push(format!("{error:#}"));
    }
    Ok(problems)
}
