//! The gateway in a process of its own, with the services over the network.

use std::net::SocketAddr;

use anyhow::Context as _;
use platform::{
    Clock, Database, Mounted, Service, Transport,
    config::{Config as Settings, DatabaseConfig, presence},
    principal::{KeyPair, PrincipalSigner, PrincipalVerifier},
};
use secrecy::ExposeSecret as _;

use crate::{Config, Deps, Migrator, NAME};

/// The gateway's process.
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
        let Config {
            listen: _,
            database: _,
            master_key,
            public_url,
            secure_cookies: _,
            session_idle_minutes,
            calls_at_once,
        } = section;
        vec![
            ("master_key", presence(master_key.is_some()).to_owned()),
            ("public_url", public_url.as_deref().unwrap_or(presence(false)).to_owned()),
            ("secure_cookies", section.has_secure_cookies().to_string()),
            ("session_idle_minutes", session_idle_minutes.to_string()),
            ("calls_at_once", calls_at_once.to_string()),
        ]
    }

    fn keys(config: &Settings, section: &Config) -> Vec<anyhow::Result<()>> {
        let data_directory = &config.common.data_directory;
        vec![principal_keys(config).map(drop), section.clone().with_key(data_directory).map(drop)]
    }

    async fn mount(
        config: &Settings,
        section: &Config,
        database: Database,
    ) -> anyhow::Result<Mounted> {
        let keys = principal_keys(config)?;
        let private_key = keys.private_pem.expose_secret();
        let peers = &config.common.peers;
        let deps = Deps {
            clock: Clock::system(),
            database,
            signer: PrincipalSigner::from_pem(private_key, Clock::system())?,
            verifier: PrincipalVerifier::from_pem(&keys.public_pem, Clock::system())?,
            organisation: Transport::remote(&peers.participant)?,
            finance: Transport::remote(&peers.finance)?,
            reporting: Transport::remote(&peers.reporting)?,
        };
        let section = section.clone().with_key(&config.common.data_directory)?;
        crate::mount(&section, deps).await
    }

    async fn verify(_: &Settings, _: &Config, database: &Database) -> anyhow::Result<Vec<String>> {
        crate::verify(database).await
    }
}

/// What callers are signed with, which a process of its own cannot make for itself.
fn principal_keys(config: &Settings) -> anyhow::Result<KeyPair> {
    let private_key = config.common.principal.private_key.as_ref();
    let private_key = private_key
        .context("principal.private_key is not set: give an Ed25519 key (PKCS#8 PEM)")?;
    KeyPair::from_private_pem(private_key.expose_secret())
}
