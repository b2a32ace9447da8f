//! The command that prints a bearer token.

use std::process::ExitCode;

use platform::{Clock, config::Config};

/// Prints a token for an account.
///
/// # Errors
/// When the name is malformed or there is no such account.
#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
pub async fn print(config: &Config, account: &str) -> anyhow::Result<ExitCode> {
    let name = crate::account::parse(account)?;
    let database = crate::account::open(config).await?;
    let section: gateway::Config = config.section(gateway::NAME)?;
    let data_directory = &config.common.data_directory;
    // A server's key was sealed by those who serve, with a key of their settings.
    if database.is_embedded() {
        gateway::ensure_key(&section, data_directory, &database).await?;
    }
    let section = section.with_key(data_directory)?;
    println!("{}", gateway::token::issue_for(&section, &database, &name, Clock::system()).await?);
    Ok(ExitCode::SUCCESS)
}
