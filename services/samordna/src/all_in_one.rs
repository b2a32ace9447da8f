//! All four services in one process: the same mounts as in processes of their
//! own, with calls going straight into the other's routes.

use std::net::SocketAddr;

use platform::{
    Clock, Database, Service, Transport,
    config::Config,
    journal,
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

    fn faults(config: &Config) -> Vec<String> {
        let mut faults = service::faults::<Gateway>(config);
        faults.extend(service::faults::<Participant>(config));
        faults.extend(service::faults::<Finance>(config));
        faults.extend(service::faults::<Reporting>(config));
        let listen = <Gateway as Program>::listen(config);
        let listen = listen.map_or(Ok(()), |listen| config.check_listen(Self::NAME, listen));
        let others = [key_pair(config).map(drop), listen];
        faults.extend(others.into_iter().filter_map(Result::err).map(|it| format!("{it:#}")));
        faults
    }

    fn describe(config: &Config) -> anyhow::Result<String> {
        let gateway = <Gateway as Program>::describe(config)?;
        let others = [
            <Participant as Program>::describe(config)?,
            <Finance as Program>::describe(config)?,
            <Reporting as Program>::describe(config)?,
        ];
        Ok(gateway + &others.concat())
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
        // No service alone sees both a release and the journals of others.
        let reporting = opened::<Reporting>(config).await?;
        let finance = opened::<Finance>(config).await?;
        problems.extend(contradicted::<Finance>(&reporting, &finance).await?);
        let participant = opened::<Participant>(config).await?;
        problems.extend(contradicted::<Participant>(&reporting, &participant).await?);
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
    gateway::ensure_key(&section, &config.common.data_directory, &database).await?;
    let deps = gateway::Deps {
        clock,
        database,
        signer,
        verifier,
        organisation,
        finance: finance_way,
        reporting: reporting_way,
    };
    let gateway = gateway::mount(&section.with_key(&config.common.data_directory)?, deps).await?;

    let routes = gateway.routes;
    let mut background = gateway.background;
    let mut databases = vec![gateway.database];
    for mounted in [participant, finance, reporting] {
        background.extend(mounted.background);
        databases.push(mounted.database);
    }
    Ok(Process { routes, background, databases })
}

async fn ready<S: Service>(config: &Config) -> anyhow::Result<(S::Section, Database)> {
    let section: S::Section = config.section(<S as Service>::NAME)?;
    let database = service::open::<S>(config, &section).await?;
    service::make_ready::<S>(&database).await?;
    Ok((section, database))
}

async fn opened<S: Service>(config: &Config) -> anyhow::Result<Database> {
    let section: S::Section = config.section(<S as Service>::NAME)?;
    service::open::<S>(config, &section).await
}

/// Where the journals of a service are no longer what published releases say of them, one
/// line each.
async fn contradicted<S: Service>(
    reporting: &Database,
    of: &Database,
) -> anyhow::Result<Vec<String>> {
    let claims = reporting::claims(reporting, <S as Service>::NAME).await?;
    journal::contradicted(of, <S as Service>::NAME, &claims).await
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
    use platform::{
        Draft, Journal, Write,
        testing::{on_both, rewrite_history},
    };
    use prost::Message as _;
    use proto::reporting::{Release, ReleaseStamp};
    use values::Slug;

    use super::*;

    const RELEASE: &str = "federations/vastmanland/releases/2025h1-1";

    /// Records something in a service's journal.
    async fn record<S: Service>(database: &Database, subject: &'static str, payload: Vec<u8>) {
        database.migrate::<S::Migrator>().await.unwrap();
        let write = Write {
            federation: federation(),
            actor: "federations/vastmanland/accounts/kansli".to_owned(),
            client: "test".to_owned(),
            rpc: "/test/Record",
            request_id: subject.to_owned(),
            request_hash: [0; 32],
            validate_only: false,
        };
        let journal = Journal::new(database.clone(), Clock::system());
        let recorded = journal.write(write, move |_, _| {
            let payload = payload.clone();
            let draft = Draft { kind: "test.recorded", subject: subject.to_owned(), payload };
            Box::pin(async move { Ok(vec![draft]) })
        });
        recorded.await.unwrap();
    }

    fn federation() -> Slug {
        Slug::parse("federation", "vastmanland").unwrap()
    }

    /// A release that says where a service's journal is.
    async fn release<S: Service>(reporting: &Database, of: &Database) {
        let head = journal::head(&of.read, &federation()).await.unwrap();
        let stamp = ReleaseStamp {
            service: <S as Service>::NAME.to_owned(),
            sequence: head.sequence,
            head_hash: head.hash,
        };
        let release =
            Release { name: RELEASE.to_owned(), stamps: vec![stamp], ..Default::default() };
        record::<Reporting>(reporting, RELEASE, release.encode_to_vec()).await;
    }

    #[tokio::test]
    async fn whoever_rewrites_the_books_under_a_release_is_found() {
        on_both(async |finance| {
            let folder = platform::testing::SqliteHome::new();
            let reporting = folder.open().await;
            record::<Finance>(&finance, "federations/vastmanland/grants/sala", vec![1]).await;
            record::<Finance>(&finance, "federations/vastmanland/grants/koping", vec![2]).await;
            release::<Finance>(&reporting, &finance).await;
            record::<Finance>(&finance, "federations/vastmanland/grants/arboga", vec![3]).await;
            let problems = async || contradicted::<Finance>(&reporting, &finance).await.unwrap();
            assert_eq!(problems().await, [""; 0]);
            // What came after it is none of its business.
            rewrite_history(&finance, &federation(), 3, &[4]).await.unwrap();
            assert_eq!(problems().await, [""; 0]);

            rewrite_history(&finance, &federation(), 1, &[5]).await.unwrap();
            assert_eq!(journal::verify(&finance).await.unwrap(), [""; 0], "the chain fits");
            let problems = problems().await;
            assert_eq!(problems.len(), 1, "{problems:?}");
            let told = format!("{RELEASE} says that the journal of finance had the hash ");
            assert!(problems[0].starts_with(&told), "{problems:?}");
        })
        .await;
    }

    #[test]
    fn a_fault_in_any_section_is_found_before_anything_starts() {
        for section in platform::config::SECTIONS {
            let config = Config::from_parts(&format!("[{section}]\nlistne = 'x'"), &[]).unwrap();
            let error = AllInOne::listen(&config).unwrap_err().to_string();
            assert!(error.contains("listne"), "{section}: {error}");
        }
    }

    #[test]
    fn all_that_is_wrong_with_the_settings_is_told_at_once() {
        let text = "[gateway]\nlisten = '0.0.0.0:8080'\nmaster_key = 'hunter2'\n\
                    [participant]\nmaster_key = 'hunter2'\n\
                    [finance.database]\nurl = 'sqlite:books?mode=ro'\n\
                    [principal]\nprivate_key = 'hunter2'";
        let config = Config::from_parts(text, &[]).unwrap();
        let faults = AllInOne::faults(&config);
        for part in ["[gateway]", "[participant]", "an embedded file has no keys", "private_key"] {
            assert!(faults.iter().any(|fault| fault.contains(part)), "{part}: {faults:?}");
        }
        assert_eq!(faults.len(), 4, "{faults:?}");
        assert!(!faults.concat().contains("hunter2"), "{faults:?}");
        // Alone, each service needs the keys that here are made for it.
        let alone = Config::from_parts("[gateway]\nlisten = '0.0.0.0:8080'", &[]).unwrap();
        assert_eq!(AllInOne::faults(&alone).len(), 1);
        let faults = <Gateway as Program>::faults(&alone);
        for part in ["principal.private_key is not set", "master_key is not set", "0.0.0.0:8080"] {
            assert!(faults.iter().any(|fault| fault.contains(part)), "{part}: {faults:?}");
        }
        assert_eq!(<Participant as Program>::faults(&alone).len(), 2);
        assert_eq!(<Finance as Program>::faults(&alone).len(), 1);
    }

    #[test]
    fn the_settings_of_every_section_are_told_and_no_secret_is() {
        let text = "[gateway]\nlisten = '127.0.0.1:8091'\n\
                    [finance.database]\nurl = 'postgres://me:hunter2@db.example.org/books'";
        let told = AllInOne::describe(&Config::from_parts(text, &[]).unwrap()).unwrap();
        for line in [
            "gateway.listen = 127.0.0.1:8091",
            "finance.database = books at db.example.org:5432",
            "reporting.database.connections = 8",
            "gateway.master_key = (not set)",
            "finance.under_warning_percent = 70",
        ] {
            assert!(told.contains(line), "{line} in {told}");
        }
        assert!(!told.contains("hunter2") && told.contains("participant.sqlite"), "{told}");
        let wrong = Config::from_parts("[finance.database]\nurl = 'mysql://x'", &[]).unwrap();
        let error = format!("{:#}", AllInOne::describe(&wrong).unwrap_err());
        assert!(error.contains("the database of finance") && error.contains("sqlite:"), "{error}");
    }
}
