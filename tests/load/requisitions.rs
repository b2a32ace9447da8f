//! How many requisitions a second go all the way: drafted and submitted by a
//! party's economist, reviewed by the federation's economist, approved by its
//! administrator; four calls, by gRPC on the all-in-one process, on both
//! databases. And how many round trips to PostgreSQL that takes.

mod caller;
mod counter;
mod round_trips;
mod world;

use std::time::Duration;

use world::World;

use crate::{
    calls::Done,
    installation::{FEDERATION, Installation},
    postgres, spread,
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
        FEDERATION.grants,
        FEDERATION.parties,
        ROUND.as_secs()
    ));
    let server = postgres::Server::given_or_started().await?;
    let result = server.with_databases(&postgres::SERVICES, compare).await;
    let stopped = server.stop().await;
    result.and(stopped)
}

async fn compare(databases: &postgres::Databases) -> anyhow::Result<()> {
    let folder = tempfile::TempDir::new()?;
    let sqlite = Installation::start("sqlite", folder.path(), &[]).await?;
    let settings = databases.settings();
    let postgres = Installation::start("postgres", folder.path(), &settings).await?;
    let on_sqlite = World::create(&sqlite).await?;
    let on_postgres = World::create(&postgres).await?;
    let both = [("SQLite", &sqlite, &on_sqlite), ("PostgreSQL", &postgres, &on_postgres)];
    for (_, _, world) in both {
        caller::run(world, 8, WARM_UP).await?;
    }
    databases.analyse().await?;

    let mut rows = Vec::new();
    for callers in CALLERS {
        let mut rounds: [Vec<Round>; 2] = Default::default();
        for _ in 0..ROUNDS {
            for ((_, installation, world), rounds) in both.iter().zip(&mut rounds) {
                let before = installation.processor_time()?;
                let done = caller::run(world, callers, ROUND).await?;
                let processor = installation.processor_time()? - before;
                rounds.push(Round { done, processor });
            }
        }
        for ((name, ..), rounds) in both.iter().zip(&rounds) {
            rows.push(row(name, callers, rounds));
        }
    }
    table::rows(
        &[
            "database",
            "callers",
            "requisitions/s",
            "calls/s",
            "median ms",
            "p99 ms",
            "service CPU ms",
        ],
        &rows,
    );
    sqlite.stop().await?;
    postgres.stop().await?;
    round_trips::measure(databases, folder.path(), &on_postgres).await
}

/// What one round on one installation gave.
struct Round {
    done: Done,
    processor: Duration,
}

impl Round {
    #[expect(clippy::cast_precision_loss, reason = "a count of requisitions is small")]
    fn processor_ms(&self) -> f64 {
        self.processor.as_secs_f64() * 1e3 / self.done.times_ms.len() as f64
    }
}

fn row(database: &str, callers: usize, rounds: &[Round]) -> Vec<String> {
    let median =
        |figure: fn(&Round) -> f64| spread::median(&rounds.iter().map(figure).collect::<Vec<_>>());
    let a_second = median(|round| round.done.a_second());
    vec![
        database.to_owned(),
        callers.to_string(),
        format!("{a_second:.1}"),
        format!("{:.0}", a_second * 4.0),
        format!("{:.1}", median(|round| round.done.median_ms())),
        format!("{:.1}", median(|round| round.done.p99_ms())),
        format!("{:.2}", median(Round::processor_ms)),
    ]
}
