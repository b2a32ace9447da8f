//! What somebody stated of several teams together, or of one, beside what is told of each.
//!
//! A total without the counts that are told beside it is a count of the other teams. No
//! ledger knows that: the one of what was reported has no count of them, and the one of what
//! is counted from records not the total. So a total is not told where it could tell
//! something that is hidden: of a team whose own count it leaves open, a count that hangs
//! together with that one by what readers know of the figures. What it leaves for teams of
//! which nothing stands beside it is protected like what they had reported.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::{Threshold, ledger::NothingCanBeTold};

use super::{Counted, Openings, Place, Publication, Published, Tie, protect};
use crate::domain::definition::Cell;
use crate::domain::half_year::HalfYear;

/// A stated count that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// Of whom, and of what.
    pub place: Place,
    /// The teams of whose counts it tells something that does not stand beside it.
    pub open: BTreeSet<String>,
}

/// Teams of which totals tell what they have together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The teams.
    pub teams: BTreeSet<String>,
    /// What is told of them beside that.
    pub told: Counted,
    /// What the totals leave for them.
    pub left: Counted,
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
    /// The teams that have not what it states.
    pub groups: Vec<Group>,
    /// What was reported or stated of each team.
    pub typed: Seen,
    /// What is counted from records of each team.
    pub counted: Seen,
}

impl Group {
    /// What is told of them and what is left. That cannot be less than nobody: where it is,
    /// readers know that a number is wrong.
    fn counted(&self) -> Counted {
        let left = self.left.iter().filter(|(_, count)| **count >= 0);
        let left = left.map(|(cell, count)| (cell.clone(), *count));
        self.told.clone().into_iter().chain(left).collect()
    }
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
        let few = self.groups.iter().flat_map(|group| self.few(threshold, group, others));
        let few: BTreeSet<Cell> = few.collect();
        let few = self.totals.iter().filter(|total| few.contains(&total.place.cell));
        let few: BTreeSet<Place> = few.map(|total| total.place.clone()).collect();
        &few | &self.leading(others)
    }

    /// The cells of which totals may not leave what they do: what is left is protected as if
    /// the teams together had reported it, beside what is told of them.
    fn few(&self, threshold: Threshold, group: &Group, others: &[Self]) -> BTreeSet<Cell> {
        let subject = group.teams.iter().cloned().collect::<Vec<_>>().join(" ");
        let of = |version: usize, counted: Counted| Publication {
            version: i64::try_from(version).unwrap_or(i64::MAX),
            period: self.period,
            teams: BTreeMap::from([(subject.clone(), counted)]),
            whole: (String::new(), BTreeSet::new()),
            sums: BTreeMap::new(),
            summed: BTreeSet::new(),
            ties: self.ties.clone(),
            openings: Openings::new(),
        };
        let of_period = others.iter().filter(|other| other.period == self.period);
        let same = of_period.flat_map(|other| &other.groups);
        let same = same.filter(|other| other.teams == group.teams).map(Group::counted);
        let told: Vec<Counted> = same.chain([group.told.clone()]).collect();
        let earlier = told.into_iter().enumerate().map(|(version, counted)| Published {
            publication: of(version, counted),
            hidden: BTreeSet::new(),
        });
        let earlier: Vec<Published> = earlier.collect();
        let counted = group.counted();
        let implied = self.implied(&counted);
        let all = || group.left.keys().cloned().collect();
        let known: Counted = counted.into_iter().chain(implied.clone()).collect();
        if self.bounds_few(threshold, &known) {
            return all();
        }
        match protect(threshold, &earlier, &of(earlier.len(), known)) {
            Ok(protected) => {
                let hidden = protected.hidden().into_iter().map(|place| place.cell);
                let hidden: BTreeSet<Cell> = hidden.collect();
                // What nobody stated cannot be hidden either, only what it follows from.
                if hidden.iter().any(|cell| implied.contains_key(cell)) {
                    return all();
                }
                hidden.into_iter().filter(|cell| group.left.contains_key(cell)).collect()
            }
            Err(NothingCanBeTold) => all(),
        }
    }

    /// True when readers know of a count that stands nowhere that it is too small.
    fn bounds_few(&self, threshold: Threshold, known: &Counted) -> bool {
        let least =
            |cell: &Cell| self.ties.iter().map(|tie| tie.least(cell, known)).max().unwrap_or(0);
        let cells = self.cells();
        let mut most = self.ties.iter().flat_map(|tie| tie.most(known, &cells, least));
        most.any(|(_, most)| threshold.is_small(most))
    }

    /// What follows from counts by what readers know of the figures, and is not among them.
    fn implied(&self, counted: &Counted) -> Counted {
        let cells = self.cells();
        let mut known = counted.clone();
        while let Some((cell, count)) = self.ties.iter().find_map(|tie| tie.implied(&known, &cells))
        {
            known.insert(cell, count);
        }
        known.retain(|cell, _| !counted.contains_key(cell));
        known
    }

    /// Every cell that stands somewhere, or that readers know of.
    fn cells(&self) -> BTreeSet<&Cell> {
        let seen = [&self.typed, &self.counted].into_iter();
        let seen = seen.flat_map(|seen| seen.told.iter().chain(&seen.hidden));
        let seen = seen.chain(self.totals.iter().map(|total| &total.place));
        seen.map(|place| &place.cell).chain(self.ties.iter().flat_map(Tie::named)).collect()
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
            for Total { place, open } in &self.totals {
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
