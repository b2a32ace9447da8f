//! How many requisitions a second go all the way: drafted and submitted by a
//! party's economist, reviewed by the federation's economist, approved by its
//! administrator; four calls, by gRPC on the all-in-one process, on both
//! databases. And how many round trips to PostgreSQL that takes.

mod caller;
mod counter;
mod installation;
mod postgres;
mod round_trips;
mod world;

use std::time::Duration;

use installation::Installation;
use world::World;

use crate::{
    spread,
    table::{self, heading},
};

const CALLERS: [usize; 3] = [1, 8, 32];
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(5);
const WARM_UP: Duration = Duration::from_secs(2);

/// Measures both databases in turn and prints the figures.
///
/// # Errors
/// When a process cannot be started or a call fails.
pub(crate) async fn measure() -> anyhow::Result<()> {
    heading(&format!(
        "requisitions: draft, submit, review, approve; {} grants, {} parties; \
         median of {ROUNDS} rounds of {} s in turn",
        world::GRANTS,
        world::PARTIES,
        ROUND.as_secs()
    ));
    let server = postgres::Server::given_or_started().await?;
    let result = measure_on(&server).await;
    let stopped = server.stop().await;
    result.and(stopped)
}

async fn measure_on(server: &postgres::Server) -> anyhow::Result<()> {
    let databases = server.databases().await?;
    let result = compare(&databases).await;
    let dropped = server.drop_databases(&databases).await;
    result.and(dropped)
}

async fn compare(databases: &postgres::Databases) -> anyhow::Result<()> {
    let folder = tempfile::TempDir::new()?;
    let sqlite = Installation::start("sqlite", folder.path(), &[]).await?;
    let settings = databases.settings();
    let postgres = Installation::start("postgres", folder.path(), &settings).await?;
    let on_sqlite = World::create(&sqlite).await?;
    let on_postgres = World::create(&postgres).await?;
    let both = [("SQLite", &on_sqlite), ("PostgreSQL", &on_postgres)];
    for (_, world) in both {
        caller::run(world, 8, WARM_UP).await?;
    }

    let mut rows = Vec::new();
    for callers in CALLERS {
        let mut rounds: [Vec<caller::Done>; 2] = Default::default();
        for _ in 0..ROUNDS {
            for ((_, world), rounds) in both.iter().zip(&mut rounds) {
                rounds.push(caller::run(world, callers, ROUND).await?);
            }
        }
        for ((name, _), rounds) in both.iter().zip(&rounds) {
            rows.push(row(name, callers, rounds));
        }
    }
    table::rows(
        &["database", "callers", "requisitions/s", "calls/s", "median ms", "p99 ms"],
        &rows,
    );
    sqlite.stop().await?;
    postgres.stop().await?;
    round_trips::measure(databases, folder.path(), &on_postgres).await
}

fn row(database: &str, callers: usize, rounds: &[caller::Done]) -> Vec<String> {
    let median = |figure: fn(&caller::Done) -> f64| {
        spread::median(&rounds.iter().map(figure).collect::<Vec<_>>())
    };
    let a_second = median(caller::Done::a_second);
    vec![
        database.to_owned(),
        callers.to_string(),
        format!("{a_second:.1}"),
        format!("{:.0}", a_second * 4.0),
        format!("{:.1}", median(|done| spread::median(&done.times_ms))),
        format!("{:.1}", median(|done| spread::at(&done.times_ms, 0.99))),
    ]
}
