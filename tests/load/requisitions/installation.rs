//! An all-in-one process with databases and accounts of its own, set up the way
//! an operator does it: with its commands.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use tonic::transport::{Channel, Endpoint};

use super::world;
use crate::{
    child::{self, Running},
    port, process,
};

const STARTING: Duration = Duration::from_secs(60);

/// A process under way, and tokens of its accounts.
pub(super) struct Installation {
    process: Running,
    address: SocketAddr,
    /// The federation's administrator, who approves.
    pub(super) administrator: String,
    /// The federation's economist, who reviews.
    pub(super) economist: String,
    /// Each party's economist, who drafts and submits.
    pub(super) parties: Vec<String>,
}

/// Where a process keeps its data, and what else it is told.
struct Place {
    data: PathBuf,
    settings: Vec<(String, String)>,
}

impl Installation {
    /// Migrates, creates the accounts and starts.
    pub(super) async fn start(
        name: &str,
        folder: &Path,
        settings: &[(String, String)],
    ) -> anyhow::Result<Self> {
        let place = Place { data: folder.join(name), settings: settings.to_vec() };
        place.run(&["migrate"])?;
        let administrator =
            place.account("administrator", "federation_administrator@federation")?;
        let economist = place.account("economist", "federation_economist@federation")?;
        let mut parties = Vec::with_capacity(world::PARTIES);
        for party in 0..world::PARTIES {
            let id = world::party(party);
            let role = format!("party_economist@party/{id}");
            parties.push(place.account(&format!("{id}-economist"), &role)?);
        }
        let (process, address) = serve(name, folder, &place).await?;
        Ok(Self { process, address, administrator, economist, parties })
    }

    /// A new connection.
    pub(super) async fn connect(&self) -> anyhow::Result<Channel> {
        connect(self.address).await
    }

    /// User and system time that the process has taken so far.
    pub(super) fn processor_time(&self) -> anyhow::Result<Duration> {
        process::processor_time(self.process.id())
    }

    /// Stops the process.
    pub(super) async fn stop(self) -> anyhow::Result<()> {
        self.process.stop("TERM").await?;
        Ok(())
    }
}

/// Another process on databases that are set up already.
pub(super) async fn again(
    name: &str,
    folder: &Path,
    settings: &[(String, String)],
) -> anyhow::Result<(Running, Channel)> {
    let place = Place { data: folder.join(name), settings: settings.to_vec() };
    let (process, address) = serve(name, folder, &place).await?;
    Ok((process, connect(address).await?))
}

async fn serve(name: &str, folder: &Path, place: &Place) -> anyhow::Result<(Running, SocketAddr)> {
    let address = port::free()?;
    let mut command = place.command(&["serve"])?;
    command.env("SAMORDNA__GATEWAY__LISTEN", address.to_string());
    let mut process = Running::start(name, folder, command)?;
    let deadline = Instant::now() + STARTING;
    while let Err(error) = connect(address).await {
        process.check()?;
        if Instant::now() > deadline {
            return Err(error.context("the process does not answer"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok((process, address))
}

async fn connect(address: SocketAddr) -> anyhow::Result<Channel> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?.tcp_nodelay(true);
    Ok(endpoint.connect().await?)
}

impl Place {
    fn command(&self, arguments: &[&str]) -> anyhow::Result<std::process::Command> {
        let mut command = child::built("samordna")?;
        command
            .args(arguments)
            .env("SAMORDNA__DATA_DIRECTORY", &self.data)
            .envs(self.settings.iter().map(|(key, value)| (key, value)));
        Ok(command)
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        child::run(self.command(arguments)?)
    }

    /// Creates an account with one role and answers a token of it.
    fn account(&self, id: &str, role: &str) -> anyhow::Result<String> {
        let federation = world::FEDERATION;
        let name = ["--name", id, "--federation", federation, "--role", role];
        self.run(&[&["account", id, "--system"], name.as_slice()].concat())?;
        let token = self.run(&["token", &format!("federations/{federation}/accounts/{id}")])?;
        Ok(token.trim().to_owned())
    }
}
