//! The ledger of released tables: what a new table may tell beside all that was given
//! out before.
//!
//! All tables are put into one system. Where nothing changed between two versions, the
//! counts of both are one; where something did, the difference of the two is a count
//! like any other, and is held to the same rule.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Threshold,
    protect::{Unproven, audit, protect},
    system::{Number, Sum, System},
};

/// What hiding a number costs: cells with people are hidden rather than zeros, and
/// cells rather than totals.
const CELL: u64 = 10;
const ZERO: u64 = 25;

/// No pattern is found that keeps what the earlier tables hide, not even hiding the new
/// one whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NothingCanBeTold;

/// The counts behind tables, as known at each version of them.
pub trait World {
    /// Names a count: of those whom no table in question tells apart.
    type Term: Ord + Clone;

    /// How many it counts at a version.
    fn value(&self, version: i64, term: &Self::Term) -> i64;

    /// False for a count that a version says nothing of; its value is not asked for.
    fn counts(&self, _version: i64, _term: &Self::Term) -> bool {
        true
    }

    /// True for a count that nobody has: its value is one that it can have.
    fn is_guessed(&self, _term: &Self::Term) -> bool {
        false
    }

    /// What readers know of the counts whatever is hidden: sums of them, each with its
    /// sign.
    fn rules(&self, version: i64) -> Vec<Vec<(Self::Term, i64)>>;
}

/// A table: at each place a number, which sums counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<P: Ord, T: Ord> {
    /// As known at this version.
    pub version: i64,
    /// The numbers.
    pub numbers: BTreeMap<P, Summed<T>>,
}

/// What a number sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summed<T: Ord> {
    /// The counts.
    pub terms: BTreeSet<T>,
    /// True for what sums others of the table.
    pub is_total: bool,
}

/// A table that was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released<P: Ord, T: Ord> {
    /// The table.
    pub table: Table<P, T>,
    /// What was hidden in it, which is enough, because the counts are kept.
    pub hidden: BTreeSet<P>,
}

/// A table that can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protected<P: Ord> {
    /// Every number; none for what is hidden. A cell that is not here, and a cell
    /// that is shown to be 0, are the same to a reader: whoever leaves the one out
    /// leaves out the other.
    pub numbers: BTreeMap<P, Option<i64>>,
    /// Those that could be shown if no other table had been given out: what would
    /// reveal a small count beside those.
    pub would_reveal: BTreeSet<P>,
}

impl<P: Ord + Clone> Protected<P> {
    /// What is hidden.
    #[must_use]
    pub fn hidden(&self) -> BTreeSet<P> {
        let hidden = self.numbers.iter().filter(|(_, value)| value.is_none());
        hidden.map(|(place, _)| place.clone()).collect()
    }
}

/// A new table, and all that was given out before it, as one system.
pub struct Ledger<P: Ord> {
    system: System,
    /// The new table's numbers' places.
    places: Vec<P>,
}

/// What was given out before a table.
pub enum Before<P: Ord> {
    /// Nothing.
    Nothing,
    /// The very same table, with this hidden.
    Same(BTreeSet<P>),
    /// Other tables.
    Others(Ledger<P>),
}

/// A table with enough hidden that no small count can be told from it and all that was
/// given out before.
///
/// The same table has the same numbers hidden every time.
///
/// # Errors
/// When nothing of it can be told.
pub fn beside<P: Ord + Clone>(
    threshold: Threshold,
    alone: &Ledger<P>,
    before: &Before<P>,
) -> Result<Protected<P>, NothingCanBeTold> {
    let (own, all) = match before {
        Before::Same(hidden) => (hidden.clone(), hidden.clone()),
        Before::Nothing => {
            let own = alone.hide(threshold, &BTreeSet::new())?;
            (own.clone(), own)
        }
        Before::Others(joint) => {
            let own = alone.hide(threshold, &BTreeSet::new())?;
            // With all of it hidden it tells nothing, whether or not that is seen to be
            // needed.
            let all = joint.hide(threshold, &own);
            let all = all.unwrap_or_else(|NothingCanBeTold| joint.places.iter().cloned().collect());
            (own, all)
        }
    };
    let value = |(place, number): (&P, &Number)| {
        let value = number.sum.value(&alone.system.counts);
        (place.clone(), (!all.contains(place)).then_some(value))
    };
    let mut numbers: BTreeMap<P, Option<i64>> =
        alone.places.iter().zip(&alone.system.numbers).map(value).collect();
    // Nobody is in a cell that only other tables have, and that may have to be hidden.
    numbers.extend(all.iter().map(|place| (place.clone(), None)));
    Ok(Protected { numbers, would_reveal: &all - &own })
}

