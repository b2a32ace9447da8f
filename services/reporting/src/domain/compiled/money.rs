//! What finance has of a team or of all recipients, as figures of a report.

use values::Ore;

use super::{Content, Source, Sourced};
use crate::domain::definition::{Cell, TOTAL};
use crate::domain::figures::Value;
use crate::domain::quantity::{Quantity, Ratio};
use crate::domain::template::{GRANTED, REQUISITIONED, REQUISITIONED_TO_DATE};

/// What finance has of a team, or of all recipients.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Money {
    /// Granted for the year.
    pub granted: Ore,
    /// Requisitioned in the period.
    pub requisitioned: Ore,
    /// Requisitioned from the year's start to the period's end.
    pub requisitioned_to_date: Ore,
}

impl Money {
    /// The sum; `None` for more than money can be.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            granted: self.granted.plus(other.granted)?,
            requisitioned: self.requisitioned.plus(other.requisitioned)?,
            requisitioned_to_date: self.requisitioned_to_date.plus(other.requisitioned_to_date)?,
        })
    }
}

/// The cells that show it.
pub(super) fn money_cells(money: Money) -> Vec<(Cell, Sourced)> {
    let Money { granted, requisitioned, requisitioned_to_date } = money;
    let amounts = [
        (GRANTED, granted),
        (REQUISITIONED, requisitioned),
        (REQUISITIONED_TO_DATE, requisitioned_to_date),
    ];
    let cell = |(figure, amount)| {
        let content = Content::Known(Value::Number(in_tkr(amount)?));
        Some((Cell::new(figure, TOTAL), Sourced { content, source: Source::Finance }))
    };
    amounts.into_iter().filter_map(cell).collect()
}

/// In whole tkr, half rounded up, as money is shown; `None` for more than a report
/// can show.
fn in_tkr(amount: Ore) -> Option<Quantity> {
    const ORE_IN_TKR: i64 = 100_000;
    Ratio::whole(amount.get()).over(Ratio::whole(ORE_IN_TKR))?.rounded(0)
}
