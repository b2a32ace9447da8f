//! Shares and pro-rata amounts, rounded half-up in whole numbers: no floating
//! point comes near a figure.

use crate::Ore;

/// `part` of `whole` in whole percent, half rounded up (away from zero below
/// it); `None` when `whole` is 0.
#[must_use]
pub fn percent(part: i64, whole: i64) -> Option<i64> {
    divide_half_up(i128::from(part) * 100, i128::from(whole))
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

fn divide_half_up(numerator: i128, denominator: i128) -> Option<i128> {
    if denominator == 0 {
        return None;
    }
    let sign = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    let (numerator, denominator) = (numerator.abs(), denominator.abs());
    Some(sign * ((2 * numerator + denominator) / (2 * denominator)))
}

#[cfg(test)]
mod tests {
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
    }

    #[test]
    fn a_pro_rata_amount_that_does_not_fit_is_told() {
        assert_eq!(pro_rata(Ore::new(i64::MAX), 12, 6), None);
        assert_eq!(pro_rata(Ore::new(587_300_000), 12, 6), Some(Ore::new(1_174_600_000)));
    }
}
