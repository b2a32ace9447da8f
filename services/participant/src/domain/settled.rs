//! When counts of people may leave the parties that own them, and which: those of a
//! half-year as they were known on one day, and of the groups in which nobody can be told
//! apart.
//!
//! Everybody who asks gets the same numbers, whenever it is: what is recorded later
//! changes nothing, so that nobody learns of one person from the difference of two
//! answers; nor does the disposal of people, who count on for whole months. What is hidden
//! and what is shown stands in [`shown`]. Exits are counted as they were known at one
//! moment, whatever is told of them: an exit that is registered late is in none of it.
//!
//! The released tables count some of the same people, exactly, and hide what could be
//! computed from them. A number from here beside them would be one more term of their
//! sums. So none leaves as it is: all are [`rounded`] to multiples of the threshold, and
//! shares are those of the rounded numbers, which add up. (Entering all of it in the ledger
//! of the tables would tell exact numbers and fewer of them; and n and base are shown with
//! every result.) What remains: that a team is told at all says that none of its groups is
//! small.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Days, NaiveDate};
use disclosure::Threshold;
use values::Period;

/// How long late entries are waited for.
const LATE: Days = Days::new(30);

/// True for January to June and July to December.
#[must_use]
pub fn is_half_year(period: Period) -> bool {
    let (first, last) = (period.first_day(), period.last_day());
    let ends = |day: NaiveDate| (day.month(), day.day());
    first.year() == last.year()
        && matches!((ends(first), ends(last)), ((1, 1), (6, 30)) | ((7, 1), (12, 31)))
}

/// The first day on which counts that are complete after a day are told: as known when
/// it begins.
#[must_use]
pub fn settled_on(last_day: NaiveDate) -> NaiveDate {
    last_day.checked_add_days(LATE).unwrap_or(NaiveDate::MAX)
}

/// A number as it is told: the nearest multiple of the threshold, half up. What is 0 or not
/// small stays so.
#[must_use]
pub fn rounded(threshold: Threshold, number: i64) -> i64 {
    let step = threshold.value();
    (2 * number + step).div_euclid(2 * step) * step
}

/// Which groups are shown, and whether their total is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown<K> {
    /// The groups.
    pub groups: BTreeSet<K>,
    /// True when the total of all groups is shown.
    pub is_total: bool,
}

/// Which of several groups of people can be shown beside their total. Each is divided
/// alike, and is shown with all its counts or not at all.
///
/// A group with a count from 1 to below the threshold is hidden. What is hidden together
/// can be computed from the total; so more groups are hidden, the smallest first, until no
/// count of that is small, or else the total is.
///
/// The promise: whatever is small in a hidden group could as well be all that is hidden
/// of its kind, which is the threshold or more.
#[must_use]
pub fn shown<K: Ord + Clone>(threshold: Threshold, groups: &BTreeMap<K, Vec<i64>>) -> Shown<K> {
    let is_told = |counts: &[i64]| !counts.iter().any(|count| threshold.is_small(*count));
    let (mut told, hidden): (Vec<_>, Vec<_>) =
        groups.iter().partition(|(_, counts)| is_told(counts));
    let mut rest = sum(hidden.iter().map(|(_, counts)| counts.as_slice()));
    told.sort_by_key(|(key, counts)| (std::cmp::Reverse(counts.iter().sum::<i64>()), *key));
    while !is_told(&rest) {
        let Some((_, counts)) = told.pop() else { break };
        rest = sum([rest.as_slice(), counts.as_slice()]);
    }
    let groups = told.into_iter().map(|(key, _)| key.clone()).collect();
    Shown { groups, is_total: is_told(&rest) }
}

/// Counts of several groups together.
pub fn sum<'a>(groups: impl IntoIterator<Item = &'a [i64]>) -> Vec<i64> {
    let mut total: Vec<i64> = Vec::new();
    for counts in groups {
        total.resize(total.len().max(counts.len()), 0);
        for (sum, count) in total.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const T: Threshold = Threshold::DEFAULT;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, month, day).unwrap()
    }

    #[test]
    fn a_half_year_is_january_to_june_or_july_to_december() {
        for (first, last, is_one) in [
            (day(1, 1), day(6, 30), true),
            (day(7, 1), day(12, 31), true),
            (day(1, 1), day(12, 31), false),
            (day(1, 2), day(6, 30), false),
            (day(7, 1), day(12, 30), false),
        ] {
            assert_eq!(is_half_year(Period::new("", first, last).unwrap()), is_one, "{first}");
        }
        assert_eq!(settled_on(day(6, 30)), day(7, 30));
    }

    #[test]
    fn a_small_group_takes_the_smallest_other_with_it_or_the_total() {
        let of = |groups: &[(&'static str, &[i64])]| {
            let groups = groups.iter().map(|(key, counts)| (*key, counts.to_vec())).collect();
            let Shown { groups, is_total } = shown(T, &groups);
            (groups.into_iter().collect::<Vec<_>>(), is_total)
        };
        assert_eq!(of(&[]), (vec![], true));
        assert_eq!(of(&[("a", &[5, 0]), ("b", &[7, 9])]), (vec!["a", "b"], true));
        assert_eq!(of(&[("a", &[4, 9])]), (vec![], false));
        assert_eq!(of(&[("a", &[2, 9]), ("b", &[3, 9])]), (vec![], true), "five and eighteen");
        let three = [("a", &[2, 9][..]), ("b", &[8, 9]), ("c", &[6, 9])];
        assert_eq!(of(&three), (vec!["b"], true), "the smallest goes along");
        assert_eq!(of(&[("a", &[2, 0]), ("b", &[0, 9])]), (vec![], false), "none is enough");
    }

    #[test]
    fn numbers_are_told_to_the_nearest_multiple_of_the_threshold() {
        for (number, told) in [(0, 0), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (100, 100)] {
            assert_eq!(rounded(T, number), told, "{number}");
        }
        let ten = Threshold::new("", 10).unwrap();
        assert_eq!([14, 15, 24].map(|number| rounded(ten, number)), [10, 20, 20]);
    }

    proptest! {
        #[test]
        fn a_rounded_number_is_small_only_when_it_was(number in 0_i64..10_000, step in 3..=100) {
            let threshold = Threshold::new("", step).unwrap();
            let told = rounded(threshold, number);
            prop_assert!((told - number).abs() * 2 <= threshold.value());
            prop_assert_eq!(told == 0, number * 2 < threshold.value());
            prop_assert_eq!(rounded(threshold, told), told);
        }

        /// The world in which one hidden group is all that is hidden is equal in all that
        /// is shown.
        #[test]
        fn whatever_is_small_could_be_the_threshold_or_more(
            counts in prop::collection::vec(prop::collection::vec(0_i64..12, 3), 0..8)
        ) {
            let groups: BTreeMap<usize, Vec<i64>> = counts.into_iter().enumerate().collect();
            let Shown { groups: told, is_total } = shown(T, &groups);
            let hidden: Vec<&Vec<i64>> =
                groups.iter().filter(|(key, _)| !told.contains(key)).map(|(_, c)| c).collect();
            for key in &told {
                prop_assert!(groups[key].iter().all(|count| !T.is_small(*count)));
            }
            if is_total {
                let rest = sum(hidden.iter().map(|counts| counts.as_slice()));
                for (place, all) in rest.iter().enumerate() {
                    let is_hiding = hidden.iter().any(|counts| T.is_small(counts[place]));
                    prop_assert!(!is_hiding || *all >= T.value());
                }
            }
        }
    }
}
