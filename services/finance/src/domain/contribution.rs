//! What the parties pay for a year: how the law divides it, how each group
//! divides its part, and what a later decision changes.

pub mod payment;
pub mod table;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use values::{
    Ore, Slug,
    name::{ContributionDecisionName, PartyName},
    share,
};

use super::{
    board_decision::{BoardDecision, BoardDecisionParts, InFuture},
    budget_year::BudgetYear,
    ledger::{Amount, Voucher, vouchers},
};

/// The least that is decided: an öre for each quarter.
pub const LEAST_TOTAL: Ore = Ore::new(4);
/// The most parties that share.
pub const MOST_SHARES: usize = 400;
/// The largest weight of a party.
pub const LARGEST_WEIGHT: i64 = 1_000_000_000;

/// The groups that the law divides the contributions by (lag 2003:1210, 5 §).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Försäkringskassan, also for Arbetsförmedlingen.
    State,
    /// The region.
    Region,
    /// The municipalities together.
    Municipalities,
}

impl Group {
    /// Every group.
    pub const ALL: [Group; 3] = [Group::State, Group::Region, Group::Municipalities];

    /// How many quarters it pays (lag 2003:1210, 5 §).
    #[must_use]
    pub const fn quarters(self) -> i64 {
        match self {
            Group::State => 2,
            Group::Region | Group::Municipalities => 1,
        }
    }

    /// The code it is stored and told as.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Group::State => "state",
            Group::Region => "region",
            Group::Municipalities => "municipalities",
        }
    }

    /// The group of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|group| group.code() == code)
    }
}

/// What one party pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The party.
    pub party: PartyName,
    /// The group it pays in.
    pub group: Group,
    /// Its weight in the group.
    pub weight: i64,
    /// How much.
    pub amount: Ore,
}

/// A decision on a year's contributions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its name.
    pub name: ContributionDecisionName,
    /// The year.
    pub year: BudgetYear,
    /// What the parties pay together.
    pub total: Amount,
    /// What each pays; they sum to the total.
    pub shares: Vec<Share>,
    /// The board's decision.
    pub decision: BoardDecision,
    /// 1 for the first of its year.
    pub version: i32,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

impl Decision {
    /// What a group pays.
    #[must_use]
    pub fn of_group(&self, group: Group) -> Ore {
        let members = self.shares.iter().filter(|share| share.group == group);
        let sum = Ore::sum(members.map(|share| share.amount));
        sum.expect("the shares sum to the total")
    }
}

/// A share as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShareParts {
    /// The party.
    pub party: Option<PartyName>,
    /// Its weight.
    pub weight: Option<i64>,
}

/// A decision as far as it could be read: what could not is told by the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionParts {
    /// Its name.
    pub name: Option<ContributionDecisionName>,
    /// The year.
    pub year: Option<BudgetYear>,
    /// What the parties pay together.
    pub total: Option<Amount>,
    /// The parties.
    pub shares: Option<Vec<ShareParts>>,
    /// The board's decision.
    pub decision: BoardDecisionParts,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

/// What a party is to pay for a year, and has paid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Agreed so far.
    pub agreed: Ore,
    /// Paid so far; never below 0 or above what is agreed.
    pub paid: Ore,
}

/// What a new decision is checked against.
#[derive(Debug, Clone, Copy)]
pub struct DecideFacts<'a> {
    /// True when a decision of that name is there.
    pub is_taken: bool,
    /// The group of every party there is.
    pub groups: &'a HashMap<PartyName, Group>,
    /// How many decisions the year has.
    pub versions: i32,
    /// Where each party stands that owes or has paid.
    pub standings: &'a BTreeMap<Slug, Standing>,
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// What is wrong with a decision, seen against the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecisionFault {
    /// There is no such party.
    PartyUnknown {
        /// The place of the share.
        share: usize,
        /// The party.
        party: PartyName,
    },
    /// The party has a share already.
    PartyTwice {
        /// The place of the share.
        share: usize,
        /// The party.
        party: PartyName,
    },
    /// Nobody pays the group's part.
    GroupWithoutParty(Group),
    /// The weights of a group of several sum to 0.
    GroupWithoutWeight(Group),
    /// The board cannot have decided it yet.
    InFuture(InFuture),
}

/// Why a decision is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecideRefusal {
    /// It cannot be right; without a fault when the reader has told them all.
    Faulty(Vec<DecisionFault>),
    /// The name is taken.
    Taken,
    /// The year is closed.
    YearClosed(BudgetYear),
    /// A party has paid more than it would owe.
    BelowPaid {
        /// The party's id.
        party: Slug,
        /// What it would owe.
        agreed: Ore,
        /// What it has paid.
        paid: Ore,
    },
}

