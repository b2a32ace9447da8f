//! Evidence: the record versions behind figures, with their salts. Only who owns the
//! records has it.

mod count;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::Figure;

pub use count::{CountProof, Counted};

/// A piece of evidence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Evidence {
    /// The release, as a resource name.
    pub release: String,
    /// The figures that it proves.
    #[serde(default)]
    pub figures: Vec<Proof>,
    /// The counts of records that it proves, whichever figures they are.
    #[serde(default)]
    pub counts: Vec<CountProof>,
}

/// What proves a figure.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Proof {
    /// Whose figure.
    pub subject: String,
    /// The figure.
    pub figure: String,
    /// Its category.
    pub category: String,
    /// Where it comes from: `reported`, `derived` or `stated`.
    pub source: String,
    /// The record versions.
    pub records: Vec<Record>,
}

/// A record version.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// Its text.
    pub version: String,
    /// Its salt, in hexadecimal digits.
    pub salt: String,
}

/// What came of all pieces of evidence.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// The figures that are proved, by their place in the document.
    pub(crate) proved: BTreeSet<usize>,
    /// Record versions that counts were proved with.
    pub(crate) told: usize,
    /// Leaves that counts were proved with, whose record versions are not told.
    pub(crate) withheld: usize,
    /// Counts that are none of the figures.
    pub(crate) strays: usize,
    /// What is wrong.
    pub(crate) problems: Vec<String>,
}

/// Checks evidence.
pub(crate) fn check(evidence: &Evidence, release: &str, figures: &[Figure], tally: &mut Tally) {
    if evidence.release != release {
        tally.problems.push(format!("evidence is of {}, not of {release}", evidence.release));
        return;
    }
    for proof in &evidence.figures {
        let is_it = |figure: &Figure| {
            figure.subject == proof.subject
                && figure.figure == proof.figure
                && figure.category == proof.category
                && figure.source == proof.source
        };
        let Some(place) = figures.iter().position(is_it) else {
            let Proof { subject, figure, category, .. } = proof;
            let problem = format!("evidence of {subject} {figure}.{category}, which is not told");
            tally.problems.push(problem);
            continue;
        };
        match problem(&figures[place], proof) {
            Some(problem) => tally.problems.push(problem),
            None => {
                tally.proved.insert(place);
            }
        }
    }
    for proof in &evidence.counts {
        count::check(proof, figures, tally);
    }
}

fn problem(figure: &Figure, proof: &Proof) -> Option<String> {
    let place = figure.place();
    let Some(told) = figure.count else { return Some(format!("{place} is not shown")) };
    let Some(counted) = counted(figure, &proof.records) else {
        return Some(format!("{place} has a record version that is not of it"));
    };
    if counted != told {
        return Some(format!("{place} is {told}, its records are {counted}"));
    }
    let leaves: Option<Vec<[u8; 32]>> = proof.records.iter().map(leaf).collect();
    let Some(leaves) = leaves else { return Some(format!("{place} has a salt that is none")) };
    (hex::encode(root(leaves)) != figure.commitment)
        .then(|| format!("{place} was committed to with other record versions"))
}

/// A reported or stated count stands in its record version; of records, each is one.
fn counted(figure: &Figure, records: &[Record]) -> Option<i64> {
    let mut seen: Vec<&str> = records.iter().map(|record| record.version.as_str()).collect();
    seen.sort_unstable();
    if seen.windows(2).any(|pair| pair[0] == pair[1]) {
        return None;
    }
    if figure.source == "derived" {
        return i64::try_from(records.len()).ok();
    }
    let mut sum = 0;
    for record in records {
        let parts: Vec<&str> = record.version.split('\n').collect();
        let [_, of, category, count, _, _] = parts.as_slice() else { return None };
        if *of != figure.figure || *category != figure.category {
            return None;
        }
        sum += count.parse::<i64>().ok()?;
    }
    Some(sum)
}

fn leaf(record: &Record) -> Option<[u8; 32]> {
    let salt = hex::decode(&record.salt).ok().filter(|salt| salt.len() == 32)?;
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(&salt);
    hasher.update(&record.version);
    Some(hasher.finalize().into())
}

/// The leaves in ascending order; two neighbours make a node, one alone goes up.
pub(crate) fn root(mut level: Vec<[u8; 32]>) -> [u8; 32] {
    level.sort_unstable();
    if level.is_empty() {
        return Sha256::digest([]).into();
    }
    while level.len() > 1 {
        let mut above = Vec::with_capacity(level.len().div_ceil(2));
        for pair in level.chunks(2) {
            above.push(match pair {
                [alone] => *alone,
                _ => {
                    let mut hasher = Sha256::new();
                    hasher.update([1]);
                    pair.iter().for_each(|hash| hasher.update(hash));
                    hasher.finalize().into()
                }
            });
        }
        level = above;
    }
    level[0]
}
