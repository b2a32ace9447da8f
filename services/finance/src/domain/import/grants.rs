//! The grants of an import.

use std::collections::HashSet;

use values::name::RecipientName;

use super::{Outside, Place, Plan, Record, RowFault, differs, on_grants::OnGrants, seen_before};
use crate::domain::{
    grant::{self, CreateRefusal, DecisionParts, ParentFact},
    requisition::Step,
};

/// What the decisions are checked against.
pub(super) struct Known<'a, 'b> {
    /// What is there already.
    pub(super) record: &'a Record,
    /// The recipients there are or will be.
    pub(super) recipients: HashSet<RecipientName>,
    /// What is known from outside.
    pub(super) outside: &'a Outside,
    /// What stands on the grants after the rows so far.
    pub(super) on_grants: &'b mut OnGrants<'a>,
}

/// Adds the grants to create, and their openings, to the plan.
pub(super) fn plan(
    rows: Vec<DecisionParts>,
    known: &mut Known<'_, '_>,
    recorder: &Step,
    plan: &mut Plan,
    faults: &mut Vec<(Place, RowFault)>,
) {
    let mut names = HashSet::new();
    for (index, row) in rows.into_iter().enumerate() {
        let place = Place::Grant(index);
        if let Some(fault) = seen_before(&mut names, row.name.as_ref()) {
            faults.push((place, fault));
            continue;
        }
        let name = row.name.clone();
        let recorded = name.and_then(|name| known.record.grants.get_key_value(&name));
        if let Some((name, recorded)) = recorded {
            // The file may still say what the board decided first.
            let row = row.whole().filter(|decision| *decision != recorded.first_decision());
            let fault = differs(name, row, &recorded.decision);
            faults.extend(fault.map(|fault| (place, fault)));
            continue;
        }
        let is_known = |name| known.recipients.contains(name);
        let parent = row.parent.as_ref();
        let facts = grant::CreateFacts {
            is_taken: false,
            recipient_is_known: row.recipient.as_ref().is_none_or(is_known),
            parent: parent.map_or(ParentFact::Unknown, |parent| known.on_grants.parent(parent)),
            closed_through: known.record.closed_through,
            today: known.outside.today,
        };
        match grant::create(row, facts, recorder.actor.clone(), recorder.time) {
            Ok((grant, opening)) => {
                known.on_grants.post(&grant.decision, &opening);
                let cause = plan.recipients.len() + plan.grants.len();
                plan.vouchers.push((cause, opening));
                plan.grants.push(grant);
            }
            Err(CreateRefusal::Faulty(found)) => {
                let found = found.into_iter().map(RowFault::Decision);
                faults.extend(found.map(|fault| (place, fault)));
            }
            Err(CreateRefusal::YearClosed(year)) => {
                faults.push((place, RowFault::YearClosed(year)));
            }
            Err(CreateRefusal::GrantOverdrawn { asked, left }) => {
                faults.push((place, RowFault::GrantOverdrawn { asked, left }));
            }
            // Rows that are there have been looked at above.
            Err(CreateRefusal::Taken) => {}
        }
    }
}
