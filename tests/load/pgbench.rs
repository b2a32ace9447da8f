//! Runs a script with pgbench, which comes with PostgreSQL: its clients are as
//! cheap as clients can be, so that a figure of it is the server's own.

use std::{fs, time::Duration};

use anyhow::Context as _;

use crate::{calls::Done, child, postgres};

/// What is to be run.
pub(crate) struct Run<'a> {
    /// The database.
    pub(crate) address: &'a str,
    /// One transaction: statements, and pgbench's own commands between them.
    pub(crate) script: &'a str,
    /// How many run it at once, each over a connection of its own.
    pub(crate) clients: usize,
    /// How often each runs it.
    pub(crate) times: usize,
    /// Variables that the script begins with.
    pub(crate) variables: &'a [(&'a str, usize)],
}

/// Runs it to its end, with prepared statements.
///
/// # Errors
/// When a transaction fails.
pub(crate) fn run(run: &Run<'_>) -> anyhow::Result<Done> {
    let Run { address, script, clients, times, variables } = *run;
    let folder = tempfile::TempDir::new()?;
    let file = folder.path().join("script.sql");
    fs::write(&file, script).context("cannot write the script")?;
    let mut command = postgres::program("pgbench")?;
    command
        .args(["--no-vacuum", "--protocol=prepared", "--log", "--log-prefix=times"])
        .arg(format!("--client={clients}"))
        .arg(format!("--jobs={}", clients.min(2)))
        .arg(format!("--transactions={times}"))
        .args(variables.iter().map(|(name, value)| format!("--define={name}={value}")))
        .arg("--file")
        .arg(&file)
        .arg(address)
        .current_dir(folder.path());
    let printed = child::run(command)?;
    let a_second = printed.lines().find_map(|line| line.strip_prefix("tps = "));
    let a_second = a_second.and_then(|rest| rest.split(' ').next());
    let a_second: f64 = a_second.context("pgbench tells no figure")?.parse()?;

    let mut times_ms = Vec::with_capacity(clients * times);
    for entry in fs::read_dir(folder.path())? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("times.") {
            let log = fs::read_to_string(entry.path())?;
            for line in log.lines() {
                // Client, transaction and microseconds.
                let micros = line.split(' ').nth(2).context("a short line of pgbench's log")?;
                times_ms.push(micros.parse::<f64>()? / 1e3);
            }
        }
    }
    anyhow::ensure!(times_ms.len() == clients * times, "transactions failed: {printed}");
    #[expect(clippy::cast_precision_loss, reason = "a count of transactions is small")]
    let took = Duration::from_secs_f64(times_ms.len() as f64 / a_second);
    Ok(Done { times_ms, took })
}
