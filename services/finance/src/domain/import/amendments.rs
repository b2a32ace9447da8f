//! Later decisions on the grants of an import.

use std::collections::HashSet;

use chrono::NaiveDate;
use values::name::GrantName;

use super::{RowFault, grants::Known};
use crate::domain::{
    grant::{
        Grant, ParentFact,
        amend::{self, AmendFacts, AmendRefusal, AmendmentParts},
    },
    ledger::Voucher,
    requisition::{GrantFact, Step},
};

/// A later decision, as far as it could be read: what could not is told by the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AmendmentRow {
    /// The grant.
    pub name: Option<GrantName>,
    /// What is decided.
    pub parts: AmendmentParts,
}

/// What tells a decision on a grant from the others: its registry number and its day.
pub(super) type Seen = HashSet<(GrantName, String, NaiveDate)>;

/// Carries a row out on the grant as the decisions before it have left it; nothing when
/// the decision is there.
pub(super) fn carry_out(
    row: AmendmentRow,
    seen: &mut Seen,
    known: &mut Known<'_, '_>,
    recorder: &Step,
) -> Result<Option<(Grant, Voucher)>, Vec<RowFault>> {
    let AmendmentRow { name, parts } = row;
    let Some(name) = name else { return Ok(None) };
    let Some(grant) = known.on_grants.grant(&name) else {
        return match known.on_grants.fact(&name) {
            GrantFact::Unknown => Err(vec![RowFault::GrantUnknown(name)]),
            // It comes with the import, and why it is not there is told at its own row.
            GrantFact::Unreadable | GrantFact::Known(_) => Ok(None),
        };
    };
    if let (Some(dnr), Some(day)) = (parts.dnr.clone(), parts.decision_date) {
        if !seen.insert((name.clone(), dnr.clone(), day)) {
            return Err(vec![RowFault::AmendmentTwice { dnr, day }]);
        }
        let mut later = grant.versions.iter().skip(1);
        let recorded = later.find(|decided| decided.dnr == dnr && decided.decision_date == day);
        if let Some(recorded) = recorded {
            let differs = !parts.tells(recorded);
            return if differs {
                Err(vec![RowFault::AmendmentDiffers { dnr, day }])
            } else {
                Ok(None)
            };
        }
    }
    let parent = match grant.decision.parent.as_ref().map(|above| known.on_grants.parent(above)) {
        Some(ParentFact::Known(parent)) => Some(parent),
        Some(ParentFact::Unknown | ParentFact::Unreadable) | None => None,
    };
    let facts = AmendFacts {
        etag: &grant.etag(),
        parent,
        held: &known.on_grants.held(&name),
        closed_through: known.record.closed_through,
        today: known.outside.today,
    };
    let amended = amend::amend(grant, parts, facts, recorder.actor.clone(), recorder.time);
    amended.map(Some).map_err(faults)
}

fn faults(refusal: AmendRefusal) -> Vec<RowFault> {
    match refusal {
        AmendRefusal::Faulty(found) => found.into_iter().map(RowFault::Amendment).collect(),
        AmendRefusal::YearClosed(year) => vec![RowFault::YearClosed(year)],
        AmendRefusal::BelowClaimed { asked, least } => {
            vec![RowFault::GrantBelowClaimed { asked, least }]
        }
        AmendRefusal::GrantOverdrawn { asked, left } => {
            vec![RowFault::GrantOverdrawn { asked, left }]
        }
        // The decision in force is the one that was found.
        AmendRefusal::Stale => Vec::new(),
    }
}
