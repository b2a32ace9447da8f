//! The yardstick of an import: the rows that it has written are taken out, and
//! PostgreSQL's COPY puts them into the same tables of another database, with
//! their indexes, references and guards, in one transaction.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;

use crate::{child, postgres, postgres::Databases};

/// Rows by table, and which of the table's rows they are.
pub(crate) struct Rows {
    /// What the others refer to: goes before them, outside the clock.
    pub(crate) before: &'static [(&'static str, &'static str)],
    /// What is copied.
    pub(crate) copied: &'static [(&'static str, &'static str)],
}

/// The rows of requisitions.
pub(super) const REQUISITIONS: Rows = Rows {
    before: &[("recipient", ""), ("\"grant\"", "")],
    copied: &[
        ("requisition", ""),
        ("requisition_cost_line", ""),
        ("requisition_step", ""),
        ("posting", "AND (party_id IS NOT NULL OR account = 'left' AND amount_ore < 0)"),
        ("journal", "AND kind = 'requisition.submitted'"),
    ],
};

/// What was copied.
pub(crate) struct Copied {
    /// How many rows.
    pub(crate) rows: usize,
    /// How long it took.
    pub(crate) took: Duration,
}

/// Copies the rows of a federation from one database to another.
///
/// # Errors
/// When a row is refused.
pub(crate) fn copy(
    databases: &Databases,
    [from, to]: [&str; 2],
    federation: &str,
    folder: &Path,
    Rows { before, copied }: &Rows,
) -> anyhow::Result<Copied> {
    let (from, to) = (databases.address(from), databases.address(to));
    let file = |table: &str| format!("'{}/{}'", folder.display(), table.trim_matches('"'));
    let take = before.iter().chain(*copied).map(|(table, which)| {
        let rows = format!("SELECT * FROM {table} WHERE federation_id = '{federation}' {which}");
        format!("\\copy ({rows}) TO {}", file(table))
    });
    psql(&from, take)?;
    let put = |(table, _): &(&str, &str)| format!("\\copy {table} FROM {}", file(table));
    psql(&to, before.iter().map(put))?;

    let commands = std::iter::once("BEGIN".to_owned()).chain(copied.iter().map(put));
    let begun = Instant::now();
    let printed = psql(&to, commands.chain(["COMMIT".to_owned()]))?;
    let took = begun.elapsed();
    let counts = printed.lines().filter_map(|line| line.strip_prefix("COPY "));
    let counts: Vec<usize> = counts.map(str::parse).collect::<Result<_, _>>()?;
    anyhow::ensure!(counts.len() == copied.len(), "not every table was copied: {printed}");
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
