//! Drafted differences against recomputed ones.

use disclosure::{Threshold, testing::Dice};

use super::*;
use crate::domain::definition::{self, Definitions};
use crate::domain::derived;
use crate::domain::half_year::HalfYear;
use crate::domain::protection::{Published, protect, ties};
use crate::domain::release::{Counted as Counts, compiled};

const WHOLE: &str = "federations/x";

fn definitions() -> Definitions {
    definition::load(include_str!("../../../definitions/figures.toml")).unwrap()
}

fn cell(text: &str) -> Cell {
    crate::domain::narrative::parse_cell(text).unwrap()
}

fn team(id: &str) -> String {
    format!("federations/x/teams/{id}")
}

fn recorded(id: &str, sequence: i64) -> Recorded {
    let name = format!("federations/x/reportingPeriods/2025h1/reportedFigures/{id}");
    Recorded { name, sequence, hash: vec![1; 32] }
}

type Components = BTreeMap<(Place, Component), Option<i64>>;

/// What teams have reported, and a team that is counted from records: opening, in, out.
#[derive(Clone)]
struct Facts {
    reported: BTreeMap<String, (Recorded, Counted)>,
    queue: [i64; 3],
}

impl Facts {
    fn some(dice: &mut Dice) -> Self {
        let mut reported = BTreeMap::new();
        for id in ["a", "b", "c"] {
            if dice.below(4) > 0 {
                reported.insert(team(id), (recorded(id, 1), team_counts(dice)));
            }
        }
        let number = |dice: &mut Dice| i64::try_from(10 + dice.below(40)).unwrap();
        let (opening, inflow) = (number(dice), number(dice));
        let outflow = i64::try_from(dice.below(20)).unwrap();
        Self { reported, queue: [opening, inflow, outflow] }
    }

    /// A late edit: a team reports, or replaces what it had, or a record comes late.
    fn edited(&self, dice: &mut Dice) -> Self {
        let mut edited = self.clone();
        let id = *dice.one_of(&["a", "b", "c"]);
        match dice.below(3) {
            0 => {
                edited.reported.insert(team(id), (recorded(id, 2), team_counts(dice)));
            }
            1 => {
                if let Some((recorded, counts)) = edited.reported.get_mut(&team(id)) {
                    recorded.sequence = 2;
                    *counts.get_mut(&cell("queue")).unwrap() +=
                        i64::try_from(dice.below(30)).unwrap();
                }
            }
            _ => edited.queue[dice.below(2)] += i64::try_from(dice.below(9)).unwrap(),
        }
        edited
    }

    fn derived(&self) -> (Counts, Components) {
        let [opening, inflow, outflow] = self.queue;
        let at = |subject: String| Place { subject, cell: cell("queue") };
        let mut derived = BTreeMap::new();
        let mut components = Components::new();
        for subject in [team("d"), WHOLE.to_owned()] {
            let value = Some(opening + inflow - outflow);
            derived.insert(at(subject.clone()), derived::Told { value, commitment: vec![2; 32] });
            for (component, value) in [
                (Component::Opening, opening),
                (Component::Inflow, inflow),
                (Component::Outflow, outflow),
            ] {
                components.insert((at(subject.clone()), component), Some(value));
            }
        }
        let whole = WHOLE.to_owned();
        let (reported, stated) = (self.reported.clone(), BTreeMap::new());
        let counts = Counts { whole, reported, stated, derived, ..Counts::default() };
        (counts.summed(&definitions()), components)
    }

    /// How many there are in truth.
    fn recomputed(&self, place: &Place) -> i64 {
        let is_of = |id: &str| place.subject == WHOLE || place.subject == id;
        let reported = self.reported.iter().filter(|(id, _)| is_of(id));
        let reported: i64 = reported.filter_map(|(_, (_, counts))| counts.get(&place.cell)).sum();
        let [opening, inflow, outflow] = self.queue;
        let is_queue = place.cell == cell("queue") && is_of(&team("d"));
        reported + if is_queue { opening + inflow - outflow } else { 0 }
    }
}

