//! Finance in a process of its own, and participant, which it asks: called
//! directly, by principals signed as the gateway signs them.
//!
//! The gateway is left out on purpose: `edge` measures what it costs.

use std::{net::SocketAddr, path::Path, process::Command, sync::Arc, time::Duration};

use platform::{
    Clock, Principal,
    principal::{KeyPair, PrincipalSigner},
};
use secrecy::ExposeSecret as _;
use values::{Role, RoleGrant, Scope, Slug, name::AccountName};

use crate::{
    channel::{self, Channel},
    child::{self, Running},
    credential::{Caller, Credential},
    federation::Federation,
    port,
    postgres::variable,
    process,
};

/// What would lock people's records, if there were any.
pub(crate) const MASTER_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// The two processes.
pub(crate) struct Split {
    finance: Running,
    participant: Running,
    finance_at: SocketAddr,
    participant_at: SocketAddr,
    signer: PrincipalSigner,
}

/// Makes finance's tables in a PostgreSQL database, for a yardstick.
///
/// # Errors
/// When the migration fails.
pub(crate) fn migrate_finance(folder: &Path, database: &str) -> anyhow::Result<()> {
    let mut migrate = child::built("finance")?;
    migrate
        .arg("migrate")
        .env("SAMORDNA__DATA_DIRECTORY", folder.join("data"))
        .env(variable("finance"), database);
    child::run(migrate)?;
    Ok(())
}

impl Split {
    /// Migrates and starts them, with their data in a folder; finance in the
    /// PostgreSQL database that is given.
    ///
    /// # Errors
    /// When one of them does not start.
    pub(crate) async fn start(folder: &Path, database: Option<&str>) -> anyhow::Result<Self> {
        let keys = KeyPair::generate()?;
        let (finance_at, participant_at) = (port::free()?, port::free()?);
        let command = |program: &str, what: &str| -> anyhow::Result<Command> {
            let mut command = child::built(program)?;
            command
                .arg(what)
                .env("SAMORDNA__DATA_DIRECTORY", folder.join("data"))
                .env("SAMORDNA__FINANCE__LISTEN", finance_at.to_string())
                .env("SAMORDNA__PARTICIPANT__LISTEN", participant_at.to_string())
                .env("SAMORDNA__PEERS__PARTICIPANT", format!("http://{participant_at}"))
                .env("SAMORDNA__PRINCIPAL__PUBLIC_KEY", &keys.public_pem)
                .env("SAMORDNA__PARTICIPANT__MASTER_KEY", MASTER_KEY);
            if let Some(database) = database {
                command.env(variable("finance"), database);
            }
            Ok(command)
        };
        let mut participant =
            Running::start("participant", folder, command("participant", "serve")?)?;
        child::run(command("finance", "migrate")?)?;
        let mut finance = Running::start("finance", folder, command("finance", "serve")?)?;
        channel::listens(participant_at, &mut participant).await?;
        channel::listens(finance_at, &mut finance).await?;
        let signer = PrincipalSigner::from_pem(keys.private_pem.expose_secret(), Clock::system())?;
        Ok(Self { finance, participant, finance_at, participant_at, signer })
    }

    /// A connection to finance.
    ///
    /// # Errors
    /// When it does not answer.
    pub(crate) async fn connect(&self) -> anyhow::Result<Channel> {
        channel::connect(self.finance_at).await
    }

    /// Someone with one role, in a federation.
    ///
    /// # Errors
    /// When the federation's id or the account's is none.
    pub(crate) fn principal(
        &self,
        federation: &Federation,
        account: &str,
        role: Role,
        scope: Scope,
    ) -> anyhow::Result<Credential> {
        let federation = slug(federation.id)?;
        let principal = Principal {
            federation: federation.clone(),
            account: AccountName::new(federation, slug(account)?),
            client: "load".to_owned(),
            grants: vec![RoleGrant { role, scope }],
        };
        Ok(Credential::Principal(self.signer.clone(), Arc::new(principal)))
    }

    /// The administrator of a federation.
    ///
    /// # Errors
    /// When the federation's id is none.
    pub(crate) fn administrator(&self, federation: &Federation) -> anyhow::Result<Credential> {
        let role = Role::FederationAdministrator;
        self.principal(federation, "administrator", role, Scope::Federation)
    }

    /// The economist of a party, by its id.
    ///
    /// # Errors
    /// When an id is none.
    pub(crate) fn economist(
        &self,
        federation: &Federation,
        party: &str,
    ) -> anyhow::Result<Credential> {
        let account = format!("{party}-economist");
        let scope = Scope::Party(slug(party)?);
        self.principal(federation, &account, Role::PartyEconomist, scope)
    }

    /// Makes a federation with parties, recipients and grants.
    ///
    /// # Errors
    /// When a call fails.
    pub(crate) async fn create(&self, federation: &Federation) -> anyhow::Result<()> {
        let administrator = self.administrator(federation)?;
        let participant = channel::connect(self.participant_at).await?;
        federation.create_organisation(Caller::new(participant, administrator.clone())).await?;
        federation.create_money(Caller::new(self.connect().await?, administrator)).await
    }

    /// User and system time that finance has taken so far.
    ///
    /// # Errors
    /// When it has ended.
    pub(crate) fn processor_time(&self) -> anyhow::Result<Duration> {
        process::processor_time(self.finance.id())
    }

    /// Stops both.
    ///
    /// # Errors
    /// When one of them does not stop.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.finance.stop("TERM").await?;
        self.participant.stop("TERM").await?;
        Ok(())
    }
}

fn slug(text: &str) -> anyhow::Result<Slug> {
    Slug::parse("", text).map_err(|fault| anyhow::anyhow!("{text} is no id: {}", fault.reason))
}
