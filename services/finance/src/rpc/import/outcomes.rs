//! What an import has done to each row, as the journal tells it: a repetition answers
//! what the first time did.

use std::collections::HashSet;

use platform::{Entry, Failure, convert::date_to_proto};
use prost::Message as _;
use proto::{
    Date,
    common::{ImportEffect, ImportOutcome},
    finance as pb,
};

use super::{GRANT_AMENDED, POLICY_SET, faults};
use crate::domain::import::{Place, Rows};

/// What is new. A year and its limits have the same name, and so have a grant and the
/// later decisions on it, which are told apart by registry number and day.
#[derive(Default)]
struct Created<'a> {
    resources: HashSet<&'a str>,
    policies: HashSet<&'a str>,
    amendments: HashSet<(&'a str, String, Option<Date>)>,
}

/// What happened to each row, in the order of the rows.
pub(super) fn of(
    names: Vec<(Place, String)>,
    rows: &Rows,
    entries: &[Entry],
) -> Result<Vec<ImportOutcome>, Failure> {
    let mut created = Created::default();
    for entry in entries {
        let name = entry.subject.as_str();
        match entry.kind.as_str() {
            POLICY_SET => {
                created.policies.insert(name);
            }
            GRANT_AMENDED => {
                let grant = pb::Grant::decode(entry.payload.as_slice());
                let grant = grant.map_err(|error| Failure::Internal(error.into()))?;
                let pb::Grant { dnr, decision_date, .. } = grant;
                created.amendments.insert((name, dnr, decision_date));
            }
            _ => {
                created.resources.insert(name);
            }
        }
    }
    Ok(names.into_iter().map(|(place, name)| outcome(place, name, rows, &created)).collect())
}

fn outcome(place: Place, name: String, rows: &Rows, created: &Created<'_>) -> ImportOutcome {
    let is_new = match place {
        Place::EquityPolicy(_) => created.policies.contains(name.as_str()),
        Place::GrantAmendment(index) => rows.grant_amendments.get(index).is_some_and(|row| {
            let dnr = row.parts.dnr.clone().unwrap_or_default();
            let day = row.parts.decision_date.map(date_to_proto);
            created.amendments.contains(&(name.as_str(), dnr, day))
        }),
        Place::Recipient(_)
        | Place::Grant(_)
        | Place::Requisition(_)
        | Place::FinancialYear(_)
        | Place::ContributionDecision(_)
        | Place::ContributionPayment(_)
        | Place::Budget(_)
        | Place::OwnCost(_)
        | Place::StaffingFinancing(_)
        | Place::BudgetForecast(_)
        | Place::AccountPlan => created.resources.contains(name.as_str()),
    };
    let effect = if is_new { ImportEffect::Created } else { ImportEffect::Unchanged };
    ImportOutcome { row: faults::path(place), name, effect: effect.into() }
}
