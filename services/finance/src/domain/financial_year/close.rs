//! The close of a year: what is left of its grants lapses, its result goes to
//! equity, and what the federation has, owes and is owed begins the next year.

use chrono::NaiveDate;
use values::{
    Ore,
    name::{FinancialYearName, RecoveryName, RequisitionName},
};

use super::{EquityLimits, FinancialYear};
use crate::domain::{
    board_decision::{BoardDecision, BoardDecisionParts, InFuture},
    grant::Grant,
    ledger::{
        Account, Voucher,
        vouchers::{self, year::YearBalance},
    },
};

/// How a year was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// The decision.
    pub decision: BoardDecision,
    /// The parties' contributions.
    pub contributions: Ore,
    /// What the initiatives cost.
    pub initiatives: Ore,
    /// What board, administration and audit cost.
    pub own_costs: Ore,
    /// The equity that was carried over.
    pub closing_equity: Ore,
    /// What was left of the year's grants.
    pub lapsed: Ore,
    /// What the federation owed for requisitions on the year's last day.
    pub unpaid: Ore,
    /// What the parties owed on the year's last day.
    pub outstanding: Ore,
}

impl Closing {
    /// Contributions − costs.
    #[must_use]
    pub fn result(&self) -> Option<Ore> {
        self.contributions.minus(self.initiatives)?.minus(self.own_costs)
    }
}

/// What waits for a decision: how many, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided<N> {
    /// How many.
    pub count: i64,
    /// The one that was made first.
    pub first: N,
}

/// What a close is checked against and computed from.
#[derive(Debug, Clone)]
pub struct CloseFacts<'a> {
    /// The version the caller has seen.
    pub etag: &'a str,
    /// The day it is recorded.
    pub today: NaiveDate,
    /// The first open year before it.
    pub earlier_open: Option<i32>,
    /// Requisitions that wait for a decision, of the year or of one before it.
    pub requisitions: Option<Undecided<RequisitionName>>,
    /// Recoveries that wait for a decision, of the money of the year or of one
    /// before it.
    pub recoveries: Option<Undecided<RecoveryName>>,
    /// What the year's accounts stand at.
    pub balances: &'a [YearBalance],
    /// The year's grants with something left.
    pub grants: Vec<Grant>,
    /// True when the next year is open already.
    pub next_is_open: bool,
}

/// Why a year is not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CloseRefusal {
    /// The decision cannot be right; without a fault when the reader has told
    /// them all.
    Faulty(Vec<InFuture>),
    /// Somebody else has changed the year.
    Stale,
    /// It goes on until its last day.
    NotOver(NaiveDate),
    /// A year before it is open.
    EarlierYearOpen(i32),
    /// Requisitions wait for a decision.
    RequisitionsUndecided(Undecided<RequisitionName>),
    /// Recoveries wait for a decision.
    RecoveriesUndecided(Undecided<RecoveryName>),
    /// It is closed.
    YearClosed(i32),
    /// The accounts sum to more than an amount of money can be.
    SumTooLarge,
}

/// A year that has been closed, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The year.
    pub year: FinancialYear,
    /// Its result and what is carried over.
    pub voucher: Voucher,
    /// The grants of which something lapsed, as they are now, each with what
    /// happened to it.
    pub lapses: Vec<(Grant, Voucher)>,
    /// The next year, when it was opened by this.
    pub next: Option<FinancialYear>,
}

/// Closes a year.
///
/// # Errors
/// What forbids it.
pub fn close(
    year: FinancialYear,
    decision: BoardDecisionParts,
    facts: CloseFacts<'_>,
) -> Result<Closed, CloseRefusal> {
    let faults: Vec<InFuture> = decision.fault(facts.today).into_iter().collect();
    let decision = match decision.whole() {
        Some(decision) if faults.is_empty() => decision,
        Some(_) | None => return Err(CloseRefusal::Faulty(faults)),
    };
    let last_day = year.year.days().last_day();
    if facts.etag != year.etag() {
        return Err(CloseRefusal::Stale);
    }
    if facts.today <= last_day {
        return Err(CloseRefusal::NotOver(last_day));
    }
    if let Some(earlier) = facts.earlier_open {
        return Err(CloseRefusal::EarlierYearOpen(earlier));
    }
    if let Some(undecided) = facts.requisitions {
        return Err(CloseRefusal::RequisitionsUndecided(undecided));
    }
    if let Some(undecided) = facts.recoveries {
        return Err(CloseRefusal::RecoveriesUndecided(undecided));
    }
    if year.is_closed() {
        return Err(CloseRefusal::YearClosed(year.year.number()));
    }
    let too_large = || CloseRefusal::SumTooLarge;
    let lapsed = Ore::sum(facts.grants.iter().map(|grant| grant.balances.left));
    let lapses = facts.grants.into_iter().map(|grant| lapse(grant, last_day)).collect();
    let voucher = vouchers::year::close(year.year, facts.balances).ok_or_else(too_large)?;
    let closing = closing(decision, facts.balances, lapsed.ok_or_else(too_large)?);
    let next = next_of(&year).filter(|_| !facts.next_is_open);
    let closing = Some(closing.ok_or_else(too_large)?);
    let year = FinancialYear { closing, revision: year.revision + 1, ..year };
    Ok(Closed { year, voucher, lapses, next })
}

/// The sums of the year's accounts. Income and debts stand in credit, below 0.
fn closing(decision: BoardDecision, balances: &[YearBalance], lapsed: Ore) -> Option<Closing> {
    let debit = |account: Account| {
        let lines = balances.iter().filter(|line| line.account == account);
        Ore::sum(lines.map(|line| line.balance))
    };
    let credit = |account: Account| Ore::ZERO.minus(debit(account)?);
    let closing = Closing {
        decision,
        contributions: credit(Account::Contributions)?,
        initiatives: debit(Account::Initiatives)?,
        own_costs: debit(Account::OwnCosts)?,
        closing_equity: Ore::ZERO,
        lapsed,
        unpaid: credit(Account::Payable)?,
        outstanding: debit(Account::Receivable)?,
    };
    let closing_equity = credit(Account::Equity)?.plus(closing.result()?)?;
    Some(Closing { closing_equity, ..closing })
}

fn lapse(grant: Grant, last_day: NaiveDate) -> (Grant, Voucher) {
    let id = &grant.decision.name.id;
    let voucher = vouchers::year::lapse(id, last_day, grant.balances.left);
    let balances = grant.balances.after(id, &voucher);
    let balances = balances.expect("what is left is what there is");
    (Grant { balances, ..grant }, voucher)
}

/// The year after, with nothing of its own: what it begins with is carried over.
fn next_of(year: &FinancialYear) -> Option<FinancialYear> {
    let next = year.year.next()?;
    Some(FinancialYear {
        name: FinancialYearName::of(&year.name.federation, next.number()),
        year: next,
        opening_equity: Ore::ZERO,
        opening: None,
        limits: EquityLimits::default(),
        closing: None,
        revision: 1,
        synthetic: year.synthetic,
    })
}
