//! Counts that a team has not reported, and that readers can compute with all the same: by
//! women and men it has as many participants as by their ages, however many those are.
//!
//! A count that only one tie names is what is left there, or anything. One that several name
//! ties what those have reported, and is a count in the ledger, with a value that it can have.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::possible;

use super::{Counted, Tie};
use crate::domain::definition::{Cell, TOTAL};

/// A count of a team.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Count {
    /// One that figures have, reported or not.
    Of(Cell),
    /// Those that a tie counts beside the cells of its wholes (1) or its parts (−1).
    Others(Tie, i64),
}

/// A sum that is 0.
type Sum = Vec<(Count, i64)>;

/// What hangs together by counts that are not reported.
#[derive(Debug, Clone, Default)]
pub(super) struct Unreported {
    /// What says it.
    pub(super) ties: BTreeSet<Tie>,
    /// What that is.
    pub(super) sums: Vec<Sum>,
    /// Every count in it, with a value that those can have that are not reported.
    pub(super) values: BTreeMap<Count, i64>,
}

/// A tie with the cells that it ties.
struct Open<'a> {
    tie: &'a Tie,
    sides: [Vec<&'a Cell>; 2],
}

impl Unreported {
    /// Finds it; nothing where a team's figures contradict each other.
    pub(super) fn of(ties: &[Tie], counted: &Counted) -> Self {
        let divided = counted.keys().filter(|cell| cell.category != TOTAL);
        let divided: BTreeSet<&str> = divided.map(|cell| cell.figure.as_str()).collect();
        // Whoever has women and men has nobody else, as far as readers can take it so.
        if let Some(found) = Self::found(ties, counted, &divided) {
            return found;
        }
        let mut whole = BTreeSet::new();
        let mut found = Self::found(ties, counted, &whole);
        for figure in divided {
            whole.insert(figure);
            match Self::found(ties, counted, &whole) {
                Some(closer) => found = Some(closer),
                None => _ = whole.remove(figure),
            }
        }
        found.unwrap_or_default()
    }

    /// The same where all categories that there are of these figures are reported.
    fn found(ties: &[Tie], counted: &Counted, whole: &BTreeSet<&str>) -> Option<Self> {
        let named = ties.iter().flat_map(Tie::named).chain(counted.keys()).collect();
        let over = |tie| Some(Open { tie, sides: Tie::over(tie, &named)? });
        let all = ties.iter().filter_map(over).collect();
        let cells = Cells { counted, whole, between: BTreeSet::new() };
        let (open, cells) = cells.open(all);
        let sums: Vec<Sum> = open.iter().map(|open| cells.sum(open)).collect();
        let counts: BTreeSet<&Count> = sums.iter().flatten().map(|(count, _)| count).collect();
        let reported = counts.into_iter().filter_map(|count| match count {
            Count::Of(cell) => counted.get(cell).map(|is| (vec![(count.clone(), 1)], *is)),
            Count::Others(..) => None,
        });
        let mut known: Vec<(Sum, i64)> = reported.collect();
        known.extend(sums.iter().map(|sum| (sum.clone(), 0)));
        let ties = open.into_iter().map(|open| open.tie.clone()).collect();
        Some(Self { ties, values: possible(&known)?, sums })
    }
}

/// What is known of the cells of a team.
struct Cells<'a> {
    counted: &'a Counted,
    whole: &'a BTreeSet<&'a str>,
    /// Those that are not reported and that several ties name.
    between: BTreeSet<&'a Cell>,
}

impl<'a> Cells<'a> {
    fn is_told(&self, cell: &Cell) -> bool {
        self.counted.contains_key(cell) || self.between.contains(cell)
    }

    /// True for a category that counts nobody, because others are all that there are.
    fn is_nobody(&self, cell: &Cell) -> bool {
        cell.category != TOTAL
            && self.whole.contains(cell.figure.as_str())
            && !self.counted.contains_key(cell)
    }

    /// The ties that hang together by cells which are not reported, with those cells.
    fn open(mut self, mut ties: Vec<Open<'a>>) -> (Vec<Open<'a>>, Self) {
        loop {
            let mut named: BTreeMap<&Cell, usize> = BTreeMap::new();
            for cell in ties.iter().flat_map(Open::cells) {
                *named.entry(cell).or_default() += 1;
            }
            named.retain(|cell, _| !self.counted.contains_key(*cell) && !self.is_nobody(cell));
            let all = ties.len();
            // What one tie alone names can be anything, and so can what it is beside.
            let is_free = |cell: &&Cell| named.get(*cell) == Some(&1);
            ties.retain(|open| open.cells().filter(|cell| !is_free(cell)).count() > 1);
            if ties.len() == all {
                named.retain(|_, ties| *ties > 1);
                self.between = named.into_keys().collect();
                ties.retain(|open| self.ties(open));
                return (ties, self);
            }
        }
    }

    /// True when a tie says more of what is reported than that does by itself.
    fn ties(&self, open: &Open<'_>) -> bool {
        let any = |is_one: &dyn Fn(&Cell) -> bool| open.cells().any(is_one);
        any(&|cell| self.between.contains(cell))
            || any(&|cell| self.is_nobody(cell))
                && any(&|cell| self.is_told(cell))
                && open.tie.rest(self.counted).is_none()
    }

    fn sum(&self, Open { tie, sides }: &Open<'_>) -> Sum {
        let mut others = tie.others(|figure| self.whole.contains(figure));
        let mut sum = Sum::new();
        for (side, sign) in sides.iter().zip([1, -1]) {
            let there = side.iter().filter(|cell| !self.is_nobody(cell));
            let (told, untold): (Vec<&Cell>, Vec<&Cell>) =
                there.copied().partition(|cell| self.is_told(cell));
            others.extend((!untold.is_empty()).then_some(sign));
            sum.extend(told.into_iter().map(|cell| (Count::Of(cell.clone()), sign)));
        }
        let others: BTreeSet<i64> = others.into_iter().collect();
        sum.extend(others.into_iter().map(|sign| (Count::Others(Tie::clone(tie), sign), sign)));
        sum
    }
}

impl<'a> Open<'a> {
    fn cells(&self) -> impl Iterator<Item = &'a Cell> {
        self.sides.iter().flatten().copied()
    }
}
