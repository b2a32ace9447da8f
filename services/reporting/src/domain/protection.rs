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
//! Where figures contradict that, readers are taken to know by how much.
//!
//! How many there were when a half-year began is how many there were when the one before it
//! ended: publications of half-years in a row are one ledger.
//!
//! What is derived from records is not in this ledger: it comes protected, with one of its
//! own, and a team's figures are of one kind. What the one would tell beside the other is
//! hidden in both (`beside.rs`).

mod beside;
mod opening;
mod tie;

use std::collections::{BTreeMap, BTreeSet};

use disclosure::{
    Threshold,
    ledger::{Before, Ledger, NothingCanBeTold, Protected, Released, Summed, Table, World, beside},
};

use crate::domain::definition::{Cell, TOTAL};
use crate::domain::half_year::HalfYear;
use crate::domain::template::{Cells, Relation, Share};

pub use beside::Beside;
pub use opening::{Openings, openings, told_later};
pub use tie::{Rest, Tie, ties};

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
    /// What each team reported.
    pub teams: BTreeMap<String, Counted>,
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

/// What the counts are made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    /// A count as it was reported: one of the end of a period is that of the next one's
    /// beginning, too.
    Counted { period: HalfYear, team: String, cell: Cell },
    /// What is left of a whole without some of its parts.
    Rest { period: HalfYear, team: String, tie: Tie },
}

/// The publications by version.
struct Counts<'a>(BTreeMap<i64, &'a Publication>);

impl World for Counts<'_> {
    type Term = Term;

    fn value(&self, version: i64, term: &Term) -> i64 {
        match term {
            Term::Counted { period, team, cell } => {
                let counted = self.0.get(&version).and_then(|of| {
                    let cell = of.cell_of(*period, cell);
                    of.teams.get(team)?.get(cell)
                });
                *counted.expect("a version is asked only for what it counts")
            }
            Term::Rest { period: _, team, tie } => {
                let counted = self.0.get(&version).and_then(|of| of.teams.get(team));
                let counted = counted.expect("a version is asked only for its teams");
                match tie.rest(counted).expect("a tie is asked for where it holds") {
                    Rest::Known(rest) | Rest::People(rest) => rest,
                }
            }
        }
    }

    fn rules(&self, version: i64) -> Vec<Vec<(Term, i64)>> {
        let publication = self.0.get(&version).expect("a version is one of the publications");
        let mut rules = Vec::new();
        for (team, counted) in &publication.teams {
            for tie in &publication.ties {
                rules.extend(rule(publication, (team, counted), tie));
            }
        }
        rules
    }
}

/// What a tie says of a team; none when it says nothing.
fn rule(
    publication: &Publication,
    (team, counted): (&str, &Counted),
    tie: &Tie,
) -> Option<Vec<(Term, i64)>> {
    let rest = tie.rest(counted)?;
    let plus = tie.wholes(counted).map(|cell| (term(publication, team, cell), 1));
    let minus = tie.parts(counted).map(|cell| (term(publication, team, cell), -1));
    let mut terms: Vec<(Term, i64)> = plus.chain(minus).collect();
    if let Rest::People(_) = rest {
        let (period, team, tie) = (publication.period, team.to_owned(), tie.clone());
        terms.push((Term::Rest { period, team, tie }, -1));
    }
    Some(terms)
}

fn term(publication: &Publication, team: &str, cell: &Cell) -> Term {
    let (period, cell) = publication.period_of(cell);
    Term::Counted { period, team: team.to_owned(), cell: cell.clone() }
}

fn ledger(
    threshold: Threshold,
    earlier: &[&Published],
    publication: &Publication,
) -> Ledger<Place> {
    let publications = earlier.iter().map(|published| &published.publication);
    let publications = publications.chain([publication]);
    let counts =
        Counts(publications.map(|publication| (publication.version, publication)).collect());
    let released = |Published { publication, hidden }: &Published| Released {
        table: table(publication),
        hidden: hidden.clone(),
    };
    let earlier: Vec<_> = earlier.iter().map(|published| released(published)).collect();
    Ledger::new(threshold, &counts, &earlier, &table(publication))
}

/// Every count of the teams, and their sums.
fn table(publication: &Publication) -> Table<Place, Term> {
    let Publication { version, period: _, teams, sums, summed: cells, ties: _, openings: _ } =
        publication;
    let mut numbers: BTreeMap<Place, Summed<Term>> = BTreeMap::new();
    for (team, counted) in teams {
        for cell in counted.keys() {
            let place = Place { subject: team.clone(), cell: cell.clone() };
            let terms = BTreeSet::from([term(publication, team, cell)]);
            numbers.insert(place, Summed { terms, is_total: cell.category == TOTAL });
        }
    }
    for (subject, summed) in sums {
        for (team, counted) in teams.iter().filter(|(team, _)| summed.contains(*team)) {
            for cell in counted.keys().filter(|cell| cells.contains(*cell)) {
                let place = Place { subject: subject.clone(), cell: cell.clone() };
                let sum = || Summed { terms: BTreeSet::new(), is_total: true };
                numbers.entry(place).or_insert_with(sum).terms.insert(term(
                    publication,
                    team,
                    cell,
                ));
            }
        }
    }
    Table { version: *version, numbers }
}

#[cfg(test)]
mod tests;
