//! The recipients of an import.

use std::collections::HashSet;

use super::{Outside, Place, Plan, Record, RowFault, differs, seen_before};
use crate::domain::recipient::{self, CreateRefusal, RecipientParts};

/// Adds the recipients to create to the plan.
pub(super) fn plan(
    rows: Vec<RecipientParts>,
    record: &Record,
    outside: &Outside,
    plan: &mut Plan,
    faults: &mut Vec<(Place, RowFault)>,
) {
    let mut names = HashSet::new();
    for (index, row) in rows.into_iter().enumerate() {
        let place = Place::Recipient(index);
        if let Some(fault) = seen_before(&mut names, row.name.as_ref()) {
            faults.push((place, fault));
            continue;
        }
        let name = row.name.clone();
        let recorded = name.and_then(|name| record.recipients.get_key_value(&name));
        if let Some((name, recorded)) = recorded {
            let fault = differs(name, row.whole(), recorded);
            faults.extend(fault.map(|fault| (place, fault)));
            continue;
        }
        let facts = recipient::CreateFacts {
            is_taken: false,
            team_is_known: row.team().is_none_or(|team| outside.teams.contains(team)),
        };
        match recipient::create(row, facts) {
            Ok(recipient) => plan.recipients.push(recipient),
            Err(CreateRefusal::Faulty(found)) => {
                let found = found.into_iter().map(RowFault::Recipient);
                faults.extend(found.map(|fault| (place, fault)));
            }
            // Rows that are there have been looked at above.
            Err(CreateRefusal::Taken) => {}
        }
    }
}
