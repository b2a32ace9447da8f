//! What each event does to the ledger: one function an event, each a balanced
//! voucher.
//!
//! A grant's own accounts tell what may still be claimed; the year's accounts
//! tell what the federation has, owes and is owed. Approving a cost touches both:
//! the grant's reserved amount becomes requisitioned, and the year has a cost
//! that is to be paid.

pub mod year;

use chrono::NaiveDate;
use values::{Ore, Slug};

use super::{Account, Amount, Posting, Voucher};
use crate::domain::cost_line::CostKind;

/// Costs of one party on one grant, by kind, with amounts above zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Costs {
    /// The grant.
    pub grant: Slug,
    /// The party.
    pub party: Slug,
    /// The day they count on: the last day of the requisition's period.
    pub day: NaiveDate,
    /// The amount of each kind, each kind once.
    pub by_kind: Vec<(CostKind, Amount)>,
}

impl Costs {
    /// Their sum. At most [`super::LARGEST_AMOUNT`] by the rules of whoever made
    /// them.
    #[must_use]
    pub fn total(&self) -> Ore {
        let total = Ore::sum(self.by_kind.iter().map(|(_, amount)| amount.ore()));
        total.expect("costs are checked against the largest amount")
    }

    fn on_grant(&self, account: Account, amount: Ore) -> Posting {
        Posting {
            account,
            grant: Some(self.grant.clone()),
            party: None,
            cost_kind: None,
            day: self.day,
            amount,
        }
    }

    /// One posting for each kind of cost; taken off the account when `sign` is
    /// below zero.
    fn each(&self, account: Account, day: NaiveDate, sign: i64) -> impl Iterator<Item = Posting> {
        self.by_kind.iter().map(move |(kind, amount)| Posting {
            account,
            grant: Some(self.grant.clone()),
            party: Some(self.party.clone()),
            cost_kind: Some(*kind),
            day,
            amount: Ore::new(sign * amount.ore().get()),
        })
    }

    fn with_party(&self, account: Account, day: NaiveDate, amount: Ore) -> Posting {
        of_party(account, &self.party, day, amount)
    }
}

/// A posting on an account of the year that is about a party.
#[must_use]
pub fn of_party(account: Account, party: &Slug, day: NaiveDate, amount: Ore) -> Posting {
    Posting { account, grant: None, party: Some(party.clone()), cost_kind: None, day, amount }
}

/// A posting on an account of the year that is about nobody.
#[must_use]
pub fn of_year(account: Account, day: NaiveDate, amount: Ore) -> Posting {
    Posting { account, grant: None, party: None, cost_kind: None, day, amount }
}

fn negative(amount: Ore) -> Ore {
    Ore::new(-amount.get())
}

fn between(grant: &Slug, day: NaiveDate, from: Account, to: Account, amount: Ore) -> [Posting; 2] {
    let line = |account, amount| Posting {
        account,
        grant: Some(grant.clone()),
        party: None,
        cost_kind: None,
        day,
        amount,
    };
    [line(from, negative(amount)), line(to, amount)]
}

/// The board grants.
#[must_use]
pub fn open(grant: &Slug, first_day: NaiveDate, amount: Amount) -> Voucher {
    Voucher::new(between(grant, first_day, Account::Board, Account::Left, amount.ore()).into())
}

/// A grant sets money aside for a sub-project, which opens it.
#[must_use]
pub fn allot(parent: &Slug, child: &Slug, first_day: NaiveDate, amount: Amount) -> Voucher {
    let aside = between(parent, first_day, Account::Left, Account::Allotted, amount.ore());
    let opened = between(child, first_day, Account::Board, Account::Left, amount.ore());
    Voucher::new(aside.into_iter().chain(opened).collect())
}

/// The board decides anew how much is granted: more by so much, or less when it
/// is below zero. A sub-project gets it from the grant above, or gives it back.
#[must_use]
pub fn amend(
    grant: &Slug,
    parent: Option<&Slug>,
    first_day: NaiveDate,
    difference: Ore,
) -> Voucher {
    let aside = parent
        .map(|parent| between(parent, first_day, Account::Left, Account::Allotted, difference));
    let own = between(grant, first_day, Account::Board, Account::Left, difference);
    Voucher::new(aside.into_iter().flatten().chain(own).collect())
}

/// A requisition is submitted.
#[must_use]
pub fn reserve(costs: &Costs) -> Voucher {
    let mut postings = vec![costs.on_grant(Account::Left, negative(costs.total()))];
    postings.extend(costs.each(Account::Reserved, costs.day, 1));
    Voucher::new(postings)
}

/// A requisition that had reserved goes back.
#[must_use]
pub fn release(costs: &Costs) -> Voucher {
    let mut postings: Vec<_> = costs.each(Account::Reserved, costs.day, -1).collect();
    postings.push(costs.on_grant(Account::Left, costs.total()));
    Voucher::new(postings)
}

/// A requisition gets its second approval: its costs are the year's, and to be
/// paid.
#[must_use]
pub fn post(costs: &Costs) -> Voucher {
    let mut postings: Vec<_> = costs.each(Account::Reserved, costs.day, -1).collect();
    postings.extend(costs.each(Account::Requisitioned, costs.day, 1));
    postings.extend(costs.each(Account::Initiatives, costs.day, 1));
    postings.push(costs.with_party(Account::Payable, costs.day, negative(costs.total())));
    Voucher::new(postings)
}

/// A correction gets its second approval: what it takes back is the grant's
/// again, and to be paid back or set off.
#[must_use]
pub fn correct(costs: &Costs) -> Voucher {
    let mut postings: Vec<_> = costs.each(Account::Requisitioned, costs.day, -1).collect();
    postings.push(costs.on_grant(Account::Left, costs.total()));
    postings.extend(costs.each(Account::Initiatives, costs.day, -1));
    postings.push(costs.with_party(Account::Payable, costs.day, costs.total()));
    Voucher::new(postings)
}

/// A requisition is paid; an amount below zero came back for a correction.
#[must_use]
pub fn pay(party: &Slug, day: NaiveDate, amount: Ore) -> Voucher {
    Voucher::new(vec![
        of_party(Account::Payable, party, day, amount),
        of_year(Account::Bank, day, negative(amount)),
    ])
}

/// A party is to pay back costs of a grant whose year is open: they are the
/// grant's again.
#[must_use]
pub fn recover(costs: &Costs) -> Voucher {
    let mut postings: Vec<_> = costs.each(Account::Requisitioned, costs.day, -1).collect();
    postings.push(costs.on_grant(Account::Left, costs.total()));
    postings.extend(costs.each(Account::Initiatives, costs.day, -1));
    postings.push(costs.with_party(Account::Receivable, costs.day, costs.total()));
    Voucher::new(postings)
}

/// A party is to pay back costs of a grant whose year is closed: they lessen the
/// costs of the year of the day.
#[must_use]
pub fn recover_after_closing(costs: &Costs, day: NaiveDate) -> Voucher {
    let mut postings: Vec<_> = costs.each(Account::Initiatives, day, -1).collect();
    postings.push(costs.with_party(Account::Receivable, day, costs.total()));
    Voucher::new(postings)
}

/// A party has paid back what it owed.
#[must_use]
pub fn settle(party: &Slug, day: NaiveDate, amount: Ore) -> Voucher {
    Voucher::new(vec![
        of_year(Account::Bank, day, amount),
        of_party(Account::Receivable, party, day, negative(amount)),
    ])
}
