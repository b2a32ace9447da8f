//! Claiming back from a party what was paid and should not have been, with four
//! eyes.
//!
//! A proposal posts nothing; the decision, by another person, posts what the party
//! owes; the settlement posts that it came back. What is proposed already counts
//! against what can be corrected or recovered, so that both can be decided in any
//! order.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use values::{
    Ore,
    name::{AccountName, PartyName, RecoveryName, RequisitionName},
};

use super::{
    cost_line::{CostKind, CostLines},
    ledger::{Overdrawn, Voucher, YearClosed, vouchers},
    requisition::{ClaimedCost, Corrected, OnGrant, Payment, Requisition, TooLarge, correction},
};

mod state;

pub use state::State;

/// One step of a recovery's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The state it led to.
    pub state: State,
    /// The account that took it.
    pub actor: AccountName,
    /// When.
    pub time: DateTime<Utc>,
    /// Why; empty where no comment is needed.
    pub comment: String,
}

/// What is claimed back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The recovery's name.
    pub name: RecoveryName,
    /// The paid requisition.
    pub requisition: RequisitionName,
    /// The party that pays back.
    pub party: PartyName,
    /// What is recovered, each kind of cost at most once.
    pub cost_lines: CostLines,
    /// Why.
    pub reason: String,
    /// The registry number (diarienummer).
    pub dnr: String,
}

/// A recovery: the proposal and every step so far, of which there is always one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    proposal: Proposal,
    steps: Vec<Step>,
    settlement: Option<Payment>,
}

impl Recovery {
    /// A recovery as it was kept; `None` without steps.
    #[must_use]
    pub fn kept(proposal: Proposal, steps: Vec<Step>, settlement: Option<Payment>) -> Option<Self> {
        (!steps.is_empty()).then_some(Self { proposal, steps, settlement })
    }

    /// What is claimed back.
    #[must_use]
    pub fn proposal(&self) -> &Proposal {
        &self.proposal
    }

    /// Every step so far, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How it was paid back.
    #[must_use]
    pub fn settlement(&self) -> Option<&Payment> {
        self.settlement.as_ref()
    }

    /// The latest step.
    #[must_use]
    pub fn last_step(&self) -> &Step {
        self.steps.last().expect("a recovery has a step")
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.last_step().state
    }

    /// Names this version: every change is a step.
    #[must_use]
    pub fn etag(&self) -> String {
        self.steps.len().to_string()
    }

    /// Checks that the version is the one seen, and that it stands where a step
    /// can be taken.
    fn check(&self, etag: &str, from: State) -> Result<(), StepRefusal> {
        if etag != self.etag() {
            return Err(StepRefusal::Stale);
        }
        if self.state() != from {
            return Err(StepRefusal::StateForbids(self.state()));
        }
        Ok(())
    }

    fn costs(&self, requisition: &Requisition) -> vouchers::Costs {
        let by_kind = self.proposal.cost_lines.by_kind();
        vouchers::Costs { by_kind, ..requisition.claim().costs() }
    }
}

/// A recovery as far as it could be read: what could not is told by the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecoveryParts {
    /// The recovery's name.
    pub name: Option<RecoveryName>,
    /// The paid requisition.
    pub requisition: Option<RequisitionName>,
    /// What is to be recovered.
    pub cost_lines: Option<CostLines>,
    /// Why.
    pub reason: Option<String>,
    /// The registry number.
    pub dnr: Option<String>,
}

/// What is wrong with a recovery, seen against the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecoveryFault {
    /// There is no such requisition.
    RequisitionUnknown(RequisitionName),
    /// A kind of cost stands there twice.
    KindTwice {
        /// The second line of that kind.
        line: usize,
        /// The kind of cost.
        kind: CostKind,
    },
}

/// Why a recovery is not proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProposeRefusal {
    /// The proposal cannot be right; without a fault when the reader has told
    /// them all.
    Faulty(Vec<RecoveryFault>),
    /// The name is taken.
    Taken,
    /// The requisition is not paid, or is a correction.
    NotPaid,
    /// More is to be recovered than what stands, of each of these kinds.
    TooLarge(Vec<TooLarge>),
}

/// What a proposal is checked against.
#[derive(Debug, Clone, Copy)]
pub struct ProposeFacts<'a> {
    /// True when a recovery of that name is there.
    pub is_taken: bool,
    /// The requisition, and what is recovered of it.
    pub recovered: Option<Corrected<'a>>,
    /// What the same party claims on the same grant, for the same days.
    pub claimed: &'a [ClaimedCost],
}

/// Proposes a recovery.
///
/// # Errors
/// What forbids it.
pub fn propose(
    parts: RecoveryParts,
    facts: ProposeFacts<'_>,
    actor: AccountName,
    time: DateTime<Utc>,
) -> Result<Recovery, ProposeRefusal> {
    let mut faults = Vec::new();
    if let Some(name) = parts.requisition.as_ref().filter(|_| facts.recovered.is_none()) {
        faults.push(RecoveryFault::RequisitionUnknown(name.clone()));
    }
    let mut seen = BTreeSet::new();
    let lines = parts.cost_lines.iter().flat_map(|lines| lines.as_slice()).enumerate();
    let twice = lines.filter(|(_, line)| !seen.insert(line.kind()));
    faults.extend(twice.map(|(line, cost)| RecoveryFault::KindTwice { line, kind: cost.kind() }));
    let RecoveryParts { name, requisition, cost_lines, reason, dnr } = parts;
    let (Some(name), Some(_), Some(cost_lines), Some(reason), Some(dnr), Some(recovered), true) =
        (name, requisition, cost_lines, reason, dnr, facts.recovered, faults.is_empty())
    else {
        return Err(ProposeRefusal::Faulty(faults));
    };
    if facts.is_taken {
        return Err(ProposeRefusal::Taken);
    }
    let claim = recovered.requisition.claim();
    // A correction took back: nothing was paid out for it.
    if !recovered.requisition.is_paid() || claim.corrects.is_some() {
        return Err(ProposeRefusal::NotPaid);
    }
    let stands = correction::standing(recovered, facts.claimed, None);
    let too_large = correction::too_large(&cost_lines, &stands);
    if !too_large.is_empty() {
        return Err(ProposeRefusal::TooLarge(too_large));
    }
    let (requisition, party) = (claim.name.clone(), claim.party.clone());
    let proposal = Proposal { name, requisition, party, cost_lines, reason, dnr };
    let step = Step { state: State::Proposed, actor, time, comment: String::new() };
    Ok(Recovery { proposal, steps: vec![step], settlement: None })
}

