//! The requisitions of an import: each is checked against the grants as the
//! rows before it leave them, so that every row that does not fit is named.

use std::collections::{HashMap, HashSet};

use values::name::{GrantName, PartyName};

use super::{Outside, Place, Plan, Record, RowFault, differs, seen_before};
use crate::domain::{
    grant::{DecisionParts, GrantPeriod},
    ledger::Balances,
    requisition::{
        self, ClaimFacts, ClaimParts, ClaimedCost, GrantFact, Movement, Requisition, Step,
    },
};

/// What the claims are checked against.
pub(super) struct Claims<'a> {
    /// What is there already.
    pub(super) record: &'a Record,
    /// What is known from outside.
    pub(super) outside: &'a Outside,
    /// What stands on the grants after the rows so far.
    pub(super) on_grants: OnGrants<'a>,
}

/// Adds the requisitions to create, and what they reserve, to the plan.
pub(super) fn plan(
    rows: Vec<ClaimParts>,
    claims: &mut Claims<'_>,
    submitted: &Step,
    plan: &mut Plan,
    faults: &mut Vec<(Place, RowFault)>,
) {
    let mut names = HashSet::new();
    for (index, row) in rows.into_iter().enumerate() {
        let place = Place::Requisition(index);
        if let Some(fault) = seen_before(&mut names, row.name.as_ref()) {
            faults.push((place, fault));
            continue;
        }
        let name = row.name.clone();
        let recorded = name.and_then(|name| claims.record.requisitions.get_key_value(&name));
        if let Some((name, recorded)) = recorded {
            let fault = differs(name, row.whole(), recorded);
            faults.extend(fault.map(|fault| (place, fault)));
            continue;
        }
        let found = row_faults(&row, claims);
        let is_faulty = !found.is_empty();
        faults.extend(found.into_iter().map(|fault| (place, fault)));
        if let Some(claim) = row.whole().filter(|_| !is_faulty) {
            let cause = plan.recipients.len() + plan.grants.len() + plan.requisitions.len();
            let voucher = claim.voucher(Movement::Reserve, submitted.time);
            plan.vouchers.push((cause, voucher));
            let requisition = Requisition::begun(claim, submitted.clone());
            plan.requisitions.push(requisition);
        }
    }
}

/// Every fault of a row; what it takes of its grant is taken.
fn row_faults(row: &ClaimParts, claims: &mut Claims<'_>) -> Vec<RowFault> {
    let Claims { outside, on_grants, .. } = claims;
    let grant = row.grant.as_ref();
    let party = row.party.as_ref();
    let mut unplaced = Vec::new();
    let fact = grant.map_or(GrantFact::Unreadable, |grant| on_grants.fact(grant));
    let claimed = match grant.zip(party) {
        Some((grant, party)) => on_grants.claimed(grant, party),
        None => &mut unplaced,
    };
    let facts = ClaimFacts {
        party_is_known: party.is_none_or(|party| outside.parties.contains(party)),
        grant: fact,
        claimed,
    };
    let found = requisition::claim_faults(row, facts);
    claimed.extend(row.costs());
    let overdrawn = on_grants.reserve(row);
    let found = found.into_iter().map(RowFault::Claim);
    found.chain(overdrawn).collect()
}

/// What stands on the grants while the rows are gone through.
pub(super) struct OnGrants<'a> {
    /// The grants there are or will be; without days when they cannot be read.
    periods: HashMap<GrantName, Option<GrantPeriod>>,
    balances: HashMap<GrantName, Balances>,
    claimed: HashMap<(GrantName, PartyName), Vec<ClaimedCost>>,
    record: &'a Record,
}

impl<'a> OnGrants<'a> {
    /// What stands before the first row: the grants of the record, and those
    /// that come with the rows.
    pub(super) fn of(record: &'a Record, rows: &[DecisionParts]) -> Self {
        let mut periods = HashMap::new();
        let mut balances = HashMap::new();
        // Of rows with the same name the first is meant.
        for row in rows.iter().rev() {
            if let Some(name) = &row.name {
                balances.remove(name);
                let opened = row.amount.map(Balances::opened);
                balances.extend(opened.map(|opened| (name.clone(), opened)));
                periods.insert(name.clone(), row.period);
            }
        }
        for (name, grant) in &record.grants {
            periods.insert(name.clone(), Some(grant.decision.period));
            balances.insert(name.clone(), grant.balances);
        }
        Self { periods, balances, claimed: HashMap::new(), record }
    }

    fn fact(&self, grant: &GrantName) -> GrantFact {
        match self.periods.get(grant) {
            None => GrantFact::Unknown,
            Some(None) => GrantFact::Unreadable,
            Some(Some(period)) => GrantFact::Known(*period),
        }
    }

    /// The claims of a party on a grant: those of the record and those of the
    /// rows so far.
    fn claimed(&mut self, grant: &GrantName, party: &PartyName) -> &mut Vec<ClaimedCost> {
        let key = (grant.clone(), party.clone());
        let recorded = self.record.claimed.get(&key);
        self.claimed.entry(key).or_insert_with(|| recorded.cloned().unwrap_or_default())
    }

    /// Reserves the amount of a row, or tells what is left.
    fn reserve(&mut self, row: &ClaimParts) -> Option<RowFault> {
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
