//! Which of a publication's counts are shown: those that teams reported get the same
//! treatment as those that come from records.
//!
//! Inside the federation what a team has reported is shown as it was sent in. In a
//! publication a small count is hidden, and so are others that it could be computed
//! from: out of the publication, out of those before it, and out of both together.
//!
//! Readers are taken to know what the definitions and the template say of the figures:
//! parts sum to their whole, what was there, came and went is what is left, and whoever
//! is counted in a part is counted in the whole, so that whole − part counts people, too.
//! Where figures contradict that, readers are taken to know by how much. What a team has
//! not reported they can compute all the same (`unreported.rs`).
//!
//! How many there were when a half-year began is how many there were when the one before it
//! ended: publications of half-years in a row are one ledger.
//!
//! What is derived from records is not in this ledger: it comes protected, with one of its
//! own, and a team's figures are of one kind. What the one would tell beside the other is
//! hidden in both (`beside.rs`), and so is what somebody stated of teams together that would
//! tell what is hidden of one of them (`total.rs`), or few of teams that have told nothing
//! (`left.rs`).

mod beside;
mod counts;
mod left;
mod opening;
mod tie;
mod total;
mod unreported;

use std::collections::{BTreeMap, BTreeSet};

use disclosure::{
    Threshold,
    ledger::{Before, NothingCanBeTold, Protected, beside},
};

use crate::domain::definition::Cell;
use crate::domain::half_year::HalfYear;
use crate::domain::template::{Cells, Relation, Share};

pub use beside::Beside;
use counts::ledger;
pub use opening::{Openings, openings, told_later};
pub use tie::{Rest, Tie, ties};
pub use total::{Left, Seen, Stating, Total};

/// Where a count is shown: of a team, or of all teams of a subject together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The team's id, or that of the subject whose teams are summed.
    pub subject: String,
    /// What is counted.
    pub cell: Cell,
}

/// The counts of a publication, as they were reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Its place among the federation's publications: later ones have greater numbers.
    pub version: i64,
    /// The half-year that it is of.
    pub period: HalfYear,
    /// What each team reported, and what is stated of the whole where nothing sums that.
    pub teams: BTreeMap<String, Counted>,
    /// Whom it is of, and the teams of that, with figures or without.
    pub whole: (String, BTreeSet<String>),
    /// The teams that are summed, by the id of what is shown as their sum.
    pub sums: BTreeMap<String, BTreeSet<String>>,
    /// The cells of which sums are shown.
    pub summed: BTreeSet<Cell>,
    /// What readers know of each team's counts.
    pub ties: Vec<Tie>,
    /// What they know of those of the half-year before.
    pub openings: Openings,
}

/// The counts of one team.
pub type Counted = BTreeMap<Cell, i64>;

/// A publication that was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its counts.
    pub publication: Publication,
    /// What was hidden of them.
    pub hidden: BTreeSet<Place>,
}

/// Decides which counts of a publication are shown, so that no small one can be told
/// from them and from what was published before. The same counts have the same hidden
/// every time.
///
/// # Errors
/// When nothing of it can be told.
pub fn protect(
    threshold: Threshold,
    earlier: &[Published],
    publication: &Publication,
) -> Result<Protected<Place>, NothingCanBeTold> {
    let before = match opening::connected(earlier, publication).as_slice() {
        [] => Before::Nothing,
        earlier => Before::Others(ledger(threshold, earlier, publication)),
    };
    beside(threshold, &ledger(threshold, &[], publication), &before)
}

/// True when it is proved that nobody can tell a small count from a publication with
/// this hidden, beside those before it.
#[must_use]
pub fn is_safe(
    threshold: Threshold,
    earlier: &[Published],
    Published { publication, hidden }: &Published,
) -> bool {
    ledger(threshold, &opening::connected(earlier, publication), publication)
        .is_safe(threshold, hidden)
}

/// The stated shares that are hidden, because what they are a share of, or the part, is.
#[must_use]
pub fn hidden_shares(relations: &[Relation], hidden: &BTreeSet<Place>) -> BTreeSet<Place> {
    let is_hidden = |subject: &str, cells: &[Cells]| {
        hidden
            .iter()
            .filter(|place| place.subject == subject)
            .any(|place| cells.iter().any(|cells| cells.has(&place.cell)))
    };
    let subjects: BTreeSet<&str> = hidden.iter().map(|place| place.subject.as_str()).collect();
    let shares = relations.iter().filter_map(|relation| match relation {
        Relation::Share(share) => Some(share),
        Relation::Whole(_)
        | Relation::Flow(_)
        | Relation::Bands { .. }
        | Relation::PlannedIntake(_)
        | Relation::Same { .. }
        | Relation::Change(_)
        | Relation::SumOfTeams(_) => None,
    });
    let mut found = BTreeSet::new();
    for Share { stated, label: _, part, base } in shares {
        let of =
            subjects.iter().filter(|subject| is_hidden(subject, part) || is_hidden(subject, base));
        let place = |subject: &&str| Place { subject: (*subject).to_owned(), cell: stated.clone() };
        found.extend(of.map(place));
    }
    found
}

#[cfg(test)]
mod tests;
