//! The ledger: double entry over the accounts of grants and of years,
//! append-only.
//!
//! What happens to money is a voucher of postings. Those of one grant sum to
//! zero, and so do the others of each year; no account of a grant but the
//! board's ever falls below zero. Amounts above zero are debit.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use values::{Ore, Slug};

use super::cost_line::CostKind;

pub mod vouchers;

/// The largest amount of a grant, a requisition or a cost line: ten billion
/// kronor. Sums of many stay far from the edge of what 64 bits hold.
pub const LARGEST_AMOUNT: Ore = Ore::new(1_000_000_000_000_000);

/// An amount from 1 öre to [`LARGEST_AMOUNT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(Ore);

/// Why an amount is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountFault {
    /// Nothing, or less.
    NotPositive(Ore),
    /// More than [`LARGEST_AMOUNT`].
    TooLarge(Ore),
}

impl Amount {
    /// Checks the limits.
    ///
    /// # Errors
    /// The limit that is passed.
    pub fn new(ore: Ore) -> Result<Self, AmountFault> {
        if ore <= Ore::ZERO {
            return Err(AmountFault::NotPositive(ore));
        }
        if ore > LARGEST_AMOUNT {
            return Err(AmountFault::TooLarge(ore));
        }
        Ok(Self(ore))
    }

    /// The amount in öre.
    #[must_use]
    pub const fn ore(self) -> Ore {
        self.0
    }
}

/// The accounts there are. The first six are each grant's, the others each
/// year's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Where the money of a grant comes from: minus what is granted.
    Board,
    /// What can still be claimed.
    Left,
    /// Claimed and not yet decided.
    Reserved,
    /// Approved, net of corrections and recoveries.
    Requisitioned,
    /// Set aside for sub-projects.
    Allotted,
    /// Left when the year was closed.
    Lapsed,
    /// What the parties have agreed to pay; credit.
    Contributions,
    /// What parties owe.
    Receivable,
    /// Paid in − paid out.
    Bank,
    /// Approved and not paid; credit.
    Payable,
    /// What the initiatives cost.
    Initiatives,
    /// What board, administration and audit cost.
    OwnCosts,
    /// Equity; credit.
    Equity,
}

impl Account {
    /// Every account.
    pub const ALL: &'static [Account] = &[
        Account::Board,
        Account::Left,
        Account::Reserved,
        Account::Requisitioned,
        Account::Allotted,
        Account::Lapsed,
        Account::Contributions,
        Account::Receivable,
        Account::Bank,
        Account::Payable,
        Account::Initiatives,
        Account::OwnCosts,
        Account::Equity,
    ];

    /// The code it is stored as.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Account::Board => "board",
            Account::Left => "left",
            Account::Reserved => "reserved",
            Account::Requisitioned => "requisitioned",
            Account::Allotted => "allotted",
            Account::Lapsed => "lapsed",
            Account::Contributions => "contributions",
            Account::Receivable => "receivable",
            Account::Bank => "bank",
            Account::Payable => "payable",
            Account::Initiatives => "initiatives",
            Account::OwnCosts => "own_costs",
            Account::Equity => "equity",
        }
    }

    /// The account of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Account> {
        Account::ALL.iter().copied().find(|account| account.code() == code)
    }

    /// True for an account that each grant has.
    #[must_use]
    pub const fn is_of_grant(self) -> bool {
        match self {
            Account::Board
            | Account::Left
            | Account::Reserved
            | Account::Requisitioned
            | Account::Allotted
            | Account::Lapsed => true,
            Account::Contributions
            | Account::Receivable
            | Account::Bank
            | Account::Payable
            | Account::Initiatives
            | Account::OwnCosts
            | Account::Equity => false,
        }
    }
}

/// One line of the ledger. The year it is booked in is its day's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The account it changes.
    pub account: Account,
    /// The grant, on a grant's account, and on what a grant has cost.
    pub grant: Option<Slug>,
    /// The party it is about, where it is about one.
    pub party: Option<Slug>,
    /// The kind of cost, where there is one.
    pub cost_kind: Option<CostKind>,
    /// The day it counts on.
    pub day: NaiveDate,
    /// By how much; above zero is debit. Never zero.
    pub amount: Ore,
}

/// The postings of one event. They sum to zero for each grant's own accounts and
/// for the year's accounts of each year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Voucher(Vec<Posting>);

impl Voucher {
    /// A voucher of these postings; those of nothing are left out.
    ///
    /// # Panics
    /// When they do not balance, which is a fault of the rule that made them.
    #[must_use]
    pub fn new(postings: Vec<Posting>) -> Self {
        let mut sums = BTreeMap::<(Option<&Slug>, i32), i128>::new();
        for posting in &postings {
            let key = match posting.account.is_of_grant() {
                true => (posting.grant.as_ref(), 0),
                false => (None, posting.day.year()),
            };
            *sums.entry(key).or_default() += i128::from(posting.amount.get());
        }
        assert!(sums.values().all(|sum| *sum == 0), "a voucher does not balance: {postings:?}");
        Self(postings.into_iter().filter(|posting| posting.amount != Ore::ZERO).collect())
    }

