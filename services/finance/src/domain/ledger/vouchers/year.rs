//! What happens to a year: its opening, what comes in, what the federation itself
//! costs, and its close.

use chrono::NaiveDate;
use values::{Ore, Slug};

use super::{between, negative, of_party, of_year};
use crate::domain::{
    budget_year::BudgetYear,
    ledger::{Account, Posting, Voucher},
};

/// What an account of a year stands at, for a party where it is about one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearBalance {
    /// The account.
    pub account: Account,
    /// The party.
    pub party: Option<Slug>,
    /// What it stands at; above zero is debit.
    pub balance: Ore,
}

/// The first year begins with an equity from elsewhere.
#[must_use]
pub fn begin(first_day: NaiveDate, equity: Ore) -> Voucher {
    Voucher::new(vec![
        of_year(Account::Bank, first_day, equity),
        of_year(Account::Equity, first_day, negative(equity)),
    ])
}

/// Parties are to pay so much more, or less, than was agreed before.
#[must_use]
pub fn agree(day: NaiveDate, differences: &[(Slug, Ore)]) -> Voucher {
    let lines = differences.iter().flat_map(|(party, difference)| {
        [
            of_party(Account::Receivable, party, day, *difference),
            of_party(Account::Contributions, party, day, negative(*difference)),
        ]
    });
    Voucher::new(lines.collect())
}

/// A party pays in; an amount below zero takes an earlier payment back.
#[must_use]
pub fn pay_in(party: &Slug, day: NaiveDate, amount: Ore) -> Voucher {
    Voucher::new(vec![
        of_year(Account::Bank, day, amount),
        of_party(Account::Receivable, party, day, negative(amount)),
    ])
}

/// The federation itself costs something; an amount below zero takes it back.
#[must_use]
pub fn spend(day: NaiveDate, amount: Ore) -> Voucher {
    Voucher::new(vec![
        of_year(Account::OwnCosts, day, amount),
        of_year(Account::Bank, day, negative(amount)),
    ])
}

/// What is left of a grant lapses.
#[must_use]
pub fn lapse(grant: &Slug, last_day: NaiveDate, left: Ore) -> Voucher {
    Voucher::new(between(grant, last_day, Account::Left, Account::Lapsed, left).into())
}

/// The year is closed: what came in and what it cost go to equity on its last
/// day, and what the federation has, owes and is owed begins the next year.
/// `None` when the sums do not fit.
#[must_use]
pub fn close(year: BudgetYear, balances: &[YearBalance]) -> Option<Voucher> {
    let last_day = year.days().last_day();
    let next_day = last_day.succ_opt()?;
    let line = |balance: &YearBalance, day, amount| Posting {
        account: balance.account,
        grant: None,
        party: balance.party.clone(),
        cost_kind: None,
        day,
        amount,
    };
    let mut postings = Vec::new();
    let mut equity = Ore::ZERO;
    let mut costs_less_income = Ore::ZERO;
    for balance in balances {
        match balance.account {
            Account::Contributions | Account::Initiatives | Account::OwnCosts => {
                postings.push(line(balance, last_day, negative(balance.balance)));
                costs_less_income = costs_less_income.plus(balance.balance)?;
            }
            Account::Receivable | Account::Payable | Account::Bank => {
                postings.push(line(balance, next_day, balance.balance));
            }
            Account::Equity => equity = equity.plus(balance.balance)?,
            Account::Board
            | Account::Left
            | Account::Reserved
            | Account::Requisitioned
            | Account::Allotted
            | Account::Lapsed => {}
        }
    }
    postings.push(of_year(Account::Equity, last_day, costs_less_income));
    postings.push(of_year(Account::Equity, next_day, equity.plus(costs_less_income)?));
    Some(Voucher::new(postings))
}
