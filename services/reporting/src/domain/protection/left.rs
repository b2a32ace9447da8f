//! What totals leave for teams of which nothing stands beside them: counts that nobody has.
//!
//! Readers know that those teams have counts all the same, of everything that figures are of,
//! and that these hang together as every team's do. So each of them is a count in the ledger,
//! with a value that it can have, and never told; what totals leave is a sum of such.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::{
    Threshold,
    ledger::{Before, Ledger, NothingCanBeTold, Released, Summed, Table, World, beside},
    possible,
};

use super::{Left, Place, Stating, Total};
use crate::domain::definition::{Cell, TOTAL};

/// A sum of counts, each with its sign.
type Terms = Vec<(Term, i64)>;

/// What some teams have together of something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Of {
    teams: BTreeSet<String>,
    cell: Cell,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    Counted(Place),
    /// Those of a team that a tie, by its place, counts beside its cells with a sign.
    Others(String, usize, i64),
}

/// Teams that have not what totals are of, and what is known of them.
struct Unstated<'a> {
    stating: &'a Stating,
    /// What is told of teams one by one.
    known: BTreeMap<Place, i64>,
    /// What other releases leave.
    before: BTreeMap<Of, i64>,
    /// What this one would leave.
    left: BTreeMap<Of, i64>,
}

/// What readers take to be of categories of which nothing is told anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unseen {
    Somebody,
    Nobody,
}

/// Counts that nobody has, with values that they can have.
struct Guess<'a> {
    known: &'a BTreeMap<Place, i64>,
    values: BTreeMap<Term, i64>,
    rules: Vec<Terms>,
}

impl Stating {
    /// The totals that would tell few of teams of which nothing stands beside them.
    pub(super) fn few(&self, threshold: Threshold, others: &[Self]) -> BTreeSet<Place> {
        let others = || others.iter().filter(|other| other.period == self.period);
        let mut before: BTreeMap<Of, i64> = others().flat_map(Self::lefts).collect();
        let (changed, left): (BTreeMap<Of, i64>, BTreeMap<Of, i64>) =
            self.lefts().partition(|(of, count)| {
                before.get(of).is_some_and(|before| threshold.is_small((before - count).abs()))
            });
        if left.is_empty() && changed.is_empty() {
            return BTreeSet::new();
        }
        // What was told stays told; what has changed since is no longer so.
        before.retain(|of, count| left.get(of).is_none_or(|own| own == count));
        let mut known = self.known.clone();
        for (place, count) in others().flat_map(|other| &other.known) {
            known.entry(place.clone()).or_insert(*count);
        }
        let few = Unstated { stating: self, known, before, left }.all_few(threshold);
        let is_few = |total: &&Total| {
            total.of().is_some_and(|(of, _)| changed.contains_key(&of) || few.contains(&of))
        };
        self.totals.iter().filter(is_few).map(|total| total.place.clone()).collect()
    }

    fn lefts(&self) -> impl Iterator<Item = (Of, i64)> {
        self.totals.iter().filter_map(Total::of)
    }
}

impl Total {
    fn of(&self) -> Option<(Of, i64)> {
        let Left { teams, count } = self.left.as_ref()?;
        Some((Of { teams: teams.clone(), cell: self.place.cell.clone() }, *count))
    }
}

