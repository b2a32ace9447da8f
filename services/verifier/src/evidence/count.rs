//! Evidence of what was counted from records. Its owners do not know which figures of a
//! release their counts are: the commitment tells it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Record, Tally, leaf, root};
use crate::Figure;

/// What proves a count.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CountProof {
    /// The table's layout, for people.
    #[serde(default)]
    pub layout: String,
    /// The keys of the count in its table, for people.
    #[serde(default)]
    pub keys: Vec<String>,
    /// What is counted, for people.
    #[serde(default)]
    pub measure: String,
    /// What was committed to, in hexadecimal digits.
    pub commitment: String,
    /// The record versions, each told or not.
    pub records: Vec<Counted>,
}

/// A record version that was counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Counted {
    /// It is told.
    Told(Record),
    /// It is somebody else's: only its leaf is told.
    Withheld {
        /// The leaf, in hexadecimal digits.
        leaf: String,
    },
}

/// Checks what proves a count.
pub(super) fn check(proof: &CountProof, figures: &[Figure], tally: &mut Tally) {
    let CountProof { layout, keys, measure, commitment, records } = proof;
    let is_it = |figure: &Figure| figure.source == "derived" && figure.commitment == *commitment;
    let of_count: Vec<usize> = (0..figures.len()).filter(|place| is_it(&figures[*place])).collect();
    if let Some(problem) = problem(commitment, records) {
        let of = of_count.iter().map(|place| format!(", of {}", figures[*place].place()));
        let of: String = of.collect();
        tally
            .problems
            .push(format!("the count {layout} {} {measure}{of} {problem}", keys.join(" ")));
        return;
    }
    if of_count.is_empty() {
        tally.strays += 1;
        return;
    }
    let told = records.iter().filter(|record| matches!(record, Counted::Told(_))).count();
    tally.told += told;
    tally.withheld += records.len() - told;
    for place in of_count {
        let (figure, many) = (&figures[place], records.len());
        match figure.count.and_then(|count| usize::try_from(count).ok()) {
            Some(count) if count == many => {
                tally.proved.insert(place);
            }
            Some(count) => {
                let place = figure.place();
                tally.problems.push(format!("{place} is {count}, its records are {many}"));
            }
            None => tally.problems.push(format!("{} is not shown", figure.place())),
        }
    }
}

/// What is wrong with record versions: each is a case's time in one municipality, which
/// counts once; and together they make what was committed to.
fn problem(commitment: &str, records: &[Counted]) -> Option<&'static str> {
    let (mut times, mut leaves) = (BTreeSet::new(), BTreeSet::new());
    for record in records {
        let made = match record {
            Counted::Told(record) => {
                let parts: Vec<&str> = record.version.split('\n').collect();
                let [case, part, _, _] = parts.as_slice() else {
                    return Some("has a record version that is none");
                };
                if !times.insert((case.to_owned(), part.to_owned())) {
                    return Some("has a record twice");
                }
                leaf(record)
            }
            Counted::Withheld { leaf } => {
                hex::decode(leaf).ok().and_then(|leaf| <[u8; 32]>::try_from(leaf).ok())
            }
        };
        let Some(made) = made else { return Some("has a salt or a leaf that is none") };
        if !leaves.insert(made) {
            return Some("has a leaf twice");
        }
    }
    (hex::encode(root(leaves.into_iter().collect())) != commitment)
        .then_some("was committed to with other record versions")
}
