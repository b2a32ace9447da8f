//! The recipients of an import.

use std::collections::HashSet;

use super::{Outside, Place, Plan, RecipientRow, Record, RowFault};
use crate::domain::recipient;

/// Adds the recipients to create to the plan.
pub(super) fn plan(
    rows: Vec<RecipientRow>,
    record: &Record,
    outside: &Outside,
    plan: &mut Plan,
    faults: &mut Vec<(Place, RowFault)>,
) {
    let mut names = HashSet::new();
    for (index, row) in rows.into_iter().enumerate() {
        let place = Place::Recipient(index);
        if row.name.clone().is_some_and(|name| !names.insert(name)) {
            faults.push((place, RowFault::NameTwice));
            continue;
        }
        let recorded = row
            .name
            .as_ref()
            .and_then(|name| record.recipients.get(name));
        match (recorded, row.content) {
            (Some(recorded), Some(content)) if *recorded != content => {
                faults.push((place, RowFault::DiffersFromRecord));
            }
            (Some(_), _) => {}
            (None, content) => {
                let unknown = row.team.filter(|team| !outside.teams.contains(team));
                let facts = recipient::CreateFacts {
                    is_taken: false,
                    team_is_known: unknown.is_none(),
                };
                let created = content.and_then(|content| recipient::create(content, facts).ok());
                plan.recipients.extend(created);
                faults.extend(unknown.map(|team| (place, RowFault::TeamUnknown(team))));
            }
        }
    }
}
