//! The requisitions of an import: each is checked against the grants as the
//! rows before it leave them, so that every row that does not fit is named.

use std::collections::HashSet;

use values::Ore;

use super::{Outside, Place, Plan, Record, RowFault, differs, on_grants::OnGrants, seen_before};
use crate::domain::ledger::YearClosed;
use crate::domain::requisition::{
    self, ClaimFacts, ClaimParts, GrantFact, Movement, PartyFact, Requisition, Step,
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
    for (index, mut row) in rows.into_iter().enumerate() {
        let place = Place::Requisition(index);
        if let Some(fault) = seen_before(&mut names, row.name.as_ref()) {
            faults.push((place, fault));
            continue;
        }
        let name = row.name.clone();
        let recorded = name.and_then(|name| claims.record.requisitions.get_key_value(&name));
        if let Some((name, recorded)) = recorded {
            // What was left out is as it was filled in.
            let number = recorded.organisation_number.clone();
            row.organisation_number = row.organisation_number.or(number);
            let fault = differs(name, row.whole(), recorded);
            faults.extend(fault.map(|fault| (place, fault)));
            continue;
        }
        if row.corrects.is_some() {
            faults.push((place, RowFault::CorrectionNotImported));
            continue;
        }
        let party = party_fact(&row, claims.outside);
        let found = row_faults(&row, &party, claims);
        let is_faulty = !found.is_empty();
        faults.extend(found.into_iter().map(|fault| (place, fault)));
        if let Some(claim) = row.with_number(&party).whole().filter(|_| !is_faulty) {
            let cause = plan.recipients.len() + plan.grants.len() + plan.requisitions.len();
            let voucher = claim.voucher(Movement::Reserve, None);
            let closed = voucher
                .iter()
                .find_map(|voucher| voucher.check_years(claims.record.closed_through).err());
            faults.extend(closed.map(|YearClosed(year)| (place, RowFault::YearClosed(year))));
            plan.vouchers.extend(voucher.map(|voucher| (cause, voucher)));
            let key = (claim.grant.clone(), claim.party.clone());
            let earlier = claims.record.requisitioned.get(&key).copied().unwrap_or(Ore::ZERO);
            plan.requisitions.push(Requisition::begun(claim, submitted.clone(), earlier));
        }
    }
}

fn party_fact(row: &ClaimParts, outside: &Outside) -> PartyFact {
    let Some(party) = &row.party else { return PartyFact::Unreadable };
    let known = outside.parties.get(party);
    known.map_or(PartyFact::Unknown, |number| PartyFact::Known(number.clone()))
}

/// Every fault of a row; what it takes of its grant is taken.
fn row_faults(row: &ClaimParts, party_fact: &PartyFact, claims: &mut Claims<'_>) -> Vec<RowFault> {
    let on_grants = &mut claims.on_grants;
    let grant = row.grant.as_ref();
    let party = row.party.as_ref();
    let mut unplaced = Vec::new();
    let fact = grant.map_or(GrantFact::Unreadable, |grant| on_grants.fact(grant));
    let claimed = match grant.zip(party) {
        Some((grant, party)) => on_grants.claimed(grant, party),
        None => &mut unplaced,
    };
    let facts = ClaimFacts { party: party_fact, grant: fact, claimed, corrected: None };
    let found = requisition::claim_faults(row, facts);
    claimed.extend(row.costs());
    let overdrawn = on_grants.reserve(row);
    let found = found.into_iter().map(RowFault::Claim);
    found.chain(overdrawn).collect()
}