fn team_counts(dice: &mut Dice) -> Counted {
    let number = |dice: &mut Dice| i64::try_from(dice.below(40)).unwrap();
    let (women, men, queue) = (number(dice), number(dice), number(dice));
    let cells = [
        ("participants", women + men),
        ("participants.woman", women),
        ("participants.man", men),
        ("queue", queue),
    ];
    cells.into_iter().map(|(text, count)| (cell(text), count)).collect()
}

fn version<'a>(
    (figures, components): &'a (Vec<Figure>, Components),
    facts: &'a Facts,
) -> Version<'a> {
    Version { figures, definitions_version: 1, reported: &facts.reported, components }
}

#[test]
fn a_thousand_late_edits_are_drafted_as_they_are_recomputed() {
    let definitions = definitions();
    let (threshold, half_year) = (Threshold::DEFAULT, HalfYear::new(2025, 1).unwrap());
    let mut explained = 0;
    for seed in 0..1000 {
        let dice = &mut Dice(seed);
        let before = Facts::some(dice);
        let after = before.edited(dice);
        let mut published: Vec<Published> = Vec::new();
        let mut versions = Vec::new();
        for (version, facts) in (1..).zip([&before, &after]) {
            let (counted, components) = facts.derived();
            let known = (ties(&definitions, &[]), BTreeMap::new());
            let publication = counted.publication((version, half_year), &BTreeSet::new(), known);
            let hidden = protect(threshold, &published, &publication).unwrap().hidden();
            let figures = compiled(&definitions, &counted, &hidden, &[7; 32]);
            published.push(Published { publication, hidden });
            versions.push((figures, components));
        }
        let old = version(&versions[0], &before);
        let changes = changes(WHOLE, old, version(&versions[1], &after));
        for Change { subject, cell, old, new, facts } in &changes {
            let place = Place { subject: subject.clone(), cell: cell.clone() };
            for (told, facts) in [(old, &before), (new, &after)] {
                if let Some(count) = told {
                    assert_eq!(*count, facts.recomputed(&place), "seed {seed}: {place:?}");
                }
            }
            let sum: i64 = facts.iter().map(|fact| fact.difference).sum();
            if let (Some(old), Some(new)) = (old, new) {
                assert_eq!(sum, new - old, "seed {seed}");
                assert_eq!(sum, after.recomputed(&place) - before.recomputed(&place));
                explained += 1;
            }
        }
    }
    assert!(explained > 1000, "{explained} differences were explained");
}

#[test]
fn only_the_newest_release_is_restated_and_only_when_something_has_changed() {
    assert_eq!(restate("x-1", "x-1", true), Ok(()));
    assert_eq!(restate("x-1", "x-1", false), Err(Refusal::NothingToRestate));
    assert_eq!(restate("x-1", "x-2", true), Err(Refusal::Restated("x-2".to_owned())));
}

#[test]
fn a_stock_is_explained_by_what_it_began_with_and_who_came_and_left() {
    let place = Place { subject: team("d"), cell: cell("queue") };
    let figure = |count| Figure {
        subject: place.subject.clone(),
        cell: place.cell.clone(),
        source: Source::Derived,
        told: Told::Count(count),
        commitment: Vec::new(),
        covered: None,
    };
    let components = |opening, inflow, outflow| {
        Components::from([
            ((place.clone(), Component::Opening), Some(opening)),
            ((place.clone(), Component::Inflow), Some(inflow)),
            ((place.clone(), Component::Outflow), outflow),
        ])
    };
    let none = BTreeMap::new();
    let of = |then: Components, now: Components| {
        let (before, after) = ([figure(20)], [figure(31)]);
        let version = |figures, components| Version {
            figures,
            definitions_version: 1,
            reported: &none,
            components,
        };
        let changes = changes(WHOLE, version(&before, &then), version(&after, &now));
        let facts = changes[0].facts.iter();
        facts.map(|fact| (fact.kind, fact.difference)).collect::<Vec<_>>()
    };
    let told = of(components(10, 15, Some(5)), components(17, 20, Some(6)));
    let expected = [(FactKind::Opening, 7), (FactKind::Inflow, 5), (FactKind::Outflow, -1)];
    assert_eq!(told, expected);
    let hidden = of(components(10, 15, Some(5)), components(17, 20, None));
    assert_eq!(hidden, [(FactKind::LateFacts, 11)], "a component is hidden");
}
