//! The participant service in a process of its own on PostgreSQL, called directly, by
//! principals signed as the gateway signs them.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use platform::{
    Clock, Principal,
    principal::{KeyPair, PrincipalSigner},
};
use proto::{
    organisation::organisation_import_service_client::OrganisationImportServiceClient,
    participant::{
        Band, BandedDimension, Banding, CreateBandingRequest,
        banding_service_client::BandingServiceClient,
    },
};
use secrecy::ExposeSecret as _;
use values::{Role, RoleGrant, Scope, Slug, name::AccountName};

use crate::{
    channel::{self, Channel},
    child::{self, Running},
    credential::{Caller, Credential},
    population::{Population, tally::AGE_BANDS},
    port,
    postgres::variable,
    process,
    split::MASTER_KEY,
};

/// The banding of ages that [`Service::create`] enters.
pub(super) const AGES: &str = "ages";

/// The process.
pub(super) struct Service {
    process: Running,
    address: SocketAddr,
    signer: PrincipalSigner,
    public_key: String,
}

/// Makes the service's tables in a PostgreSQL database.
///
/// # Errors
/// When the migration fails.
pub(super) fn migrate(folder: &Path, database: &str) -> anyhow::Result<()> {
    let mut migrate = child::built("participant")?;
    migrate
        .arg("migrate")
        .env("SAMORDNA__DATA_DIRECTORY", folder.join("data"))
        .env(variable("participant"), database);
    child::run(migrate)?;
    Ok(())
}

impl Service {
    /// Migrates and starts it.
    ///
    /// # Errors
    /// When it does not start.
    pub(super) async fn start(folder: &Path, database: &str) -> anyhow::Result<Self> {
        migrate(folder, database)?;
        let keys = KeyPair::generate()?;
        let address = port::free()?;
        let mut serve = child::built("participant")?;
        serve
            .arg("serve")
            .env("SAMORDNA__DATA_DIRECTORY", folder.join("data"))
            .env("SAMORDNA__PARTICIPANT__LISTEN", address.to_string())
            .env("SAMORDNA__PRINCIPAL__PUBLIC_KEY", &keys.public_pem)
            .env("SAMORDNA__PARTICIPANT__MASTER_KEY", MASTER_KEY)
            .env(variable("participant"), database);
        let mut process = Running::start("participant", folder, serve)?;
        channel::listens(address, &mut process).await?;
        let signer = PrincipalSigner::from_pem(keys.private_pem.expose_secret(), Clock::system())?;
        Ok(Self { process, address, signer, public_key: keys.public_pem.clone() })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What another service knows the principals by.
    pub(super) fn public_key(&self) -> &str {
        &self.public_key
    }

    /// A connection.
    ///
    /// # Errors
    /// When it does not answer.
    pub(super) async fn connect(&self) -> anyhow::Result<Channel> {
        channel::connect(self.address).await
    }

    /// Calls of a coordinator, whom the parties gave their people in teams.
    ///
    /// # Errors
    /// When it does not answer.
    pub(super) async fn coordinator(
        &self,
        population: &Population,
        party_teams: Vec<[String; 2]>,
    ) -> anyhow::Result<Caller> {
        let grant = |[party, team]: [String; 2]| {
            let scope = Scope::PartyTeam { party: slug(&party)?, team: slug(&team)? };
            anyhow::Ok(RoleGrant { role: Role::Coordinator, scope })
        };
        let grants: Result<Vec<_>, _> = party_teams.into_iter().map(grant).collect();
        self.caller(population, "coordinator", grants?).await
    }

    async fn caller(
        &self,
        population: &Population,
        account: &str,
        grants: Vec<RoleGrant>,
    ) -> anyhow::Result<Caller> {
        let credential = self.credential(population, account, grants)?;
        Ok(Caller::new(self.connect().await?, credential))
    }

    /// The federation administrator.
    ///
    /// # Errors
    /// Never for a population of ours.
    pub(super) fn administrator(&self, population: &Population) -> anyhow::Result<Credential> {
        let office = RoleGrant { role: Role::FederationAdministrator, scope: Scope::Federation };
        self.credential(population, "administrator", vec![office])
    }

    fn credential(
        &self,
        population: &Population,
        account: &str,
        grants: Vec<RoleGrant>,
    ) -> anyhow::Result<Credential> {
        let federation = slug(population.federation)?;
        let principal = Principal {
            federation: federation.clone(),
            account: AccountName::new(federation, slug(account)?),
            client: "load".to_owned(),
            grants,
        };
        Ok(Credential::Principal(self.signer.clone(), Arc::new(principal)))
    }

    /// Makes the organisation of a federation, and its bands of ages.
    ///
    /// # Errors
    /// When a call fails.
    pub(super) async fn create(&self, population: &Population) -> anyhow::Result<()> {
        let office = Caller::new(self.connect().await?, self.administrator(population)?);
        let mut imports = OrganisationImportServiceClient::new(office.clone());
        let answer = imports.import_organisation(population.organisation()).await?.into_inner();
        anyhow::ensure!(answer.faults.is_empty(), "{:?}", answer.faults);
        let band = |(id, youngest, oldest): (&str, i32, i32)| Band {
            id: id.to_owned(),
            label: id.to_owned(),
            label_en: id.to_owned(),
            youngest,
            oldest,
            codes: Vec::new(),
        };
        let request = CreateBandingRequest {
            parent: population.name(),
            banding_id: AGES.to_owned(),
            banding: Some(Banding {
                name: String::new(),
                dimension: BandedDimension::Age.into(),
                bands: AGE_BANDS.map(band).to_vec(),
                decision: "Styrelsen".to_owned(),
            }),
            request_id: "load-ages".to_owned(),
            validate_only: false,
        };
        BandingServiceClient::new(office).create_banding(request).await?;
        Ok(())
    }

    /// User and system time that it has taken so far.
    ///
    /// # Errors
    /// When it has ended.
    pub(super) fn processor_time(&self) -> anyhow::Result<Duration> {
        process::processor_time(self.process.id())
    }

    /// Stops it.
    ///
    /// # Errors
    /// When it does not stop.
    pub(super) async fn stop(self) -> anyhow::Result<()> {
        self.process.stop("TERM").await?;
        Ok(())
    }
}

fn slug(text: &str) -> anyhow::Result<Slug> {
    Slug::parse("", text).map_err(|fault| anyhow::anyhow!("{text} is no id: {}", fault.reason))
}
