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
    println!("{}", gateway::token::issue_for(&database, &name, Clock::system()).await?);
    Ok(ExitCode::SUCCESS)
}