impl<P: Ord + Clone> Ledger<P> {
    /// Puts the system together.
    pub fn new<W: World>(
        threshold: Threshold,
        world: &W,
        earlier: &[Released<P, W::Term>],
        table: &Table<P, W::Term>,
    ) -> Self {
        let mut builder = Builder {
            world,
            system: System::default(),
            counts: BTreeMap::new(),
            told: BTreeMap::new(),
        };
        for Released { table: Table { version, numbers }, hidden } in earlier {
            for (place, summed) in numbers {
                let sum = builder.number(*version, &summed.terms);
                if !hidden.contains(place) {
                    builder.system.known.insert(sum);
                }
            }
        }
        let mut places = Vec::new();
        for (place, summed) in &table.numbers {
            let sum = builder.number(table.version, &summed.terms);
            let cost = cost(summed, sum.value(&builder.system.counts));
            builder.system.numbers.push(Number { sum, cost });
            places.push(place.clone());
        }
        let earlier = earlier.iter().map(|released| released.table.version);
        let versions: BTreeSet<i64> = earlier.chain([table.version]).collect();
        builder.keep_books(&versions);
        builder.compare(threshold, &versions);
        Self { system: builder.system, places }
    }

    /// True when it is proved that no small count can be told from all of the tables with
    /// this hidden in the new one.
    #[must_use]
    pub fn is_safe(&self, threshold: Threshold, hidden: &BTreeSet<P>) -> bool {
        audit(&self.system, threshold, &self.indices(hidden)).is_empty()
    }

    fn hide(
        &self,
        threshold: Threshold,
        given: &BTreeSet<P>,
    ) -> Result<BTreeSet<P>, NothingCanBeTold> {
        match protect(&self.system, threshold, &self.indices(given)) {
            Ok(hidden) => Ok(hidden.into_iter().map(|i| self.places[i].clone()).collect()),
            Err(Unproven(_)) => Err(NothingCanBeTold),
        }
    }

    fn indices(&self, those: &BTreeSet<P>) -> BTreeSet<usize> {
        let places = self.places.iter().enumerate();
        places.filter(|(_, place)| those.contains(place)).map(|(index, _)| index).collect()
    }
}

fn cost<T: Ord>(summed: &Summed<T>, value: i64) -> u64 {
    let terms = u64::try_from(summed.terms.len()).unwrap_or(u64::MAX / CELL);
    match (summed.is_total, value) {
        (true, _) => CELL * (terms + 3),
        (false, 0) => ZERO,
        (false, _) => CELL,
    }
}

/// Puts the system together. A term that has the same value at two versions is one
/// count.
struct Builder<'a, W: World> {
    world: &'a W,
    system: System,
    counts: BTreeMap<(W::Term, i64), usize>,
    /// What each number sums, with the versions it was asked for at.
    told: BTreeMap<BTreeSet<W::Term>, BTreeSet<i64>>,
}