    /// Its postings.
    #[must_use]
    pub fn postings(&self) -> &[Posting] {
        &self.0
    }

    /// Checks that nothing of it is posted in a closed year, the years up to
    /// `closed_through`.
    ///
    /// # Errors
    /// The first closed year it would post in.
    pub fn check_years(&self, closed_through: Option<i32>) -> Result<(), YearClosed> {
        let years = self.0.iter().map(|posting| posting.day.year());
        match years.filter(|year| closed_through.is_some_and(|last| *year <= last)).min() {
            Some(year) => Err(YearClosed(year)),
            None => Ok(()),
        }
    }

    /// What it changes on the accounts of each grant.
    #[must_use]
    pub fn changes(&self) -> BTreeMap<&Slug, Change> {
        let mut changes = BTreeMap::<&Slug, Change>::new();
        for posting in self.0.iter().filter(|posting| posting.account.is_of_grant()) {
            let Some(grant) = &posting.grant else { continue };
            let change = changes.entry(grant).or_default();
            let ore = posting.amount.get();
            match posting.account {
                Account::Left => change.left_ore += ore,
                Account::Reserved => change.reserved_ore += ore,
                Account::Requisitioned => change.requisitioned_ore += ore,
                Account::Allotted => change.allotted_ore += ore,
                Account::Lapsed => change.lapsed_ore += ore,
                Account::Board
                | Account::Contributions
                | Account::Receivable
                | Account::Bank
                | Account::Payable
                | Account::Initiatives
                | Account::OwnCosts
                | Account::Equity => {}
            }
        }
        changes
    }
}

/// The year is closed: nothing more is posted in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearClosed(pub i32);

/// What changes on the accounts of a grant, in öre.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// On what is left.
    pub left_ore: i64,
    /// On what is reserved.
    pub reserved_ore: i64,
    /// On what is requisitioned.
    pub requisitioned_ore: i64,
    /// On what is set aside for sub-projects.
    pub allotted_ore: i64,
    /// On what has lapsed.
    pub lapsed_ore: i64,
}

/// An account that has less than is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdrawn {
    /// The account.
    pub account: Account,
    /// What was asked.
    pub asked: Ore,
    /// What there is.
    pub available: Ore,
}

/// What stands on a grant's accounts. None is ever below zero, and they sum to
/// what is granted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balances {
    /// What can still be claimed.
    pub left: Ore,
    /// Claimed and not yet decided.
    pub reserved: Ore,
    /// Approved, net of corrections and recoveries.
    pub requisitioned: Ore,
    /// Set aside for sub-projects.
    pub allotted: Ore,
    /// Left when the year was closed.
    pub lapsed: Ore,
}

impl Balances {
    /// The balances of a grant that has just been opened.
    #[must_use]
    pub fn opened(granted: Amount) -> Self {
        Self { left: granted.ore(), ..Self::default() }
    }

    /// What is granted: the sum of the accounts; `None` when it is no amount of
    /// money or an account is below zero.
    #[must_use]
    pub fn granted(self) -> Option<Ore> {
        let Self { left, reserved, requisitioned, allotted, lapsed } = self;
        let parts = [left, reserved, requisitioned, allotted, lapsed];
        let is_whole = parts.iter().all(|part| *part >= Ore::ZERO);
        Ore::sum(parts).filter(|_| is_whole)
    }

    /// The balances after an amount has been reserved, whatever it is for.
    ///
    /// # Errors
    /// What is left when that is less.
    pub fn reserve(self, amount: Amount) -> Result<Self, Overdrawn> {
        let short = Overdrawn { account: Account::Left, asked: amount.ore(), available: self.left };
        let left = self.left.minus(amount.ore()).filter(|left| *left >= Ore::ZERO).ok_or(short)?;
        let reserved = self.reserved.plus(amount.ore()).ok_or(short)?;
        Ok(Self { left, reserved, ..self })
    }

    /// The balances after a voucher, as far as it is about the grant.
    ///
    /// # Errors
    /// The account that has too little, and how much the voucher takes of it.
    pub fn after(self, grant: &Slug, voucher: &Voucher) -> Result<Self, Overdrawn> {
        let Some(change) = voucher.changes().remove(grant) else { return Ok(self) };
        let add = |account, balance: Ore, change_ore: i64| {
            let sum = balance.plus(Ore::new(change_ore)).filter(|sum| *sum >= Ore::ZERO);
            let asked = Ore::new(change_ore.saturating_neg());
            sum.ok_or(Overdrawn { account, asked, available: balance })
        };
        Ok(Self {
            left: add(Account::Left, self.left, change.left_ore)?,
            reserved: add(Account::Reserved, self.reserved, change.reserved_ore)?,
            requisitioned: add(
                Account::Requisitioned,
                self.requisitioned,
                change.requisitioned_ore,
            )?,
            allotted: add(Account::Allotted, self.allotted, change.allotted_ore)?,
            lapsed: add(Account::Lapsed, self.lapsed, change.lapsed_ore)?,
        })
    }
}

#[cfg(test)]
mod tests;
