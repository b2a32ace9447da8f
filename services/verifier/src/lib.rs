//! An independent check of a release: whoever has its document can recompute its hash,
//! its sums and its shares, and, with the evidence that the owners of the records give
//! out, every count and every commitment.
//!
//! Architecture invariant: no code of the house is used here, so that a fault of it is not
//! made twice. What a document is made of is read from its bytes alone.

mod attachment;
mod canonical;
mod evidence;
mod funding;
mod sums;

use std::fmt;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

pub use attachment::named;
pub use evidence::{CountProof, Counted, Evidence, Record};

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The SHA-256 of the document, which names the release.
    pub sha256: String,
    /// How many figures are shown.
    pub shown: usize,
    /// How many of them the evidence proves.
    pub proved: usize,
    /// How many record versions of counts the evidence tells.
    pub told: usize,
    /// How many it has the leaves of and nothing more: that each is one record is taken on
    /// trust, until the evidence of those who own them is there, too.
    pub withheld: usize,
    /// Counts of the evidence that are none of the figures.
    pub strays: usize,
    /// What is wrong, one line each; none when all is well.
    pub problems: Vec<String>,
}

impl Verdict {
    /// What is wrong with the document for one who knows which was published.
    #[must_use]
    pub fn hash_problem(&self, published: &str) -> Option<String> {
        let is_it = published.trim().eq_ignore_ascii_case(&self.sha256);
        (!is_it).then(|| format!("{published} was published: this is another document"))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sha256, shown, proved, told, withheld, strays, problems } = self;
        writeln!(f, "SHA-256 {sha256}")?;
        write!(f, "{shown} figures are shown, {proved} are proved by evidence")?;
        if told + withheld > 0 {
            write!(f, "\ncounts are proved with {told} record versions")?;
            write!(f, " and the leaves of {withheld} that are not told")?;
        }
        if *strays > 0 {
            write!(f, "\n{strays} counts of the evidence are none of the figures")?;
        }
        problems.iter().try_for_each(|problem| write!(f, "\n{problem}"))
    }
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
    list: Option<List>,
    chapters: Vec<attachment::Chapter>,
}

#[derive(Debug, Deserialize)]
struct List {
    sha256: String,
    rows: usize,
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
    stated: Option<String>,
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
    if canonical::written(&value).is_none_or(|written| written.as_bytes() != document) {
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
    problems.extend(parsed.figures.iter().filter_map(nobody_problem));
    let mut tally = evidence::Tally::default();
    for text in evidence {
        let read: Result<Evidence, _> = serde_json::from_slice(text);
        let read = read.map_err(|error| format!("a piece of evidence cannot be read: {error}"))?;
        evidence::check(&read, &parsed.name, &parsed.figures, &mut tally);
    }
    let evidence::Tally { proved, told, withheld, strays, problems: of_evidence } = tally;
    if !evidence.is_empty() && proved.is_empty() && of_evidence.is_empty() {
        problems.push("the evidence proves no figure".to_owned());
    }
    problems.extend(of_evidence);
    Ok(Verdict {
        sha256: hex::encode(Sha256::digest(document)),
        shown: parsed.figures.iter().filter(|figure| figure.count.is_some()).count(),
        proved: proved.len(),
        told,
        withheld,
        strays,
        problems,
    })
}

/// What is wrong with the de-identified list that is said to have gone out with a document;
/// nothing when it is the one.
///
/// # Errors
/// When the document cannot be read at all.
pub fn list_problem(document: &[u8], list: &[u8]) -> Result<Option<String>, String> {
    let parsed: Result<Document, _> = serde_json::from_slice(document);
    let parsed = parsed.map_err(|error| format!("the document cannot be read: {error}"))?;
    let Some(List { sha256, rows }) = parsed.list else {
        return Ok(Some("no list went out with the document".to_owned()));
    };
    let found = hex::encode(Sha256::digest(list));
    if found != sha256 {
        return Ok(Some(format!("the list is {found}; the one that went out is {sha256}")));
    }
    // The headings end with a line break, too.
    let lines = list.iter().filter(|byte| **byte == b'\n').count();
    Ok((lines != rows + 1).then(|| format!("the list has not the {rows} rows that are said")))
}

/// What is wrong with a figure alone.
fn figure_problem(figure: &Figure, threshold: i64) -> Option<String> {
    let place = figure.place();
    // A sum over teams of which the records are counted may be added up.
    let is_committed = match figure.source.as_str() {
        "reported" | "stated" => true,
        "derived" => figure.subject.contains("/teams/"),
        _ => false,
    };
    let told = [figure.count.is_some(), figure.stated.is_some(), figure.hidden == 1];
    if told.iter().filter(|is_so| **is_so).count() != 1 {
        return Some(format!("{place} is not told in exactly one way"));
    }
    let count = figure.count?;
    if (1..threshold).contains(&count) {
        return Some(format!("{place} is {count}, which is too few to be shown"));
    }
    let is_hash = hex::decode(&figure.commitment).is_ok_and(|hash| hash.len() == 32);
    // What is shown to be nobody may be left out where it is counted.
    let is_nobody = count == 0 && figure.commitment.is_empty();
    if is_committed && !is_hash && !is_nobody {
        return Some(format!("{place} has no commitment"));
    }
    None
}

/// What is wrong with a count of nobody: what it is committed to is known to everybody.
fn nobody_problem(figure: &Figure) -> Option<String> {
    let is_nobody = figure.source == "derived" && figure.count == Some(0);
    let is_committed = !figure.commitment.is_empty();
    (is_nobody && is_committed && figure.commitment != hex::encode(evidence::root(Vec::new())))
        .then(|| format!("{} is 0 and was committed to with records", figure.place()))
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
