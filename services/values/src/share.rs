//! Shares and pro-rata amounts, rounded half-up in whole numbers: no floating
//! point comes near a figure.

use crate::Ore;

/// `part` of `whole` in whole percent, half rounded up (away from zero below
/// it); `None` when `whole` is 0.
#[must_use]
pub fn percent(part: i64, whole: i64) -> Option<i64> {
    share_of(part, whole, 100)
}

/// The same in tenths of a percent.
#[must_use]
pub fn permille(part: i64, whole: i64) -> Option<i64> {
    share_of(part, whole, 1000)
}

fn share_of(part: i64, whole: i64, parts: i128) -> Option<i64> {
    divide_half_up(i128::from(part) * parts, i128::from(whole))
        .map(|share| i64::try_from(share).unwrap_or(if share < 0 { i64::MIN } else { i64::MAX }))
}

/// `amount × numerator / denominator` in whole öre, half rounded up; `None`
/// when the denominator is 0 or the result does not fit.
#[must_use]
pub fn pro_rata(amount: Ore, numerator: i64, denominator: i64) -> Option<Ore> {
    let product = i128::from(amount.get()).checked_mul(i128::from(numerator))?;
    let quotient = divide_half_up(product, i128::from(denominator))?;
    i64::try_from(quotient).ok().map(Ore::new)
}

/// Splits an amount in proportion to weights, in whole öre: the parts sum to the
/// amount. What whole öre leave over goes to the parts that lost most by it, the
/// first of equals first. `None` for an amount below zero, without weights, with a
/// weight below zero, or when they sum to zero.
#[must_use]
pub fn split(amount: Ore, weights: &[i64]) -> Option<Vec<Ore>> {
    let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if total == 0 || amount < Ore::ZERO || weights.iter().any(|weight| *weight < 0) {
        return None;
    }
    let whole = i128::from(amount.get());
    let product = |weight: &i64| whole * i128::from(*weight);
    let mut parts: Vec<i128> = weights.iter().map(|weight| product(weight) / total).collect();
    let left_over = whole - parts.iter().sum::<i128>();
    let mut by_loss: Vec<usize> = (0..parts.len()).collect();
    by_loss.sort_by_key(|index| std::cmp::Reverse(product(&weights[*index]) % total));
    for index in by_loss.into_iter().take(usize::try_from(left_over).ok()?) {
        parts[index] += 1;
    }
    parts.into_iter().map(|part| i64::try_from(part).ok().map(Ore::new)).collect()
}

/// A quotient in whole numbers, half rounded up (away from zero below it); `None` when the
/// denominator is 0.
#[must_use]
pub fn divide_half_up(numerator: i128, denominator: i128) -> Option<i128> {
    if denominator == 0 {
        return None;
    }
    let sign = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    let (numerator, denominator) = (numerator.abs(), denominator.abs());
    Some(sign * ((2 * numerator + denominator) / (2 * denominator)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_a_percent_is_rounded_up() {
        for (part, whole, expected) in [
            (1, 200, 1),
            (122, 195, 63),
            (937, 1550, 60),
            (0, 5, 0),
            (-1, 200, -1),
            (5873, 13841, 42),
        ] {
            assert_eq!(percent(part, whole), Some(expected), "{part} of {whole}");
        }
        assert_eq!(percent(1, 0), None);
        assert_eq!((permille(1, 3), permille(1, 2000), permille(1, 0)), (Some(333), Some(1), None));
    }

    proptest! {
        #[test]
        fn the_parts_of_a_split_sum_to_the_whole_and_are_off_by_less_than_an_ore(
            amount in 0_i64..=1_000_000_000_000_000,
            weights in prop::collection::vec(0_i64..=1_000_000_000, 1..40),
        ) {
            let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            let parts = split(Ore::new(amount), &weights);
            prop_assert_eq!(parts.is_none(), total == 0);
            for (part, weight) in parts.iter().flatten().zip(&weights) {
                let exact = i128::from(amount) * i128::from(*weight);
                let off = i128::from(part.get()) * total - exact;
                prop_assert!(off.abs() < total, "{off} of {total}");
            }
            if let Some(parts) = parts {
                prop_assert_eq!(Ore::sum(parts), Some(Ore::new(amount)));
            }
        }
    }

    #[test]
    fn an_ore_that_is_left_over_goes_to_the_part_that_lost_most() {
        let split = |amount, weights: &[i64]| {
            let parts = super::split(Ore::new(amount), weights);
            parts.map(|parts| parts.into_iter().map(Ore::get).collect::<Vec<_>>())
        };
        assert_eq!(split(100, &[1, 1, 1]), Some(vec![34, 33, 33]));
        assert_eq!(split(10, &[3, 3, 1]), Some(vec![4, 4, 2]));
        assert_eq!(split(3, &[2, 1, 1]), Some(vec![1, 1, 1]));
        assert_eq!(split(-1, &[1]), None);
        assert_eq!(split(1, &[0]), None);
        assert_eq!(split(1, &[]), None);
    }

    #[test]
    fn a_pro_rata_amount_that_does_not_fit_is_told() {
        assert_eq!(pro_rata(Ore::new(i64::MAX), 12, 6), None);
        assert_eq!(pro_rata(Ore::new(587_300_000), 12, 6), Some(Ore::new(1_174_600_000)));
    }
}
