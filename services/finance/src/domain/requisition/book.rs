//! What the drafts and steps of one moment are decided on: requisitions, grants
//! and claims as those decided before have left them, and what of it is to be
//! kept.

use std::collections::HashMap;

use values::{
    Ore, Slug,
    name::{GrantName, PartyName, RequisitionName},
};

use super::{ClaimedCost, Corrected, GrantFact, RecoveredCost, Requisition, State};
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

/// What is known, as it was read.
#[derive(Debug)]
pub struct Known {
    /// The federation all of it belongs to.
    pub federation: Slug,
    /// Requisitions that are to take a step, or are to be corrected.
    pub requisitions: HashMap<RequisitionName, Requisition>,
    /// The grants claimed on.
    pub grants: HashMap<GrantName, OnGrant>,
    /// What is claimed for some of the days in question.
    pub claimed: ClaimedCosts,
    /// What of a party's requisitions on a grant was approved or paid, net of
    /// corrections and recoveries.
    pub requisitioned: HashMap<(GrantName, PartyName), Ore>,
    /// What is recovered of requisitions, or proposed to be.
    pub recovered: HashMap<RequisitionName, Vec<RecoveredCost>>,
    /// The last closed year.
    pub closed_through: Option<i32>,
}

/// What is known, and what has been decided since it was read.
#[derive(Debug)]
pub struct Book {
    known: Known,
    drafted: Vec<(i64, RequisitionName)>,
    /// How many steps a requisition had that has taken more.
    stepped: HashMap<RequisitionName, usize>,
    vouchers: Vec<(i64, Voucher)>,
}

/// What a draft or a step changes.
#[derive(Debug, Clone)]
pub struct Change {
    /// The sequence of the journal that records it.
    pub sequence: i64,
    /// The state that the requisition was in; none of a new one.
    pub before: Option<State>,
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
    pub fn read(known: Known) -> Self {
        Self { known, drafted: Vec::new(), stepped: HashMap::new(), vouchers: Vec::new() }
    }

    /// The requisition of a name.
    #[must_use]
    pub fn requisition(&self, name: &RequisitionName) -> Option<&Requisition> {
        self.known.requisitions.get(name)
    }

    /// The requisition that one of them corrects.
    #[must_use]
    pub fn corrected(&self, name: &RequisitionName) -> Option<Corrected<'_>> {
        let requisition = self.requisition(name)?;
        let recovered = self.known.recovered.get(name).map(Vec::as_slice).unwrap_or_default();
        Some(Corrected { requisition, recovered })
    }

    /// The last closed year.
    #[must_use]
    pub fn closed_through(&self) -> Option<i32> {
        self.known.closed_through
    }

    /// What is known of a grant.
    #[must_use]
    pub fn grant_fact(&self, name: &GrantName) -> GrantFact {
        let grant = self.known.grants.get(name);
        grant.map_or(GrantFact::Unknown, |grant| GrantFact::Known(grant.period))
    }

    /// A grant's days, and where its money stands.
    #[must_use]
    pub fn on_grant(&self, name: &GrantName) -> Option<OnGrant> {
        self.known.grants.get(name).copied()
    }

    /// What of a party's requisitions on a grant was approved or paid, net of
    /// corrections and recoveries; of those that were to be submitted.
    #[must_use]
    pub fn requisitioned(&self, grant: &GrantName, party: &PartyName) -> Ore {
        let key = (grant.clone(), party.clone());
        self.known.requisitioned.get(&key).copied().unwrap_or(Ore::ZERO)
    }

    /// What a party claims on a grant for some of the days that were asked about.
    #[must_use]
    pub fn claimed(&self, grant: &GrantName, party: &PartyName) -> &[ClaimedCost] {
        let key = (grant.clone(), party.clone());
        self.known.claimed.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Enters what was decided.
    ///
    /// # Panics
    /// When a voucher overdraws a grant, which the decision has refused.
    pub fn enter(&mut self, change: Change) {
        let (sequence, name) = (change.sequence, change.after.claim().name.clone());
        self.vouchers.extend(change.voucher.clone().map(|voucher| (sequence, voucher)));
        match self.learn(change) {
            None => self.drafted.push((sequence, name)),
            Some(before) => {
                self.stepped.entry(name).or_insert(before.steps().len());
            }
        }
    }

    /// Takes note of what is kept already; answers the requisition as it was known.
    ///
    /// # Panics
    /// When a voucher overdraws a grant, which the decision has refused.
    pub fn learn(&mut self, change: Change) -> Option<Requisition> {
        let Change { sequence: _, before, after, voucher } = change;
        let claim = after.claim();
        let name = claim.name.clone();
        let key = (claim.grant.clone(), claim.party.clone());
        let claimed = self.known.claimed.entry(key.clone()).or_default();
        claimed.retain(|cost| cost.requisition != name);
        if after.state().is_live() {
            claimed.extend(claim.costs_in(after.state()));
        }
        let posts = before.is_some_and(|before| !before.has_posted());
        if posts && after.state().has_posted() {
            let sum = self.known.requisitioned.entry(key).or_insert(Ore::ZERO);
            *sum = sum.plus(claim.amount()).expect("what a grant bears is far from the edge");
        }
        if let Some(voucher) = voucher {
            for grant in voucher.changes().into_keys() {
                let name = GrantName::new(self.known.federation.clone(), grant.clone());
                if let Some(grant) = self.known.grants.get_mut(&name) {
                    let balances = grant.balances.after(&name.id, &voucher);
                    grant.balances = balances.expect("it was decided on these balances");
                }
            }
        }
        self.known.requisitions.insert(name, after)
    }

    /// What is to be kept of it.
    #[must_use]
    pub fn into_kept(mut self) -> Kept {
        let mut drafted = Vec::with_capacity(self.drafted.len());
        for (sequence, name) in self.drafted {
            // Its steps since are kept with it.
            self.stepped.remove(&name);
            drafted.extend(self.known.requisitions.remove(&name).map(|draft| (sequence, draft)));
        }
        let mut stepped = Vec::with_capacity(self.stepped.len());
        for (name, steps) in self.stepped {
            stepped.extend(self.known.requisitions.remove(&name).map(|after| (steps, after)));
        }
        Kept { federation: self.known.federation, drafted, stepped, vouchers: self.vouchers }
    }
}

#[cfg(test)]
mod tests;
