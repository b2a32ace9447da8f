//! What somebody stated of several teams together, or of one, beside what is told of each.
//!
//! A total without the counts that are told beside it is a count of the other teams. No
//! ledger knows that: the one of what was reported has no count of them, and the one of what
//! is counted from records not the total. So a total is not told where it could tell
//! something that is hidden: of a team whose own count it leaves open, a count that hangs
//! together with that one by what readers know of the figures. What it leaves for teams of
//! which nothing stands beside it is protected like what they had reported.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::Threshold;

use super::{Openings, Place, Tie};
use crate::domain::definition::{Cell, TOTAL};
use crate::domain::half_year::HalfYear;

/// A stated count that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// Of whom, and of what.
    pub place: Place,
    /// The teams of whose counts it tells something that does not stand beside it.
    pub open: BTreeSet<String>,
    /// What it leaves for those that have not what it counts; none where they are not alone.
    pub left: Option<Left>,
}

/// What a total leaves for the teams of which nothing stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The teams.
    pub teams: BTreeSet<String>,
    /// What they have together.
    pub count: i64,
}

/// Which counts of teams stand somewhere, and which are hidden there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Those that are told.
    pub told: BTreeSet<Place>,
    /// Those that are hidden.
    pub hidden: BTreeSet<Place>,
}

/// A release by what it states of teams, and what it tells of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stating {
    /// Its resource name; empty for one that is being made.
    pub release: String,
    /// The half-year that it is of.
    pub period: HalfYear,
    /// What readers know of the counts of each team.
    pub ties: Vec<Tie>,
    /// What they know of those of the half-year before.
    pub openings: Openings,
    /// What it states, and tells.
    pub totals: Vec<Total>,
    /// What is told of teams one by one.
    pub known: BTreeMap<Place, i64>,
    /// What was reported or stated of each team.
    pub typed: Seen,
    /// What is counted from records of each team.
    pub counted: Seen,
}

impl Seen {
    fn with(&self, other: &Self) -> Self {
        Self { told: &self.told | &other.told, hidden: &self.hidden | &other.hidden }
    }
}

impl Stating {
    /// The totals that would tell what is hidden, here or in other releases, and those that
    /// would tell few of teams of which there is nothing.
    #[must_use]
    pub fn telling(&self, threshold: Threshold, others: &[Self]) -> BTreeSet<Place> {
        &self.few(threshold, others) | &self.leading(others)
    }

    /// Every cell that stands somewhere, and those that readers know of without that: but for
    /// categories beside some that stand there, where those may be `all` that there are.
    pub(super) fn cells(&self, all: bool) -> BTreeSet<&Cell> {
        let seen = [&self.typed, &self.counted].into_iter();
        let seen = seen.flat_map(|seen| seen.told.iter().chain(&seen.hidden));
        let seen = seen.chain(self.totals.iter().map(|total| &total.place));
        let seen: BTreeSet<&Cell> = seen.map(|place| &place.cell).collect();
        let divided = seen.iter().filter(|cell| cell.category != TOTAL);
        let divided: BTreeSet<&String> = divided.map(|cell| &cell.figure).collect();
        let is_there =
            |cell: &&Cell| !all || cell.category == TOTAL || !divided.contains(&cell.figure);
        let named = self.ties.iter().flat_map(Tie::named).filter(is_there);
        named.chain(seen.iter().copied()).collect()
    }

    /// The totals that tell what another release hides of what is counted from records, and
    /// would not without it.
    #[must_use]
    pub fn told_of(&self, other: &Self) -> BTreeSet<Place> {
        let counted = Self { typed: Seen::default(), ..other.clone() };
        &self.leading(&[counted]) - &self.leading(&[])
    }

    fn leading(&self, others: &[Self]) -> BTreeSet<Place> {
        let seen = |of: fn(&Self) -> Seen| {
            let mut elsewhere = Seen::default();
            for other in others {
                elsewhere = elsewhere.with(&self.in_own_names(other, &of(other)));
            }
            let own = of(self);
            // A count that is told in one release and hidden in another has changed.
            let told = &own.told | &(&elsewhere.told - &elsewhere.hidden);
            let hidden = &(&own.hidden | &elsewhere.hidden) - &own.told;
            Seen { told, hidden }
        };
        let (counted, all) = (
            seen(|of| of.counted.clone()),
            // What is stated of one team is in the ledger with what else is.
            seen(|of| of.typed.with(&of.counted)),
        );
        let teams: BTreeSet<&String> = self.totals.iter().flat_map(|total| &total.open).collect();
        let mut leading = BTreeSet::new();
        for team in teams {
            let (own, together) = (self.near(team, &counted), self.near(team, &all));
            for Total { place, open, left: _ } in &self.totals {
                let near = if place.subject == *team { &own } else { &together };
                if open.contains(team) && near.contains(&place.cell) {
                    leading.insert(place.clone());
                }
            }
        }
        leading
    }

    /// The cells by whose count of a team something could be told of it that is hidden: what
    /// hangs together with that, but for what is told.
    fn near(&self, team: &str, seen: &Seen) -> BTreeSet<Cell> {
        let of_team = |places: &BTreeSet<Place>| -> BTreeSet<Cell> {
            let own = places.iter().filter(|place| place.subject == team);
            own.map(|place| place.cell.clone()).collect()
        };
        let (told, mut near) = (of_team(&seen.told), of_team(&seen.hidden));
        if near.is_empty() {
            return near;
        }
        let stated = self.totals.iter().map(|total| &total.place.cell);
        let named = self.ties.iter().flat_map(Tie::named).chain(stated);
        let named: BTreeSet<&Cell> = named.filter(|cell| !told.contains(*cell)).collect();
        let mut ties: Vec<&Tie> = self.ties.iter().collect();
        loop {
            let (reached, others): (Vec<&Tie>, Vec<&Tie>) =
                ties.iter().partition(|tie| near.iter().any(|cell| tie.has(cell)));
            if reached.is_empty() {
                return near;
            }
            let is_near = |cell: &&&Cell| reached.iter().any(|tie| tie.has(cell));
            near.extend(named.iter().filter(is_near).map(|cell| (*cell).clone()));
            ties = others;
        }
    }

    /// What another release tells and hides, by what it is called in this one.
    fn in_own_names(&self, other: &Self, Seen { told, hidden }: &Seen) -> Seen {
        let renamed = |places: &BTreeSet<Place>| {
            let own = |Place { subject, cell }: &Place| {
                let cell = self.own_name(other.period_of(cell))?;
                Some(Place { subject: subject.clone(), cell })
            };
            places.iter().filter_map(own).collect()
        };
        Seen { told: renamed(told), hidden: renamed(hidden) }
    }

    /// The half-year that a cell is of, and what it is called there.
    fn period_of<'a>(&'a self, cell: &'a Cell) -> (HalfYear, &'a Cell) {
        let before = self.openings.get(cell).zip(self.period.before());
        before.map_or((self.period, cell), |(closing, before)| (before, closing))
    }

    fn own_name(&self, (period, cell): (HalfYear, &Cell)) -> Option<Cell> {
        if period == self.period {
            return (!self.openings.contains_key(cell)).then(|| cell.clone());
        }
        let mut openings = self.openings.iter().filter(|_| self.period.before() == Some(period));
        let (opening, _) = openings.find(|(_, closing)| *closing == cell)?;
        Some(opening.clone())
    }
}
