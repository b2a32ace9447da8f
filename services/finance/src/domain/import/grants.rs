//! The grants of an import.

use std::collections::HashSet;

use chrono::NaiveDate;
use values::name::RecipientName;

use super::{Place, Plan, Record, RowFault, differs, seen_before};
use crate::domain::grant::{self, CreateRefusal, DecisionParts};

/// What the decisions are checked against.
pub(super) struct Known {
    /// The recipients there are or will be.
    pub(super) recipients: HashSet<RecipientName>,
    /// The day it is recorded.
    pub(super) today: NaiveDate,
}

/// Adds the grants to create, and their openings, to the plan.
pub(super) fn plan(
    rows: Vec<DecisionParts>,
    record: &Record,
    known: &Known,
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
        let recorded = name.and_then(|name| record.grants.get_key_value(&name));
        if let Some((name, recorded)) = recorded {
            let fault = differs(name, row.whole(), &recorded.decision);
            faults.extend(fault.map(|fault| (place, fault)));
            continue;
        }
        let is_known = |name| known.recipients.contains(name);
        let facts = grant::CreateFacts {
            is_taken: false,
            recipient_is_known: row.recipient.as_ref().is_none_or(is_known),
            today: known.today,
        };
        match grant::create(row, facts) {
            Ok((grant, opening)) => {
                let cause = plan.recipients.len() + plan.grants.len();
                plan.vouchers.push((cause, opening));
                plan.grants.push(grant);
            }
            Err(CreateRefusal::Faulty(found)) => {
                let found = found.into_iter().map(RowFault::Decision);
                faults.extend(found.map(|fault| (place, fault)));
            }
            // Rows that are there have been looked at above.
            Err(CreateRefusal::Taken) => {}
        }
    }
}
