//! What readers know of counts by what they are called.

use std::collections::BTreeSet;

use crate::domain::check::Ages;
use crate::domain::definition::{Cell, Definitions, TOTAL};
use crate::domain::template::{Band, Cells, Flow, Relation, Whole};

use super::Counted;

/// Wholes and what is counted in them: wholes − parts is 0, or counts people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tie {
    wholes: Vec<Group>,
    parts: Vec<Group>,
    /// True when nobody is left once every part is reported.
    is_exact: bool,
}

/// What is left of wholes without their parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// A difference that readers know: none, or what the figures contradict each other by.
    Known(i64),
    /// So many people, who have no cell of their own.
    People(i64),
}

/// One cell, or all categories of a figure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    One(Cell),
    Categories(String),
}

impl Tie {
    /// True when it says something of a cell.
    pub(super) fn has(&self, cell: &Cell) -> bool {
        self.wholes.iter().chain(&self.parts).any(|group| group.has(cell))
    }

    /// The cells that it names one by one.
    pub(super) fn named(&self) -> impl Iterator<Item = &Cell> {
        self.wholes.iter().chain(&self.parts).filter_map(|group| match group {
            Group::One(cell) => Some(cell),
            Group::Categories(_) => None,
        })
    }

    /// The wholes that a team has reported.
    pub fn wholes<'a>(&'a self, counted: &'a Counted) -> impl Iterator<Item = &'a Cell> {
        cells(&self.wholes, counted)
    }

    /// The parts that a team has reported.
    pub fn parts<'a>(&'a self, counted: &'a Counted) -> impl Iterator<Item = &'a Cell> {
        cells(&self.parts, counted)
    }

    /// Its wholes and its parts out of all the cells that there are; none when it says nothing
    /// of them, or one of them twice.
    pub(super) fn over<'a>(&self, cells: &BTreeSet<&'a Cell>) -> Option<[Vec<&'a Cell>; 2]> {
        let groups = |cell: &Cell| {
            let all = self.wholes.iter().chain(&self.parts);
            all.filter(|group| group.has(cell)).count()
        };
        let [wholes, parts] = [&self.wholes, &self.parts].map(|groups| {
            let is_in = |cell: &&Cell| groups.iter().any(|group| group.has(cell));
            cells.iter().copied().filter(is_in).collect::<Vec<&Cell>>()
        });
        let is_once = wholes.iter().chain(&parts).all(|cell| groups(cell) == 1);
        (is_once && !wholes.is_empty() && !parts.is_empty()).then_some([wholes, parts])
    }

    /// The signs of those who are counted beside its cells: in a whole and in none of the parts;
    /// and in categories that are not told, of figures that are not whole without them.
    pub(super) fn others(&self, is_whole: impl Fn(&str) -> bool) -> Vec<i64> {
        if !self.is_exact {
            return vec![-1];
        }
        let is_open = |groups: &[Group]| {
            groups.iter().any(|group| match group {
                Group::Categories(figure) => !is_whole(figure),
                Group::One(_) => false,
            })
        };
        let sides = [(&self.wholes, 1), (&self.parts, -1)];
        sides.into_iter().filter(|(side, _)| is_open(side)).map(|(_, sign)| sign).collect()
    }

    /// What is left of the wholes; none when nothing is known of it: a side is not
    /// reported, or says the same cell as the other, or parts are more than their whole.
    #[must_use]
    pub fn rest(&self, counted: &Counted) -> Option<Rest> {
        let wholes: Vec<&Cell> = self.wholes(counted).collect();
        let parts: Vec<&Cell> = self.parts(counted).collect();
        let is_twice = |of: &[&Cell]| (1..of.len()).any(|place| of[..place].contains(&of[place]));
        let is_same = wholes.iter().any(|cell| parts.contains(cell));
        if wholes.is_empty() || parts.is_empty() || is_same || is_twice(&wholes) || is_twice(&parts)
        {
            return None;
        }
        let sum = |of: &[&Cell]| of.iter().map(|cell| counted[*cell]).sum::<i64>();
        let rest = sum(&wholes) - sum(&parts);
        let is_whole = self.wholes.iter().chain(&self.parts).all(|group| match group {
            Group::One(cell) => counted.contains_key(cell),
            Group::Categories(_) => true,
        });
        match rest {
            0 if self.is_exact => Some(Rest::Known(0)),
            known if self.is_exact && is_whole => Some(Rest::Known(known)),
            people if people >= 0 => Some(Rest::People(people)),
            _ => None,
        }
    }
}

