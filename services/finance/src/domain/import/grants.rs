//! The grants of an import, and later decisions on grants: in the order of their days,
//! so that a sub-project may get what a later decision has added above it.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use values::name::{GrantName, RecipientName};

use super::{
    Outside, Place, Plan, Record, RowFault, amendments, amendments::AmendmentRow, differs,
    on_grants::OnGrants, seen_before,
};
use crate::domain::{
    grant::{self, CreateRefusal, DecisionParts, Grant, ParentFact},
    ledger::Voucher,
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

/// A decision on a grant.
#[derive(Debug)]
pub(super) enum Decision {
    /// The first.
    First(DecisionParts),
    /// A later one.
    Later(AmendmentRow),
    /// What is wrong with a row whatever stands on the grants.
    Wrong(RowFault),
}

/// Every decision with the place of its row, in the order of the days; of one day first
/// the grants, then their sub-projects, then what is decided later. None comes before the
/// grant that it changes, or that sets its money aside, whatever its day says.
pub(super) fn in_order(
    rows: Vec<DecisionParts>,
    amendments: Vec<AmendmentRow>,
) -> Vec<(Place, Decision)> {
    let mut days = HashMap::<GrantName, Option<NaiveDate>>::new();
    // Of rows with the same name the first is meant.
    for row in rows.iter().rev() {
        days.extend(row.name.clone().map(|name| (name, row.decision_date)));
    }
    let not_before = |day: Option<NaiveDate>, grant: Option<&GrantName>, days: &HashMap<_, _>| {
        day.max(grant.and_then(|grant| days.get(grant).copied().flatten()))
    };
    let mut begins = days.clone();
    for row in rows.iter().rev() {
        let day = not_before(row.decision_date, row.parent.as_ref(), &days);
        begins.extend(row.name.clone().map(|name| (name, day)));
    }
    let mut decisions = Vec::with_capacity(rows.len() + amendments.len());
    let mut names = HashSet::new();
    for (index, row) in rows.into_iter().enumerate() {
        let day = not_before(row.decision_date, row.parent.as_ref(), &days);
        let rank = u8::from(row.parent.is_some());
        let twice = seen_before(&mut names, row.name.as_ref());
        let decision = twice.map_or(Decision::First(row), Decision::Wrong);
        decisions.push((day, rank, Place::Grant(index), decision));
    }
    for (index, row) in amendments.into_iter().enumerate() {
        let day = not_before(row.parts.decision_date, row.name.as_ref(), &begins);
        decisions.push((day, 2, Place::GrantAmendment(index), Decision::Later(row)));
    }
    decisions.sort_by_key(|(day, rank, place, _)| (*day, *rank, *place));
    decisions.into_iter().map(|(_, _, place, decision)| (place, decision)).collect()
}

/// Adds the grants to create and to change to the plan.
pub(super) fn plan(
    decisions: Vec<(Place, Decision)>,
    known: &mut Known<'_, '_>,
    recorder: &Step,
    plan: &mut Plan,
    faults: &mut Vec<(Place, RowFault)>,
) {
    let mut seen = amendments::Seen::new();
    for (place, decision) in decisions {
        let decided = match decision {
            Decision::First(row) => create(row, known, recorder),
            Decision::Later(row) => amendments::carry_out(row, &mut seen, known, recorder),
            Decision::Wrong(fault) => Err(vec![fault]),
        };
        match decided {
            Ok(Some((grant, voucher))) => {
                known.on_grants.post(&grant, &voucher);
                plan.grants.push((grant, voucher));
            }
            Ok(None) => {}
            Err(found) => faults.extend(found.into_iter().map(|fault| (place, fault))),
        }
    }
}

/// The grant of a row with its opening; nothing when it is there.
fn create(
    row: DecisionParts,
    known: &Known<'_, '_>,
    recorder: &Step,
) -> Result<Option<(Grant, Voucher)>, Vec<RowFault>> {
    let recorded = row.name.as_ref().and_then(|name| known.record.grants.get_key_value(name));
    if let Some((name, recorded)) = recorded {
        // The file may still say what the board decided first.
        let row = row.whole().filter(|decision| *decision != recorded.first_decision());
        return match differs(name, row, &recorded.decision) {
            Some(fault) => Err(vec![fault]),
            None => Ok(None),
        };
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
        Ok(created) => Ok(Some(created)),
        Err(CreateRefusal::Faulty(found)) => {
            Err(found.into_iter().map(RowFault::Decision).collect())
        }
        Err(CreateRefusal::YearClosed(year)) => Err(vec![RowFault::YearClosed(year)]),
        Err(CreateRefusal::GrantOverdrawn { asked, left }) => {
            Err(vec![RowFault::GrantOverdrawn { asked, left }])
        }
        // Rows that are there have been looked at above.
        Err(CreateRefusal::Taken) => Ok(None),
    }
}
