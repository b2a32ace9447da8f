//! The requisitions of an import: each is checked against the grants as the
//! rows before it leave them, so that every row that does not fit is named.

use std::collections::HashSet;

use super::{Outside, Place, Plan, Record, RowFault, differs, on_grants::OnGrants, seen_before};
use crate::domain::requisition::{
    self, ClaimFacts, ClaimParts, GrantFact, Movement, Requisition, Step,
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
