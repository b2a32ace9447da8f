//! The account plan of an import: entered when the federation has none.

use std::collections::HashSet;

use values::{
    Slug,
    name::{GrantName, RecipientName},
};

use super::{Place, Planner, RowFault};
use crate::domain::account_plan::{self, AccountPlanParts, SetFacts, SetRefusal};

/// Adds the plan. Its codes may be of recipients and grants that are there or come with
/// the import.
pub(super) fn plan(
    federation: Slug,
    parts: AccountPlanParts,
    recipients: HashSet<RecipientName>,
    grants: HashSet<GrantName>,
    planner: &mut Planner<'_>,
) {
    let facts =
        SetFacts { parties: planner.outside.parties.keys().cloned().collect(), recipients, grants };
    let recorded = planner.record.account_plan.as_ref();
    // What is there is compared by its own version, and keeps it.
    let etag = recorded.map(account_plan::AccountPlan::etag).unwrap_or_default();
    let found = match account_plan::set(federation, recorded, &etag, parts, &facts) {
        Ok(entered) => match recorded {
            None => {
                planner.plan.account_plan = Some(entered);
                Vec::new()
            }
            Some(recorded) => {
                let fields = recorded.differs_in(&entered).into_iter();
                fields.map(RowFault::AccountPlanDiffers).collect()
            }
        },
        Err(SetRefusal::Faulty(found)) => found.into_iter().map(RowFault::AccountPlan).collect(),
        // The version is the one that was found.
        Err(SetRefusal::Stale) => Vec::new(),
    };
    planner.faults.extend(found.into_iter().map(|fault| (Place::AccountPlan, fault)));
}