impl Group {
    fn has(&self, cell: &Cell) -> bool {
        match self {
            Self::One(one) => one == cell,
            Self::Categories(figure) => *figure == cell.figure && cell.category != TOTAL,
        }
    }
}

/// The cells of groups that are reported.
fn cells<'a>(groups: &'a [Group], counted: &'a Counted) -> impl Iterator<Item = &'a Cell> {
    groups.iter().flat_map(|group| counted.keys().filter(move |cell| group.has(cell)))
}

/// What definitions and a template say of counts.
#[must_use]
pub fn ties(definitions: &Definitions, relations: &[Relation]) -> Vec<Tie> {
    let mut ties = Vec::new();
    let one = |cell: &Cell| vec![Group::One(cell.clone())];
    for (part, whole) in definitions.subsets() {
        ties.push(Tie { wholes: one(whole), parts: one(part), is_exact: false });
    }
    for whole in crate::domain::template::wholes(definitions) {
        ties.push(of_whole(&whole));
    }
    for relation in relations {
        match relation {
            Relation::Whole(whole) => ties.push(of_whole(whole)),
            Relation::Flow(flow) => ties.push(of_flow(flow)),
            Relation::Same { first, second } => {
                ties.push(Tie { wholes: groups(first), parts: groups(second), is_exact: true });
            }
            Relation::Bands { bands, shares: _ } => ties.extend(of_bands(bands)),
            Relation::Share(_)
            | Relation::PlannedIntake(_)
            | Relation::Change(_)
            | Relation::SumOfTeams(_) => {}
        }
    }
    ties.sort();
    ties.dedup();
    ties
}

fn groups(cells: &[Cells]) -> Vec<Group> {
    let group = |cells: &Cells| match cells {
        Cells::One(cell) => Group::One(cell.clone()),
        Cells::Categories(figure) => Group::Categories(figure.clone()),
    };
    cells.iter().map(group).collect()
}

fn each(cells: &[Cell]) -> Vec<Group> {
    cells.iter().cloned().map(Group::One).collect()
}

fn of_whole(Whole { partition: _, whole, parts }: &Whole) -> Tie {
    Tie { wholes: vec![Group::One(whole.clone())], parts: groups(parts), is_exact: true }
}

/// Opening + in = closing + out.
fn of_flow(Flow { opening, inflow, outflow, closing }: &Flow) -> Tie {
    let wholes = [std::slice::from_ref(opening), inflow].concat();
    let parts = [std::slice::from_ref(closing), outflow].concat();
    Tie { wholes: each(&wholes), parts: each(&parts), is_exact: true }
}

/// A nested band lies in each band that covers its ages.
fn of_bands(bands: &[Band]) -> Vec<Tie> {
    let mut ties = Vec::new();
    for nested in bands.iter().filter(|band| band.is_nested) {
        for band in bands.iter().filter(|band| !band.is_nested) {
            let ages = Ages::read(&band.label).zip(Ages::read(&nested.label));
            if ages.is_some_and(|(outer, inner)| outer.covers(inner)) {
                let (wholes, parts) = (each(&band.cells), each(&nested.cells));
                ties.push(Tie { wholes, parts, is_exact: false });
            }
        }
    }
    ties
}
