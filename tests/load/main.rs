//! Measures a built Samordna from outside and prints what it finds:
//! `load start`, `load edge`, `load requisitions` or `load all`.
//!
//! Nothing is asserted here: what a machine takes for something is no fact of the
//! product, and a figure stands for something only beside another of the same run.

mod child;
mod edge;
mod port;
mod process;
mod requisitions;
mod spread;
mod start;
mod table;

use std::process::ExitCode;

use anyhow::{Context as _, bail};

/// What can be measured, in the order of `all`.
const WHAT: &str = "start, edge, requisitions or all";

fn main() -> ExitCode {
    platform::run::block_on(async {
        let mut arguments = std::env::args().skip(1);
        let what = arguments.next().with_context(|| format!("say what to measure: {WHAT}"))?;
        let rest: Vec<String> = arguments.collect();
        match what.as_str() {
            "start" => start::measure().await?,
            "edge" => edge::measure().await?,
            "requisitions" => requisitions::measure().await?,
            "all" => {
                start::measure().await?;
                edge::measure().await?;
                requisitions::measure().await?;
            }
            // The servers that `edge` starts, each in a process of its own.
            "serve-echo" => edge::server::guarded_echo(&rest).await?,
            "serve-bare-echo" => edge::server::bare_echo(&rest).await?,
            "serve-bare-proxy" => edge::server::bare_proxy(&rest).await?,
            other => bail!("there is no measurement {other}: there is {WHAT}"),
        }
        Ok(ExitCode::SUCCESS)
    })
}
