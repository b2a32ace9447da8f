//! Counts that nobody has, as they can be by what is known of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    protect::raised,
    search::Memory,
    system::{Net, Sum, System},
};

/// Counts of people with which each of these sums is what it is said to be; none when no such
/// counts are found, which need not mean that there are none.
///
/// Sums are filled one after the other, from nobody on: what a sum lacks comes in by moves
/// that keep those that are full, and overfill none.
///
/// # Panics
/// When a count stands in a sum twice.
#[must_use]
pub fn possible<T: Ord + Clone>(sums: &[(Vec<(T, i64)>, i64)]) -> Option<BTreeMap<T, i64>> {
    let terms: BTreeSet<&T> = sums.iter().flat_map(|(sum, _)| sum.iter().map(|(t, _)| t)).collect();
    let places: BTreeMap<&T, usize> = terms.into_iter().zip(0..).collect();
    let mut system = System { counts: vec![0; places.len()], ..System::default() };
    let mut unfilled = Vec::new();
    for (sum, value) in sums {
        let sign = if *value < 0 { -1 } else { 1 };
        let terms = sum.iter().map(|(term, own)| (places[term], own * sign));
        let mut terms: Vec<(usize, i64)> = terms.collect();
        if *value != 0 {
            let filled = system.counts.len();
            let lacking = filled + 1;
            system.counts.extend([0, value.abs()]);
            system.known.insert(Sum::of([(filled, 1), (lacking, 1)]));
            terms.push((filled, -1));
            unfilled.push((filled, value.abs()));
        }
        system.known.insert(Sum::of(terms));
    }
    for (filled, value) in unfilled {
        let net = &mut Net::new(&system, &BTreeSet::new());
        let memory = &mut Memory::new(net);
        system.counts = raised(&system, net, memory, (filled, value))?;
        system.known.insert(Sum::of([(filled, 1)]));
    }
    Some(places.into_iter().map(|(term, place)| (term.clone(), system.counts[place])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Sums = Vec<(Vec<(&'static str, i64)>, i64)>;

    fn is_kept(sums: &Sums, found: &BTreeMap<&str, i64>) -> bool {
        let value =
            |sum: &[(&str, i64)]| sum.iter().map(|(of, sign)| sign * found[of]).sum::<i64>();
        found.values().all(|count| *count >= 0) && sums.iter().all(|(sum, is)| value(sum) == *is)
    }

    #[test]
    fn counts_are_found_that_keep_every_sum() {
        let whole = [("all", 1), ("women", -1), ("men", -1)];
        let ages = [("all", 1), ("young", -1), ("old", -1)];
        let left = [("old", -1), ("women", 1)];
        let sums: Sums = vec![
            (vec![("young", 1)], 9),
            (vec![("all", 1)], 20),
            (whole.to_vec(), 0),
            (ages.to_vec(), 0),
            (left.to_vec(), -4),
        ];
        let found = possible(&sums).unwrap();
        assert!(is_kept(&sums, &found), "{found:?}");
        assert_eq!(found["men"], 13);
    }

    #[test]
    fn nothing_is_found_where_sums_contradict_each_other() {
        let whole = [("all", 1), ("women", -1), ("men", -1)];
        let sums = [(vec![("all", 1)], 20), (vec![("women", 1)], 21), (whole.to_vec(), 0)];
        assert_eq!(possible(&sums), None);
        assert_eq!(possible(&[(vec![("all", 1)], -1)]), None);
        assert_eq!(possible::<&str>(&[]), Some(BTreeMap::new()));
    }
}
