//! An all-in-one process with databases and accounts of its own, set up the way
//! an operator does it: with its commands.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    channel::{self, Channel},
    child::{self, Running},
    federation::{self, Federation},
    port, process,
};

/// The federation of its accounts.
pub(crate) const FEDERATION: Federation = Federation { id: "load", parties: 64, grants: 64 };

/// A process under way, and tokens of its accounts.
pub(crate) struct Installation {
    process: Running,
    address: SocketAddr,
    /// The federation's administrator, who approves.
    pub(crate) administrator: String,
    /// The federation's economist, who reviews.
    pub(crate) economist: String,
    /// Each party's economist, who drafts and submits.
    pub(crate) parties: Vec<String>,
}

/// Where a process keeps its data, and what else it is told.
struct Place {
    data: PathBuf,
    settings: Vec<(String, String)>,
}

impl Installation {
    /// Migrates, creates the accounts and starts.
    pub(crate) async fn start(
        name: &str,
        folder: &Path,
        settings: &[(String, String)],
    ) -> anyhow::Result<Self> {
        let place = Place { data: folder.join(name), settings: settings.to_vec() };
        place.run(&["migrate"])?;
        let administrator =
            place.account("administrator", "federation_administrator@federation")?;
        let economist = place.account("economist", "federation_economist@federation")?;
        let mut parties = Vec::with_capacity(FEDERATION.parties);
        for party in 0..FEDERATION.parties {
            let id = federation::party(party);
            let role = format!("party_economist@party/{id}");
            parties.push(place.account(&format!("{id}-economist"), &role)?);
        }
        let (process, address) = serve(name, folder, &place).await?;
        Ok(Self { process, address, administrator, economist, parties })
    }

    /// A new connection.
    pub(crate) async fn connect(&self) -> anyhow::Result<Channel> {
        channel::connect(self.address).await
    }

    /// User and system time that the process has taken so far.
    pub(crate) fn processor_time(&self) -> anyhow::Result<Duration> {
        process::processor_time(self.process.id())
    }

    /// Stops the process.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.process.stop("TERM").await?;
        Ok(())
    }
}

/// Another process on databases that are set up already.
pub(crate) async fn again(
    name: &str,
    folder: &Path,
    settings: &[(String, String)],
) -> anyhow::Result<(Running, Channel)> {
    let place = Place { data: folder.join(name), settings: settings.to_vec() };
    let (process, address) = serve(name, folder, &place).await?;
    Ok((process, channel::connect(address).await?))
}

async fn serve(name: &str, folder: &Path, place: &Place) -> anyhow::Result<(Running, SocketAddr)> {
    let address = port::free()?;
    let mut command = place.command(&["serve"])?;
    command.env("SAMORDNA__GATEWAY__LISTEN", address.to_string());
    let mut process = Running::start(name, folder, command)?;
    channel::listens(address, &mut process).await?;
    Ok((process, address))
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
        let federation = FEDERATION.id;
        let name = ["--name", id, "--federation", federation, "--role", role];
        self.run(&[&["account", id, "--system"], name.as_slice()].concat())?;
        let token = self.run(&["token", &format!("federations/{federation}/accounts/{id}")])?;
        Ok(token.trim().to_owned())
    }
}
