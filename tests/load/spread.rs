//! The spread of a few measurements.

/// The middle of the values; of an even number of them the upper middle. 0 for
/// none.
pub(crate) fn median(values: &[f64]) -> f64 {
    at(values, 0.5)
}

/// The value that a share of the values lies below. 0 for none.
pub(crate) fn at(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index into a short list"
    )]
    let index = (sorted.len() as f64 * share) as usize;
    sorted.get(index.min(last)).copied().unwrap_or_default()
}

/// Smallest, median and largest.
pub(crate) fn range(values: &[f64]) -> (f64, f64, f64) {
    (at(values, 0.0), median(values), at(values, 1.0))
}
