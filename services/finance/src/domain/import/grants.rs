//! The grants of an import.

use std::collections::HashSet;

use chrono::NaiveDate;
use values::name::RecipientName;

use super::{GrantRow, Place, Plan, Record, RowFault};
use crate::domain::grant::{self, DecisionFault};

/// What the decisions are checked against.
pub(super) struct Known {
    /// The recipients there are or will be.
    pub(super) recipients: HashSet<RecipientName>,
    /// The day it is recorded.
    pub(super) today: NaiveDate,
}

/// Adds the grants to create, and their openings, to the plan.
pub(super) fn plan(
    rows: Vec<GrantRow>,
    record: &Record,
    known: &Known,
    plan: &mut Plan,
    faults: &mut Vec<(Place, RowFault)>,
) {
    let mut names = HashSet::new();
    for (index, row) in rows.into_iter().enumerate() {
        let place = Place::Grant(index);
        if row.name.clone().is_some_and(|name| !names.insert(name)) {
            faults.push((place, RowFault::NameTwice));
            continue;
        }
        let recorded = row.name.as_ref().and_then(|name| record.grants.get(name));
        let recipient_is_known = row
            .recipient
            .as_ref()
            .is_none_or(|recipient| known.recipients.contains(recipient));
        match (recorded, row.content) {
            (Some(recorded), Some(content)) if recorded.decision != content => {
                faults.push((place, RowFault::DiffersFromRecord));
            }
            (Some(_), _) => {}
            (None, Some(decision)) => {
                let facts = grant::CreateFacts {
                    is_taken: false,
                    recipient_is_known,
                    today: known.today,
                };
                match grant::create(decision, facts) {
                    Ok((grant, opening)) => {
                        let cause = plan.recipients.len() + plan.grants.len();
                        plan.transfers.push((cause, opening));
                        plan.grants.push(grant);
                    }
                    Err(grant::CreateRefusal::Faulty(found)) => {
                        let found = found.into_iter().map(RowFault::Decision);
                        faults.extend(found.map(|fault| (place, fault)));
                    }
                    Err(grant::CreateRefusal::Taken) => {
                        faults.push((place, RowFault::DiffersFromRecord));
                    }
                }
            }
            (None, None) => {
                let unknown = row.recipient.filter(|_| !recipient_is_known);
                let fault = unknown.map(DecisionFault::RecipientUnknown);
                faults.extend(fault.map(|fault| (place, RowFault::Decision(fault))));
            }
        }
    }
}