impl<W: World> Builder<'_, W> {
    fn count(&mut self, version: i64, term: &W::Term) -> usize {
        let value = self.world.value(version, term);
        let next = self.system.counts.len();
        let count = *self.counts.entry((term.clone(), value)).or_insert(next);
        if count == next {
            self.system.counts.push(value);
            if self.world.is_guessed(term) {
                self.system.guessed.insert(count);
            }
        }
        count
    }

    fn number(&mut self, version: i64, terms: &BTreeSet<W::Term>) -> Sum {
        self.told.entry(terms.clone()).or_default().insert(version);
        self.sum(version, terms)
    }

    fn sum(&mut self, version: i64, terms: &BTreeSet<W::Term>) -> Sum {
        Sum::of(terms.iter().map(|term| (self.count(version, term), 1)).collect::<Vec<_>>())
    }

    /// Adds the rules of book-keeping that tie a count of a table to others, and those that
    /// tie these to more. None of them is beside the point: what no table tells of and did not
    /// change between two versions carries what one tells to the other.
    fn keep_books(&mut self, versions: &BTreeSet<i64>) {
        for version in versions {
            let mut rules = self.world.rules(*version);
            loop {
                let left = rules.len();
                rules.retain(|rule| !self.keep_book(*version, rule));
                if rules.len() == left {
                    break;
                }
            }
        }
    }

    /// Adds a rule, and says whether it does.
    fn keep_book(&mut self, version: i64, rule: &[(W::Term, i64)]) -> bool {
        // What nobody has is in no table, and yet ties what is.
        let is_known = |(term, _): &(W::Term, i64)| {
            self.world.is_guessed(term)
                || self.counts.contains_key(&(term.clone(), self.world.value(version, term)))
        };
        if !rule.iter().any(is_known) {
            return false;
        }
        let terms = rule.iter().map(|(term, sign)| (self.count(version, term), *sign));
        let sum = Sum::of(terms.collect::<Vec<_>>());
        self.system.known.insert(sum);
        true
    }

    /// Makes each small difference between two versions a count: of what a number
    /// sums, and of what all numbers are made of.
    ///
    /// A number that was not asked for at a version may follow from others that were: that
    /// of a half-year from those of the year and of the other half.
    fn compare(&mut self, threshold: Threshold, versions: &BTreeSet<i64>) {
        let mut pairs: BTreeSet<(Sum, Sum)> = BTreeSet::new();
        let mut implied: BTreeSet<(Sum, Sum)> = BTreeSet::new();
        let told = std::mem::take(&mut self.told);
        let told_of: BTreeSet<&W::Term> = told.keys().flatten().collect();
        for (terms, asked_at) in &told {
            let asked: BTreeSet<Sum> =
                asked_at.iter().map(|version| self.sum(*version, terms)).collect();
            pairs.extend(ordered_pairs(&asked));
            let following = versions.iter().filter(|version| self.has_all(**version, terms));
            let following: Vec<i64> = following.copied().collect();
            let all = following.into_iter().map(|version| self.sum(version, terms));
            implied.extend(ordered_pairs(&all.chain(asked).collect()));
        }
        let mut versions: BTreeMap<&W::Term, BTreeSet<Sum>> = BTreeMap::new();
        let counts = self.counts.iter();
        // What stands for a count that nobody has need not be what it was.
        for ((term, _), count) in counts.filter(|((term, _), _)| !self.world.is_guessed(term)) {
            versions.entry(term).or_default().insert(Sum::of([(*count, 1)]));
        }
        for (term, sums) in &versions {
            let is_told = told_of.contains(term);
            let pairs = if is_told { &mut pairs } else { &mut implied };
            pairs.extend(ordered_pairs(sums));
        }
        implied.retain(|pair| !pairs.contains(pair));
        for (one, other) in pairs {
            self.add_difference(threshold, &one, &other);
        }
        for (one, other) in implied {
            let count = self.add_difference(threshold, &one, &other);
            self.system.implied.extend(count);
        }
    }

    /// True when something is known of every one of these counts at a version.
    fn has_all(&self, version: i64, terms: &BTreeSet<W::Term>) -> bool {
        terms.iter().all(|term| {
            self.world.counts(version, term)
                && self.counts.contains_key(&(term.clone(), self.world.value(version, term)))
        })
    }

    /// Makes a small difference a count, and says which.
    fn add_difference(&mut self, threshold: Threshold, one: &Sum, other: &Sum) -> Option<usize> {
        let values = [one, other].map(|sum| sum.value(&self.system.counts));
        let difference = values[0].abs_diff(values[1]).cast_signed();
        if !threshold.is_small(difference) {
            return None;
        }
        let (more, less) = if values[0] > values[1] { (one, other) } else { (other, one) };
        let count = self.system.counts.len();
        self.system.counts.push(difference);
        let taken_away = less.terms().iter().map(|(count, sign)| (*count, -sign));
        let terms = more.terms().iter().copied().chain(taken_away).chain([(count, -1)]);
        self.system.known.insert(Sum::of(terms));
        Some(count)
    }
}

fn ordered_pairs(sums: &BTreeSet<Sum>) -> Vec<(Sum, Sum)> {
    let pair = |(place, one): (usize, &Sum)| -> Vec<(Sum, Sum)> {
        sums.iter().skip(place + 1).map(|other| (one.clone(), other.clone())).collect()
    };
    sums.iter().enumerate().flat_map(pair).collect()
}
