//! Counts that go on from one half-year to the next: how many there were when one began is
//! how many there were when the one before it ended. Readers know that, so both are one
//! count in the ledger, and what one release hides no other tells.

use std::collections::{BTreeMap, BTreeSet};

use super::{Place, Publication, Published};
use crate::domain::definition::Cell;
use crate::domain::half_year::HalfYear;
use crate::domain::template::{Flow, Relation};

/// The cells that say how many there were when a period began, each with the one that says
/// how many there were when the period before it ended.
pub type Openings = BTreeMap<Cell, Cell>;

/// What a template says of what goes on. A cell that is both, or that two flows begin or
/// end with, says nothing.
#[must_use]
pub fn openings(relations: &[Relation]) -> Openings {
    let flows: Vec<&Flow> = flows(relations).collect();
    let is_one = |cell: &Cell| {
        let has = |flow: &&&Flow| flow.opening == *cell || flow.closing == *cell;
        flows.iter().filter(has).count() == 1
    };
    let goes_on = |flow: &&&Flow| {
        flow.opening != flow.closing && is_one(&flow.opening) && is_one(&flow.closing)
    };
    let going_on = flows.iter().filter(goes_on);
    going_on.map(|flow| (flow.opening.clone(), flow.closing.clone())).collect()
}

pub(super) fn flows(relations: &[Relation]) -> impl Iterator<Item = &Flow> {
    relations.iter().filter_map(|relation| match relation {
        Relation::Flow(flow) => Some(flow),
        Relation::Whole(_)
        | Relation::Share(_)
        | Relation::Bands { .. }
        | Relation::PlannedIntake(_)
        | Relation::Same { .. }
        | Relation::Change(_)
        | Relation::SumOfTeams(_) => None,
    })
}

/// A team of which the end of a half-year is hidden in what is counted from records, and a
/// publication of the next one tells it as its beginning, as somebody reported or stated it.
#[must_use]
pub fn told_later<'a>(
    published: &[Published],
    half: HalfYear,
    hidden: &'a BTreeSet<Place>,
) -> Option<&'a str> {
    let later = || published.iter().filter(|one| one.publication.period.before() == Some(half));
    let is_told = |Place { subject, cell }: &Place| {
        later().any(|Published { publication, hidden }| {
            let counted = publication.teams.get(subject);
            let mut openings = publication.openings.iter();
            openings.any(|(opening, closing)| {
                let begins = Place { subject: subject.clone(), cell: opening.clone() };
                closing == cell
                    && counted.is_some_and(|counted| counted.contains_key(opening))
                    && !hidden.contains(&begins)
            })
        })
    };
    hidden.iter().find(|place| is_told(place)).map(|place| place.subject.as_str())
}

impl Publication {
    /// True when it counts how many there were when its period began.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        let counts = |cell: &Cell| self.teams.values().any(|counted| counted.contains_key(cell));
        self.openings.keys().any(counts)
    }

    /// The period that a cell is of, and the name that it has there.
    pub(super) fn period_of<'a>(&'a self, cell: &'a Cell) -> (HalfYear, &'a Cell) {
        let before = self.openings.get(cell).zip(self.period.before());
        before.map_or((self.period, cell), |(closing, before)| (before, closing))
    }

    /// The cell of the name that it has in a period.
    pub(super) fn cell_of<'a>(&'a self, period: HalfYear, cell: &'a Cell) -> &'a Cell {
        if period == self.period {
            return cell;
        }
        let opening = self.openings.iter().find(|(_, closing)| *closing == cell);
        opening.map_or(cell, |(opening, _)| opening)
    }

    /// The periods that it counts people at the end of, or in.
    fn periods(&self) -> BTreeSet<HalfYear> {
        let before = self.period.before().filter(|_| self.goes_on());
        before.into_iter().chain([self.period]).collect()
    }
}

/// Those of its period, and those that its counts go on to. Other periods' counts are of
/// other people, or of other days.
pub(super) fn connected<'a>(
    earlier: &'a [Published],
    publication: &Publication,
) -> Vec<&'a Published> {
    let mut periods = publication.periods();
    loop {
        let reached = earlier.iter().map(|published| published.publication.periods());
        let reached = reached.filter(|reached| !reached.is_disjoint(&periods));
        let more: BTreeSet<HalfYear> = reached.flatten().chain(periods.clone()).collect();
        if more == periods {
            break;
        }
        periods = more;
    }
    let is_one = |published: &&Published| !published.publication.periods().is_disjoint(&periods);
    earlier.iter().filter(is_one).collect()
}
