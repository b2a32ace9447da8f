//! What the federation itself costs. Never edited: what was wrong is taken back
//! with an amount below 0.

use chrono::NaiveDate;
use values::name::OwnCostName;

use super::{
    budget::BudgetArea,
    ledger::{Voucher, YearClosed, vouchers},
    signed_amount::SignedAmount,
};

/// What the federation itself has costs for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnCostArea {
    /// The board.
    Board,
    /// The office.
    Administration,
    /// The auditors.
    Audit,
}

impl OwnCostArea {
    /// The area of the budget it is.
    #[must_use]
    pub const fn budget_area(self) -> BudgetArea {
        match self {
            OwnCostArea::Board => BudgetArea::Board,
            OwnCostArea::Administration => BudgetArea::Administration,
            OwnCostArea::Audit => BudgetArea::Audit,
        }
    }

    /// The same, when the area is the federation's own.
    #[must_use]
    pub const fn of(area: BudgetArea) -> Option<OwnCostArea> {
        match area {
            BudgetArea::Board => Some(OwnCostArea::Board),
            BudgetArea::Administration => Some(OwnCostArea::Administration),
            BudgetArea::Audit => Some(OwnCostArea::Audit),
            BudgetArea::Initiatives => None,
        }
    }
}

/// A cost of the federation itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCost {
    /// Its name.
    pub name: OwnCostName,
    /// What it is for.
    pub area: OwnCostArea,
    /// How much.
    pub amount: SignedAmount,
    /// The day it belongs to.
    pub day: NaiveDate,
    /// What it was for, in words.
    pub description: String,
    /// Where the general ledger has it.
    pub reference: String,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

/// A cost as far as it could be read: what could not is told by the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnCostParts {
    /// Its name.
    pub name: Option<OwnCostName>,
    /// What it is for.
    pub area: Option<OwnCostArea>,
    /// How much.
    pub amount: Option<SignedAmount>,
    /// The day it belongs to.
    pub day: Option<NaiveDate>,
    /// What it was for, in words.
    pub description: Option<String>,
    /// Where the general ledger has it.
    pub reference: Option<String>,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

impl OwnCostParts {
    /// All of it, when all of it could be read.
    #[must_use]
    pub fn whole(self) -> Option<OwnCost> {
        Some(OwnCost {
            name: self.name?,
            area: self.area?,
            amount: self.amount?,
            day: self.day?,
            description: self.description?,
            reference: self.reference?,
            synthetic: self.synthetic,
        })
    }
}

/// What a cost is checked against.
#[derive(Debug, Clone, Copy)]
pub struct RecordFacts {
    /// True when a cost of that name is there.
    pub is_taken: bool,
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// The day of a cost that cannot have come yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InFuture(pub NaiveDate);

/// Why a cost is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordRefusal {
    /// It cannot be right; without a fault when the reader has told them all.
    Faulty(Vec<InFuture>),
    /// The name is taken.
    Taken,
    /// The year it belongs to is closed.
    YearClosed(i32),
}

/// Records a cost.
///
/// # Errors
/// What forbids it.
pub fn record(
    parts: OwnCostParts,
    facts: RecordFacts,
) -> Result<(OwnCost, Voucher), RecordRefusal> {
    let in_future = parts.day.filter(|day| *day > facts.today);
    let faults: Vec<InFuture> = in_future.map(InFuture).into_iter().collect();
    let cost = match parts.whole() {
        Some(cost) if faults.is_empty() => cost,
        Some(_) | None => return Err(RecordRefusal::Faulty(faults)),
    };
    if facts.is_taken {
        return Err(RecordRefusal::Taken);
    }
    let voucher = vouchers::year::spend(cost.day, cost.amount.ore());
    let closed = |YearClosed(year)| RecordRefusal::YearClosed(year);
    voucher.check_years(facts.closed_through).map_err(closed)?;
    Ok((cost, voucher))
}

#[cfg(test)]
mod tests {
    use values::Ore;

    use super::*;

    fn parts(day: &str, ore: i64) -> OwnCostParts {
        OwnCostParts {
            name: OwnCostName::parse("name", "federations/f/ownCosts/salaries").ok(),
            area: Some(OwnCostArea::Administration),
            amount: SignedAmount::new(Ore::new(ore)).ok(),
            day: day.parse().ok(),
            description: Some("Löner januari–mars".to_owned()),
            reference: Some(String::new()),
            synthetic: false,
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_cost_is_recorded_unless_its_day_its_name_or_its_year_forbids_it() {
        use RecordRefusal::{Faulty, Taken, YearClosed};
        let in_future = Faulty(vec![InFuture(day("2025-07-02"))]);
        for (on, is_taken, closed_through, refusal) in [
            ("2025-07-01", false, None, None),
            ("2025-07-01", false, Some(2024), None),
            ("2025-07-02", true, Some(2025), Some(in_future)),
            ("2025-07-01", true, Some(2025), Some(Taken)),
            ("2024-12-31", false, Some(2024), Some(YearClosed(2024))),
            ("2023-12-31", false, Some(2024), Some(YearClosed(2023))),
        ] {
            let facts = RecordFacts { is_taken, closed_through, today: day("2025-07-01") };
            assert_eq!(record(parts(on, 100), facts).err(), refusal, "{on} {facts:?}");
        }
    }

    #[test]
    fn what_takes_a_cost_back_is_the_same_voucher_the_other_way() {
        let facts = RecordFacts { is_taken: false, closed_through: None, today: day("2025-07-01") };
        let amounts = |ore| -> Vec<i64> {
            let (_, voucher) = record(parts("2025-03-31", ore), facts).unwrap();
            voucher.postings().iter().map(|posting| posting.amount.get()).collect()
        };
        assert_eq!((amounts(700), amounts(-700)), (vec![700, -700], vec![-700, 700]));
    }
}
