//! How many requisitions a second are submitted on PostgreSQL, on many grants and
//! on one, against the statements that this takes, run by pgbench on the same
//! server.

pub(crate) mod submitter;
mod yardstick;

use std::time::Duration;

use submitter::Submitter;
use yardstick::{CLIENTS, Meeting, Yardstick};

use crate::{
    calls::Done,
    federation::Federation,
    postgres::{Databases, Server},
    split::{self, Split},
    spread,
    table::{self, heading},
};

const ROUNDS: usize = 3;
const WARM_UP: Level = Level { callers: CLIENTS, each: 40, goal: Goal::None };

/// So many callers at once, each with so many submissions a round.
#[derive(Debug, Clone, Copy)]
struct Level {
    callers: usize,
    each: usize,
    goal: Goal,
}

/// What finance should reach beside the yardstick.
#[derive(Debug, Clone, Copy)]
enum Goal {
    None,
    /// At least so many times its submissions a second.
    Rate(f64),
    /// At most so many times its latency.
    Latency(f64),
}

/// What is compared.
struct Plan {
    title: &'static str,
    federation: Federation,
    meeting: Meeting,
    levels: &'static [Level],
}

const ON_MANY: Plan = Plan {
    title: "submit: SubmitRequisition on many grants of one federation",
    federation: Federation { id: "load", parties: 32, grants: 256 },
    meeting: Meeting::Nowhere,
    levels: &[
        Level { callers: 1, each: 500, goal: Goal::Latency(1.3) },
        Level { callers: 8, each: 250, goal: Goal::Rate(0.9) },
        Level { callers: 32, each: 120, goal: Goal::Rate(1.25) },
    ],
};

/// Many parties: what a party has claimed on the grant before is read with each
/// submission, and should stay as little as it is in life.
const ON_ONE: Plan = Plan {
    title: "contended: SubmitRequisition on one grant",
    federation: Federation { id: "load", parties: 960, grants: 1 },
    meeting: Meeting::OneGrant,
    levels: &[
        Level { callers: 8, each: 200, goal: Goal::Rate(0.7) },
        Level { callers: 32, each: 80, goal: Goal::Rate(0.7) },
    ],
};

/// Measures submissions on many grants and prints the figures.
///
/// # Errors
/// When a process cannot be started or a call fails.
pub(crate) async fn measure_many() -> anyhow::Result<()> {
    measure(&ON_MANY).await
}

/// Measures submissions on one grant and prints the figures.
///
/// # Errors
/// When a process cannot be started or a call fails.
pub(crate) async fn measure_one() -> anyhow::Result<()> {
    measure(&ON_ONE).await
}

async fn measure(plan: &Plan) -> anyhow::Result<()> {
    heading(&format!("{}, {ROUNDS} rounds in turn with pgbench", plan.title));
    let server = Server::given_or_started().await?;
    let names = ["finance", "yardstick"];
    let result =
        server.with_databases(&names, async |databases| compare(plan, databases).await).await;
    let stopped = server.stop().await;
    result.and(stopped)
}

async fn compare(plan: &Plan, databases: &Databases) -> anyhow::Result<()> {
    let folder = tempfile::TempDir::new()?;
    split::migrate_finance(folder.path(), &databases.address("yardstick"))?;
    let split = Split::start(folder.path(), Some(&databases.address("finance"))).await?;
    split.create(&plan.federation).await?;
    let submitter = Submitter::connect(&split, plan.federation).await?;

    let runs = plan.levels.iter().flat_map(|level| [*level; ROUNDS]);
    let runs: Vec<Level> = std::iter::once(WARM_UP).chain(runs).collect();
    let needed = runs.iter().map(|level| level.callers * level.each).sum();
    let mut drafts = submitter.draft(needed).await?;
    let needed: Vec<_> = runs.iter().map(|level| (level.callers, level.each)).collect();
    let (federation, meeting) = (&plan.federation, plan.meeting);
    let yardstick = Yardstick::fill(databases, "yardstick", federation, meeting, &needed);
    let mut yardstick = yardstick.await?;
    databases.analyse().await?;

    let mut rounds = Vec::with_capacity(runs.len());
    for Level { callers, each, goal: _ } in runs {
        let taken = drafts.split_off(drafts.len() - callers * each);
        let before = split.processor_time()?;
        let finance = submitter.submit(taken, callers).await?;
        let processor = split.processor_time()? - before;
        let pgbench = yardstick.run(callers, each)?;
        rounds.push(Round { finance, processor, pgbench });
    }
    split.stop().await?;
    yardstick.check().await?;
    let measured = rounds.get(1..).unwrap_or_default();
    let rows = plan.levels.iter().zip(measured.chunks(ROUNDS));
    print(&rows.map(|(level, rounds)| row(level, rounds)).collect::<Vec<_>>());
    Ok(())
}

/// What one round gave.
struct Round {
    finance: Done,
    processor: Duration,
    pgbench: Done,
}

impl Round {
    fn rate_ratio(&self) -> f64 {
        self.finance.a_second() / self.pgbench.a_second()
    }

    fn latency_ratio(&self) -> f64 {
        self.finance.median_ms() / self.pgbench.median_ms()
    }

    #[expect(clippy::cast_precision_loss, reason = "a count of submissions is small")]
    fn processor_ms(&self) -> f64 {
        self.processor.as_secs_f64() * 1e3 / self.finance.times_ms.len() as f64
    }
}

fn row(level: &Level, rounds: &[Round]) -> Vec<String> {
    let median =
        |figure: fn(&Round) -> f64| spread::median(&rounds.iter().map(figure).collect::<Vec<_>>());
    let goal = match level.goal {
        Goal::None => String::new(),
        Goal::Rate(least) => format!("rate ≥ {least}"),
        Goal::Latency(most) => format!("latency ≤ {most}"),
    };
    vec![
        level.callers.to_string(),
        format!("{:.0}", median(|round| round.finance.a_second())),
        format!("{:.0}", median(|round| round.pgbench.a_second())),
        format!("{:.2}", median(Round::rate_ratio)),
        format!("{:.2}", median(|round| round.finance.median_ms())),
        format!("{:.2}", median(|round| round.pgbench.median_ms())),
        format!("{:.2}", median(Round::latency_ratio)),
        goal,
        format!("{:.1}", median(|round| round.finance.p99_ms())),
        format!("{:.2}", median(Round::processor_ms)),
    ]
}

fn print(rows: &[Vec<String>]) {
    let heads = [
        "callers",
        "submissions/s",
        "pgbench/s",
        "rate ratio",
        "median ms",
        "pgbench ms",
        "latency ratio",
        "goal",
        "p99 ms",
        "finance CPU ms",
    ];
    table::rows(&heads, rows);
}
