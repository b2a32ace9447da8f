//! Amounts that may also take back: a payment, a cost.

use values::Ore;

use super::ledger::LARGEST_AMOUNT;

/// An amount that is not 0, and no larger than [`LARGEST_AMOUNT`] in either
/// direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignedAmount(Ore);

/// Why an amount is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedAmountFault {
    /// It is nothing.
    Zero,
    /// It is more than [`LARGEST_AMOUNT`], or less than minus it.
    TooLarge(Ore),
}

impl SignedAmount {
    /// Checks the limits.
    ///
    /// # Errors
    /// The limit that is passed.
    pub fn new(ore: Ore) -> Result<Self, SignedAmountFault> {
        if ore == Ore::ZERO {
            return Err(SignedAmountFault::Zero);
        }
        if ore.get().unsigned_abs() > LARGEST_AMOUNT.get().unsigned_abs() {
            return Err(SignedAmountFault::TooLarge(ore));
        }
        Ok(Self(ore))
    }

    /// The amount in öre.
    #[must_use]
    pub const fn ore(self) -> Ore {
        self.0
    }

    /// True when it takes back.
    #[must_use]
    pub fn takes_back(self) -> bool {
        self.0 < Ore::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_may_take_back_but_is_never_nothing_or_beyond_what_is_booked() {
        let largest = LARGEST_AMOUNT.get();
        for (ore, fault) in [
            (1, None),
            (-1, None),
            (largest, None),
            (-largest, None),
            (0, Some(SignedAmountFault::Zero)),
            (largest + 1, Some(SignedAmountFault::TooLarge(Ore::new(largest + 1)))),
            (i64::MIN, Some(SignedAmountFault::TooLarge(Ore::new(i64::MIN)))),
        ] {
            assert_eq!(SignedAmount::new(Ore::new(ore)).err(), fault, "{ore}");
        }
    }
}
