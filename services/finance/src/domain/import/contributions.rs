//! The contributions of an import: what the parties are to pay and what they have
//! paid, each seen after the rows before it.

use std::collections::{HashMap, HashSet};

use super::{Noun, Place, Planner, Record, RowFault, YearsContributions};
use crate::domain::{
    budget_year::BudgetYear,
    contribution::{
        self, DecideFacts, DecideRefusal, Decision, DecisionParts, Share, ShareParts, Standing,
        payment::{self, PayFacts, PayRefusal, Payment, PaymentParts},
    },
};

/// Where the years stand after the rows so far.
pub(super) struct Years {
    standings: HashMap<BudgetYear, YearsContributions>,
    /// Years that a decision with faults is for; none when its year could not be
    /// read.
    unsettled: HashSet<Option<BudgetYear>>,
}

impl Years {
    /// Where the years stand before the first row.
    pub(super) fn of(record: &Record) -> Self {
        Self { standings: record.contributions.clone(), unsettled: HashSet::new() }
    }

    /// True when nobody can tell what the parties owe for the year, which is told
    /// elsewhere.
    fn is_unsettled(&self, year: Option<BudgetYear>) -> bool {
        [None, year].iter().any(|year| self.unsettled.contains(year))
    }
}

/// Adds the decisions, and what they change for each party, to the plan.
pub(super) fn decisions(rows: Vec<DecisionParts>, years: &mut Years, planner: &mut Planner<'_>) {
    let noun = Noun {
        at: Place::ContributionDecision,
        name: |row: &DecisionParts| row.name.as_ref(),
        recorded: &planner.record.contribution_decisions,
        is_same: is_same_decision,
    };
    planner.each(rows, &noun, |row, planner| {
        let mut of_no_year = YearsContributions::default();
        let year = match row.year {
            Some(year) => years.standings.entry(year).or_default(),
            None => &mut of_no_year,
        };
        let facts = DecideFacts {
            is_taken: false,
            groups: &planner.outside.groups,
            versions: year.versions,
            standings: &year.standings,
            closed_through: planner.record.closed_through,
            today: planner.outside.today,
        };
        let of_year = row.year;
        let (decided, voucher) = contribution::decide(row, facts).map_err(|refusal| {
            years.unsettled.insert(of_year);
            decision_faults(refusal)
        })?;
        agree(year, &decided);
        planner.post(voucher);
        planner.plan.contribution_decisions.push(decided);
        Ok(())
    });
}

/// From now on the parties owe what the decision says, and nobody else anything.
fn agree(year: &mut YearsContributions, decided: &Decision) {
    let YearsContributions { versions, standings } = year;
    *versions = decided.version;
    for standing in standings.values_mut() {
        standing.agreed = values::Ore::ZERO;
    }
    for Share { party, amount, .. } in &decided.shares {
        standings.entry(party.id.clone()).or_default().agreed = *amount;
    }
}

fn is_same_decision(row: &DecisionParts, recorded: &Decision) -> bool {
    let DecisionParts { name: _, year, total, shares, decision, synthetic } = row;
    let share = |share: &ShareParts| Some((share.party.clone()?, share.weight?));
    let shares = shares.as_ref().and_then(|shares| shares.iter().map(share).collect());
    let shares: Option<Vec<_>> = shares;
    let (Some(year), Some(total), Some(shares), Some(decision)) =
        (year, total, shares, decision.clone().whole())
    else {
        return true;
    };
    let recorded_shares = recorded.shares.iter().map(|share| (share.party.clone(), share.weight));
    *year == recorded.year
        && *total == recorded.total
        && shares.into_iter().eq(recorded_shares)
        && decision == recorded.decision
        && *synthetic == recorded.synthetic
}

fn decision_faults(refusal: DecideRefusal) -> Vec<RowFault> {
    match refusal {
        DecideRefusal::Faulty(found) => found.into_iter().map(RowFault::Contribution).collect(),
        DecideRefusal::YearClosed(year) => vec![RowFault::YearClosed(year.number())],
        DecideRefusal::BelowPaid { party, agreed, paid } => {
            vec![RowFault::BelowPaid { party, agreed, paid }]
        }
        // Rows that are there have been looked at.
        DecideRefusal::Taken => Vec::new(),
    }
}

/// Adds the payments to the plan.
pub(super) fn payments(rows: Vec<PaymentParts>, years: &mut Years, planner: &mut Planner<'_>) {
    let noun = Noun {
        at: Place::ContributionPayment,
        name: |row: &PaymentParts| row.name.as_ref(),
        recorded: &planner.record.contribution_payments,
        is_same: is_same_payment,
    };
    planner.each(rows, &noun, |row, planner| {
        let parties = &planner.outside.parties;
        let is_unsettled = years.is_unsettled(row.year);
        let mut of_nobody = Standing::default();
        let standing = match row.year.zip(row.party.as_ref()) {
            Some((year, party)) => {
                let standings = &mut years.standings.entry(year).or_default().standings;
                standings.entry(party.id.clone()).or_default()
            }
            None => &mut of_nobody,
        };
        let facts = PayFacts {
            is_taken: false,
            party_is_known: row.party.as_ref().is_none_or(|party| parties.contains_key(party)),
            standing: *standing,
            closed_through: planner.record.closed_through,
            today: planner.outside.today,
        };
        let (paid, voucher) = match payment::pay(row, facts) {
            Err(PayRefusal::Overpaid { .. }) if is_unsettled => return Ok(()),
            paid => paid.map_err(payment_faults)?,
        };
        let after = standing.paid.plus(paid.amount.ore());
        standing.paid = after.expect("what is paid is no more than what is agreed");
        planner.post(voucher);
        planner.plan.contribution_payments.push(paid);
        Ok(())
    });
}

fn is_same_payment(row: &PaymentParts, recorded: &Payment) -> bool {
    row.clone().whole().is_none_or(|payment| payment == *recorded)
}

fn payment_faults(refusal: PayRefusal) -> Vec<RowFault> {
    match refusal {
        PayRefusal::Faulty(found) => found.into_iter().map(RowFault::Payment).collect(),
        PayRefusal::YearClosed(year) => vec![RowFault::YearClosed(year)],
        PayRefusal::Overpaid { amount, outstanding } => {
            vec![RowFault::Overpaid { amount, outstanding }]
        }
        PayRefusal::BelowZero { amount, paid } => vec![RowFault::PaidBelowZero { amount, paid }],
        // Rows that are there have been looked at.
        PayRefusal::Taken => Vec::new(),
    }
}
