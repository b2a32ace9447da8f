//! The yardstick of an import: the rows that it has written are taken out, and
//! PostgreSQL's COPY puts them into the same tables of another database, with
//! their indexes, references and guards, in one transaction.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;

use crate::{child, federation::Federation, postgres, postgres::Databases};

/// The rows of requisitions by table, and which of its rows they are. What they
/// refer to goes before them, outside the clock.
const BEFORE: [(&str, &str); 2] = [("recipient", ""), ("\"grant\"", "")];
const ROWS: [(&str, &str); 5] = [
    ("requisition", ""),
    ("requisition_cost_line", ""),
    ("requisition_step", ""),
    ("posting", "AND (party_id IS NOT NULL OR account = 'left' AND amount_ore < 0)"),
    ("journal", "AND kind = 'requisition.submitted'"),
];

/// What was copied.
pub(super) struct Copied {
    pub(super) rows: usize,
    pub(super) took: Duration,
}

/// Copies the rows of a federation from one database to another.
pub(super) fn copy(
    databases: &Databases,
    [from, to]: [&str; 2],
    federation: &Federation,
    folder: &Path,
) -> anyhow::Result<Copied> {
    let (from, to) = (databases.address(from), databases.address(to));
    let file = |table: &str| format!("'{}/{}'", folder.display(), table.trim_matches('"'));
    let take = BEFORE.iter().chain(&ROWS).map(|(table, which)| {
        let rows =
            format!("SELECT * FROM {table} WHERE federation_id = '{}' {which}", federation.id);
        format!("\\copy ({rows}) TO {}", file(table))
    });
    psql(&from, take)?;
    let put = |(table, _): &(&str, &str)| format!("\\copy {table} FROM {}", file(table));
    psql(&to, BEFORE.iter().map(put))?;

    let commands = std::iter::once("BEGIN".to_owned()).chain(ROWS.iter().map(put));
    let begun = Instant::now();
    let printed = psql(&to, commands.chain(["COMMIT".to_owned()]))?;
    let took = begun.elapsed();
    let counts = printed.lines().filter_map(|line| line.strip_prefix("COPY "));
    let counts: Vec<usize> = counts.map(str::parse).collect::<Result<_, _>>()?;
    anyhow::ensure!(counts.len() == ROWS.len(), "not every table was copied: {printed}");
    Ok(Copied { rows: counts.iter().sum(), took })
}

fn psql(address: &str, commands: impl Iterator<Item = String>) -> anyhow::Result<String> {
    let mut psql = postgres::program("psql")?;
    psql.args(["--no-psqlrc", "--set=ON_ERROR_STOP=1"]);
    for command in commands {
        psql.arg("--command").arg(command);
    }
    psql.arg(address);
    child::run(psql).context("psql")
}
