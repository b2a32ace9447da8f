//! A budget year of the federation: how it is opened, and the limits for what it
//! may end with. How it is closed stands in [`close`], where it is heading in
//! [`outlook`].

pub mod close;
pub mod outlook;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use values::{Ore, name::FinancialYearName};

use super::{
    board_decision::{BoardDecision, BoardDecisionParts, InFuture},
    budget_year::BudgetYear,
    ledger::{Voucher, vouchers},
};
use close::Closing;

/// The most limits of a year.
pub const MOST_LIMITS: usize = 20;
/// The highest limit, in percent of the year's contributions.
pub const HIGHEST_LIMIT_PERCENT: i32 = 1000;

/// One limit of the equity policy, and what follows when it is passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EquityLimit {
    /// In percent of the year's contributions.
    pub above_percent: i32,
    /// How much less the state pays next year, in percent of its part.
    pub state_reduction_percent: i32,
    /// What follows, in words.
    pub consequence: String,
}

/// The limits of a year, rising.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EquityLimits(Vec<EquityLimit>);

/// What is wrong with limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitsFault {
    /// There are more than [`MOST_LIMITS`].
    TooMany(usize),
    /// The limit at the place is not above the one before it.
    NotRising(usize),
}

impl EquityLimits {
    /// Checks that there are not too many, and that they rise.
    ///
    /// # Errors
    /// The first fault.
    pub fn new(limits: Vec<EquityLimit>) -> Result<Self, LimitsFault> {
        if limits.len() > MOST_LIMITS {
            return Err(LimitsFault::TooMany(limits.len()));
        }
        let is_low = |pair: &[EquityLimit]| pair[1].above_percent <= pair[0].above_percent;
        match limits.windows(2).position(is_low) {
            Some(before) => Err(LimitsFault::NotRising(before + 1)),
            None => Ok(Self(limits)),
        }
    }

    /// The limits.
    #[must_use]
    pub fn as_slice(&self) -> &[EquityLimit] {
        &self.0
    }
}

/// A budget year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinancialYear {
    /// Its name.
    pub name: FinancialYearName,
    /// The year.
    pub year: BudgetYear,
    /// The equity it was opened with from elsewhere; above 0 when there is some.
    pub opening_equity: Ore,
    /// The decision it was opened by; none when the year before was closed into
    /// it.
    pub opening: Option<BoardDecision>,
    /// The limits for its equity.
    pub limits: EquityLimits,
    /// How it was closed; none while it is open.
    pub closing: Option<Closing>,
    /// How often it has been written.
    pub revision: i32,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

impl FinancialYear {
    /// Names this version of it.
    #[must_use]
    pub fn etag(&self) -> String {
        self.revision.to_string()
    }

    /// True when nothing can be posted in it any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closing.is_some()
    }

    /// The next version of it, with other limits.
    #[must_use]
    pub fn with_limits(self, limits: EquityLimits) -> Self {
        Self { limits, revision: self.revision + 1, ..self }
    }
}

/// A year to open, as far as it could be read: what could not is told by the
/// reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenParts {
    /// Its name.
    pub name: Option<FinancialYearName>,
    /// The year.
    pub year: Option<BudgetYear>,
    /// The equity from elsewhere.
    pub opening_equity: Option<Ore>,
    /// The decision.
    pub opening: BoardDecisionParts,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

/// The first year the federation keeps here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstYear {
    /// Its number.
    pub year: i32,
    /// The equity it was opened with from elsewhere.
    pub opening_equity: Ore,
}

/// What a year to open is checked against.
#[derive(Debug, Clone, Copy)]
pub struct OpenFacts {
    /// True when it is there.
    pub is_taken: bool,
    /// The first of the years there are.
    pub first_year: Option<FirstYear>,
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// Why a year is not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenRefusal {
    /// It cannot be right; without a fault when the reader has told them all.
    Faulty(Vec<InFuture>),
    /// It is there.
    Taken,
    /// Equity is carried over from the first year on; another cannot come in.
    EquityIsCarriedOver {
        /// The first year.
        first_year: i32,
    },
    /// A year after it, or itself, is closed.
    LaterYearClosed {
        /// The last closed year.
        closed_through: i32,
    },
}

/// Opens a year.
///
/// # Errors
/// What forbids it.
pub fn open(parts: OpenParts, facts: OpenFacts) -> Result<(FinancialYear, Voucher), OpenRefusal> {
    let faults: Vec<InFuture> = parts.opening.fault(facts.today).into_iter().collect();
    let opened = match whole(parts) {
        Some(opened) if faults.is_empty() => opened,
        Some(_) | None => return Err(OpenRefusal::Faulty(faults)),
    };
    if facts.is_taken {
        return Err(OpenRefusal::Taken);
    }
    if let Some(FirstYear { year: first_year, opening_equity }) = facts.first_year {
        // A year before the first would carry its own equity on top of it.
        let comes_before = opened.year.number() < first_year && opening_equity != Ore::ZERO;
        if opened.opening_equity != Ore::ZERO || comes_before {
            return Err(OpenRefusal::EquityIsCarriedOver { first_year });
        }
    }
    if let Some(closed_through) = facts.closed_through
        && opened.year.is_closed(facts.closed_through)
    {
        return Err(OpenRefusal::LaterYearClosed { closed_through });
    }
    let voucher = vouchers::year::begin(opened.year.days().first_day(), opened.opening_equity);
    Ok((opened, voucher))
}

fn whole(parts: OpenParts) -> Option<FinancialYear> {
    let OpenParts { name, year, opening_equity, opening, synthetic } = parts;
    Some(FinancialYear {
        name: name?,
        year: year?,
        opening_equity: opening_equity?,
        opening: Some(opening.whole()?),
        limits: EquityLimits::default(),
        closing: None,
        revision: 1,
        synthetic,
    })
}

/// Somebody else has changed the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stale;

/// Enters the limits for a year's equity, whole.
///
/// # Errors
/// When the version is not the last.
pub fn set_policy(
    year: FinancialYear,
    etag: &str,
    limits: EquityLimits,
) -> Result<FinancialYear, Stale> {
    if etag != year.etag() {
        return Err(Stale);
    }
    Ok(year.with_limits(limits))
}
