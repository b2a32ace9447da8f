//! What stands on the grants while the rows of an import are gone through, each
//! after those before it.

use std::collections::{HashMap, HashSet};

use values::name::{GrantName, PartyName};

use super::{Record, RowFault};
use crate::domain::{
    grant::{Decision, DecisionParts, GrantPeriod, Parent, ParentFact},
    ledger::{Balances, Voucher},
    requisition::{ClaimParts, ClaimedCost, GrantFact},
};

/// What stands on the grants.
pub(super) struct OnGrants<'a> {
    /// The grants there are or will be; without days when they cannot be read.
    periods: HashMap<GrantName, Option<GrantPeriod>>,
    balances: HashMap<GrantName, Balances>,
    sub_projects: HashSet<GrantName>,
    claimed: HashMap<(GrantName, PartyName), Vec<ClaimedCost>>,
    record: &'a Record,
}

impl<'a> OnGrants<'a> {
    /// What stands before the first row: the grants of the record, and those
    /// that come with the rows.
    pub(super) fn of(record: &'a Record, rows: &[DecisionParts]) -> Self {
        let mut periods = HashMap::new();
        let mut balances = HashMap::new();
        let mut sub_projects = HashSet::new();
        // Of rows with the same name the first is meant.
        for row in rows.iter().rev() {
            if let Some(name) = &row.name {
                balances.remove(name);
                let opened = row.amount.map(Balances::opened);
                balances.extend(opened.map(|opened| (name.clone(), opened)));
                periods.insert(name.clone(), row.period);
                sub_projects.extend(row.parent.as_ref().map(|_| name.clone()));
            }
        }
        for (name, grant) in &record.grants {
            periods.insert(name.clone(), Some(grant.decision.period));
            balances.insert(name.clone(), grant.balances);
            sub_projects.extend(grant.decision.parent.as_ref().map(|_| name.clone()));
        }
        Self { periods, balances, sub_projects, claimed: HashMap::new(), record }
    }

    /// What is known of a grant that is to set money aside.
    pub(super) fn parent(&self, name: &GrantName) -> ParentFact {
        let known = |period: GrantPeriod| {
            let balances = *self.balances.get(name)?;
            let is_sub_project = self.sub_projects.contains(name);
            Some(ParentFact::Known(Parent { is_sub_project, period, balances }))
        };
        match self.periods.get(name) {
            None => ParentFact::Unknown,
            Some(period) => period.and_then(known).unwrap_or(ParentFact::Unreadable),
        }
    }

    /// Takes what a new sub-project gets from the grant above, which has room.
    pub(super) fn post(&mut self, decision: &Decision, opening: &Voucher) {
        let Some(parent) = &decision.parent else { return };
        let balances = self.balances.get_mut(parent);
        if let Some((balances, after)) = balances
            .and_then(|balances| balances.after(&parent.id, opening).ok().map(|it| (balances, it)))
        {
            *balances = after;
        }
    }

    pub(super) fn fact(&self, grant: &GrantName) -> GrantFact {
        match self.periods.get(grant) {
            None => GrantFact::Unknown,
            Some(None) => GrantFact::Unreadable,
            Some(Some(period)) => GrantFact::Known(*period),
        }
    }

    /// The claims of a party on a grant: those of the record and those of the
    /// rows so far.
    pub(super) fn claimed(
        &mut self,
        grant: &GrantName,
        party: &PartyName,
    ) -> &mut Vec<ClaimedCost> {
        let key = (grant.clone(), party.clone());
        let recorded = self.record.claimed.get(&key);
        self.claimed.entry(key).or_insert_with(|| recorded.cloned().unwrap_or_default())
    }

    /// Reserves the amount of a row, or tells what is left.
    pub(super) fn reserve(&mut self, row: &ClaimParts) -> Option<RowFault> {
        let balances = self.balances.get_mut(row.grant.as_ref()?)?;
        let amount = row.cost_lines.as_ref()?.total();
        match balances.reserve(amount) {
            Ok(after) => {
                *balances = after;
                None
            }
            Err(overdrawn) => {
                Some(RowFault::GrantOverdrawn { asked: overdrawn.asked, left: overdrawn.available })
            }
        }
    }
}