/// Why a step is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepRefusal {
    /// Another change came between.
    Stale,
    /// The state forbids it.
    StateForbids(State),
    /// Who proposed does not decide.
    OwnApproval,
    /// More is to be recovered than what stands, of each of these kinds.
    TooLarge(Vec<TooLarge>),
    /// The day it came back has not come.
    SettlementDateInFuture(NaiveDate),
    /// Nothing more is posted in the year.
    YearClosed(i32),
    /// The ledger does not hold what the state says it holds.
    LedgerBroken,
}

impl From<YearClosed> for StepRefusal {
    fn from(YearClosed(year): YearClosed) -> Self {
        StepRefusal::YearClosed(year)
    }
}

impl From<Overdrawn> for StepRefusal {
    fn from(_: Overdrawn) -> Self {
        StepRefusal::LedgerBroken
    }
}

/// What a decision is checked against, besides the recovery itself.
#[derive(Debug, Clone, Copy)]
pub struct DecideFacts<'a> {
    /// The version the caller has seen.
    pub etag: &'a str,
    /// The requisition, and what is recovered of it.
    pub recovered: Corrected<'a>,
    /// What the same party claims on the same grant, for the same days.
    pub claimed: &'a [ClaimedCost],
    /// The grant's days, and where its money stands.
    pub grant: OnGrant,
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// The day it is decided.
    pub today: NaiveDate,
}

/// Decides a recovery: the amount is the grant's again while its year is open, and
/// afterwards lessens the costs of the year it is decided in.
///
/// # Errors
/// What forbids it.
pub fn decide(
    recovery: Recovery,
    facts: DecideFacts<'_>,
    comment: String,
    actor: AccountName,
    time: DateTime<Utc>,
) -> Result<(Recovery, Voucher), StepRefusal> {
    recovery.check(facts.etag, State::Proposed)?;
    if recovery.last_step().actor == actor {
        return Err(StepRefusal::OwnApproval);
    }
    let all = facts.recovered.recovered.iter();
    let others: Vec<_> =
        all.filter(|cost| cost.recovery != recovery.proposal.name).cloned().collect();
    let beside = Corrected { recovered: &others, ..facts.recovered };
    let stands = correction::standing(beside, facts.claimed, None);
    let too_large = correction::too_large(&recovery.proposal.cost_lines, &stands);
    if !too_large.is_empty() {
        return Err(StepRefusal::TooLarge(too_large));
    }
    let costs = recovery.costs(facts.recovered.requisition);
    let is_closed = facts.closed_through.is_some_and(|last| costs.day.year() <= last);
    let voucher = match is_closed {
        true => vouchers::recover_after_closing(&costs, facts.today),
        false => vouchers::recover(&costs),
    };
    voucher.check_years(facts.closed_through)?;
    facts.grant.balances.after(&costs.grant, &voucher)?;
    let step = Step { state: State::Decided, actor, time, comment };
    Ok((recovery.with(step), voucher))
}

/// Gives a recovery up before it is decided.
///
/// # Errors
/// What forbids it.
pub fn cancel(
    recovery: Recovery,
    etag: &str,
    comment: String,
    actor: AccountName,
    time: DateTime<Utc>,
) -> Result<Recovery, StepRefusal> {
    recovery.check(etag, State::Proposed)?;
    Ok(recovery.with(Step { state: State::Cancelled, actor, time, comment }))
}

/// What a settlement is checked against, besides the recovery itself.
#[derive(Debug, Clone, Copy)]
pub struct SettleFacts<'a> {
    /// The version the caller has seen.
    pub etag: &'a str,
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// Records that the money has come back.
///
/// # Errors
/// What forbids it.
pub fn settle(
    recovery: Recovery,
    facts: SettleFacts<'_>,
    settlement: Payment,
    comment: String,
    actor: AccountName,
    time: DateTime<Utc>,
) -> Result<(Recovery, Voucher), StepRefusal> {
    recovery.check(facts.etag, State::Decided)?;
    if settlement.day > facts.today {
        return Err(StepRefusal::SettlementDateInFuture(settlement.day));
    }
    let Proposal { party, cost_lines, .. } = &recovery.proposal;
    let amount: Ore = cost_lines.total().ore();
    let voucher = vouchers::settle(&party.id, settlement.day, amount);
    voucher.check_years(facts.closed_through)?;
    let mut after = recovery.with(Step { state: State::Settled, actor, time, comment });
    after.settlement = Some(settlement);
    Ok((after, voucher))
}

impl Recovery {
    fn with(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

#[cfg(test)]
mod tests;
