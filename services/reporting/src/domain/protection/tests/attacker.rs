//! What readers of publications know, written down of its own and not with the code that
//! hides, and what they can tell from it.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::testing::Puzzle;

use super::super::{Counted, Place, Published};
use super::{T, cell};
use crate::domain::definition::Cell;
use crate::domain::release::{Figure, Source, Told};

/// A sum of unknowns.
type Terms = Vec<(usize, i64)>;

/// What the attacker knows: of its own, and not with the code that hides.
pub(super) struct Attacker {
    puzzle: Puzzle,
    unknowns: BTreeMap<(String, String, i64), usize>,
    secrets: Vec<(String, Terms)>,
}

impl Attacker {
    fn new() -> Self {
        Self { puzzle: Puzzle::default(), unknowns: BTreeMap::new(), secrets: Vec::new() }
    }

    /// One who reads releases: each with its figures, whom they are of all together, and what
    /// there is to know of each of its teams, told or not. What is stated of all is the truth.
    pub(super) fn reading(releases: &[(Vec<Figure>, &str, BTreeMap<String, Counted>)]) -> Self {
        let mut attacker = Self::new();
        for (figures, whole, teams) in releases {
            for (team, counted) in teams {
                attacker.know_team(team, counted);
                for (cell, count) in counted {
                    attacker.unknown(team, cell, *count);
                }
            }
            for figure in figures {
                attacker.read(figures, figure, (whole, teams));
            }
        }
        attacker
    }

    fn read(
        &mut self,
        figures: &[Figure],
        figure: &Figure,
        (whole, teams): (&str, &BTreeMap<String, Counted>),
    ) {
        let Figure { subject, cell, source, told, .. } = figure;
        // Of whom a figure of all teams is the sum: of those who have it from such a source.
        let has = |team: &String, is_one: fn(Source) -> bool| {
            figures
                .iter()
                .any(|own| own.subject == *team && own.cell == *cell && is_one(own.source))
        };
        let is_counted = |source| source == Source::Derived;
        let is_summed = |team: &&String| match (subject == whole, source) {
            (false, _) => *team == subject,
            (true, Source::Stated) => true,
            (true, Source::Derived) => has(team, is_counted),
            (true, Source::Reported) => has(team, |source| source != Source::Derived),
            (true, Source::Mixed) => has(team, |_| true),
        };
        let summed: Vec<&String> = teams.keys().filter(is_summed).collect();
        let terms = summed.iter().map(|team| (self.unknown(team, cell, teams[*team][cell]), 1));
        let terms: Terms = terms.collect();
        self.tell(*told == Told::Hidden, &terms);
    }

    pub(super) fn of(published: &[Published]) -> Self {
        let mut attacker = Self::new();
        let mut sums: BTreeMap<(String, Cell, BTreeSet<String>), Vec<Terms>> = BTreeMap::new();
        for Published { publication, hidden } in published {
            for (team, counted) in &publication.teams {
                attacker.know_team(team, counted);
                for (cell, count) in counted {
                    let terms = vec![(attacker.unknown(team, cell, *count), 1)];
                    attacker.tell(
                        hidden.contains(&Place { subject: team.clone(), cell: cell.clone() }),
                        &terms,
                    );
                    let key = (team.clone(), cell.clone(), BTreeSet::new());
                    sums.entry(key).or_default().push(terms);
                }
            }
            let cells: BTreeSet<&Cell> =
                publication.teams.values().flat_map(BTreeMap::keys).collect();
            for cell in cells {
                let of = publication.teams.iter().filter_map(|(team, counted)| {
                    counted.get(cell).map(|count| (team.clone(), *count))
                });
                let of: Vec<(String, i64)> = of.collect();
                let terms: Terms = of
                    .iter()
                    .map(|(team, count)| (attacker.unknown(team, cell, *count), 1))
                    .collect();
                attacker.tell(
                    hidden.contains(&Place { subject: String::new(), cell: cell.clone() }),
                    &terms,
                );
                let teams = of.into_iter().map(|(team, _)| team).collect();
                sums.entry((String::new(), cell.clone(), teams)).or_default().push(terms);
            }
        }
        for (name, versions) in sums {
            for (place, one) in versions.iter().enumerate() {
                for other in &versions[..place] {
                    let other = other.iter().map(|(unknown, sign)| (*unknown, -sign));
                    let terms: Terms = one.iter().copied().chain(other).collect();
                    let is_less = attacker.value(&terms) < 0;
                    let sign = if is_less { -1 } else { 1 };
                    let terms = terms.into_iter().map(|(unknown, s)| (unknown, s * sign)).collect();
                    attacker.secrets.push((format!("change of {name:?}"), terms));
                }
            }
        }
        attacker
    }

