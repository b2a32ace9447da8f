//! What a person lives on, and how much of a full livelihood each part is.

use values::{Fault, Faults};

use super::code::Livelihood;

/// The livelihoods of one moment, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Livelihoods(Vec<(Livelihood, u8)>);

impl Livelihoods {
    /// Checks them: at least one, each once, extents of at most 100 percent where
    /// they are stated (0 is not stated).
    ///
    /// # Errors
    /// `LIVELIHOODS_MISSING`, `LIVELIHOOD_TWICE`, `EXTENT_OUT_OF_RANGE`.
    pub fn new(field: &str, shares: Vec<(Livelihood, i32)>) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        if shares.is_empty() {
            faults.push(Fault::new(field, "LIVELIHOODS_MISSING"));
        }
        let mut kept = Vec::with_capacity(shares.len());
        for (row, (livelihood, extent)) in shares.into_iter().enumerate() {
            if kept.iter().any(|(known, _)| *known == livelihood) {
                let fault = Fault::new(format!("{field}[{row}].livelihood"), "LIVELIHOOD_TWICE");
                faults.push(fault.with("livelihood", livelihood.name()));
            }
            match u8::try_from(extent) {
                Ok(percent) if percent <= 100 => kept.push((livelihood, percent)),
                Ok(_) | Err(_) => {
                    let at = format!("{field}[{row}].extent_percent");
                    faults.push(Fault::new(at, "EXTENT_OUT_OF_RANGE").with("value", extent));
                }
            }
        }
        faults.into_result(|| Some(Self(kept)))
    }

    /// Each, with its extent in percent; 0 when that is not stated.
    #[must_use]
    pub fn as_slice(&self) -> &[(Livelihood, u8)] {
        &self.0
    }

    /// The one that figures count: that of the largest extent, of equals the first.
    #[must_use]
    pub fn largest(&self) -> Livelihood {
        let mut largest = (Livelihood::NotStated, None);
        for (livelihood, extent) in &self.0 {
            if largest.1.is_none_or(|known| *extent > known) {
                largest = (*livelihood, Some(*extent));
            }
        }
        largest.0
    }

    /// True when one of them is among those given.
    #[must_use]
    pub fn has_any(&self, of: &[Livelihood]) -> bool {
        self.0.iter().any(|(livelihood, _)| of.contains(livelihood))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_counts_and_of_equals_the_first() {
        let of = |shares: &[(Livelihood, i32)]| Livelihoods::new("l", shares.to_vec()).unwrap();
        use Livelihood::{Salary, SicknessBenefit, SocialAssistance};
        assert_eq!(of(&[(SicknessBenefit, 25), (Salary, 75)]).largest(), Salary);
        assert_eq!(of(&[(SicknessBenefit, 50), (Salary, 50)]).largest(), SicknessBenefit);
        assert_eq!(of(&[(SocialAssistance, 0)]).largest(), SocialAssistance);
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let shares = vec![(Livelihood::Salary, 101), (Livelihood::None, 5), (Livelihood::None, -1)];
        let faults = Livelihoods::new("livelihoods", shares).unwrap_err();
        let told: Vec<_> = faults.as_slice().iter().map(|f| (f.field.as_str(), f.reason)).collect();
        assert_eq!(
            told,
            [
                ("livelihoods[0].extent_percent", "EXTENT_OUT_OF_RANGE"),
                ("livelihoods[2].livelihood", "LIVELIHOOD_TWICE"),
                ("livelihoods[2].extent_percent", "EXTENT_OUT_OF_RANGE"),
            ]
        );
        assert_eq!(
            Livelihoods::new("l", Vec::new()).unwrap_err().as_slice()[0].reason,
            "LIVELIHOODS_MISSING"
        );
    }
}
