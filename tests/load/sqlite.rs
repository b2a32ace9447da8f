//! How many requisitions a second 32 callers submit on SQLite, against a writer
//! in this process that does the same inserts and updates and nothing else, one
//! durable transaction a submission.

mod bare;

use std::{fs, path::Path};

use anyhow::Context as _;
use bare::Bare;

use crate::{
    calls::Done,
    federation::Federation,
    split::Split,
    spread,
    submission::submitter::Submitter,
    table::{self, heading},
};

const FEDERATION: Federation = Federation { id: "load", parties: 32, grants: 256 };
const CALLERS: usize = 32;
const ROUNDS: usize = 5;
const ROUND: usize = 4000;
const WARM_UP: usize = 1000;
const GOAL: f64 = 2.0;

/// Measures both in turn and prints the figures.
///
/// # Errors
/// When a process cannot be started or a call fails.
pub(crate) async fn measure() -> anyhow::Result<()> {
    heading(&format!(
        "sqlite: SubmitRequisition on SQLite (synchronous=FULL), {CALLERS} callers, against a bare \
         writer; {ROUNDS} rounds of {ROUND} in turn"
    ));
    let folder = tempfile::TempDir::new()?;
    let first = Split::start(folder.path(), None).await?;
    first.create(&FEDERATION).await?;
    let submitter = Submitter::connect(&first, FEDERATION).await?;
    let mut drafts = submitter.draft(WARM_UP + ROUNDS * ROUND).await?;
    drop(submitter);
    first.stop().await?;
    // The bare writer begins with the very same tables and rows.
    let copy = folder.path().join("bare.sqlite");
    copy_database(&folder.path().join("data/finance.sqlite"), &copy)?;
    let mut bare = Bare::open(&copy, FEDERATION)?;

    let split = Split::start(folder.path(), None).await?;
    let submitter = Submitter::connect(&split, FEDERATION).await?;
    let mut rounds = Vec::with_capacity(1 + ROUNDS);
    for size in std::iter::once(WARM_UP).chain([ROUND; ROUNDS]) {
        let taken = drafts.split_off(drafts.len() - size);
        let finance = submitter.submit(taken.clone(), CALLERS).await?;
        rounds.push((finance, bare.submit(&taken)?));
    }
    split.stop().await?;
    print(rounds.get(1..).unwrap_or_default());
    Ok(())
}

/// The process is stopped: what it has not moved into the file yet lies beside
/// it.
fn copy_database(file: &Path, copy: &Path) -> anyhow::Result<()> {
    for ending in ["", "-wal"] {
        let beside = |path: &Path| format!("{}{ending}", path.display());
        if Path::new(&beside(file)).exists() {
            fs::copy(beside(file), beside(copy)).context("cannot copy the database")?;
        }
    }
    Ok(())
}

fn print(rounds: &[(Done, Done)]) {
    let row = |name: &str, of: fn(&(Done, Done)) -> &Done| {
        let median = |figure: fn(&Done) -> f64| {
            spread::median(&rounds.iter().map(|round| figure(of(round))).collect::<Vec<_>>())
        };
        vec![
            name.to_owned(),
            format!("{:.0}", median(Done::a_second)),
            format!("{:.2}", median(Done::median_ms)),
            format!("{:.2}", median(Done::p99_ms)),
            String::new(),
        ]
    };
    let ratios: Vec<f64> =
        rounds.iter().map(|(finance, bare)| finance.a_second() / bare.a_second()).collect();
    let ratio = vec![
        "ratio, median of rounds".to_owned(),
        format!("{:.2}", spread::median(&ratios)),
        String::new(),
        String::new(),
        format!("≥ {GOAL}"),
    ];
    table::rows(
        &["way", "submissions/s", "median ms", "p99 ms", "goal"],
        &[
            row("finance, over gRPC", |(finance, _)| finance),
            row("bare writer, one at a time", |(_, bare)| bare),
            ratio,
        ],
    );
}
