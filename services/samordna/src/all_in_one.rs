//! All four services in one process: the same mounts as in processes of their
//! own, with calls going straight into the other's routes.

use std::net::SocketAddr;

use platform::{
    Clock, Service, Transport,
    config::Config,
    principal::{KeyPair, PrincipalSigner, PrincipalVerifier},
    run::{Process, Program},
    service,
};
use secrecy::ExposeSecret as _;

type Participant = participant::process::Process;
type Finance = finance::process::Process;
type Reporting = reporting::process::Process;
type Gateway = gateway::process::Process;

/// The process that is all of Samordna. Only the gateway listens.
pub struct AllInOne;

impl Program for AllInOne {
    const NAME: &'static str = "samordna";

    fn listen(config: &Config) -> anyhow::Result<SocketAddr> {
        // The others listen nowhere, but a fault in their sections is one here too.
        <Participant as Program>::listen(config)?;
        <Finance as Program>::listen(config)?;
        <Reporting as Program>::listen(config)?;
        <Gateway as Program>::listen(config)
    }

    async fn mount(config: &Config) -> anyhow::Result<Process> {
        if participant::is_key_beside_data(&config.section(participant::NAME)?) {
            tracing::warn!(
                "the key of people's records lies in the data directory, beside what it locks: \
                 set participant.master_key and keep it apart from the backups"
            );
        }
        mount(config, Clock::system()).await
    }

    async fn migrate(config: &Config) -> anyhow::Result<()> {
        <Participant as Program>::migrate(config).await?;
        <Finance as Program>::migrate(config).await?;
        <Reporting as Program>::migrate(config).await?;
        <Gateway as Program>::migrate(config).await
    }

    async fn verify(config: &Config) -> anyhow::Result<Vec<String>> {
        let mut problems = <Participant as Program>::verify(config).await?;
        problems.extend(<Finance as Program>::verify(config).await?);
        problems.extend(<Reporting as Program>::verify(config).await?);
        problems.extend(<Gateway as Program>::verify(config).await?);
        Ok(problems)
    }
}

/// Opens the databases and mounts the services in the order of who asks whom.
///
/// # Errors
/// When a section of the settings is wrong or a database cannot be opened.
pub async fn mount(config: &Config, clock: Clock) -> anyhow::Result<Process> {
    let keys = key_pair(config)?;
    let verifier = PrincipalVerifier::from_pem(&keys.public_pem, clock.clone())?;
    let signer = PrincipalSigner::from_pem(keys.private_pem.expose_secret(), clock.clone())?;

    let (section, database) = ready::<Participant>(config).await?;
    participant::ensure_key(&section, &config.common.data_directory, &database).await?;
    let deps = participant::Deps {
        clock: clock.clone(),
        database,
        verifier: verifier.clone(),
        keyring: section.keyring(&config.common.data_directory)?,
    };
    let participant = participant::mount(&section, deps);
    let organisation = Transport::local(participant.routes.clone());

    let (section, database) = ready::<Finance>(config).await?;
    let deps = finance::Deps {
        clock: clock.clone(),
        database,
        verifier: verifier.clone(),
        organisation: organisation.clone(),
    };
    let finance = finance::mount(&section, deps);
    let finance_way = Transport::local(finance.routes.clone());

    let (section, database) = ready::<Reporting>(config).await?;
    let deps = reporting::Deps {
        clock: clock.clone(),
        database,
        verifier: verifier.clone(),
        organisation: organisation.clone(),
        finance: finance_way.clone(),
    };
    let reporting = reporting::mount(&section, deps);
    let reporting_way = Transport::local(reporting.routes.clone());

    let (section, database) = ready::<Gateway>(config).await?;
    let deps = gateway::Deps {
        clock,
        database,
        signer,
        verifier,
        organisation,
        finance: finance_way,
        reporting: reporting_way,
    };
    let gateway = gateway::mount(&section, deps).await?;

    let routes = gateway.routes;
    let mut background = gateway.background;
    let mut databases = vec![gateway.database];
    for mounted in [participant, finance, reporting] {
        background.extend(mounted.background);
        databases.push(mounted.database);
    }
    Ok(Process { routes, background, databases })
}

async fn ready<S: Service>(config: &Config) -> anyhow::Result<(S::Section, platform::Database)> {
    let section: S::Section = config.section(<S as Service>::NAME)?;
    let database = service::open::<S>(config, &section).await?;
    service::make_ready::<S>(&database).await?;
    Ok((section, database))
}

/// The key pair of the settings, or a new one: nobody outside the process needs
/// to verify what it signs.
fn key_pair(config: &Config) -> anyhow::Result<KeyPair> {
    match &config.common.principal.private_key {
        Some(private_key) => KeyPair::from_private_pem(private_key.expose_secret()),
        None => KeyPair::generate(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_in_any_section_is_found_before_anything_starts() {
        for section in platform::config::SECTIONS {
            let config = Config::from_parts(&format!("[{section}]\nlistne = 'x'"), &[]).unwrap();
            let error = AllInOne::listen(&config).unwrap_err().to_string();
            assert!(error.contains("listne"), "{section}: {error}");
        }
    }
}
