//! The script of every process: configuration, telemetry, mount, listen, wait,
//! drain; and the commands that every binary has.

use std::{future::Future, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use futures::future::BoxFuture;
use rustix::{fs::Mode, process::umask};
use sea_orm::ConnectionTrait as _;
use tokio::{net::TcpListener, task::JoinSet};
use tonic_health::{ServingStatus, pb::health_client::HealthClient, server::HealthReporter};

use crate::{
    Database,
    config::Config,
    listener::{self, Patience},
    mount::Mounted,
    open_files, reflection,
    stop::Stopping,
    telemetry,
};

/// How long calls under way may go on after the process is told to stop.
const DRAIN: Duration = Duration::from_secs(20);
/// How often readiness asks the databases.
const READINESS: Duration = Duration::from_secs(5);

/// One process: what its commands do.
pub trait Program: 'static {
    /// `finance`; also the name of its section and its telemetry.
    const NAME: &'static str;

    /// Where it listens.
    ///
    /// # Errors
    /// When its section of the settings is wrong.
    fn listen(config: &Config) -> anyhow::Result<SocketAddr>;

    /// What is wrong with its settings: all of it, a line each.
    fn faults(config: &Config) -> Vec<String>;

    /// Its settings that are in force, line by line, secrets left out.
    ///
    /// # Errors
    /// When its section of the settings is wrong.
    fn describe(config: &Config) -> anyhow::Result<String>;

    /// Opens its databases, bringing embedded ones up to date and waiting for
    /// those that are migrated elsewhere, and mounts its services.
    fn mount(config: &Config) -> impl Future<Output = anyhow::Result<Process>> + Send;

    /// Brings its databases up to date.
    fn migrate(config: &Config) -> impl Future<Output = anyhow::Result<()>> + Send;

    /// Checks journals and invariants; one line a problem.
    fn verify(config: &Config) -> impl Future<Output = anyhow::Result<Vec<String>>> + Send;
}

/// What a process serves.
pub struct Process {
    /// Everything behind its listener.
    pub routes: axum::Router,
    /// What runs as long as the process.
    pub background: Vec<BoxFuture<'static, ()>>,
    /// The databases readiness asks.
    pub databases: Vec<Database>,
}

impl From<Mounted> for Process {
    fn from(mounted: Mounted) -> Self {
        let Mounted { name: _, routes, background, database } = mounted;
        Self { routes, background, databases: vec![database] }
    }
}

/// The commands that every binary has.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Serve until told to stop.
    Serve,
    /// Bring the database up to date.
    Migrate,
    /// Check the journal and the invariants; exit 1 and name each problem.
    Verify,
    /// Ask the running process whether it is ready; exit 0 or 1.
    Healthcheck,
    /// Print the effective settings, secrets left out.
    CheckConfig,
}

#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// The settings' file, in place of samordna.toml in the working directory.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

/// The `main` of a service's own binary.
#[must_use]
pub fn main<P: Program>() -> ExitCode {
    let arguments = Arguments::parse();
    block_on(async move {
        let config = Config::load(arguments.config.as_deref())?;
        command::<P>(&config, arguments.command).await
    })
}

