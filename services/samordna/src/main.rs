//! The `samordna` command: all services in one process, and what an operator
//! does beside them.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use gateway::text::Language;
use platform::{config::Config, run};
use samordna::{account, all_in_one::AllInOne, demo, import, token};

#[derive(Debug, Parser)]
#[command(version, about = "The system for coordination federations (samordningsförbund)")]
struct Arguments {
    /// The settings' file, in place of samordna.toml in the working directory.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Common(run::Command),
    /// Serve with the published figures of Västmanland, first half of 2025, and
    /// print who can sign in.
    Demo,
    /// Import a folder of CSV files and workbooks, or one workbook, into a running
    /// Samordna. A dry run, unless --apply is given.
    Import(ImportArguments),
    /// Make the tables of the organisation and of people again from their journal, all
    /// or none; exit 1 and name each problem that forbids it. Nothing else may run.
    Rebuild,
    /// Check the document of a published release against itself, and against evidence.
    VerifyRelease {
        /// The document: RELEASE.json.
        release: PathBuf,
        /// Evidence from the owners of the records.
        evidence: Vec<PathBuf>,
    },
    /// Create an account for a person or a system.
    Account(account::NewAccountArguments),
    /// Take a role back, whoever granted it.
    Revoke(account::RevokeArguments),
    /// Close an account for good; its sessions end.
    Disable {
        /// The account: federations/vastmanland/accounts/ekonom.
        account: String,
    },
    /// Print another secret for a system, or a code that a person chooses a new password
    /// with.
    Secret {
        /// The account: federations/vastmanland/accounts/ekonom.
        account: String,
    },
    /// Print a bearer token for an account, good for an hour.
    Token {
        /// The account: federations/vastmanland/accounts/ekonom.
        account: String,
    },
}

#[derive(Debug, Args)]
struct ImportArguments {
    /// The folder or the workbook; deploy/demo/README.md describes the files.
    from: PathBuf,
    /// The federation, by id.
    #[arg(long)]
    federation: String,
    /// Where the gateway is.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
    /// A bearer token of a federation administrator.
    #[arg(long, env = "SAMORDNA_TOKEN", hide_env_values = true)]
    token: String,
    /// Write, when nothing is wrong.
    #[arg(long)]
    apply: bool,
    /// The language of what is printed: sv or en.
    #[arg(long, default_value = "sv", value_parser = language)]
    language: Language,
}

fn main() -> ExitCode {
    let Arguments { config, command } = Arguments::parse();
    run::block_on(async move {
        let config = || Config::load(config.as_deref());
        match command {
            Command::Common(command) => run::command::<AllInOne>(&config()?, command).await,
            Command::Demo => demo::run(&config()?).await,
            Command::Import(arguments) => import_tables(arguments).await,
            Command::Rebuild => rebuild(&config()?).await,
            Command::Account(arguments) => account::create(&config()?, arguments).await,
            Command::Revoke(arguments) => account::revoke(&config()?, arguments).await,
            Command::Disable { account } => account::disable(&config()?, &account).await,
            Command::Secret { account } => account::renew(&config()?, &account).await,
            Command::VerifyRelease { release, evidence } => verify_release(&release, &evidence),
            Command::Token { account } => token::print(&config()?, &account).await,
        }
    })
}

fn verify_release(release: &Path, evidence: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let read = |path: &Path| {
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
    };
    let evidence: Vec<Vec<u8>> =
        evidence.iter().map(|path| read(path)).collect::<anyhow::Result<_>>()?;
    let verdict = verifier::verify(&read(release)?, &evidence).map_err(anyhow::Error::msg)?;
    println!("SHA-256 {}", verdict.sha256);
    println!("{} figures are shown, {} are proved by evidence", verdict.shown, verdict.proved);
    for problem in &verdict.problems {
        println!("{problem}");
    }
    Ok(if verdict.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn import_tables(arguments: ImportArguments) -> anyhow::Result<ExitCode> {
    let ImportArguments { from, federation, server, token, apply, language } = arguments;
    let channel = tonic::transport::Endpoint::from_shared(server.clone())?
        .connect()
        .await
        .with_context(|| format!("no gateway answers at {server}"))?;
    let gateway = import::connect(channel, &token, language)?;
    let options = import::ImportOptions { from, federation, apply, language };
    let report = import::run(options, gateway).await?;
    import::print(&report, language, &mut std::io::stdout())?;
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[expect(clippy::print_stderr, reason = "commands speak to their terminal")]
async fn rebuild(config: &Config) -> anyhow::Result<ExitCode> {
    let problems = participant::process::rebuild(config).await?;
    for problem in &problems {
        eprintln!("{problem}");
    }
    if !problems.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    eprintln!("participant: every table is made again");
    Ok(ExitCode::SUCCESS)
}

fn language(code: &str) -> Result<Language, String> {
    Language::from_code(code).ok_or_else(|| "sv or en".to_owned())
}
