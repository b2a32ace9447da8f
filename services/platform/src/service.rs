//! A service in a process of its own: the glue between its section of the
//! settings, its database and its routes.

use std::{future::Future, net::SocketAddr, path::Path, time::Duration};

use anyhow::{Context as _, bail};
use sea_orm::DbBackend;
use sea_orm_migration::MigratorTrait;
use serde::de::DeserializeOwned;

use crate::{
    Clock, Database, Mounted,
    config::{Config, DatabaseConfig},
    principal::PrincipalVerifier,
    run::{Process, Program},
};

/// How long a process waits for its database to be migrated elsewhere.
const MIGRATION_PATIENCE: Duration = Duration::from_secs(120);

/// What a service tells of itself.
pub trait Service: 'static {
    /// `finance`: its section of the settings and its embedded file.
    const NAME: &'static str;
    /// Its section of the settings.
    type Section: DeserializeOwned + Default + Send + Sync;
    /// Its migrations.
    type Migrator: MigratorTrait;

    /// Where it listens.
    fn listen(section: &Self::Section) -> SocketAddr;

    /// Its database.
    fn database(section: &Self::Section) -> &DatabaseConfig;

    /// Its other settings that are in force, by key; of a secret only whether it is set.
    fn settings(section: &Self::Section) -> Vec<(&'static str, String)>;

    /// Whether the keys are there, and are keys, that a process of its own needs. By default
    /// it verifies callers, and needs no other.
    fn keys(config: &Config, _section: &Self::Section) -> Vec<anyhow::Result<()>> {
        vec![verifier(config).map(drop)]
    }

    /// Mounts it with its peers over the network.
    fn mount(
        config: &Config,
        section: &Self::Section,
        database: Database,
    ) -> impl Future<Output = anyhow::Result<Mounted>> + Send;

    /// Checks its journal and invariants; one line a problem.
    fn verify(
        config: &Config,
        section: &Self::Section,
        database: &Database,
    ) -> impl Future<Output = anyhow::Result<Vec<String>>> + Send;
}

impl<S: Service> Program for S {
    const NAME: &'static str = <S as Service>::NAME;

    fn listen(config: &Config) -> anyhow::Result<SocketAddr> {
        Ok(S::listen(&config.section::<S::Section>(<S as Service>::NAME)?))
    }

    fn faults(config: &Config) -> Vec<String> {
        let name = <S as Service>::NAME;
        let mut faults = faults::<S>(config);
        // What else is wrong with a section that cannot be read is not known.
        if let Ok(section) = config.section::<S::Section>(name) {
            let mut checked = S::keys(config, &section);
            checked.push(config.check_listen(name, S::listen(&section)));
            faults.extend(checked.into_iter().filter_map(Result::err).map(|it| format!("{it:#}")));
        }
        faults
    }

    fn describe(config: &Config) -> anyhow::Result<String> {
        let name = <S as Service>::NAME;
        let section: S::Section = config.section(name)?;
        let database = S::database(&section);
        let place = Database::described(database, &config.default_database(name))
            .with_context(|| format!("the database of {name}"))?;
        let mut lines = format!(
            "{name}.listen = {}\n{name}.database = {place}\n{name}.database.connections = {}\n",
            S::listen(&section),
            database.connections,
        );
        for (key, value) in S::settings(&section) {
            lines += &format!("{name}.{key} = {value}\n");
        }
        Ok(lines)
    }

    async fn mount(config: &Config) -> anyhow::Result<Process> {
        let section: S::Section = config.section(<S as Service>::NAME)?;
        let database = open::<S>(config, &section).await?;
        make_ready::<S>(&database).await?;
        Ok(S::mount(config, &section, database).await?.into())
    }

    async fn migrate(config: &Config) -> anyhow::Result<()> {
        let section: S::Section = config.section(<S as Service>::NAME)?;
        open::<S>(config, &section).await?.migrate::<S::Migrator>().await
    }

    async fn verify(config: &Config) -> anyhow::Result<Vec<String>> {
        let section: S::Section = config.section(<S as Service>::NAME)?;
        let database = open::<S>(config, &section).await?;
        <S as Service>::verify(config, &section, &database).await
    }
}

/// What is wrong with a service's section of the settings, keys aside.
#[must_use]
pub fn faults<S: Service>(config: &Config) -> Vec<String> {
    <S as Program>::describe(config).err().map(|error| format!("{error:#}")).into_iter().collect()
}

/// Opens a service's database.
///
/// # Errors
/// When it cannot be reached.
pub async fn open<S: Service>(config: &Config, section: &S::Section) -> anyhow::Result<Database> {
    let file = config.default_database(<S as Service>::NAME);
    let opened = Database::open(S::database(section), Path::new(&file)).await;
    opened.with_context(|| format!("the database of {}", <S as Service>::NAME))
}

/// Brings an embedded database up to date; waits for any other to be migrated
/// by the command for that, so that many processes can start at once.
///
/// # Errors
/// When the migration fails or does not come.
pub async fn make_ready<S: Service>(database: &Database) -> anyhow::Result<()> {
    if database.backend() == DbBackend::Sqlite {
        return database.migrate::<S::Migrator>().await;
    }
    let deadline = tokio::time::Instant::now() + MIGRATION_PATIENCE;
    while !database.is_ready::<S::Migrator>().await {
        if tokio::time::Instant::now() > deadline {
            bail!("the database of {0} is not migrated: run `{0} migrate`", <S as Service>::NAME);
        }
        tracing::info!(service = <S as Service>::NAME, "waiting for the database to be migrated");
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    Ok(())
}

/// The verifier of a service in a process of its own.
///
/// # Errors
/// When `principal.public_key` is not set, or is no key.
pub fn verifier(config: &Config) -> anyhow::Result<PrincipalVerifier> {
    let public_key = config.common.principal.public_key.as_deref();
    let public_key = public_key
        .context("principal.public_key is not set: give the gateway's public key (PEM)")?;
    PrincipalVerifier::from_pem(public_key, Clock::system())
}
