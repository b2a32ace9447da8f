//! The operator's commands on accounts: the way to the first one, and to take away what
//! nobody else may.

mod places;

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use gateway::{
    account::Renewed,
    domain::account::{AccountKind, NewAccount},
    text::{self, Language},
};
use platform::{Clock, Database, Failure, Journal, config::Config, service};
use rand::TryRng as _;
use secrecy::{ExposeSecret as _, SecretString};
use values::{Role, RoleGrant, Scope, name::AccountName};

/// The account to create.
#[derive(Debug, Args)]
pub struct NewAccountArguments {
    /// The username, or the client id of a system: a–z, digits, hyphens.
    id: String,
    /// The federation, by id.
    #[arg(long)]
    federation: String,
    /// The name people read: a function or a person.
    #[arg(long)]
    name: String,
    /// A role and its scope: federation_economist@federation,
    /// party_administrator@party/koping, or with --party sala: team_lead@team/sala. May be
    /// repeated.
    #[arg(long = "role", required = true, value_parser = grant)]
    roles: Vec<RoleGrant>,
    /// The party whose administrator keeps the account, by id; by default the one that its
    /// roles are held for. Needed for a role in a team when no role is held for a party, and
    /// for roles of several parties.
    #[arg(long)]
    party: Option<String>,
    /// The account of a system, which asks for tokens with its secret.
    #[arg(long)]
    system: bool,
    /// The federation is not here yet, and is to come beside those that are.
    #[arg(long)]
    new_federation: bool,
    /// The password or the secret; one is made and printed when none is given.
    #[arg(long, env = "SAMORDNA_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

/// Creates the account in the gateway's database, of a federation and for places that are
/// in the organisation's.
///
/// # Errors
/// With every fault of the account, in words.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]
pub async fn create(config: &Config, arguments: NewAccountArguments) -> anyhow::Result<ExitCode> {
    let NewAccountArguments {
        id,
        federation,
        name,
        roles,
        party,
        system,
        new_federation,
        password,
    } = arguments;
    let is_made = password.is_none();
    let secret: SecretString = password.map_or_else(new_secret, |password| Ok(password.into()))?;
    let kind = if system { AccountKind::System } else { AccountKind::Person };
    let new = NewAccount {
        federation,
        id,
        display_name: name,
        kind,
        party,
        secret: secret.clone(),
        grants: roles,
    };
    let journal = journal(config).await?;
    let looked_up = places::look_up(config, journal.database(), &new, new_federation).await?;
    let mut faults = looked_up.faults;
    if !faults.is_empty() {
        // What is wrong with the account itself is told beside it.
        let length = secret.expose_secret().chars().count();
        let account = gateway::domain::account::create(&new, length);
        faults.extend(account.err().map(|faults| in_words(faults.into())));
        bail!("{}", faults.join("\n"));
    }
    match gateway::account::create(&journal, new).await {
        Ok(account) => println!("created {}", account.name),
        Err(failure) => bail!("{}", in_words(failure)),
    }
    if is_made {
        let what = if system { "secret" } else { "password" };
        println!("{what} {}", secret.expose_secret());
    }
    if let Some(note) = looked_up.note {
        eprintln!("{note}");
    }
    Ok(ExitCode::SUCCESS)
}

/// A role to take back.
#[derive(Debug, Args)]
pub struct RevokeArguments {
    /// The account: federations/vastmanland/accounts/koping-admin.
    account: String,
    /// The role and its scope: party_administrator@party/koping.
    #[arg(long, value_parser = grant)]
    role: RoleGrant,
    /// Why; it is recorded.
    #[arg(long)]
    reason: String,
}

/// Takes a role back, whoever granted it.
///
/// # Errors
/// When the account does not hold it.
#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
pub async fn revoke(config: &Config, arguments: RevokeArguments) -> anyhow::Result<ExitCode> {
    let RevokeArguments { account, role, reason } = arguments;
    let (name, journal) = (parse(&account)?, journal(config).await?);
    let revoked = gateway::account::revoke(&journal, &name, &role, &reason).await;
    revoked.map_err(|failure| anyhow::anyhow!("{}", in_words(failure)))?;
    println!("revoked {}@{} of {name}", role.role.code(), role.scope);
    Ok(ExitCode::SUCCESS)
}

/// Closes an account.
///
/// # Errors
/// When there is no such account, or it was disabled.
#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
pub async fn disable(config: &Config, account: &str) -> anyhow::Result<ExitCode> {
    let (name, journal) = (parse(account)?, journal(config).await?);
    let disabled = gateway::account::disable(&journal, &name).await;
    disabled.map_err(|failure| anyhow::anyhow!("{}", in_words(failure)))?;
    println!("disabled {name}");
    Ok(ExitCode::SUCCESS)
}

/// Opens an account that was disabled, and prints what signs it in from now on.
///
/// # Errors
/// When there is no such account, or it was not disabled.
#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
pub async fn enable(config: &Config, account: &str) -> anyhow::Result<ExitCode> {
    let (name, journal) = (parse(account)?, journal(config).await?);
    let secret = new_secret()?;
    let enabled = gateway::account::enable(&journal, &name, &secret).await;
    let renewed = enabled.map_err(|failure| anyhow::anyhow!("{}", in_words(failure)))?;
    println!("enabled {name}");
    print(&renewed, &secret);
    Ok(ExitCode::SUCCESS)
}

/// Gives a system another secret, or a person a code, and prints it.
///
/// # Errors
/// When there is no such account, or it was disabled.
pub async fn renew(config: &Config, account: &str) -> anyhow::Result<ExitCode> {
    let (name, journal) = (parse(account)?, journal(config).await?);
    let secret = new_secret()?;
    let renewed = gateway::account::renew(&journal, &name, &secret).await;
    print(&renewed.map_err(|failure| anyhow::anyhow!("{}", in_words(failure)))?, &secret);
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
fn print(renewed: &Renewed, secret: &SecretString) {
    match renewed {
        Renewed::Secret => println!("secret {}", secret.expose_secret()),
        Renewed::Code(code) => {
            println!("code {}, for a new password at /sign-in/first", code.expose_secret());
        }
    }
}

/// Reads an account's name.
///
/// # Errors
/// With the form it has.
pub fn parse(account: &str) -> anyhow::Result<AccountName> {
    AccountName::parse("account", account).map_err(|_| {
        anyhow::anyhow!("{account} is no account: write federations/FEDERATION/accounts/ID")
    })
}

async fn journal(config: &Config) -> anyhow::Result<Journal> {
    Ok(Journal::new(open(config).await?, Clock::system()))
}

/// Opens the gateway's database, up to date.
///
/// # Errors
/// When it cannot be reached.
pub async fn open(config: &Config) -> anyhow::Result<Database> {
    type Gateway = gateway::process::Process;
    let section = config.section(gateway::NAME)?;
    let database = service::open::<Gateway>(config, &section).await?;
    service::make_ready::<Gateway>(&database).await?;
    Ok(database)
}

/// A new secret of 120 random bits, in letters and digits that are not mixed up
/// when read aloud.
///
/// # Errors
/// When the system has no random bytes to give.
pub fn new_secret() -> anyhow::Result<SecretString> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 24];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes)?;
    let letters = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    Ok(letters.collect::<String>().into())
}

fn in_words(failure: Failure) -> String {
    let problem = platform::failure::Problem::of(&failure.into());
    let mut lines = Vec::new();
    for fault in &problem.faults {
        let facts: Vec<(&str, &str)> =
            fault.facts.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        lines.push(format!(
            "{}: {}",
            fault.field,
            text::reason(Language::English, &fault.reason, &facts)
        ));
    }
    if lines.is_empty() {
        let facts: Vec<(&str, &str)> =
            problem.facts.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        lines.push(text::reason(Language::English, &problem.reason, &facts));
    }
    lines.join("\n")
}

fn grant(text: &str) -> Result<RoleGrant, String> {
    let (role, scope) =
        text.split_once('@').ok_or("write role@scope, such as party_administrator@party/koping")?;
    let known = || Role::ALL.iter().map(|role| role.code()).collect::<Vec<_>>().join(", ");
    let role =
        Role::from_code(role).ok_or_else(|| format!("no such role; there are {}", known()))?;
    let scope = Scope::parse("scope", scope);
    let scope = scope.map_err(|_| {
        "the scope is federation, area/ID, party/ID, team/ID or party/ID/team/ID".to_owned()
    })?;
    Ok(RoleGrant { role, scope })
}
