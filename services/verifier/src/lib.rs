//! An independent check of a release: whoever has its document can recompute its hash,
//! its sums and its shares, and, with the evidence that the owners of the records give
//! out, every count and every commitment.
//!
//! Architecture invariant: no code of the house is used here, so that a fault of it is not
//! made twice. What a document is made of is read from its bytes alone.

mod attachment;
mod evidence;
mod funding;
mod sums;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

pub use attachment::named;
pub use evidence::{Evidence, Record};

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The SHA-256 of the document, which names the release.
    pub sha256: String,
    /// How many figures are shown.
    pub shown: usize,
    /// How many of them the evidence proves.
    pub proved: usize,
    /// What is wrong, one line each; none when all is well.
    pub problems: Vec<String>,
}

/// A document, as far as it is checked.
#[derive(Debug, Deserialize)]
struct Document {
    format: String,
    name: String,
    threshold: i64,
    subjects: Vec<Subject>,
    figures: Vec<Figure>,
    funding: Vec<funding::Row>,
    changes: Vec<Change>,
    chapters: Vec<attachment::Chapter>,
}

#[derive(Debug, Deserialize)]
struct Subject {
    name: String,
    source: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Figure {
    subject: String,
    figure: String,
    category: String,
    source: String,
    count: Option<i64>,
    #[serde(default)]
    hidden: i64,
    #[serde(default)]
    commitment: String,
}

#[derive(Debug, Deserialize)]
struct Change {
    subject: String,
    figure: String,
    category: String,
    old: Option<i64>,
    new: Option<i64>,
    facts: Vec<Fact>,
}

#[derive(Debug, Deserialize)]
struct Fact {
    difference: i64,
}

impl Figure {
    fn place(&self) -> String {
        format!("{} {}.{} ({})", self.subject, self.figure, self.category, self.source)
    }
}

/// Checks a document, against itself and against evidence.
///
/// # Errors
/// When the document or a piece of evidence cannot be read at all.
pub fn verify(document: &[u8], evidence: &[Vec<u8>]) -> Result<Verdict, String> {
    let unreadable = |error: serde_json::Error| format!("the document cannot be read: {error}");
    let value: serde_json::Value = serde_json::from_slice(document).map_err(unreadable)?;
    let parsed: Document = serde_json::from_value(value.clone()).map_err(unreadable)?;
    let mut problems = Vec::new();
    if serde_json::to_vec(&value).map_err(unreadable)? != document {
        problems.push("the document is not canonical: its hash does not name it".to_owned());
    }
    if parsed.format != "samordna-release-1" {
        problems.push(format!("the format {} is not known", parsed.format));
    }
    for figure in &parsed.figures {
        problems.extend(figure_problem(figure, parsed.threshold));
    }
    problems.extend(sums::problems(&parsed.subjects, &parsed.figures));
    problems.extend(funding::problems(&parsed.funding));
    problems.extend(attachment::problems(&parsed.chapters));
    problems.extend(parsed.changes.iter().filter_map(change_problem));
    let mut proved = 0;
    for text in evidence {
        let read: Result<Evidence, _> = serde_json::from_slice(text);
        let read = read.map_err(|error| format!("a piece of evidence cannot be read: {error}"))?;
        proved += evidence::check(&read, &parsed.name, &parsed.figures, &mut problems);
    }
    Ok(Verdict {
        sha256: hex::encode(Sha256::digest(document)),
        shown: parsed.figures.iter().filter(|figure| figure.count.is_some()).count(),
        proved,
        problems,
    })
}

/// What is wrong with a figure alone.
fn figure_problem(figure: &Figure, threshold: i64) -> Option<String> {
    let place = figure.place();
    let is_committed = matches!(figure.source.as_str(), "reported" | "derived")
        || figure.source == "stated" && figure.count.is_some();
    let count = match (figure.count, figure.hidden) {
        (Some(_), 1) => return Some(format!("{place} is hidden and shown")),
        (None, _) => return None,
        (Some(count), _) => count,
    };
    if (1..threshold).contains(&count) {
        return Some(format!("{place} is {count}, which is too few to be shown"));
    }
    let is_hash = hex::decode(&figure.commitment).is_ok_and(|hash| hash.len() == 32);
    // What is shown to be nobody may be left out where it is counted.
    let is_nobody = count == 0 && figure.commitment.is_empty();
    if is_committed && !is_hash && !is_nobody && figure.source != "derived" {
        return Some(format!("{place} has no commitment"));
    }
    None
}

fn change_problem(change: &Change) -> Option<String> {
    let difference = change.new? - change.old?;
    let sum: i64 = change.facts.iter().map(|fact| fact.difference).sum();
    let Change { subject, figure, category, .. } = change;
    (sum != difference).then(|| {
        format!("{subject} {figure}.{category} changed by {difference}, its facts by {sum}")
    })
}

#[cfg(test)]
mod tests;
