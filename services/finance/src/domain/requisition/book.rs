//! What the drafts and steps of one moment are decided on: requisitions, grants
//! and claims as those decided before have left them, and what of it is to be
//! kept.

use std::collections::HashMap;

use values::{
    Slug,
    name::{GrantName, PartyName, RequisitionName},
};

use super::{ClaimedCost, GrantFact, Requisition};
use crate::domain::{
    grant::GrantPeriod,
    ledger::{Balances, Voucher},
};

/// Costs that parties claim on grants, by both.
pub type ClaimedCosts = HashMap<(GrantName, PartyName), Vec<ClaimedCost>>;

/// What is known of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnGrant {
    /// Its days.
    pub period: GrantPeriod,
    /// Where its money stands.
    pub balances: Balances,
}

/// What is known, and what has been decided since it was read.
#[derive(Debug)]
pub struct Book {
    federation: Slug,
    requisitions: HashMap<RequisitionName, Requisition>,
    grants: HashMap<GrantName, OnGrant>,
    claimed: ClaimedCosts,
    drafted: Vec<(i64, RequisitionName)>,
    /// How many steps a requisition had that has taken more.
    stepped: HashMap<RequisitionName, usize>,
    vouchers: Vec<(i64, Voucher)>,
}

/// What a draft or a step changes.
#[derive(Debug)]
pub struct Change {
    /// The sequence of the journal that records it.
    pub sequence: i64,
    /// The requisition as it became.
    pub after: Requisition,
    /// What it does to the ledger.
    pub voucher: Option<Voucher>,
}

/// What is to be kept.
#[derive(Debug, PartialEq, Eq)]
pub struct Kept {
    /// The federation all of it belongs to.
    pub federation: Slug,
    /// New requisitions, each with the sequence that drafted it.
    pub drafted: Vec<(i64, Requisition)>,
    /// Requisitions that took steps, each with how many it had.
    pub stepped: Vec<(usize, Requisition)>,
    /// What was posted, each under its sequence.
    pub vouchers: Vec<(i64, Voucher)>,
}

impl Book {
    /// A book as it was read.
    #[must_use]
    pub fn read(
        federation: Slug,
        requisitions: HashMap<RequisitionName, Requisition>,
        grants: HashMap<GrantName, OnGrant>,
        claimed: ClaimedCosts,
    ) -> Self {
        Self {
            federation,
            requisitions,
            grants,
            claimed,
            drafted: Vec::new(),
            stepped: HashMap::new(),
            vouchers: Vec::new(),
        }
    }

    /// The requisition of a name.
    #[must_use]
    pub fn requisition(&self, name: &RequisitionName) -> Option<&Requisition> {
        self.requisitions.get(name)
    }

    /// What is known of a grant.
    #[must_use]
    pub fn grant_fact(&self, name: &GrantName) -> GrantFact {
        let grant = self.grants.get(name);
        grant.map_or(GrantFact::Unknown, |grant| GrantFact::Known(grant.period))
    }

    /// Where a grant's money stands.
    #[must_use]
    pub fn balances(&self, name: &GrantName) -> Option<Balances> {
        self.grants.get(name).map(|grant| grant.balances)
    }

    /// What a party claims on a grant for some of the days that were asked about.
    #[must_use]
    pub fn claimed(&self, grant: &GrantName, party: &PartyName) -> &[ClaimedCost] {
        let key = (grant.clone(), party.clone());
        self.claimed.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Enters what was decided.
    ///
    /// # Panics
    /// When a voucher overdraws a grant, which the decision has refused.
    pub fn enter(&mut self, change: Change) {
        let Change { sequence, after, voucher } = change;
        let claim = after.claim();
        let name = claim.name.clone();
        let claimed = self.claimed.entry((claim.grant.clone(), claim.party.clone())).or_default();
        claimed.retain(|cost| cost.requisition != name);
        if after.state().is_live() {
            claimed.extend(costs(&after));
        }
        if let Some(voucher) = voucher {
            for grant in voucher.changes().into_keys() {
                let name = GrantName::new(self.federation.clone(), grant.clone());
                if let Some(grant) = self.grants.get_mut(&name) {
                    let balances = grant.balances.after(&name.id, &voucher);
                    grant.balances = balances.expect("it was decided on these balances");
                }
            }
            self.vouchers.push((sequence, voucher));
        }
        match self.requisitions.insert(name.clone(), after) {
            None => self.drafted.push((sequence, name)),
            Some(before) => {
                self.stepped.entry(name).or_insert(before.steps().len());
            }
        }
    }

    /// What is to be kept of it.
    #[must_use]
    pub fn into_kept(mut self) -> Kept {
        let mut drafted = Vec::with_capacity(self.drafted.len());
        for (sequence, name) in self.drafted {
            // Its steps since are kept with it.
            self.stepped.remove(&name);
            drafted.extend(self.requisitions.remove(&name).map(|draft| (sequence, draft)));
        }
        let mut stepped = Vec::with_capacity(self.stepped.len());
        for (name, steps) in self.stepped {
            stepped.extend(self.requisitions.remove(&name).map(|after| (steps, after)));
        }
        Kept { federation: self.federation, drafted, stepped, vouchers: self.vouchers }
    }
}

/// What a requisition claims, cost by cost.
fn costs(requisition: &Requisition) -> impl Iterator<Item = ClaimedCost> {
    let claim = requisition.claim();
    claim.cost_lines.as_slice().iter().map(|line| ClaimedCost {
        requisition: claim.name.clone(),
        state: requisition.state(),
        kind: line.kind(),
        period: claim.period,
    })
}

#[cfg(test)]
mod tests;
