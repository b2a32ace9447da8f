//! A year's contributions as they stand, party by party.

use std::collections::{BTreeMap, HashMap};

use values::{Ore, Slug, name::PartyName, share};

use super::{Decision, Group};
use crate::domain::funding_table::swedish_order;

/// The amounts of a row or of the total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// What is agreed.
    pub agreed: Ore,
    /// What is paid.
    pub paid: Ore,
    /// Agreed − paid.
    pub outstanding: Ore,
    /// Agreed of all that is agreed, in tenths of a percent.
    pub share_permille: i32,
}

/// One party's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The party.
    pub party: PartyName,
    /// The name people read.
    pub display_name: String,
    /// The group it pays in.
    pub group: Group,
    /// The amounts.
    pub amounts: Amounts,
}

/// A year's table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContributionTable {
    /// A row for each party that owes or has paid, by group and name.
    pub rows: Vec<Row>,
    /// The sum of the rows.
    pub total: Amounts,
}

/// Computes the table from the decision in force and what is paid. A party
/// without a name among `names` is called by its id.
#[must_use]
pub fn compute(
    decision: Option<&Decision>,
    paid: &BTreeMap<Slug, Ore>,
    names: &HashMap<PartyName, String>,
) -> ContributionTable {
    let Some(decision) = decision else { return ContributionTable::default() };
    let total_agreed = decision.total.ore();
    let amounts = |agreed: Ore, paid: Ore| Amounts {
        agreed,
        paid,
        outstanding: agreed.minus(paid).expect("neither is below 0"),
        share_permille: share_permille(agreed, total_agreed),
    };
    let row = |share: &super::Share| Row {
        party: share.party.clone(),
        display_name: names
            .get(&share.party)
            .cloned()
            .unwrap_or_else(|| share.party.id.to_string()),
        group: share.group,
        amounts: amounts(share.amount, paid.get(&share.party.id).copied().unwrap_or_default()),
    };
    let mut rows: Vec<Row> = decision.shares.iter().map(row).collect();
    rows.retain(|row| row.amounts.agreed != Ore::ZERO || row.amounts.paid != Ore::ZERO);
    rows.sort_by_cached_key(|row| {
        (row.group, swedish_order(&row.display_name), row.party.id.clone())
    });
    let total_paid = Ore::sum(rows.iter().map(|row| row.amounts.paid));
    let total_paid = total_paid.expect("no party has paid more than it owes");
    ContributionTable { rows, total: amounts(total_agreed, total_paid) }
}

fn share_permille(part: Ore, whole: Ore) -> i32 {
    let permille = share::permille(part.get(), whole.get()).unwrap_or(0);
    i32::try_from(permille).expect("a part is no more than its whole")
}
