//! What a party claims, and what is wrong with it when it is seen against the
//! record.

use chrono::{DateTime, Utc};
use values::{
    Period,
    name::{GrantName, PartyName, RequisitionName},
};

use super::{Movement, State};
use crate::domain::{
    cost_line::{CostKind, CostLine, CostLines},
    grant::GrantPeriod,
    ledger::{Voucher, vouchers},
};

/// What a party claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The requisition's name.
    pub name: RequisitionName,
    /// The grant claimed on.
    pub grant: GrantName,
    /// The party that claims.
    pub party: PartyName,
    /// The days the costs are for.
    pub period: Period,
    /// What the money went to.
    pub cost_lines: CostLines,
    /// Where the party wants the money; may be empty.
    pub payment_reference: String,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

impl Claim {
    /// Its costs, as the ledger takes them.
    #[must_use]
    pub fn costs(&self) -> vouchers::Costs {
        vouchers::Costs {
            grant: self.grant.id.clone(),
            party: self.party.id.clone(),
            day: self.period.last_day(),
            by_kind: self.cost_lines.by_kind(),
        }
    }

    /// What a movement of the whole amount does to the ledger.
    #[must_use]
    pub fn voucher(&self, movement: Movement, time: DateTime<Utc>) -> Voucher {
        let costs = self.costs();
        match movement {
            Movement::Reserve => vouchers::reserve(&costs),
            Movement::Release => vouchers::release(&costs),
            Movement::Post => vouchers::post(&costs),
            Movement::Pay => vouchers::pay(&costs.party, time.date_naive(), costs.total()),
        }
    }
}

/// A claim as far as it could be read: what could not is told by the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClaimParts {
    /// The requisition's name.
    pub name: Option<RequisitionName>,
    /// The grant claimed on.
    pub grant: Option<GrantName>,
    /// The party that claims.
    pub party: Option<PartyName>,
    /// The days the costs are for.
    pub period: Option<Period>,
    /// What the money went to.
    pub cost_lines: Option<CostLines>,
    /// Where the party wants the money.
    pub payment_reference: Option<String>,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

impl ClaimParts {
    /// All of it, when all of it could be read.
    #[must_use]
    pub fn whole(self) -> Option<Claim> {
        Some(Claim {
            name: self.name?,
            grant: self.grant?,
            party: self.party?,
            period: self.period?,
            cost_lines: self.cost_lines?,
            payment_reference: self.payment_reference?,
            synthetic: self.synthetic,
        })
    }

    /// What it would keep others from claiming once it is submitted.
    #[must_use]
    pub fn costs(&self) -> Vec<ClaimedCost> {
        let (Some(requisition), Some(period), Some(lines)) =
            (&self.name, self.period, &self.cost_lines)
        else {
            return Vec::new();
        };
        let cost = |line: &CostLine| ClaimedCost {
            requisition: requisition.clone(),
            state: State::Submitted,
            kind: line.kind(),
            period,
        };
        lines.as_slice().iter().map(cost).collect()
    }
}

/// A cost that another requisition of the same party claims on the same grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedCost {
    /// The other requisition.
    pub requisition: RequisitionName,
    /// Where it stands.
    pub state: State,
    /// The kind of cost.
    pub kind: CostKind,
    /// The days it is for.
    pub period: Period,
}

/// What is wrong with a claim, seen against the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimFault {
    /// There is no such party.
    PartyUnknown(PartyName),
    /// There is no such grant.
    GrantUnknown(GrantName),
    /// The days are not all within the grant's.
    PeriodOutsideGrant {
        /// The claim's days.
        period: Period,
        /// The grant's days.
        grant_period: Period,
    },
    /// The same kind of cost for some of the same days is claimed already.
    ClaimedBefore {
        /// The first line of that kind.
        line: usize,
        /// The requisition that claims it.
        requisition: RequisitionName,
        /// The kind of cost.
        kind: CostKind,
    },
}

/// What is known of the grant that is claimed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantFact {
    /// There is no such grant.
    Unknown,
    /// It comes with the claim, and its days cannot be read, which is told
    /// elsewhere.
    Unreadable,
    /// It is there, or comes with the claim.
    Known(GrantPeriod),
}

/// What a new claim is checked against.
#[derive(Debug, Clone, Copy)]
pub struct ClaimFacts<'a> {
    /// True when the party is there.
    pub party_is_known: bool,
    /// What is known of the grant.
    pub grant: GrantFact,
    /// What the same party claims on the same grant.
    pub claimed: &'a [ClaimedCost],
}

/// Every fault of a claim, as far as it could be read.
#[must_use]
pub fn claim_faults(parts: &ClaimParts, facts: ClaimFacts<'_>) -> Vec<ClaimFault> {
    let mut faults = Vec::new();
    if let Some(party) = parts.party.as_ref().filter(|_| !facts.party_is_known) {
        faults.push(ClaimFault::PartyUnknown(party.clone()));
    }
    match (facts.grant, &parts.grant, parts.period) {
        (GrantFact::Unknown, Some(grant), _) => {
            faults.push(ClaimFault::GrantUnknown(grant.clone()));
        }
        (GrantFact::Known(grant_period), Some(_), Some(period))
            if !grant_period.days().covers(period) =>
        {
            faults
                .push(ClaimFault::PeriodOutsideGrant { period, grant_period: grant_period.days() });
        }
        (GrantFact::Known(_) | GrantFact::Unreadable | GrantFact::Unknown, _, _) => {}
    }
    if let Some((period, lines)) = parts.period.zip(parts.cost_lines.as_ref()) {
        let others = facts.claimed.iter();
        let others = others.filter(|other| Some(&other.requisition) != parts.name.as_ref());
        faults.extend(claimed_before(period, lines, others));
    }
    faults
}

/// One fault for each kind of cost that another live requisition claims for
/// some of the same days.
pub(super) fn claimed_before<'a>(
    period: Period,
    lines: &CostLines,
    others: impl Iterator<Item = &'a ClaimedCost> + Clone,
) -> Vec<ClaimFault> {
    let fault = |kind: &CostKind| {
        let mut lines = lines.as_slice().iter();
        let line = lines.position(|line| line.kind() == *kind)?;
        let other = others.clone().find(|other| {
            other.kind == *kind && other.state.is_live() && other.period.overlaps(period)
        })?;
        Some(ClaimFault::ClaimedBefore {
            line,
            requisition: other.requisition.clone(),
            kind: *kind,
        })
    };
    CostKind::ALL.iter().filter_map(fault).collect()
}
