//! Two processes in a row: one in front that passes on, one behind that echoes.

use std::{net::SocketAddr, path::Path, time::Duration};

use anyhow::{Context as _, anyhow};
use gateway::domain::account::{AccountKind, NewAccount};
use platform::{Clock, Journal, config::Config, principal::KeyPair, service};
use secrecy::ExposeSecret as _;
use values::{Role, RoleGrant, Scope};

use crate::{
    child::{self, Running},
    port, process,
};

type Gateway = gateway::process::Process;

const DATA_DIRECTORY: &str = "SAMORDNA__DATA_DIRECTORY";
/// What the gateway locks its key with: nothing here is worth keeping.
const MASTER_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A front and an echo under way.
pub(super) struct Pair {
    /// Where the front listens.
    pub(super) address: SocketAddr,
    front: Running,
    echo: Running,
}

impl Pair {
    /// The gateway before an echo behind a service's layers.
    pub(super) fn edge(folder: &Path) -> anyhow::Result<Self> {
        let keys = KeyPair::generate()?;
        let (address, behind) = (port::free()?, port::free()?);
        let mut echo = child::own()?;
        echo.args(["serve-echo", &behind.to_string()])
            .env("SAMORDNA__PRINCIPAL__PUBLIC_KEY", &keys.public_pem);
        let mut front = child::built("gateway")?;
        front
            .arg("serve")
            .env(DATA_DIRECTORY, folder)
            .env("SAMORDNA__GATEWAY__LISTEN", address.to_string())
            .env("SAMORDNA__PEERS__FINANCE", format!("http://{behind}"))
            .env("SAMORDNA__GATEWAY__MASTER_KEY", MASTER_KEY)
            .env("SAMORDNA__PRINCIPAL__PRIVATE_KEY", keys.private_pem.expose_secret());
        Ok(Self {
            address,
            echo: Running::start("echo", folder, echo)?,
            front: Running::start("gateway", folder, front)?,
        })
    }

    /// A proxy that does nothing before an echo with nothing around it.
    pub(super) fn bare(folder: &Path) -> anyhow::Result<Self> {
        let (address, behind) = (port::free()?, port::free()?);
        let mut echo = child::own()?;
        echo.args(["serve-bare-echo", &behind.to_string()]);
        let mut front = child::own()?;
        front.args(["serve-bare-proxy", &address.to_string(), &behind.to_string()]);
        Ok(Self {
            address,
            echo: Running::start("bare-echo", folder, echo)?,
            front: Running::start("bare-proxy", folder, front)?,
        })
    }

    /// Fails when one of the two has ended.
    pub(super) fn check(&mut self) -> anyhow::Result<()> {
        self.front.check()?;
        self.echo.check()
    }

    /// What the front and the echo have taken so far.
    pub(super) fn processor_time(&self) -> anyhow::Result<(Duration, Duration)> {
        let front = process::processor_time(self.front.id())?;
        Ok((front, process::processor_time(self.echo.id())?))
    }
}

/// Creates the caller's account in the gateway's database, before the gateway
/// starts on it, and answers a token of it.
pub(super) async fn account(folder: &Path) -> anyhow::Result<String> {
    let folder = folder.to_str().context("the folder's name is no text")?;
    let master_key = ("SAMORDNA__GATEWAY__MASTER_KEY", MASTER_KEY);
    let config = Config::from_parts("", &[(DATA_DIRECTORY, folder), master_key])?;
    let section: gateway::Config = config.section(gateway::NAME)?;
    let database = service::open::<Gateway>(&config, &section).await?;
    service::make_ready::<Gateway>(&database).await?;
    let new = NewAccount {
        federation: "load".to_owned(),
        id: "caller".to_owned(),
        display_name: "Load".to_owned(),
        kind: AccountKind::System,
        party: None,
        secret: "not used: the token is handed over".into(),
        grants: vec![RoleGrant { role: Role::FederationEconomist, scope: Scope::Federation }],
    };
    let journal = Journal::new(database.clone(), Clock::system());
    let created = gateway::account::create(&journal, new).await;
    let account = created.map_err(|failure| anyhow!("no account: {failure:?}"))?;
    let token = gateway::token::issue_for(&section, &database, &account.name, Clock::system());
    let token = token.await?;
    // The gateway's process is the file's only user from here on.
    database.read.close().await?;
    database.write.close().await?;
    Ok(token)
}
