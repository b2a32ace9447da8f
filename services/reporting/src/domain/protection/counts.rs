//! What publications tell, as the ledger takes it: the counts that their numbers sum, and
//! what readers know of these.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::{
    Threshold,
    ledger::{Ledger, Released, Summed, Table, World},
};

use super::{
    Counted, Place, Publication, Published, Rest, Tie,
    unreported::{Count, Unreported},
};
use crate::domain::definition::{Cell, TOTAL};
use crate::domain::half_year::HalfYear;

/// What the counts are made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Term {
    /// A count as it was reported: one of the end of a period is that of the next one's
    /// beginning, too.
    Counted { period: HalfYear, team: String, cell: Cell },
    /// What is left of a whole without some of its parts.
    Rest { period: HalfYear, team: String, tie: Tie },
    /// One that was not reported, and ties others.
    Unreported { period: HalfYear, team: String, count: Count },
    /// What is left of what a publication states of the whole without the teams that another
    /// counts.
    Others { stated: i64, cell: Cell },
}

/// The publications by version, with what of each team hangs together by counts that it has
/// not reported.
struct Counts<'a> {
    publications: BTreeMap<i64, &'a Publication>,
    unreported: BTreeMap<(i64, &'a str), Unreported>,
}

impl<'a> Counts<'a> {
    fn new(publications: impl Iterator<Item = &'a Publication>) -> Self {
        let publications: BTreeMap<i64, &Publication> =
            publications.map(|publication| (publication.version, publication)).collect();
        let of = |publication: &&'a Publication| {
            let Publication { version, ties, teams, .. } = *publication;
            let teams = teams.iter();
            teams.map(|(team, counted)| ((*version, team.as_str()), Unreported::of(ties, counted)))
        };
        let unreported = publications.values().flat_map(of).collect();
        Self { publications, unreported }
    }

    /// What a version counts.
    fn find(&self, version: i64, term: &Term) -> Option<i64> {
        match term {
            Term::Counted { period, team, cell } => {
                let counted = |of: &&Publication| {
                    let cell = of.cell_of(*period, cell);
                    of.teams.get(team)?.get(cell).copied()
                };
                let own = self.publications.get(&version).and_then(counted);
                // What is stated of teams together is a count of them in every version.
                let stated = || {
                    self.publications.values().filter(|of| of.whole.0 == *team).find_map(counted)
                };
                own.or_else(stated)
            }
            Term::Rest { period: _, team, tie } => {
                let counted = self.publications.get(&version)?.teams.get(team)?;
                match tie.rest(counted)? {
                    Rest::Known(rest) | Rest::People(rest) => Some(rest),
                }
            }
            Term::Unreported { period: _, team, count } => {
                self.unreported.get(&(version, team.as_str()))?.values.get(count).copied()
            }
            Term::Others { stated, cell } => {
                left(self.publications.get(&version)?, self.publications.get(stated)?, cell)
            }
        }
    }
}

impl World for Counts<'_> {
    type Term = Term;

    fn value(&self, version: i64, term: &Term) -> i64 {
        self.find(version, term).expect("a version is asked only for what it counts")
    }

    fn counts(&self, version: i64, term: &Term) -> bool {
        self.find(version, term).is_some()
    }

    fn is_guessed(&self, term: &Term) -> bool {
        matches!(term, Term::Unreported { .. })
    }

    fn rules(&self, version: i64) -> Vec<Vec<(Term, i64)>> {
        let publication =
            self.publications.get(&version).expect("a version is one of the publications");
        let mut rules = Vec::new();
        for (team, counted) in &publication.teams {
            let unreported = &self.unreported[&(version, team.as_str())];
            for tie in publication.ties.iter().filter(|tie| !unreported.ties.contains(*tie)) {
                rules.extend(rule(publication, (team, counted), tie));
            }
            for sum in &unreported.sums {
                let signed = sum
                    .iter()
                    .map(|(count, sign)| (count_of(publication, (team, counted), count), *sign));
                rules.push(signed.collect());
            }
        }
        for stating in self.publications.values().filter(|of| of.period == publication.period) {
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

fn count_of(publication: &Publication, (team, counted): (&str, &Counted), count: &Count) -> Term {
    match count {
        Count::Of(cell) if counted.contains_key(cell) => term(publication, team, cell),
        Count::Of(_) | Count::Others(..) => Term::Unreported {
            period: publication.period,
            team: team.to_owned(),
            count: count.clone(),
        },
    }
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

pub(super) fn ledger(
    threshold: Threshold,
    earlier: &[&Published],
    publication: &Publication,
) -> Ledger<Place> {
    let publications = earlier.iter().map(|published| &published.publication);
    let publications = publications.chain([publication]);
    let counts = Counts::new(publications);
    let released = |Published { publication, hidden }: &Published| Released {
        table: table(publication),
        hidden: hidden.clone(),
    };
    let earlier: Vec<_> = earlier.iter().map(|published| released(published)).collect();
    Ledger::new(threshold, &counts, &earlier, &table(publication))
}

/// Every count of the teams, and their sums.
pub(super) fn table(publication: &Publication) -> Table<Place, Term> {
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
