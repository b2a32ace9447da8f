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
    /// Check the document of a published release against itself, and against evidence, and
    /// whether files are those that belong to it; exit 1 and name each problem.
    /// services/verifier/README.md says how they are fetched.
    VerifyRelease {
        /// The document: RELEASE.json.
        release: PathBuf,
        /// Evidence: of what was reported, from ReleaseService/GetReleaseEvidence; of what
        /// was counted from records, from their owners' officers, by
        /// TabulationService/GetTableEvidence.
        evidence: Vec<PathBuf>,
        /// The SHA-256 that the release was published with; another document is refused.
        #[arg(long)]
        hash: Option<String>,
        /// The de-identified list that went out with it: RELEASE.list.csv.
        #[arg(long)]
        list: Option<PathBuf>,
        /// A file that is to be one of the release's attachments; may be repeated.
        #[arg(long)]
        attachment: Vec<PathBuf>,
    },
    /// Create an account for a person or a system.
    Account(account::NewAccountArguments),
    /// Take a role back, whoever granted it.
    Revoke(account::RevokeArguments),
    /// Close an account; its sessions end.
    Disable {
        /// The account: federations/vastmanland/accounts/ekonom.
        account: String,
    },
    /// Open an account that was disabled, with another secret for a system, or a code that a
    /// person chooses a new password with. Its roles hold as before.
    Enable {
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
    /// Where the gateway is: https://samordna.example.org.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
    /// The certificate (PEM) of who issued the gateway's, in place of those that the system
    /// trusts.
    #[arg(long)]
    ca: Option<PathBuf>,
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
            Command::Enable { account } => account::enable(&config()?, &account).await,
            Command::Secret { account } => account::renew(&config()?, &account).await,
            Command::VerifyRelease { release, evidence, hash, list, attachment } => {
                let files = (hash.as_deref(), list.as_deref(), attachment.as_slice());
                verify_release(&release, &evidence, files)
            }
            Command::Token { account } => token::print(&config()?, &account).await,
        }
    })
}

fn verify_release(
    release: &Path,
    evidence: &[PathBuf],
    (hash, list, attachments): (Option<&str>, Option<&Path>, &[PathBuf]),
) -> anyhow::Result<ExitCode> {
    let read = |path: &Path| {
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
    };
    let evidence: Vec<Vec<u8>> =
        evidence.iter().map(|path| read(path)).collect::<anyhow::Result<_>>()?;
    let document = read(release)?;
    let mut verdict = verifier::verify(&document, &evidence).map_err(anyhow::Error::msg)?;
    if let Some(list) = list {
        let problem = verifier::list_problem(&document, &read(list)?);
        verdict.problems.extend(problem.map_err(anyhow::Error::msg)?);
    }
    for path in attachments {
        let named = verifier::named(&document, &read(path)?).map_err(anyhow::Error::msg)?;
        let path = path.display();
        match named.is_empty() {
            true => verdict.problems.push(format!("{path} belongs to no chapter of the release")),
            false => println!("{path} is {}", named.join(", ")),
        }
    }
    verdict.problems.extend(hash.and_then(|hash| verdict.hash_problem(hash)));
    println!("{verdict}");
    Ok(if verdict.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn import_tables(arguments: ImportArguments) -> anyhow::Result<ExitCode> {
    let ImportArguments { from, federation, server, ca, token, apply, language } = arguments;
    let channel = import::channel(&server, ca.as_deref()).await?;
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
