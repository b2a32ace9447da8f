//! Money in whole öre.

use std::fmt;

/// An amount in öre, which may be negative. Arithmetic never wraps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ore(i64);

impl Ore {
    /// Nothing.
    pub const ZERO: Ore = Ore(0);

    /// An amount of so many öre.
    #[must_use]
    pub const fn new(ore: i64) -> Self {
        Self(ore)
    }

    /// The number of öre.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, or `None` when it does not fit.
    #[must_use]
    pub fn plus(self, other: Ore) -> Option<Ore> {
        self.0.checked_add(other.0).map(Ore)
    }

    /// The difference, or `None` when it does not fit.
    #[must_use]
    pub fn minus(self, other: Ore) -> Option<Ore> {
        self.0.checked_sub(other.0).map(Ore)
    }

    /// The sum of many, or `None` when it does not fit.
    #[must_use]
    pub fn sum(amounts: impl IntoIterator<Item = Ore>) -> Option<Ore> {
        amounts.into_iter().try_fold(Ore::ZERO, Ore::plus)
    }

    /// Splits into `parts` amounts that differ by at most one öre and sum to
    /// the whole; the larger ones come first. No parts give no amounts.
    #[must_use]
    pub fn split(self, parts: u32) -> Vec<Ore> {
        if parts == 0 {
            return Vec::new();
        }
        let count = i64::from(parts);
        let (share, rest) = (self.0.div_euclid(count), self.0.rem_euclid(count));
        (0..count).map(|part| Ore(share + i64::from(part < rest))).collect()
    }
}

impl fmt::Display for Ore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_parts_of_a_split_sum_to_the_whole(whole in any::<i64>(), parts in 1_u32..500) {
            let split = Ore::new(whole).split(parts);
            let sum: i128 = split.iter().map(|part| i128::from(part.get())).sum();
            prop_assert_eq!(sum, i128::from(whole));
            let (largest, smallest) = (split.iter().max().unwrap(), split.iter().min().unwrap());
            prop_assert!(largest.get().abs_diff(smallest.get()) <= 1);
        }
    }

    #[test]
    fn a_sum_that_does_not_fit_is_told_not_wrapped() {
        assert_eq!(Ore::new(i64::MAX).plus(Ore::new(1)), None);
        assert_eq!(Ore::sum([Ore::new(i64::MIN), Ore::new(-1)]), None);
    }
}