    fn value(&self, terms: &[(usize, i64)]) -> i64 {
        terms.iter().map(|(unknown, sign)| sign * self.puzzle.truth[*unknown]).sum()
    }

    /// One unknown for a count that is the same in all publications.
    fn unknown(&mut self, team: &str, cell: &Cell, count: i64) -> usize {
        self.named(team, &format!("{cell:?}"), count)
    }

    fn named(&mut self, team: &str, name: &str, count: i64) -> usize {
        let key = (team.to_owned(), name.to_owned(), count);
        if let Some(known) = self.unknowns.get(&key) {
            return *known;
        }
        let unknown = self.puzzle.unknown(count);
        self.unknowns.insert(key, unknown);
        self.secrets.push((format!("{team} {name}"), vec![(unknown, 1)]));
        unknown
    }

    fn tell(&mut self, is_hidden: bool, terms: &Terms) {
        match is_hidden {
            true => self.secrets.push((format!("a hidden number {terms:?}"), terms.clone())),
            false => self.puzzle.know(terms.clone()),
        }
    }

    /// Parts sum to their whole; some are counted in others.
    fn know_team(&mut self, team: &str, counted: &Counted) {
        let exact: [(&str, &[&str]); 3] = [
            (
                "participants",
                &[
                    "participants.woman",
                    "participants.man",
                    "participants.non_binary",
                    "participants.not_stated",
                ],
            ),
            ("participants", &["participants_by_age.under_30", "participants_by_age.over_30"]),
            ("new_participants", &["new_participants.woman", "new_participants.man"]),
        ];
        let within = [
            ("new_participants", "participants"),
            ("new_participants.woman", "participants.woman"),
            ("new_participants.man", "participants.man"),
            ("participants_over_50", "participants_by_age.over_30"),
        ];
        let get = |text: &str| counted.get(&cell(text)).copied();
        for (whole, parts) in exact {
            let parts: Vec<&&str> = parts.iter().filter(|part| get(part).is_some()).collect();
            let Some(total) = get(whole).filter(|_| !parts.is_empty()) else { continue };
            let mut terms = vec![(self.unknown(team, &cell(whole), total), 1)];
            for part in parts {
                let count = get(part).unwrap();
                terms.push((self.unknown(team, &cell(part), count), -1));
            }
            self.puzzle.know(terms);
        }
        for (part, whole) in within {
            let Some((part_count, count)) = get(part).zip(get(whole)) else { continue };
            let rest = self.named(team, &format!("{whole} without {part}"), count - part_count);
            let terms = [
                (self.unknown(team, &cell(whole), count), 1),
                (self.unknown(team, &cell(part), part_count), -1),
                (rest, -1),
            ];
            self.puzzle.know(terms);
        }
    }

    /// The small counts that cannot be what is not small, as far as the attacker sees.
    pub(super) fn told(&self) -> Vec<String> {
        let small = self.secrets.iter().filter(|(_, terms)| T.is_small(self.value(terms)));
        // What is not small need not be the threshold itself: two counts that each reach it
        // together make twice as many, and may make nothing in between.
        let not_small = T.value()..=2 * T.value();
        let is_told = |(_, terms): &&(String, Terms)| {
            (1..=8).all(|effort| {
                not_small.clone().all(|value| self.puzzle.solve(terms, value, effort).is_none())
            })
        };
        small.filter(is_told).map(|(name, _)| name.clone()).collect()
    }
}
