//! The requisitions of an import: each is checked against the grants as the
//! rows before it leave them, so that every row that does not fit is named.

use std::collections::{HashMap, HashSet};

use values::name::{GrantName, PartyName};

use super::{GrantRow, Outside, Place, Plan, Record, RequisitionRow, RowFault};
use crate::domain::{
    grant::Decision,
    ledger::{Balances, Movement},
    requisition::{
        self, Claim, ClaimFacts, ClaimFault, ClaimedCost, GrantFact, Requisition, State, Step,
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
    rows: Vec<RequisitionRow>,
    claims: &mut Claims<'_>,
    submitted: &Step,
    plan: &mut Plan,
    faults: &mut Vec<(Place, RowFault)>,
) {
    let mut names = HashSet::new();
    for (index, row) in rows.into_iter().enumerate() {
        let place = Place::Requisition(index);
        if row.name.clone().is_some_and(|name| !names.insert(name)) {
            faults.push((place, RowFault::NameTwice));
            continue;
        }
        match claim_of(row, claims) {
            Ok(Some(claim)) => {
                let cause = plan.recipients.len() + plan.grants.len() + plan.requisitions.len();
                let transfer = requisition::transfer(&claim, Movement::Reserve);
                plan.transfers.push((cause, transfer));
                let requisition = Requisition::begun(claim, submitted.clone());
                plan.requisitions.push(requisition);
            }
            Ok(None) => {}
            Err(found) => faults.extend(found.into_iter().map(|fault| (place, fault))),
        }
    }
}

/// The claim to create; none when it is there already or cannot be read.
fn claim_of(row: RequisitionRow, claims: &mut Claims<'_>) -> Result<Option<Claim>, Vec<RowFault>> {
    let Claims {
        record,
        outside,
        on_grants,
    } = claims;
    let recorded = row
        .name
        .as_ref()
        .and_then(|name| record.requisitions.get(name));
    let claim = match (recorded, row.content) {
        (Some(recorded), Some(claim)) if *recorded != claim => {
            return Err(vec![RowFault::DiffersFromRecord]);
        }
        (Some(_), _) => return Ok(None),
        (None, Some(claim)) => claim,
        (None, None) => {
            let party = row.party.filter(|party| !outside.parties.contains(party));
            let is_unknown =
                |grant: &GrantName| matches!(on_grants.fact(grant), GrantFact::Unknown);
            let grant = row.grant.filter(is_unknown);
            let party = party.map(ClaimFault::PartyUnknown);
            let unknown = party.into_iter().chain(grant.map(ClaimFault::GrantUnknown));
            let faults: Vec<_> = unknown.map(RowFault::Claim).collect();
            return if faults.is_empty() {
                Ok(None)
            } else {
                Err(faults)
            };
        }
    };
    let claimed = std::mem::take(on_grants.claimed(&claim));
    let facts = ClaimFacts {
        party_is_known: outside.parties.contains(&claim.party),
        grant: on_grants.fact(&claim.grant),
        claimed: &claimed,
    };
    let found = requisition::claim_faults(&claim, facts);
    let mut faults: Vec<_> = found.into_iter().map(RowFault::Claim).collect();
    faults.extend(on_grants.reserve(&claim));
    let all_claimed = on_grants.claimed(&claim);
    *all_claimed = claimed;
    all_claimed.extend(claim.cost_lines.as_slice().iter().map(|line| ClaimedCost {
        requisition: claim.name.clone(),
        state: State::Submitted,
        kind: line.kind(),
        period: claim.period,
    }));
    if faults.is_empty() {
        Ok(Some(claim))
    } else {
        Err(faults)
    }
}

/// What stands on the grants while the rows are gone through.
pub(super) struct OnGrants<'a> {
    /// The grants there are or will be; without decision when the row cannot
    /// be read.
    decisions: HashMap<GrantName, Option<Decision>>,
    balances: HashMap<GrantName, Balances>,
    claimed: HashMap<(GrantName, PartyName), Vec<ClaimedCost>>,
    record: &'a Record,
}

impl<'a> OnGrants<'a> {
    /// What stands before the first row: the grants of the record, and those
    /// that come with the rows.
    pub(super) fn of(record: &'a Record, rows: &[GrantRow]) -> Self {
        let mut decisions = HashMap::new();
        let mut balances = HashMap::new();
        for row in rows {
            if let Some(name) = &row.name {
                let decision = row.content.clone();
                let opened = decision.as_ref().map(|new| Balances::opened(new.amount));
                balances.extend(opened.map(|opened| (name.clone(), opened)));
                decisions.insert(name.clone(), decision);
            }
        }
        for (name, grant) in &record.grants {
            decisions.insert(name.clone(), Some(grant.decision.clone()));
            balances.insert(name.clone(), grant.balances);
        }
        Self {
            decisions,
            balances,
            claimed: HashMap::new(),
            record,
        }
    }

    fn fact(&self, grant: &GrantName) -> GrantFact<'_> {
        match self.decisions.get(grant) {
            None => GrantFact::Unknown,
            Some(None) => GrantFact::Unreadable,
            Some(Some(decision)) => GrantFact::Known(decision),
        }
    }

    /// The claims of a party on a grant: those of the record and those of the
    /// rows so far.
    fn claimed(&mut self, claim: &Claim) -> &mut Vec<ClaimedCost> {
        let key = (claim.grant.clone(), claim.party.clone());
        let recorded = self.record.claimed.get(&key);
        self.claimed
            .entry(key)
            .or_insert_with(|| recorded.cloned().unwrap_or_default())
    }

    /// Reserves the amount of a claim, or tells what is left.
    fn reserve(&mut self, claim: &Claim) -> Option<RowFault> {
        let balances = self.balances.get_mut(&claim.grant)?;
        match balances.after(Movement::Reserve, claim.cost_lines.total()) {
            Ok(after) => {
                *balances = after;
                None
            }
            Err(overdrawn) => Some(RowFault::GrantOverdrawn {
                asked: overdrawn.asked,
                left: overdrawn.available,
            }),
        }
    }
}
