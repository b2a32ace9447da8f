//! Budgets as the board decides them, on board, administration, audit and
//! initiatives. What the office expects of each stands in [`forecast`], budget
//! against outcome in [`table`].

pub mod forecast;
pub mod table;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use chrono::NaiveDate;
use values::{
    Ore,
    name::{BudgetName, RecipientName},
};

use super::{
    board_decision::{BoardDecision, BoardDecisionParts, InFuture},
    budget_year::BudgetYear,
    ledger::Amount,
};

/// The most rows of a budget.
pub const MOST_ROWS: usize = 200;

/// What a budget divides on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BudgetArea {
    /// The board (styrelse).
    Board,
    /// The office (administration).
    Administration,
    /// The auditors (revision).
    Audit,
    /// Teams and other initiatives (insatser).
    Initiatives,
}

impl BudgetArea {
    /// Every area.
    pub const ALL: [BudgetArea; 4] =
        [BudgetArea::Board, BudgetArea::Administration, BudgetArea::Audit, BudgetArea::Initiatives];

    /// The code it is stored as.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            BudgetArea::Board => "board",
            BudgetArea::Administration => "administration",
            BudgetArea::Audit => "audit",
            BudgetArea::Initiatives => "initiatives",
        }
    }

    /// The area of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<BudgetArea> {
        BudgetArea::ALL.into_iter().find(|area| area.code() == code)
    }
}

/// One row of a budget. A recipient belongs to initiatives and to nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetRow {
    /// What it is for.
    pub area: BudgetArea,
    /// What people read.
    pub title: String,
    /// How much.
    pub amount: Amount,
    /// The recipient it is meant for.
    pub recipient: Option<RecipientName>,
}

/// A budget as it was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Its name.
    pub name: BudgetName,
    /// The year.
    pub year: BudgetYear,
    /// The rows.
    pub rows: Vec<BudgetRow>,
    /// The board's decision.
    pub decision: BoardDecision,
    /// 1 for the first of its year.
    pub version: i32,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

impl Budget {
    /// The sum of the rows.
    #[must_use]
    pub fn total(&self) -> Ore {
        let total = Ore::sum(self.rows.iter().map(|row| row.amount.ore()));
        total.expect("200 rows of the largest amount are far from the edge")
    }

    /// The rows of an area.
    pub fn of_area(&self, area: BudgetArea) -> impl Iterator<Item = &BudgetRow> {
        self.rows.iter().filter(move |row| row.area == area)
    }
}

/// A budget as far as it could be read: what could not is told by the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BudgetParts {
    /// Its name.
    pub name: Option<BudgetName>,
    /// The year.
    pub year: Option<BudgetYear>,
    /// The rows, each as far as it could be read.
    pub rows: Option<Vec<RowParts>>,
    /// The board's decision.
    pub decision: BoardDecisionParts,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

/// A row as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowParts {
    /// What it is for.
    pub area: Option<BudgetArea>,
    /// What people read.
    pub title: Option<String>,
    /// How much.
    pub amount: Option<Amount>,
    /// The recipient, when one is given; none when it could not be read.
    pub recipient: Option<Option<RecipientName>>,
}

/// What a new budget is checked against.
#[derive(Debug, Clone, Copy)]
pub struct DecideFacts<'a> {
    /// True when a budget of that name is there.
    pub is_taken: bool,
    /// Those of the rows' recipients that are there.
    pub recipients: &'a HashSet<RecipientName>,
    /// How many budgets the year has.
    pub versions: i32,
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// What is wrong with a budget, seen against the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BudgetFault {
    /// Only initiatives have a recipient.
    RecipientNotAllowed {
        /// The place of the row.
        row: usize,
    },
    /// There is no such recipient.
    RecipientUnknown {
        /// The place of the row.
        row: usize,
        /// The recipient.
        recipient: RecipientName,
    },
    /// The board cannot have decided it yet.
    InFuture(InFuture),
}

/// Why a budget is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecideRefusal {
    /// It cannot be right; without a fault when the reader has told them all.
    Faulty(Vec<BudgetFault>),
    /// The name is taken.
    Taken,
    /// The year is closed.
    YearClosed(BudgetYear),
}

/// Records a decision on a year's budget.
///
/// # Errors
/// What forbids it.
pub fn decide(parts: BudgetParts, facts: DecideFacts<'_>) -> Result<Budget, DecideRefusal> {
    let rows = parts.rows.iter().flatten().enumerate();
    let mut faults: Vec<_> =
        rows.filter_map(|(place, row)| row_fault(place, row, facts.recipients)).collect();
    faults.extend(parts.decision.fault(facts.today).map(BudgetFault::InFuture));
    let budget = match whole(parts, facts.versions + 1) {
        Some(budget) if faults.is_empty() => budget,
        Some(_) | None => return Err(DecideRefusal::Faulty(faults)),
    };
    if facts.is_taken {
        return Err(DecideRefusal::Taken);
    }
    if budget.year.is_closed(facts.closed_through) {
        return Err(DecideRefusal::YearClosed(budget.year));
    }
    Ok(budget)
}

fn row_fault(
    place: usize,
    row: &RowParts,
    recipients: &HashSet<RecipientName>,
) -> Option<BudgetFault> {
    let recipient = row.recipient.as_ref()?.as_ref()?;
    match row.area? {
        BudgetArea::Board | BudgetArea::Administration | BudgetArea::Audit => {
            Some(BudgetFault::RecipientNotAllowed { row: place })
        }
        BudgetArea::Initiatives if recipients.contains(recipient) => None,
        BudgetArea::Initiatives => {
            Some(BudgetFault::RecipientUnknown { row: place, recipient: recipient.clone() })
        }
    }
}

fn whole(parts: BudgetParts, version: i32) -> Option<Budget> {
    let BudgetParts { name, year, rows, decision, synthetic } = parts;
    let row = |RowParts { area, title, amount, recipient }: RowParts| {
        Some(BudgetRow { area: area?, title: title?, amount: amount?, recipient: recipient? })
    };
    Some(Budget {
        name: name?,
        year: year?,
        rows: rows?.into_iter().map(row).collect::<Option<_>>()?,
        decision: decision.whole()?,
        version,
        synthetic,
    })
}
