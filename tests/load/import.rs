//! How many requisitions a second are imported on PostgreSQL, with every rule and
//! the journal, against COPY of the rows they become.

pub(crate) mod copy;
mod requests;

use copy::Copied;

use crate::{
    calls::Done,
    federation::Federation,
    postgres::{Databases, Server},
    split::{self, Split},
    table::{self, Figure, heading},
};

/// A federation for each round; the first is for warming up.
const FEDERATIONS: [&str; 4] = ["import-0", "import-1", "import-2", "import-3"];
const PARTIES: usize = 8;
const GRANTS: usize = 250;
const GOAL: f64 = 5000.0;

/// Measures and prints the figures.
///
/// # Errors
/// When a process cannot be started or a call fails.
pub(crate) async fn measure() -> anyhow::Result<()> {
    heading(&format!(
        "import: StreamFinanceImport, {} requisitions of three cost lines on {GRANTS} grants, {} \
         a batch; {} rounds in turn with COPY of the rows they become",
        PARTIES * GRANTS * 12,
        requests::CHUNK,
        FEDERATIONS.len() - 1
    ));
    let server = Server::given_or_started().await?;
    let result = server.with_databases(&["finance", "yardstick"], compare).await;
    let stopped = server.stop().await;
    result.and(stopped)
}

async fn compare(databases: &Databases) -> anyhow::Result<()> {
    let folder = tempfile::TempDir::new()?;
    split::migrate_finance(folder.path(), &databases.address("yardstick"))?;
    let split = Split::start(folder.path(), Some(&databases.address("finance"))).await?;
    let mut rounds = Vec::with_capacity(FEDERATIONS.len());
    for id in FEDERATIONS {
        let federation = Federation { id, parties: PARTIES, grants: GRANTS };
        split.create(&federation).await?;
        let requests = requests::prepare(&federation)?;
        let requisitions = requests.iter().map(|request| request.requisitions.len()).sum();
        let import = requests::send(&split, &federation, requests).await?;
        let copy = copy::copy(
            databases,
            ["finance", "yardstick"],
            federation.id,
            folder.path(),
            &copy::REQUISITIONS,
        )?;
        rounds.push(Round { requisitions, import, copy });
        databases.analyse().await?;
    }
    split.stop().await?;
    print(rounds.get(1..).unwrap_or_default());
    Ok(())
}

/// What one round gave.
struct Round {
    requisitions: usize,
    import: Done,
    copy: Copied,
}

#[expect(clippy::cast_precision_loss, reason = "a count of rows is small")]
impl Round {
    fn requisitions_a_second(&self) -> f64 {
        self.requisitions as f64 / self.import.took.as_secs_f64()
    }

    fn rows_a_second(&self) -> f64 {
        self.copy.rows as f64 / self.import.took.as_secs_f64()
    }

    fn copied_a_second(&self) -> f64 {
        self.copy.rows as f64 / self.copy.took.as_secs_f64()
    }

    fn ratio(&self) -> f64 {
        self.rows_a_second() / self.copied_a_second()
    }
}

fn print(rounds: &[Round]) {
    let figures: [Figure<Round>; 5] = [
        (Round::requisitions_a_second, 0),
        (|round| round.import.median_ms(), 0),
        (Round::rows_a_second, 0),
        (Round::copied_a_second, 0),
        (Round::ratio, 3),
    ];
    let heads = ["import", "requisitions/s", "batch ms", "rows/s", "COPY rows/s", "ratio", "goal"];
    table::of_rounds(&heads, rounds, &figures, format!("≥ {GOAL} requisitions/s"));
}
