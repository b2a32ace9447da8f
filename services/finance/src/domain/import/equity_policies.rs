//! The limits for the equity of the years of an import: entered for a year that has
//! none, whether it is there or is opened with the same import.

use std::collections::HashSet;

use values::name::FinancialYearName;

use super::{Place, Planner, RowFault, seen_before};
use crate::domain::financial_year::{EquityLimits, FinancialYear};

/// The limits of a year, as far as they could be read: what could not is told by the
/// reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyParts {
    /// The year.
    pub name: Option<FinancialYearName>,
    /// Its limits.
    pub limits: Option<EquityLimits>,
}

/// Adds the years with their limits to the plan. `opened` are those that a row opens:
/// what is wrong with one of them is told there.
pub(super) fn plan(
    rows: Vec<PolicyParts>,
    opened: &HashSet<FinancialYearName>,
    planner: &mut Planner<'_>,
) {
    let mut names = HashSet::new();
    for (index, row) in rows.into_iter().enumerate() {
        let found = match seen_before(&mut names, row.name.as_ref()) {
            Some(fault) => Some(fault),
            None => enter(row, opened, planner).err(),
        };
        planner.faults.extend(found.map(|fault| (Place::EquityPolicy(index), fault)));
    }
}

fn enter(
    row: PolicyParts,
    opened: &HashSet<FinancialYearName>,
    planner: &mut Planner<'_>,
) -> Result<(), RowFault> {
    let Some(name) = row.name else { return Ok(()) };
    let is_new = |year: &&FinancialYear| year.name == name;
    let new = planner.plan.financial_years.iter().find(is_new);
    let Some(year) = planner.record.financial_years.get(&name).or(new) else {
        return if opened.contains(&name) { Ok(()) } else { Err(RowFault::YearUnknown(name)) };
    };
    let Some(limits) = row.limits.filter(|limits| *limits != year.limits) else {
        return Ok(());
    };
    if year.limits != EquityLimits::default() {
        return Err(RowFault::DiffersFromRecord(name.to_string()));
    }
    planner.plan.equity_policies.push(year.clone().with_limits(limits));
    Ok(())
}
