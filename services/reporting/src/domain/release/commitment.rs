//! What each reported figure of a release was made of, fixed and told to nobody.

use disclosure::commitment::{Hash, leaf, root};
use sha2::{Digest as _, Sha256};

use crate::domain::definition::Cell;

/// What the salts of a release are made from; kept by reporting alone.
pub type Seed = [u8; 32];

/// Where the journal has what a team reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The reported figures, as a resource name.
    pub name: String,
    /// The sequence that they were recorded with.
    pub sequence: i64,
    /// The journal's hash there.
    pub hash: Vec<u8>,
}

/// The text of a record version of a reported count.
#[must_use]
pub fn record_version(recorded: &Recorded, cell: &Cell, count: i64) -> String {
    let Recorded { name, sequence, hash } = recorded;
    let Cell { figure, category } = cell;
    format!("{name}\n{figure}\n{category}\n{count}\n{sequence}\n{}", hex::encode(hash))
}

/// The salt of a record version: one tells nothing of another.
#[must_use]
pub fn salt(seed: &Seed, record_version: &str) -> Hash {
    Sha256::new().chain_update(seed).chain_update(record_version).finalize().into()
}

/// The commitment to counts of a cell that are summed.
#[must_use]
pub fn commitment<'a>(
    seed: &Seed,
    cell: &Cell,
    counts: impl IntoIterator<Item = (&'a Recorded, i64)>,
) -> Hash {
    let version = |(recorded, count)| record_version(recorded, cell, count);
    let versions = counts.into_iter().map(version);
    root(versions.map(|version| leaf(&salt(seed, &version), &version)).collect())
}
