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
//! hidden in both (`beside.rs`), and so is what somebody stated of teams together that would
//! tell what is hidden of one of them (`total.rs`).

mod beside;
mod opening;
mod tie;
mod total;

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
pub use total::{Group, Seen, Stating, Total};

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

/// What the counts are made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    /// A count as it was reported: one of the end of a period is that of the next one's
    /// beginning, too.
    Counted { period: HalfYear, team: String, cell: Cell },
    /// What is left of a whole without some of its parts.
    Rest { period: HalfYear, team: String, tie: Tie },
    /// What is left of what a publication states of the whole without the teams that another
    /// counts.
    Others { stated: i64, cell: Cell },
}

/// The publications by version.
struct Counts<'a>(BTreeMap<i64, &'a Publication>);

impl World for Counts<'_> {
    type Term = Term;

    fn value(&self, version: i64, term: &Term) -> i64 {
        match term {
            Term::Counted { period, team, cell } => {
                let counted = |of: &&Publication| {
                    let cell = of.cell_of(*period, cell);
                    of.teams.get(team)?.get(cell).copied()
                };
                let own = self.0.get(&version).and_then(counted);
                // What is stated of teams together is a count of them in every version.
                let stated = || self.0.values().filter(|of| of.whole.0 == *team).find_map(counted);
                own.or_else(stated).expect("a version is asked only for what it counts")
            }
            Term::Rest { period: _, team, tie } => {
                let counted = self.0.get(&version).and_then(|of| of.teams.get(team));
                let counted = counted.expect("a version is asked only for its teams");
                match tie.rest(counted).expect("a tie is asked for where it holds") {
                    Rest::Known(rest) | Rest::People(rest) => rest,
                }
            }
            Term::Others { stated, cell } => {
                let of = self.0.get(&version).zip(self.0.get(stated));
                let (counting, stating) = of.expect("versions are asked for where they are");
                left(counting, stating, cell).expect("what is left is asked for where some is")
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
        for stating in self.0.values().filter(|of| of.period == publication.period) {
            rules.extend(rules_of_whole(publication, stating));
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

/// What a publication states of teams together is what another counts of each, and of those
/// of whom it counts nothing.
fn rules_of_whole(counting: &Publication, stating: &Publication) -> Vec<Vec<(Term, i64)>> {
    let (whole, teams) = &stating.whole;
    let is_other = counting.version != stating.version;
    let mut rules = Vec::new();
    for cell in stating.teams.get(whole).into_iter().flat_map(Counted::keys) {
        let states_itself = counting.teams.get(whole).is_some_and(|of| of.contains_key(cell));
        let counted = || teams.iter().filter(|team| counts(counting, team, cell));
        // How many there were when the period began is a count of the one before.
        let begins = [counting, stating].iter().any(|of| of.openings.contains_key(cell));
        if begins || is_other && states_itself || counted().next().is_none() {
            continue;
        }
        let mut terms = vec![(term(stating, whole, cell), 1)];
        terms.extend(counted().map(|team| (term(counting, team, cell), -1)));
        if left(counting, stating, cell).is_some() {
            let (stated, cell) = (stating.version, cell.clone());
            terms.push((Term::Others { stated, cell }, -1));
        }
        rules.push(terms);
    }
    rules
}

fn counts(publication: &Publication, team: &str, cell: &Cell) -> bool {
    publication.teams.get(team).is_some_and(|counted| counted.contains_key(cell))
}

/// How many people a publication states of the whole besides those that another counts; none
/// when that counts all teams, or more people.
fn left(counting: &Publication, stating: &Publication, cell: &Cell) -> Option<i64> {
    let (whole, teams) = &stating.whole;
    let stated = stating.teams.get(whole)?.get(cell)?;
    let count = |team| counting.teams.get(team).and_then(|counted: &Counted| counted.get(cell));
    let counted: Vec<&i64> = teams.iter().filter_map(count).collect();
    let left = stated - counted.iter().copied().sum::<i64>();
    (counted.len() < teams.len() && left >= 0).then_some(left)
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
    let Publication { version, teams, sums, summed: cells, .. } = publication;
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
