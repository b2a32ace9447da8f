//! Measures a built Samordna from outside and prints what it finds: `load start`,
//! `load submit`, … or `load all`.
//!
//! Nothing is asserted here: what a machine takes for something is no fact of the
//! product, and a figure stands for something only beside another of the same run.

mod calls;
mod channel;
mod child;
mod credential;
mod edge;
mod federation;
mod funding;
mod import;
mod installation;
mod people;
mod pgbench;
mod pocketbase;
mod population;
mod port;
mod postgres;
mod process;
mod report;
mod requisitions;
mod split;
mod spread;
mod sqlite;
mod start;
mod submission;
mod table;

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use child::unless_stopped;
use people::Part;

/// What can be measured, in the order of `all`.
const WHAT: [&str; 12] = [
    "start",
    "edge",
    "requisitions",
    "submit",
    "contended",
    "sqlite",
    "pocketbase",
    "import",
    "funding",
    "people-import",
    "people",
    "report",
];
/// The parts of the last, each by itself.
const PARTS: [&str; 2] = ["tabulate", "cases"];

fn main() -> ExitCode {
    platform::run::block_on(async {
        let mut arguments = std::env::args().skip(1);
        let what = arguments.next().with_context(|| format!("say what to measure: {}", known()))?;
        let rest: Vec<String> = arguments.collect();
        match what.as_str() {
            "all" => {
                for what in WHAT {
                    measure(what, &rest).await?;
                }
            }
            // The servers that `edge` starts, each in a process of its own.
            "serve-echo" => edge::server::guarded_echo(&rest).await?,
            "serve-bare-echo" => edge::server::bare_echo(&rest).await?,
            "serve-bare-proxy" => edge::server::bare_proxy(&rest).await?,
            other => measure(other, &rest).await?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn known() -> String {
    format!("{}, {} or all", WHAT.join(", "), PARTS.join(", "))
}

/// One of them. Those that use PostgreSQL see to themselves when they are stopped:
/// they have databases to take away.
async fn measure(what: &str, rest: &[String]) -> anyhow::Result<()> {
    let people = || match rest.first() {
        Some(number) => number.parse().with_context(|| format!("{number} is no number of people")),
        None => Ok(people::MANY),
    };
    match what {
        "start" => unless_stopped(start::measure()).await,
        "edge" => unless_stopped(edge::measure()).await,
        "requisitions" => requisitions::measure().await,
        "submit" => submission::measure_many().await,
        "contended" => submission::measure_one().await,
        "sqlite" => unless_stopped(sqlite::measure()).await,
        "pocketbase" => unless_stopped(pocketbase::measure()).await,
        "import" => import::measure().await,
        "funding" => funding::measure().await,
        "people-import" => people::measure_import().await,
        "people" => people::measure(people()?, &[Part::Tabulation, Part::Cases]).await,
        "tabulate" => people::measure(people()?, &[Part::Tabulation]).await,
        "cases" => people::measure(people()?, &[Part::Cases]).await,
        "report" => {
            report::checks::measure();
            report::printed::measure()?;
            people::measure(people()?, &[Part::Report]).await
        }
        other => bail!("there is no measurement {other}: there is {}", known()),
    }
}