/// Records a decision on a year's contributions, and what it changes for each
/// party.
///
/// # Errors
/// What forbids it.
pub fn decide(
    parts: DecisionParts,
    facts: DecideFacts<'_>,
) -> Result<(Decision, Voucher), DecideRefusal> {
    let mut faults =
        parts.shares.as_deref().map(|s| share_faults(s, facts.groups)).unwrap_or_default();
    faults.extend(parts.decision.fault(facts.today).map(DecisionFault::InFuture));
    let decision = match whole(parts, facts) {
        Some(decision) if faults.is_empty() => decision,
        Some(_) | None => return Err(DecideRefusal::Faulty(faults)),
    };
    if facts.is_taken {
        return Err(DecideRefusal::Taken);
    }
    if decision.year.is_closed(facts.closed_through) {
        return Err(DecideRefusal::YearClosed(decision.year));
    }
    let agreed: BTreeMap<&Slug, Ore> =
        decision.shares.iter().map(|share| (&share.party.id, share.amount)).collect();
    for (party, Standing { agreed: _, paid }) in facts.standings {
        let agreed = agreed.get(party).copied().unwrap_or_default();
        if *paid > agreed {
            let (party, paid) = (party.clone(), *paid);
            return Err(DecideRefusal::BelowPaid { party, agreed, paid });
        }
    }
    let voucher = differences(&decision, &agreed, facts.standings);
    Ok((decision, voucher))
}

fn share_faults(shares: &[ShareParts], groups: &HashMap<PartyName, Group>) -> Vec<DecisionFault> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let mut members = BTreeMap::<Group, Vec<Option<i64>>>::new();
    let mut all_are_known = true;
    for (place, share) in shares.iter().enumerate() {
        let Some(party) = &share.party else {
            all_are_known = false;
            continue;
        };
        if !seen.insert(party) {
            faults.push(DecisionFault::PartyTwice { share: place, party: party.clone() });
            continue;
        }
        match groups.get(party) {
            Some(group) => members.entry(*group).or_default().push(share.weight),
            None => {
                all_are_known = false;
                faults.push(DecisionFault::PartyUnknown { share: place, party: party.clone() });
            }
        }
    }
    // A party that is not known may be the one that a group misses.
    if !all_are_known {
        return faults;
    }
    for group in Group::ALL {
        match members.get(&group).map(Vec::as_slice) {
            None | Some([]) => faults.push(DecisionFault::GroupWithoutParty(group)),
            Some([_]) => {}
            Some(weights) if weights.iter().all(|weight| *weight == Some(0)) => {
                faults.push(DecisionFault::GroupWithoutWeight(group));
            }
            Some(_) => {}
        }
    }
    faults
}

/// All of a decision, with the amount of each party, when all of it could be
/// read and every group can divide its part.
fn whole(parts: DecisionParts, facts: DecideFacts<'_>) -> Option<Decision> {
    let DecisionParts { name, year, total, shares, decision, synthetic } = parts;
    let total = total?;
    let share = |ShareParts { party, weight }: ShareParts| {
        let party = party?;
        let group = *facts.groups.get(&party)?;
        Some(Share { party, group, weight: weight?, amount: Ore::ZERO })
    };
    let shares: Vec<Share> = shares?.into_iter().map(share).collect::<Option<_>>()?;
    Some(Decision {
        name: name?,
        year: year?,
        total,
        shares: divide(total.ore(), shares)?,
        decision: decision.whole()?,
        version: facts.versions + 1,
        synthetic,
    })
}

/// Divides the total as the law says, and each group's part by its weights. The
/// shares sum to the total, to the öre. `None` when a group has nobody, or
/// several parties of no weight.
#[must_use]
pub fn divide(total: Ore, mut shares: Vec<Share>) -> Option<Vec<Share>> {
    let parts = share::split(total, &Group::ALL.map(Group::quarters))?;
    for (group, part) in Group::ALL.into_iter().zip(parts) {
        let members = shares.iter_mut().filter(|share| share.group == group);
        let mut members: Vec<&mut Share> = members.collect();
        let weights: Vec<i64> = match members.as_slice() {
            [_] => vec![1],
            several => several.iter().map(|share| share.weight).collect(),
        };
        for (share, amount) in members.iter_mut().zip(share::split(part, &weights)?) {
            share.amount = amount;
        }
    }
    Some(shares)
}

/// What each party owes more, or less, than by the decision before.
fn differences(
    decision: &Decision,
    agreed: &BTreeMap<&Slug, Ore>,
    standings: &BTreeMap<Slug, Standing>,
) -> Voucher {
    let parties: BTreeSet<&Slug> = agreed.keys().copied().chain(standings.keys()).collect();
    let difference = |party: &Slug| {
        let before = standings.get(party).map(|standing| standing.agreed).unwrap_or_default();
        let after = agreed.get(party).copied().unwrap_or_default();
        let difference = after.minus(before).expect("neither is below 0");
        (party.clone(), difference)
    };
    let differences: Vec<(Slug, Ore)> = parties.into_iter().map(difference).collect();
    let day = decision.year.nearest(decision.decision.decision_date);
    vouchers::year::agree(day, &differences)
}
