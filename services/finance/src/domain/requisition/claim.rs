//! What a party claims, and what is wrong with it when it is seen against the
//! record.

use values::{
    Period,
    name::{GrantName, PartyName, RequisitionName},
};

use super::State;
use crate::domain::{
    cost_line::{CostKind, CostLines},
    grant::Decision,
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
#[derive(Debug, Clone, Copy)]
pub enum GrantFact<'a> {
    /// There is no such grant.
    Unknown,
    /// It comes with the claim and cannot be read, which is told elsewhere.
    Unreadable,
    /// It is there, or comes with the claim.
    Known(&'a Decision),
}

/// What a new claim is checked against.
#[derive(Debug, Clone, Copy)]
pub struct ClaimFacts<'a> {
    /// True when the party is there.
    pub party_is_known: bool,
    /// What is known of the grant.
    pub grant: GrantFact<'a>,
    /// What the same party claims on the same grant.
    pub claimed: &'a [ClaimedCost],
}

/// Every fault of a claim.
#[must_use]
pub fn claim_faults(claim: &Claim, facts: ClaimFacts<'_>) -> Vec<ClaimFault> {
    let mut faults = Vec::new();
    if !facts.party_is_known {
        faults.push(ClaimFault::PartyUnknown(claim.party.clone()));
    }
    match facts.grant {
        GrantFact::Unknown => faults.push(ClaimFault::GrantUnknown(claim.grant.clone())),
        GrantFact::Unreadable => {}
        GrantFact::Known(decision) => {
            let grant_period = decision.period.days();
            if !grant_period.covers(claim.period) {
                faults.push(ClaimFault::PeriodOutsideGrant {
                    period: claim.period,
                    grant_period,
                });
            }
        }
    }
    faults.extend(claimed_before(claim, facts.claimed));
    faults
}

/// One fault for each kind of cost that another live requisition claims for
/// some of the same days.
pub(super) fn claimed_before<'a>(
    claim: &'a Claim,
    claimed: &'a [ClaimedCost],
) -> impl Iterator<Item = ClaimFault> + 'a {
    CostKind::ALL.iter().filter_map(move |kind| {
        let lines = claim.cost_lines.as_slice();
        let line = lines.iter().position(|line| line.kind() == *kind)?;
        let other = claimed.iter().find(|other| {
            other.kind == *kind
                && other.state.is_live()
                && other.period.overlaps(claim.period)
                && other.requisition != claim.name
        })?;
        Some(ClaimFault::ClaimedBefore {
            line,
            requisition: other.requisition.clone(),
            kind: *kind,
        })
    })
}
