//! What is hidden of figures from one kind of source because of those from the other: what
//! is counted from records comes protected with a ledger of its own, and neither ledger
//! knows the other's numbers.

use std::collections::BTreeSet;

use super::{Place, opening::flows};
use crate::domain::definition::{Cell, Definitions};
use crate::domain::template::{Cells, Flow, Relation, Whole, wholes};

/// The figures of a publication, from whichever source.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// What they mean.
    pub definitions: &'a Definitions,
    /// What a template says of them.
    pub relations: &'a [Relation],
    /// Whom the sum of all teams is of; empty for no sum.
    pub whole: &'a str,
    /// Where there are figures.
    pub places: &'a BTreeSet<Place>,
}

impl Beside<'_> {
    /// The flows that begin with what is told here, of which the end of the period before is
    /// hidden in the other kind of source. Nothing is told of these, nor of what they could
    /// be added up from, nor of the sums that they are in.
    #[must_use]
    pub fn hidden_flows(
        &self,
        told: &BTreeSet<Place>,
        hidden_before: &BTreeSet<Place>,
    ) -> BTreeSet<Place> {
        let mut hidden = BTreeSet::new();
        for flow in flows(self.relations) {
            let begins = |end: &&Place| {
                let (subject, cell) = (end.subject.clone(), flow.opening.clone());
                end.cell == flow.closing && told.contains(&Place { subject, cell })
            };
            for Place { subject, cell: _ } in hidden_before.iter().filter(begins) {
                hidden.extend(cells_of(flow).flat_map(|cell| self.and_sum(subject, cell)));
            }
        }
        self.closed(hidden, &self.wholes())
    }

    /// The same cells of both kinds, of which one is hidden: the other would tell it, and so
    /// would whatever readers can compute it from.
    #[must_use]
    pub fn hidden_twice(&self, hidden: &BTreeSet<Place>) -> BTreeSet<Place> {
        let of = |place: &Place| self.and_sum(&place.subject, &place.cell);
        let ties = self.relations.iter().filter_map(|relation| match relation {
            Relation::Flow(flow) => Some(cells_of(flow).cloned().map(Cells::One).collect()),
            Relation::Same { first, second } => Some(first.iter().chain(second).cloned().collect()),
            Relation::Whole(_)
            | Relation::Share(_)
            | Relation::Bands { .. }
            | Relation::PlannedIntake(_)
            | Relation::Change(_)
            | Relation::SumOfTeams(_) => None,
        });
        let ties: Vec<Vec<Cells>> = self.wholes().into_iter().chain(ties).collect();
        self.closed(hidden.iter().flat_map(of).collect(), &ties)
    }

    fn and_sum(&self, subject: &str, cell: &Cell) -> [Place; 2] {
        [subject, self.whole].map(|of| Place { subject: of.to_owned(), cell: cell.clone() })
    }

    /// Each whole with its parts.
    fn wholes(&self) -> Vec<Vec<Cells>> {
        let of_template = self.relations.iter().filter_map(|relation| match relation {
            Relation::Whole(whole) => Some(whole.clone()),
            Relation::Flow(_)
            | Relation::Same { .. }
            | Relation::Share(_)
            | Relation::Bands { .. }
            | Relation::PlannedIntake(_)
            | Relation::Change(_)
            | Relation::SumOfTeams(_) => None,
        });
        let all = wholes(self.definitions).chain(of_template);
        let all = all.map(|Whole { partition: _, whole, parts }| {
            parts.into_iter().chain([Cells::One(whole)]).collect()
        });
        all.collect()
    }

    /// With every other cell of a tie that one of them is in.
    fn closed(&self, mut hidden: BTreeSet<Place>, ties: &[Vec<Cells>]) -> BTreeSet<Place> {
        loop {
            let known = hidden.len();
            for tie in ties {
                let is_in = |place: &&Place| tie.iter().any(|cells| cells.has(&place.cell));
                let subjects = hidden.iter().filter(is_in).map(|place| place.subject.clone());
                let subjects: BTreeSet<String> = subjects.collect();
                let others = self.places.iter().filter(is_in);
                hidden.extend(others.filter(|place| subjects.contains(&place.subject)).cloned());
            }
            if hidden.len() == known {
                return hidden;
            }
        }
    }
}

fn cells_of(Flow { opening, inflow, outflow, closing }: &Flow) -> impl Iterator<Item = &Cell> {
    [opening, closing].into_iter().chain(inflow).chain(outflow)
}
