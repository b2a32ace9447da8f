//! How many life-cycle events a second are taken in on PostgreSQL, with every rule,
//! everybody sealed under a key of their own and the journal, against COPY of the rows
//! they become.

use super::{
    copied,
    loading::{self, events},
    service::{self, Service},
};
use crate::{
    calls::Done,
    import::copy::Copied,
    population::{BATCH, Population, organisation::TEAMS},
    postgres::Databases,
    table::{self, Figure},
};

/// A federation for each round; the first is for warming up.
const FEDERATIONS: [&str; 4] = ["import-0", "import-1", "import-2", "import-3"];
const PEOPLE: usize = 10_000;
/// How many batches are under way at once.
const CALLERS: usize = 2;
const GOAL: f64 = 10_000.0;

pub(super) fn title() -> String {
    format!(
        "people-import: ImportParticipants, {PEOPLE} people with lives from 2019 to 2025, {BATCH} \
         cases a batch, {CALLERS} callers; {} rounds in turn with COPY of the rows they become",
        FEDERATIONS.len() - 1
    )
}

pub(super) async fn compare(databases: &Databases) -> anyhow::Result<()> {
    let folder = tempfile::TempDir::new()?;
    service::migrate(folder.path(), &databases.address("yardstick"))?;
    let service = Service::start(folder.path(), &databases.address("participant")).await?;
    let mut rounds = Vec::with_capacity(FEDERATIONS.len());
    for (federation, seed) in FEDERATIONS.into_iter().zip(0..) {
        let population = Population { federation, seed, people: PEOPLE };
        service.create(&population).await?;
        let caller = service.coordinator(&population, population.party_teams()).await?;
        let batches: Vec<_> = (0..TEAMS.len()).flat_map(|team| population.batches(team)).collect();
        let cases = batches.iter().flat_map(|batch| &batch.cases);
        let events = cases.map(events).sum();
        let before = service.processor_time()?;
        let import = loading::send_all(caller, batches, CALLERS).await?;
        let processor_ms = (service.processor_time()? - before).as_secs_f64() * 1e3;
        let copy = copied::copy(databases, federation, folder.path())?;
        rounds.push(Round { events, import, processor_ms, copy });
        databases.analyse().await?;
    }
    service.stop().await?;
    print(rounds.get(1..).unwrap_or_default());
    Ok(())
}

/// What one round gave.
struct Round {
    events: usize,
    import: Done,
    processor_ms: f64,
    copy: Copied,
}

#[expect(clippy::cast_precision_loss, reason = "a count of rows is small")]
impl Round {
    fn events_a_second(&self) -> f64 {
        self.events as f64 / self.import.took.as_secs_f64()
    }

    fn processor_ms_an_event(&self) -> f64 {
        self.processor_ms / self.events as f64
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
    let figures: [Figure<Round>; 6] = [
        (Round::events_a_second, 0),
        (|round| round.import.median_ms(), 0),
        (Round::processor_ms_an_event, 3),
        (Round::rows_a_second, 0),
        (Round::copied_a_second, 0),
        (Round::ratio, 3),
    ];
    let heads = [
        "import",
        "events/s",
        "batch ms",
        "service CPU ms",
        "rows/s",
        "COPY rows/s",
        "ratio",
        "goal",
    ];
    table::of_rounds(&heads, rounds, &figures, format!("≥ {GOAL} events/s"));
}
