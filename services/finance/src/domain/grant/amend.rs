//! A new decision on a grant: another amount, other days or both. The decisions
//! before it stay.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use values::{Ore, Period, name::AccountName};

use super::{Grant, GrantPeriod, Parent, Version};
use crate::domain::ledger::{Amount, Voucher, vouchers};

/// What is decided anew, as far as it could be read: what could not is told by
/// the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AmendmentParts {
    /// The days the money is for.
    pub period: Option<GrantPeriod>,
    /// How much from now on.
    pub amount: Option<Amount>,
    /// The registry number of the decision.
    pub dnr: Option<String>,
    /// The day of the decision.
    pub decision_date: Option<NaiveDate>,
    /// The body that decided.
    pub deciding_body: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

impl AmendmentParts {
    /// True when it says what was decided, or not all of it could be read.
    #[must_use]
    pub fn tells(&self, decided: &Version) -> bool {
        let whole = self.clone().whole(decided.actor.clone(), decided.recorded_at);
        whole.is_none_or(|whole| whole == *decided)
    }

    /// All of it, when all of it could be read.
    fn whole(self, actor: AccountName, recorded_at: DateTime<Utc>) -> Option<Version> {
        Some(Version {
            period: self.period?,
            amount: self.amount?,
            dnr: self.dnr?,
            decision_date: self.decision_date?,
            deciding_body: self.deciding_body?,
            reason: self.reason?,
            actor,
            recorded_at,
        })
    }
}

/// What keeps days of a grant: a live requisition or a sub-project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its resource name.
    pub name: String,
    /// Its days.
    pub period: Period,
}

/// What a new decision is checked against, besides the grant itself.
#[derive(Debug, Clone, Copy)]
pub struct AmendFacts<'a> {
    /// The decision in force that the caller has seen.
    pub etag: &'a str,
    /// The grant above, of a sub-project.
    pub parent: Option<Parent>,
    /// What keeps days of the grant.
    pub held: &'a [Held],
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// What is wrong with a new decision, seen against the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmendmentFault {
    /// The board cannot have decided it yet.
    DecisionDateInFuture(NaiveDate),
    /// The decision before it was taken later.
    DecisionDateTooEarly {
        /// The day of the new decision.
        day: NaiveDate,
        /// The day of the one before.
        earliest: NaiveDate,
    },
    /// The days are of another year.
    PeriodOutsideYear {
        /// The new days.
        period: Period,
        /// The grant's year.
        year: i32,
    },
    /// The days are not all within those of the grant above.
    PeriodOutsideParent {
        /// The new days.
        period: Period,
        /// The days of the grant above.
        parent_period: Period,
    },
    /// The days leave out some that a requisition or a sub-project has.
    PeriodLeavesOut {
        /// The new days.
        period: Period,
        /// What has the other days.
        held: Held,
    },
}

/// Why a new decision is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmendRefusal {
    /// Another decision came between.
    Stale,
    /// The decision cannot be right; without a fault when the reader has told
    /// them all.
    Faulty(Vec<AmendmentFault>),
    /// Nothing more is posted in its year.
    YearClosed(i32),
    /// More is claimed or set aside already.
    BelowClaimed {
        /// What was to be granted.
        asked: Ore,
        /// The least there can be.
        least: Ore,
    },
    /// The grant above has no room.
    GrantOverdrawn {
        /// How much more the sub-project is to get.
        asked: Ore,
        /// What is left of the grant above.
        left: Ore,
    },
}

/// Records a new decision: the grant after it, and what it does to the ledger.
///
/// # Errors
/// What forbids it.
pub fn amend(
    mut grant: Grant,
    parts: AmendmentParts,
    facts: AmendFacts<'_>,
    actor: AccountName,
    time: DateTime<Utc>,
) -> Result<(Grant, Voucher), AmendRefusal> {
    if facts.etag != grant.etag() {
        return Err(AmendRefusal::Stale);
    }
    let faults = faults(&grant, &parts, facts);
    let version = match parts.whole(actor, time) {
        Some(version) if faults.is_empty() => version,
        Some(_) | None => return Err(AmendRefusal::Faulty(faults)),
    };
    let decision = &mut grant.decision;
    let year = decision.period.days().first_day().year();
    if facts.closed_through.is_some_and(|last| year <= last) {
        return Err(AmendRefusal::YearClosed(year));
    }
    let (asked, granted) = (version.amount.ore(), decision.amount.ore());
    let difference = asked.minus(granted).expect("amounts are far from the edge");
    let parent = decision.parent.as_ref().map(|parent| &parent.id);
    let first_day = version.period.days().first_day();
    let voucher = vouchers::amend(&decision.name.id, parent, first_day, difference);
    let least = granted.minus(grant.balances.left).expect("what is left is a part of it");
    let balances = grant.balances.after(&decision.name.id, &voucher);
    grant.balances = balances.map_err(|_| AmendRefusal::BelowClaimed { asked, least })?;
    if let Some((id, parent)) = parent.zip(facts.parent) {
        parent.balances.after(id, &voucher).map_err(|overdrawn| AmendRefusal::GrantOverdrawn {
            asked: overdrawn.asked,
            left: overdrawn.available,
        })?;
    }
    decision.period = version.period;
    decision.amount = version.amount;
    decision.dnr.clone_from(&version.dnr);
    decision.decision_date = version.decision_date;
    decision.deciding_body.clone_from(&version.deciding_body);
    grant.versions.push(version);
    Ok((grant, voucher))
}

/// Every fault of a new decision, as far as it could be read.
fn faults(grant: &Grant, parts: &AmendmentParts, facts: AmendFacts<'_>) -> Vec<AmendmentFault> {
    let mut faults = Vec::new();
    if let Some(period) = parts.period.map(GrantPeriod::days) {
        let year = grant.decision.period.days().first_day().year();
        if period.first_day().year() != year {
            faults.push(AmendmentFault::PeriodOutsideYear { period, year });
        }
        let parent = facts.parent.map(|parent| parent.period.days());
        let outside = parent.filter(|parent| !parent.covers(period));
        faults.extend(
            outside
                .map(|parent_period| AmendmentFault::PeriodOutsideParent { period, parent_period }),
        );
        let left_out = facts.held.iter().find(|held| !period.covers(held.period));
        faults.extend(
            left_out.map(|held| AmendmentFault::PeriodLeavesOut { period, held: held.clone() }),
        );
    }
    if let Some(day) = parts.decision_date {
        let earliest = grant.decision.decision_date;
        if day > facts.today {
            faults.push(AmendmentFault::DecisionDateInFuture(day));
        } else if day < earliest {
            faults.push(AmendmentFault::DecisionDateTooEarly { day, earliest });
        }
    }
    faults
}

#[cfg(test)]
mod tests;
