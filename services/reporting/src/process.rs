//! The service in a process of its own, with its peers over the network.

use std::net::SocketAddr;

use platform::{
    Clock, Database, Mounted, Service, Transport,
    config::{Config as Settings, DatabaseConfig},
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
        let Config { listen: _, database: _ } = section;
        Vec::new()
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
            organisation: Transport::remote(&config.common.peers.participant)?,
            finance: Transport::remote(&config.common.peers.finance)?,
        };
        Ok(crate::mount(section, deps))
    }

    async fn verify(_: &Settings, _: &Config, database: &Database) -> anyhow::Result<Vec<String>> {
        crate::verify(database).await
    }
}
