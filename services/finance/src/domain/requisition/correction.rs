//! Corrections: what takes back of a requisition what should not have been
//! claimed, and how much of it there is to take back.

use std::collections::BTreeMap;

use values::{
    Ore,
    name::{RecoveryName, RequisitionName},
};

use super::{ClaimParts, ClaimedCost, Requisition, State};
use crate::domain::{
    cost_line::{CostKind, CostLines},
    ledger::Amount,
};

/// Amounts by kind of cost.
pub type ByKind = BTreeMap<CostKind, Ore>;

/// A requisition that is to be corrected.
#[derive(Debug, Clone, Copy)]
pub struct Corrected<'a> {
    /// The requisition.
    pub requisition: &'a Requisition,
    /// What is recovered of it, or proposed to be.
    pub recovered: &'a [RecoveredCost],
}

/// A cost that is recovered of a requisition, or proposed to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveredCost {
    /// The recovery.
    pub recovery: RecoveryName,
    /// The kind of cost.
    pub kind: CostKind,
    /// How much of it.
    pub amount: Amount,
}

/// More of a kind of cost is to be taken back than what stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLarge {
    /// The first line of the kind.
    pub line: usize,
    /// The kind of cost.
    pub kind: CostKind,
    /// What is to be taken back of it.
    pub asked: Ore,
    /// What can be taken back, of each kind there is.
    pub possible: ByKind,
}

/// What is wrong with a correction, seen against the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorrectionFault {
    /// There is no such requisition.
    Unknown(RequisitionName),
    /// It is a correction itself.
    OfCorrection(RequisitionName),
    /// It is neither approved nor paid: nothing of it stands yet.
    NotApproved(State),
    /// Grant, party and days are those of what is corrected: the field, and what
    /// it must be.
    Differs {
        /// The field.
        field: &'static str,
        /// What it must be.
        expected: String,
    },
    /// What is corrected has no such kind of cost.
    Unbalanced {
        /// The first line of that kind.
        line: usize,
        /// The kind of cost.
        kind: CostKind,
    },
    /// More is to be taken back than what stands.
    TooLarge(TooLarge),
}

/// What stands of each kind of cost of a requisition: what it claimed, less what
/// live corrections but the one named take back, less what is recovered.
#[must_use]
pub fn standing(
    corrected: Corrected<'_>,
    claimed: &[ClaimedCost],
    but: Option<&RequisitionName>,
) -> ByKind {
    let claim = corrected.requisition.claim();
    let is_claim = claim.corrects.is_none();
    let costs = claim.cost_lines.by_kind().into_iter().filter(|_| is_claim);
    let mut stands: ByKind = costs.map(|(kind, amount)| (kind, amount.ore())).collect();
    let taken_back = claimed.iter().filter(|cost| {
        let takes_back = cost.corrects.as_ref() == Some(&claim.name) && cost.state.is_live();
        takes_back && Some(&cost.requisition) != but
    });
    let taken_back = taken_back.map(|cost| (cost.kind, cost.amount));
    let recovered = corrected.recovered.iter().map(|cost| (cost.kind, cost.amount));
    for (kind, amount) in taken_back.chain(recovered) {
        if let Some(left) = stands.get_mut(&kind) {
            *left = left.minus(amount.ore()).unwrap_or(Ore::ZERO).max(Ore::ZERO);
        }
    }
    stands
}

/// Every kind of which more is to be taken back than what stands.
#[must_use]
pub fn too_large(lines: &CostLines, stands: &ByKind) -> Vec<TooLarge> {
    let is_too_large = |(kind, amount): &(CostKind, Amount)| {
        amount.ore() > stands.get(kind).copied().unwrap_or(Ore::ZERO)
    };
    let found = lines.by_kind().into_iter().filter(is_too_large);
    found
        .map(|(kind, amount)| {
            let line = lines.as_slice().iter().position(|line| line.kind() == kind);
            let (asked, possible) = (amount.ore(), stands.clone());
            TooLarge { line: line.unwrap_or_default(), kind, asked, possible }
        })
        .collect()
}

/// Every fault of a correction, as far as it could be read.
pub(super) fn correction_faults(
    parts: &ClaimParts,
    corrected: Option<Corrected<'_>>,
    claimed: &[ClaimedCost],
) -> Vec<CorrectionFault> {
    let Some(name) = &parts.corrects else { return Vec::new() };
    let Some(corrected) = corrected else {
        return vec![CorrectionFault::Unknown(name.clone())];
    };
    let claim = corrected.requisition.claim();
    if claim.corrects.is_some() {
        return vec![CorrectionFault::OfCorrection(name.clone())];
    }
    let state = corrected.requisition.state();
    if !state.has_posted() {
        return vec![CorrectionFault::NotApproved(state)];
    }
    let mut faults = Vec::new();
    let mut differs = |field, is_other: bool, expected: &dyn ToString| {
        let expected = is_other.then(|| expected.to_string());
        let fault = expected.map(|expected| CorrectionFault::Differs { field, expected });
        faults.extend(fault);
    };
    differs("grant", parts.grant.as_ref().is_some_and(|it| *it != claim.grant), &claim.grant);
    differs("party", parts.party.as_ref().is_some_and(|it| *it != claim.party), &claim.party);
    let days = format!("{}\u{2013}{}", claim.period.first_day(), claim.period.last_day());
    differs("period", parts.period.is_some_and(|it| it != claim.period), &days);
    let Some(lines) = &parts.cost_lines else { return faults };
    let has = claim.cost_lines.by_kind();
    let found = faults.len();
    for (line, cost) in lines.as_slice().iter().enumerate() {
        let kind = cost.kind();
        let is_first = lines.as_slice()[..line].iter().all(|before| before.kind() != kind);
        if is_first && !has.iter().any(|(there, _)| *there == kind) {
            faults.push(CorrectionFault::Unbalanced { line, kind });
        }
    }
    if faults.len() == found {
        let stands = standing(corrected, claimed, parts.name.as_ref());
        faults.extend(too_large(lines, &stands).into_iter().map(CorrectionFault::TooLarge));
    }
    faults
}

#[cfg(test)]
mod tests;
