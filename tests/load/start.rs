//! How long the all-in-one process takes from its start to its first answer, on
//! data that is there and migrated, and what memory it then holds idle.

use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use proto::gateway::{GetOwnAccountRequest, account_service_client::AccountServiceClient};
use tonic::{Request, transport::Endpoint};

use crate::{
    child::{self, Running},
    port,
    process::{self, Memory},
    spread,
    table::{self, heading, line},
};

const ROUNDS: usize = 10;
/// How long after the first answer the process counts as idle.
const IDLE: Duration = Duration::from_secs(3);
/// How long the demonstration may take to load, and a start to answer.
const PATIENCE: Duration = Duration::from_secs(120);
/// A token good for an hour is printed for it; the rounds end long before.
const ACCOUNT: &str = "federations/vastmanland/accounts/ekonom";

const GOAL_START_MS: f64 = 300.0;
const GOAL_MEMORY_MIB: f64 = 60.0;

/// Loads the demonstration once, then starts, asks and stops.
///
/// # Errors
/// When a process cannot be started or does not answer.
pub(crate) async fn measure() -> anyhow::Result<()> {
    heading(&format!(
        "start: the all-in-one process on the demonstration's data (SQLite), {ROUNDS} rounds; \
         memory {} s after the first answer",
        IDLE.as_secs()
    ));
    let folder = tempfile::TempDir::new()?;
    let data = folder.path();
    load_demonstration(data).await?;
    let mut token = child::built("samordna")?;
    token.args(["token", ACCOUNT]).env("SAMORDNA__DATA_DIRECTORY", data);
    let token = child::run(token)?;

    let mut starts_ms = Vec::with_capacity(ROUNDS);
    let mut memories = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let (start, memory) = round(data, token.trim()).await?;
        starts_ms.push(start.as_secs_f64() * 1e3);
        memories.push(memory);
    }
    print(&starts_ms, &memories);
    Ok(())
}

async fn load_demonstration(data: &Path) -> anyhow::Result<()> {
    let mut demonstration = Running::start("demo", data, samordna("demo", data, port::free()?)?)?;
    let deadline = Instant::now() + PATIENCE;
    // The last line it prints before it stays up.
    while !demonstration.printed().contains("Stop with Ctrl-C") {
        demonstration.check()?;
        if Instant::now() > deadline {
            bail!("the demonstration does not get loaded");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    demonstration.stop("TERM").await?;
    Ok(())
}

async fn round(data: &Path, token: &str) -> anyhow::Result<(Duration, Memory)> {
    let address = port::free()?;
    let command = samordna("serve", data, address)?;
    let begun = Instant::now();
    let mut process = Running::start("serve", data, command)?;
    while let Err(error) = ask(address, token).await {
        process.check()?;
        if begun.elapsed() > PATIENCE {
            return Err(error.context("the process does not answer"));
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let start = begun.elapsed();
    tokio::time::sleep(IDLE).await;
    let memory = process::memory(process.id())?;
    process.stop("TERM").await?;
    Ok((start, memory))
}

/// Asks over a connection of its own.
async fn ask(address: SocketAddr, token: &str) -> anyhow::Result<()> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
    let channel = endpoint.timeout(PATIENCE).connect().await?;
    let mut request = Request::new(GetOwnAccountRequest {});
    let bearer = format!("Bearer {token}").parse()?;
    request.metadata_mut().insert("authorization", bearer);
    let mut accounts = AccountServiceClient::new(channel);
    let answer = accounts.get_own_account(request).await?.into_inner();
    answer.account.context("no account")?;
    Ok(())
}

fn samordna(
    command: &str,
    data: &Path,
    listen: SocketAddr,
) -> anyhow::Result<std::process::Command> {
    let mut samordna = child::built("samordna")?;
    samordna
        .arg(command)
        .env("SAMORDNA__DATA_DIRECTORY", data)
        .env("SAMORDNA__GATEWAY__LISTEN", listen.to_string());
    Ok(samordna)
}

fn print(starts_ms: &[f64], memories: &[Memory]) {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand KiB")]
    let mib = |figure: fn(&Memory) -> u64| -> Vec<f64> {
        memories.iter().map(|memory| figure(memory) as f64 / 1024.0).collect()
    };
    let row = |name: &str, values: &[f64], goal: &str| {
        let (least, median, most) = spread::range(values);
        let figures = [least, median, most].map(|figure| format!("{figure:.1}"));
        let mut row = vec![name.to_owned()];
        row.extend(figures);
        row.push(goal.to_owned());
        row
    };
    table::rows(
        &["figure", "least", "median", "most", "goal"],
        &[
            row("start to first answer, ms", starts_ms, &format!("< {GOAL_START_MS:.0}")),
            row(
                "idle memory (VmRSS), MiB",
                &mib(|memory| memory.resident),
                &format!("< {GOAL_MEMORY_MIB:.0}"),
            ),
            row("of which its own (RssAnon), MiB", &mib(|memory| memory.anonymous), ""),
        ],
    );
    line("");
}