/// Runs a command's future on a new runtime and turns its end into an exit
/// code, with one line for a person when it failed.
#[expect(clippy::print_stderr, reason = "the last word of a command goes to its terminal")]
pub fn block_on(command: impl Future<Output = anyhow::Result<ExitCode>>) -> ExitCode {
    keep_from_others();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(command).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// Files that the process makes are for its owner and, for backups, its group to read: the
/// databases hold hashes of secrets, and what the parties recorded.
fn keep_from_others() {
    let others = Mode::WGRP | Mode::RWXO;
    let before = umask(others);
    umask(before | others);
}

/// Carries out one of the common commands.
///
/// # Errors
/// With a line to act on.
#[expect(clippy::print_stderr, reason = "commands speak to their terminal")]
pub async fn command<P: Program>(config: &Config, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve => {
            without_faults::<P>(config)?;
            let telemetry = telemetry::start(&config.common.telemetry, P::NAME)?;
            let served = start::<P>(config).await;
            // Also of a process that failed: its last traces say why.
            tokio::task::spawn_blocking(|| telemetry.shut_down()).await?;
            served?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Migrate => {
            P::migrate(config).await?;
            eprintln!("{}: the database is up to date", P::NAME);
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify => {
            let problems = P::verify(config).await?;
            for problem in &problems {
                eprintln!("{problem}");
            }
            eprintln!("{}: {} problems", P::NAME, problems.len());
            Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Healthcheck => {
            healthcheck(P::listen(config)?).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::CheckConfig => {
            without_faults::<P>(config)?;
            eprint!("{}{}", config.describe(), P::describe(config)?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Refuses settings with everything that is wrong with them.
fn without_faults<P: Program>(config: &Config) -> anyhow::Result<()> {
    let faults = P::faults(config);
    if faults.is_empty() { Ok(()) } else { bail!("{}", faults.join("\nerror: ")) }
}

async fn start<P: Program>(config: &Config) -> anyhow::Result<()> {
    let listener = bind::<P>(config).await?;
    let process = P::mount(config).await?;
    tracing::info!(address = %listener.local_addr()?, process = P::NAME, "listening");
    serve(listener, process, stop_signal()).await
}

/// Opens the listener, where the settings allow it.
///
/// # Errors
/// When the address is refused or taken.
pub async fn bind<P: Program>(config: &Config) -> anyhow::Result<TcpListener> {
    let listen = P::listen(config)?;
    config.check_listen(P::NAME, listen)?;
    TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))
}

/// Serves until `stop` completes, then lets calls under way finish.
///
/// # Errors
/// When a background task ends.
pub async fn serve(
    listener: TcpListener,
    process: Process,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let Process { routes, background, databases } = process;
    let (reporter, health) = tonic_health::server::health_reporter();
    let health = tonic::service::Routes::new(health).into_axum_router().reset_fallback();
    let stopping = Stopping::default();
    let common = health.merge(reflection::routes());
    let routes = routes.merge(common).layer(axum::Extension(stopping.clone()));

    let mut tasks = JoinSet::new();
    for task in background {
        tasks.spawn(task);
    }
    report(&reporter, &databases).await;
    let readiness = reporter.clone();
    tasks.spawn(async move {
        loop {
            tokio::time::sleep(READINESS).await;
            report(&readiness, &databases).await;
        }
    });

    let patience = Patience::within(open_files::raise());
    let server = listener::serve(listener, routes, patience, stopping.clone());
    let told = stopping.clone();
    let drained = async move {
        told.told().await;
        tokio::time::sleep(DRAIN).await;
    };
    let stop = async move {
        stop.await;
        reporter.set_service_status("", ServingStatus::NotServing).await;
        stopping.tell();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = server => Ok(()),
        () = drained => { tracing::warn!("calls under way were cut off"); Ok(()) }
        () = stop => Ok(()),
        Some(ended) = tasks.join_next() => bail!("a background task ended: {ended:?}"),
    }
}

async fn report(reporter: &HealthReporter, databases: &[Database]) {
    let mut ready = true;
    for database in databases {
        ready &= database.read.execute_unprepared("SELECT 1").await.is_ok();
    }
    let status = if ready { ServingStatus::Serving } else { ServingStatus::NotServing };
    reporter.set_service_status("", status).await;
}

/// Completes when the process is asked to stop.
pub async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}

async fn healthcheck(listen: SocketAddr) -> anyhow::Result<()> {
    let address = if listen.ip().is_unspecified() {
        SocketAddr::from(([127, 0, 0, 1], listen.port()))
    } else {
        listen
    };
    let channel = tonic::transport::Endpoint::from_shared(format!("http://{address}"))?
        .connect_timeout(Duration::from_secs(2))
        .timeout(Duration::from_secs(2))
        .connect()
        .await
        .with_context(|| format!("nothing answers on {address}"))?;
    let answer =
        HealthClient::new(channel).check(tonic_health::pb::HealthCheckRequest::default()).await?;
    if answer.into_inner().status()
        == tonic_health::pb::health_check_response::ServingStatus::Serving
    {
        Ok(())
    } else {
        bail!("it is not ready")
    }
}