impl Unstated<'_> {
    /// What may not be left, whichever readers take to be of what is told of nobody.
    fn all_few(mut self, threshold: Threshold) -> BTreeSet<Of> {
        let mut all = BTreeSet::new();
        loop {
            let few = [Unseen::Somebody, Unseen::Nobody].map(|unseen| self.few(threshold, unseen));
            let few = &few[0] | &few[1];
            if few.is_empty() {
                return all;
            }
            self.left.retain(|of, _| !few.contains(of));
            all.extend(few);
        }
    }

    /// What may not be left: it is small itself, or tells a small count beside what else is
    /// known. All of it where no counts are found with which the totals would be right.
    fn few(&self, threshold: Threshold, unseen: Unseen) -> BTreeSet<Of> {
        let all = || self.left.keys().cloned().collect();
        let Some(guess) = self.guess(unseen) else {
            // There is somebody of whom nothing is told.
            return if unseen == Unseen::Nobody { BTreeSet::new() } else { all() };
        };
        let terms = guess.values.keys();
        let counts = terms.filter_map(|term| match term {
            Term::Counted(place) => {
                let Place { subject, cell } = place.clone();
                Some((Of { teams: [subject].into(), cell }, place))
            }
            Term::Others(..) => None,
        });
        let counts: Vec<(Of, &Place)> = counts.collect();
        let hidden = counts.iter().filter(|(_, place)| !self.known.contains_key(*place));
        let told = Released {
            hidden: hidden.map(|(of, _)| of.clone()).collect(),
            table: table(counts.iter().map(|(of, _)| of)),
        };
        let before = Released { table: table(self.before.keys()), hidden: BTreeSet::new() };
        let ledger = Ledger::new(threshold, &guess, &[told, before], &table(self.left.keys()));
        match beside(threshold, &ledger, &Before::Nothing) {
            Ok(protected) => protected.hidden(),
            Err(NothingCanBeTold) => all(),
        }
    }

    fn guess(&self, unseen: Unseen) -> Option<Guess<'_>> {
        let cells = self.stating.cells(unseen == Unseen::Nobody);
        let lefts = || self.left.iter().chain(&self.before);
        let cells: BTreeSet<&Cell> =
            cells.into_iter().chain(lefts().map(|(of, _)| &of.cell)).collect();
        let teams: BTreeSet<&String> = lefts().flat_map(|(of, _)| &of.teams).collect();
        let rules: Vec<Terms> =
            teams.into_iter().flat_map(|team| self.rules(team, &cells, unseen)).collect();
        let sums = lefts().map(|(of, count)| (terms(of), *count));
        let mut sums: Vec<(Terms, i64)> =
            sums.chain(rules.iter().map(|rule| (rule.clone(), 0))).collect();
        let named: BTreeSet<&Term> =
            sums.iter().flat_map(|(sum, _)| sum.iter().map(|(term, _)| term)).collect();
        let known = self.known.iter().map(|(place, count)| (Term::Counted(place.clone()), *count));
        let known: Vec<(Term, i64)> = known.filter(|(term, _)| named.contains(term)).collect();
        sums.splice(0..0, known.into_iter().map(|(term, count)| (vec![(term, 1)], count)));
        Some(Guess { known: &self.known, values: possible(&sums)?, rules })
    }

    /// What readers know of the counts of a team that hang together with what is left: no
    /// further than to counts that are told.
    fn rules(&self, team: &str, cells: &BTreeSet<&Cell>, unseen: Unseen) -> Vec<Terms> {
        let place = |cell: &Cell| Place { subject: team.to_owned(), cell: cell.clone() };
        let lefts = self.left.keys().chain(self.before.keys());
        let lefts = lefts.filter(|of| of.teams.contains(team)).map(|of| &of.cell);
        let mut near: BTreeSet<&Cell> = lefts.collect();
        let sides = self.stating.ties.iter().map(|tie| tie.over(cells));
        let mut ties: Vec<_> = self.stating.ties.iter().zip(sides).enumerate().collect();
        let mut rules = Vec::new();
        loop {
            let is_near =
                |cell: &&Cell| near.contains(cell) && !self.known.contains_key(&place(cell));
            let (reached, further): (Vec<_>, Vec<_>) = ties
                .into_iter()
                .partition(|(_, (_, sides))| sides.iter().flatten().flatten().any(&is_near));
            if reached.is_empty() {
                return rules;
            }
            for (index, (tie, sides)) in reached {
                let [wholes, parts] = sides.unwrap_or_default();
                near.extend(wholes.iter().chain(&parts));
                let signs = wholes.iter().map(|cell| (cell, 1));
                let signs = signs.chain(parts.iter().map(|cell| (cell, -1)));
                let counts = signs.map(|(cell, sign)| (Term::Counted(place(cell)), sign));
                let others = tie.others(|_| unseen == Unseen::Nobody).into_iter();
                let others = others.map(|sign| (Term::Others(team.to_owned(), index, sign), sign));
                rules.push(counts.chain(others).collect());
            }
            ties = further;
        }
    }
}

/// The counts that something of teams sums.
fn terms(Of { teams, cell }: &Of) -> Terms {
    let place = |team: &String| Place { subject: team.clone(), cell: cell.clone() };
    teams.iter().map(|team| (Term::Counted(place(team)), 1)).collect()
}

fn table<'a>(of: impl Iterator<Item = &'a Of>) -> Table<Of, Term> {
    let summed = |of: &Of| Summed {
        terms: terms(of).into_iter().map(|(term, _)| term).collect(),
        is_total: of.cell.category == TOTAL,
    };
    Table { version: 0, numbers: of.map(|of| (of.clone(), summed(of))).collect() }
}

impl World for Guess<'_> {
    type Term = Term;

    fn value(&self, _version: i64, term: &Term) -> i64 {
        *self.values.get(term).expect("every count has a value")
    }

    fn is_guessed(&self, term: &Term) -> bool {
        !matches!(term, Term::Counted(place) if self.known.contains_key(place))
    }

    fn rules(&self, _version: i64) -> Vec<Terms> {
        self.rules.clone()
    }
}
