//! How much of a full-time post a position is, and who pays for which part of it.

use values::{Fault, Faults, name::PartyName};

/// Who pays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payer {
    /// The federation, from its own funds.
    Federation,
    /// A party, as co-financing.
    Party(PartyName),
}

/// An extent in percent, 1 to 100, whose payers' shares sum to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    fte_percent: i32,
    payers: Vec<(Payer, i32)>,
}

impl Extent {
    /// Checks an extent and its payers.
    ///
    /// # Errors
    /// `POSITION_PERCENT_OUT_OF_RANGE`, `PAYER_TWICE`, and `PAYERS_NOT_WHOLE` when the
    /// shares do not sum to the extent.
    pub fn new(fte_percent: i32, payers: Vec<(Payer, i32)>) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        faults.keep(percent("fte_percent".to_owned(), fte_percent));
        for (row, (payer, share)) in payers.iter().enumerate() {
            faults.keep(percent(format!("payers[{row}].fte_percent"), *share));
            if payers[..row].iter().any(|(earlier, _)| earlier == payer) {
                faults.push(Fault::new(format!("payers[{row}].party"), "PAYER_TWICE"));
            }
        }
        let sum: i64 = payers.iter().map(|(_, share)| i64::from(*share)).sum();
        if faults.is_empty() && sum != i64::from(fte_percent) {
            let fault = Fault::new("payers", "PAYERS_NOT_WHOLE");
            faults.push(fault.with("sum", sum).with("expected", fte_percent));
        }
        faults.into_result(|| Some(Self { fte_percent, payers }))
    }

    /// The extent in percent.
    #[must_use]
    pub fn fte_percent(&self) -> i32 {
        self.fte_percent
    }

    /// Who pays how much of it, in percent of a full-time post.
    #[must_use]
    pub fn payers(&self) -> &[(Payer, i32)] {
        &self.payers
    }
}

fn percent(field: String, value: i32) -> Result<(), Fault> {
    if (1..=100).contains(&value) {
        return Ok(());
    }
    Err(Fault::new(field, "POSITION_PERCENT_OUT_OF_RANGE").with("value", value))
}
