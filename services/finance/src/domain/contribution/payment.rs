//! What the parties have paid.

use chrono::NaiveDate;
use values::{
    Ore,
    name::{ContributionPaymentName, PartyName},
};

use super::Standing;
use crate::domain::{
    budget_year::BudgetYear,
    ledger::{Voucher, YearClosed, vouchers},
    signed_amount::SignedAmount,
};

/// Money that a party has paid in, or an earlier payment taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its name.
    pub name: ContributionPaymentName,
    /// The year it is for.
    pub year: BudgetYear,
    /// The party.
    pub party: PartyName,
    /// How much.
    pub amount: SignedAmount,
    /// The day it came; its year is the one it is booked in.
    pub payment_date: NaiveDate,
    /// The bank's reference.
    pub bank_reference: String,
    /// Why.
    pub comment: String,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

/// A payment as far as it could be read: what could not is told by the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentParts {
    /// Its name.
    pub name: Option<ContributionPaymentName>,
    /// The year it is for.
    pub year: Option<BudgetYear>,
    /// The party.
    pub party: Option<PartyName>,
    /// How much.
    pub amount: Option<SignedAmount>,
    /// The day it came.
    pub payment_date: Option<NaiveDate>,
    /// The bank's reference.
    pub bank_reference: Option<String>,
    /// Why.
    pub comment: Option<String>,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

impl PaymentParts {
    /// All of it, when all of it could be read.
    #[must_use]
    pub fn whole(self) -> Option<Payment> {
        Some(Payment {
            name: self.name?,
            year: self.year?,
            party: self.party?,
            amount: self.amount?,
            payment_date: self.payment_date?,
            bank_reference: self.bank_reference?,
            comment: self.comment?,
            synthetic: self.synthetic,
        })
    }
}

/// What a payment is checked against.
#[derive(Debug, Clone, Copy)]
pub struct PayFacts {
    /// True when a payment of that name is there.
    pub is_taken: bool,
    /// True when the party is there.
    pub party_is_known: bool,
    /// Where the party stands in the year it is for.
    pub standing: Standing,
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// What is wrong with a payment, seen against the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentFault {
    /// There is no such party.
    PartyUnknown(PartyName),
    /// It cannot have come yet.
    InFuture(NaiveDate),
    /// Taking back needs a reason.
    CommentMissing,
}

/// Why a payment is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayRefusal {
    /// It cannot be right; without a fault when the reader has told them all.
    Faulty(Vec<PaymentFault>),
    /// The name is taken.
    Taken,
    /// The year it would be booked in is closed.
    YearClosed(i32),
    /// It is more than what is outstanding.
    Overpaid {
        /// The payment.
        amount: Ore,
        /// What is outstanding.
        outstanding: Ore,
    },
    /// It takes back more than is paid.
    BelowZero {
        /// The payment.
        amount: Ore,
        /// What is paid.
        paid: Ore,
    },
}

/// Records a payment.
///
/// # Errors
/// What forbids it.
pub fn pay(parts: PaymentParts, facts: PayFacts) -> Result<(Payment, Voucher), PayRefusal> {
    let mut faults = Vec::new();
    let unknown = parts.party.clone().filter(|_| !facts.party_is_known);
    faults.extend(unknown.map(PaymentFault::PartyUnknown));
    let in_future = parts.payment_date.filter(|day| *day > facts.today);
    faults.extend(in_future.map(PaymentFault::InFuture));
    let takes_back = parts.amount.is_some_and(SignedAmount::takes_back);
    if takes_back && parts.comment.as_deref() == Some("") {
        faults.push(PaymentFault::CommentMissing);
    }
    let payment = match parts.whole() {
        Some(payment) if faults.is_empty() => payment,
        Some(_) | None => return Err(PayRefusal::Faulty(faults)),
    };
    if facts.is_taken {
        return Err(PayRefusal::Taken);
    }
    let voucher =
        vouchers::year::pay_in(&payment.party.id, payment.payment_date, payment.amount.ore());
    let closed = |YearClosed(year)| PayRefusal::YearClosed(year);
    voucher.check_years(facts.closed_through).map_err(closed)?;
    let Standing { agreed, paid } = facts.standing;
    let amount = payment.amount.ore();
    let after = paid.plus(amount).expect("both are far from the edge");
    if after < Ore::ZERO {
        return Err(PayRefusal::BelowZero { amount, paid });
    }
    if after > agreed {
        let outstanding = agreed.minus(paid).expect("neither is below 0");
        return Err(PayRefusal::Overpaid { amount, outstanding });
    }
    Ok((payment, voucher))
}
