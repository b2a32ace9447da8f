//! What stands on the grants while the rows of an import are gone through, each
//! after those before it.

use std::collections::{HashMap, HashSet};

use values::name::{GrantName, PartyName};

use super::{Record, RowFault};
use crate::domain::{
    grant::{DecisionParts, Grant, GrantPeriod, Parent, ParentFact, amend::Held},
    ledger::{Balances, Voucher},
    requisition::{ClaimParts, ClaimedCost, GrantFact},
};

/// What stands on the grants.
pub(super) struct OnGrants<'a> {
    /// The grants there are or will be; without days when they cannot be read.
    periods: HashMap<GrantName, Option<GrantPeriod>>,
    balances: HashMap<GrantName, Balances>,
    sub_projects: HashSet<GrantName>,
    /// The grants that a row has created or changed.
    decided: HashMap<GrantName, Grant>,
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
        Self {
            periods,
            balances,
            sub_projects,
            decided: HashMap::new(),
            claimed: HashMap::new(),
            record,
        }
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

    /// A grant as the rows so far have left it.
    pub(super) fn grant(&self, name: &GrantName) -> Option<Grant> {
        let grant = self.decided.get(name).or_else(|| self.record.grants.get(name))?;
        Some(Grant { balances: *self.balances.get(name)?, ..grant.clone() })
    }

    /// What keeps days of a grant: the requisitions of the record, and the sub-projects
    /// as the rows so far have left them.
    pub(super) fn held(&self, name: &GrantName) -> Vec<Held> {
        let of_row = |grant: &&Grant| grant.decision.parent.as_ref() == Some(name);
        let of_rows = self.decided.values().filter(of_row);
        let mut held: Vec<Held> = of_rows
            .map(|grant| Held {
                name: grant.decision.name.to_string(),
                period: grant.decision.period.days(),
            })
            .collect();
        held.sort_by(|one, other| one.name.cmp(&other.name));
        let recorded = self.record.held.get(name).into_iter().flatten();
        let others: Vec<Held> = recorded
            .filter(|kept| held.iter().all(|decided| decided.name != kept.name))
            .cloned()
            .collect();
        held.extend(others);
        held
    }

    /// Takes a decision in: the grant after it, and what a sub-project gets from the
    /// grant above, which has room.
    pub(super) fn post(&mut self, grant: &Grant, voucher: &Voucher) {
        let name = grant.decision.name.clone();
        // What a row creates stands there from the start.
        if grant.is_amended() {
            self.periods.insert(name.clone(), Some(grant.decision.period));
            self.balances.insert(name.clone(), grant.balances);
        }
        if let Some(parent) = &grant.decision.parent
            && let Some(balances) = self.balances.get_mut(parent)
            && let Ok(after) = balances.after(&parent.id, voucher)
        {
            *balances = after;
        }
        self.decided.insert(name, grant.clone());
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
