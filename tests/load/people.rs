//! What is done with people: how fast they are taken in, and how long it takes to count,
//! list, find, open and report them when there are a million.

mod cases;
mod copied;
mod import;
mod loading;
mod narrow;
mod report;
mod service;
mod tabulation;

use service::Service;

use crate::{
    population::Population,
    postgres::{Databases, Server},
    table::{heading, line},
};

/// How many people there are when nothing else is said.
pub(crate) const MANY: usize = 1_000_000;

/// What is measured with a federation of many people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Counting them.
    Tabulation,
    /// Listing, finding and opening cases.
    Cases,
    /// Compiling the federation's half-year report.
    Report,
}

/// Measures how fast life-cycle events are taken in.
///
/// # Errors
/// When a process cannot be started or a call fails.
pub(crate) async fn measure_import() -> anyhow::Result<()> {
    heading(&import::title());
    let server = Server::given_or_started().await?;
    let result = server.with_databases(&["participant", "yardstick"], import::compare).await;
    let stopped = server.stop().await;
    result.and(stopped)
}

/// Loads so many people, and measures the parts.
///
/// # Errors
/// When a process cannot be started or a call fails.
pub(crate) async fn measure(people: usize, parts: &[Part]) -> anyhow::Result<()> {
    heading(&format!("people: {people} of them on PostgreSQL, with lives from 2019 to 2025"));
    let server = Server::given_or_started().await?;
    let names = ["participant"];
    let result = server
        .with_databases(&names, async |databases| with_people(databases, people, parts).await);
    let result = result.await;
    let stopped = server.stop().await;
    result.and(stopped)
}

async fn with_people(databases: &Databases, people: usize, parts: &[Part]) -> anyhow::Result<()> {
    let folder = tempfile::TempDir::new()?;
    let service = Service::start(folder.path(), &databases.address("participant")).await?;
    let population = Population { federation: "people", seed: 2026, people };
    service.create(&population).await?;
    let loaded = loading::load(&service, &population).await?;
    line(&format!("  taken in: {loaded}"));
    // As the server does by itself: takes stock, and notes which pages need no
    // second look.
    databases.run("participant", "VACUUM ANALYZE").await?;
    for part in parts {
        match part {
            Part::Tabulation => tabulation::measure(databases, &service, &population).await?,
            Part::Cases => cases::measure(&service, &population).await?,
            Part::Report => report::measure(folder.path(), &service, &population).await?,
        }
    }
    service.stop().await
}
