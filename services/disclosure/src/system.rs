//! Counts and what is known of them, as plain linear algebra: where the counts come
//! from is not known here.

use std::collections::{BTreeMap, BTreeSet};

/// A sum of counts, each with its sign: +1 or −1. In order of the counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sum(Vec<(usize, i64)>);

impl Sum {
    /// Adds the terms up; a count that stands on both sides falls out.
    ///
    /// # Panics
    /// When a count stands there more than once, which no sum of people does.
    pub(crate) fn of(terms: impl IntoIterator<Item = (usize, i64)>) -> Self {
        let mut summed: BTreeMap<usize, i64> = BTreeMap::new();
        for (count, sign) in terms {
            *summed.entry(count).or_default() += sign;
        }
        summed.retain(|_, sign| *sign != 0);
        assert!(summed.values().all(|sign| sign.abs() == 1), "a count stands in a sum twice");
        Self(summed.into_iter().collect())
    }

    pub(crate) fn terms(&self) -> &[(usize, i64)] {
        &self.0
    }

    pub(crate) fn value(&self, counts: &[i64]) -> i64 {
        self.0.iter().map(|(count, sign)| sign * counts[*count]).sum()
    }
}

/// A number that a table tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    /// What it sums.
    pub(crate) sum: Sum,
    /// What hiding it costs the reader.
    pub(crate) cost: u64,
}

/// Counts of people, and the numbers that are known of them. Every count is whole and
/// at least 0, and every count is protected: whoever knows the numbers cannot tell of
/// any count, nor of any sum of counts, that it is above 0 and below the threshold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct System {
    /// The true counts.
    pub(crate) counts: Vec<i64>,
    /// Those that nobody has: what stands for them is one of the values that they can have.
    pub(crate) guessed: BTreeSet<usize>,
    /// Counts that no table was asked for, and that could follow from several: it is enough
    /// that they can be another number.
    pub(crate) implied: BTreeSet<usize>,
    /// What is known whatever is hidden now: book-keeping, and what was given out.
    pub(crate) known: BTreeSet<Sum>,
    /// What is told unless it is hidden.
    pub(crate) numbers: Vec<Number>,
}

/// How often the known sums are gone through for what a count can be at most: each time tells
/// more of what hangs together in a chain.
const ROUNDS: usize = 32;

/// What a count can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    least: i64,
    most: Option<i64>,
}

impl Range {
    /// The least and the most that it adds to a sum, with its sign.
    fn ends(self, sign: i64) -> [Option<i64>; 2] {
        let Range { least, most } = self;
        if sign > 0 { [Some(least), most] } else { [most.map(|most| -most), Some(-least)] }
    }
}

impl Sum {
    /// Narrows what each of its counts can be by what the others can be.
    fn narrow(&self, value: i64, ranges: &mut [Range]) {
        let ends: Vec<[Option<i64>; 2]> =
            self.0.iter().map(|(count, sign)| ranges[*count].ends(*sign)).collect();
        let totals = [0, 1].map(|end| {
            let finite: i64 = ends.iter().filter_map(|ends| ends[end]).sum();
            (finite, ends.iter().filter(|ends| ends[end].is_none()).count())
        });
        // What all others make at least, or at most.
        let others = |own: &[Option<i64>; 2], end: usize| match (totals[end], own[end]) {
            ((total, 0), Some(own)) => Some(total - own),
            ((total, 1), None) => Some(total),
            _ => None,
        };
        for ((count, sign), own) in self.0.iter().zip(&ends) {
            let [least, most] = [1, 0].map(|end| others(own, end).map(|others| value - others));
            let [least, most] = if *sign > 0 {
                [least, most]
            } else {
                [most, least].map(|end| end.map(|end| -end))
            };
            let range = &mut ranges[*count];
            range.least = range.least.max(least.unwrap_or(0));
            range.most = [range.most, most].into_iter().flatten().min();
        }
    }
}

/// What is known of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Its value, whatever is hidden now.
    Known,
    /// Its value, but it can be hidden at a cost.
    Shown(u64),
    /// Nothing.
    Hidden,
}

/// The system by its sums and by its counts: the known sums first, then the numbers.
pub(crate) struct Net {
    pub(crate) sums: Vec<Sum>,
    pub(crate) standing: Vec<Standing>,
    /// The sums that a count stands in, with its sign.
    pub(crate) of_count: Vec<Vec<(usize, i64)>>,
    numbers_from: usize,
}

impl Net {
    pub(crate) fn new(system: &System, hidden: &BTreeSet<usize>) -> Self {
        let System { counts, known, numbers, guessed: _, implied: _ } = system;
        let mut sums: Vec<Sum> = known.iter().cloned().collect();
        let mut standing = vec![Standing::Known; sums.len()];
        let numbers_from = sums.len();
        for (index, number) in numbers.iter().enumerate() {
            sums.push(number.sum.clone());
            standing.push(if hidden.contains(&index) {
                Standing::Hidden
            } else {
                Standing::Shown(number.cost)
            });
        }
        let mut of_count = vec![Vec::new(); counts.len()];
        for (index, sum) in sums.iter().enumerate() {
            for (count, sign) in sum.terms() {
                of_count[*count].push((index, *sign));
            }
        }
        Self { sums, standing, of_count, numbers_from }
    }

    /// The most that each count can be by the sums that are not hidden, none without end: at
    /// least as many as it can be, because no two sums are seen together.
    pub(crate) fn most(&self, counts: &[i64]) -> Vec<Option<i64>> {
        let seen = self.sums.iter().zip(&self.standing);
        let seen = seen.filter(|(_, standing)| **standing != Standing::Hidden);
        let seen: Vec<(&Sum, i64)> = seen.map(|(sum, _)| (sum, sum.value(counts))).collect();
        let mut ranges = vec![Range { least: 0, most: None }; counts.len()];
        for _ in 0..ROUNDS {
            let before = ranges.clone();
            for (sum, value) in &seen {
                sum.narrow(*value, &mut ranges);
            }
            if ranges == before {
                break;
            }
        }
        ranges.into_iter().map(|range| range.most).collect()
    }

    pub(crate) fn set(&mut self, number: usize, standing: Standing) {
        self.standing[self.numbers_from + number] = standing;
    }

    /// Hides a sum, which is a number.
    pub(crate) fn hide_sum(&mut self, sum: usize) {
        assert!(sum >= self.numbers_from, "what is known cannot be hidden");
        self.standing[sum] = Standing::Hidden;
    }

    /// The numbers that are hidden.
    pub(crate) fn hidden(&self) -> BTreeSet<usize> {
        let numbers = self.standing[self.numbers_from..].iter().enumerate();
        numbers.filter(|(_, standing)| **standing == Standing::Hidden).map(|(i, _)| i).collect()
    }

    /// The numbers that a count stands in.
    pub(crate) fn numbers_of(&self, count: usize) -> impl Iterator<Item = usize> + '_ {
        let sums = self.of_count[count].iter();
        sums.filter_map(|(sum, _)| sum.checked_sub(self.numbers_from))
    }
}
