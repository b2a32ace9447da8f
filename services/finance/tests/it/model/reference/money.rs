//! What comes in, what the federation itself costs, and what it expects:
//! contributions, own costs and budgets.

use chrono::{Datelike as _, NaiveDate};

use super::{Judgement, Reference, faultless, refused};
use crate::model::{actor::Actor, calendar::today};

/// What somebody asks for.
#[derive(Debug, Clone)]
pub(in crate::model) enum Asks {
    DecideContributions(ContributionDecision),
    PayContribution(ContributionPayment),
    RecordOwnCost(OwnCost),
    DecideBudget { id: String, year: i32, decided: NaiveDate },
    RecordForecast { id: String, year: i32, day: NaiveDate },
}

/// A decision on what the parties pay for a year.
#[derive(Debug, Clone)]
pub(in crate::model) struct ContributionDecision {
    pub(in crate::model) id: String,
    pub(in crate::model) year: i32,
    pub(in crate::model) decided: NaiveDate,
    /// The parties, each with its group's quarters and its weight in the group.
    pub(in crate::model) shares: Vec<(&'static str, i64, i64)>,
    /// What a quarter is for each unit of the municipalities' weights, so that
    /// every part is whole öre.
    pub(in crate::model) unit: i64,
}

impl ContributionDecision {
    fn weight(&self, quarters: i64, group: &str) -> i64 {
        let members = self.shares.iter();
        let members = members.filter(|(party, q, _)| *q == quarters && group_of(party) == group);
        members.map(|(_, _, weight)| weight).sum()
    }

    /// A quarter of the whole.
    fn quarter(&self) -> i64 {
        self.unit * self.weight(1, "municipality").max(1)
    }

    pub(in crate::model) fn total(&self) -> i64 {
        4 * self.quarter()
    }

    /// What a party is to pay.
    pub(in crate::model) fn owed(&self, party: &str) -> i64 {
        let share = self.shares.iter().find(|(other, _, _)| *other == party);
        share.map_or(0, |(_, quarters, weight)| match group_of(party) {
            "municipality" => self.unit * weight,
            _ => quarters * self.quarter(),
        })
    }
}

fn group_of(party: &str) -> &'static str {
    match party {
        "forsakringskassan" => "state",
        "region" => "region",
        _ => "municipality",
    }
}

/// Money that a party has paid in.
#[derive(Debug, Clone)]
pub(in crate::model) struct ContributionPayment {
    pub(in crate::model) id: String,
    pub(in crate::model) year: i32,
    pub(in crate::model) party: &'static str,
    pub(in crate::model) ore: i64,
    pub(in crate::model) day: NaiveDate,
}

/// A cost of the federation itself.
#[derive(Debug, Clone)]
pub(in crate::model) struct OwnCost {
    pub(in crate::model) id: String,
    pub(in crate::model) ore: i64,
    pub(in crate::model) day: NaiveDate,
}

impl Reference {
    pub(super) fn judge_money(&self, actor: Actor, asks: &Asks) -> Judgement {
        if !actor.is_office {
            return refused("PERMISSION_DENIED");
        }
        match asks {
            Asks::DecideContributions(decision) => self.judge_contributions(decision),
            Asks::PayContribution(payment) => self.judge_payment(payment),
            Asks::RecordOwnCost(cost) => {
                not_in_future(cost.day, "DAY_IN_FUTURE")?;
                is_new(self.own_costs.iter().any(|other| other.id == cost.id))?;
                self.open(cost.day.year())
            }
            Asks::DecideBudget { id, year, decided } => {
                not_in_future(*decided, "DECISION_DATE_IN_FUTURE")?;
                is_new(self.budgets.contains(id))?;
                self.open(*year)
            }
            Asks::RecordForecast { id, year, day } => {
                let mut faults = Vec::new();
                faults.extend((day.year() != *year).then_some("DAY_OUTSIDE_YEAR"));
                faults.extend((*day > today()).then_some("DAY_IN_FUTURE"));
                faultless(faults)?;
                is_new(self.budget_forecasts.contains(id))?;
                self.open(*year)
            }
        }
    }

    fn judge_contributions(&self, decision: &ContributionDecision) -> Judgement {
        let missing = ["state", "region", "municipality"]
            .into_iter()
            .filter(|group| !decision.shares.iter().any(|(party, _, _)| group_of(party) == *group));
        let mut faults: Vec<&str> = missing.map(|_| "GROUP_WITHOUT_PARTY").collect();
        faults.extend((decision.decided > today()).then_some("DECISION_DATE_IN_FUTURE"));
        faultless(faults)?;
        is_new(self.contribution_decisions.iter().any(|other| other.id == decision.id))?;
        self.open(decision.year)?;
        let parties = self.contribution_payments.iter().map(|payment| payment.party);
        let mut parties = parties.chain(decision.shares.iter().map(|(party, _, _)| *party));
        if parties.any(|party| self.paid(decision.year, party) > decision.owed(party)) {
            return refused("CONTRIBUTION_BELOW_PAID");
        }
        Ok(())
    }

    fn judge_payment(&self, payment: &ContributionPayment) -> Judgement {
        not_in_future(payment.day, "DAY_IN_FUTURE")?;
        is_new(self.contribution_payments.iter().any(|other| other.id == payment.id))?;
        self.open(payment.day.year())?;
        let paid = self.paid(payment.year, payment.party) + payment.ore;
        if paid < 0 {
            return refused("CONTRIBUTION_PAID_BELOW_ZERO");
        }
        if paid > self.owed(payment.year, payment.party) {
            return refused("CONTRIBUTION_OVERPAID");
        }
        Ok(())
    }

    /// The decision in force.
    pub(super) fn contributions(&self, year: i32) -> Option<&ContributionDecision> {
        self.contribution_decisions.iter().rev().find(|decision| decision.year == year)
    }

    /// What a party is to pay for a year.
    pub(in crate::model) fn owed(&self, year: i32, party: &str) -> i64 {
        self.contributions(year).map_or(0, |decision| decision.owed(party))
    }

    /// What a party has paid for a year.
    pub(in crate::model) fn paid(&self, year: i32, party: &str) -> i64 {
        let payments = self.contribution_payments.iter();
        let payments = payments.filter(|payment| (payment.year, payment.party) == (year, party));
        payments.map(|payment| payment.ore).sum()
    }

    pub(super) fn enter_money(&mut self, asks: Asks) {
        match asks {
            Asks::DecideContributions(decision) => self.contribution_decisions.push(decision),
            Asks::PayContribution(payment) => self.contribution_payments.push(payment),
            Asks::RecordOwnCost(cost) => self.own_costs.push(cost),
            Asks::DecideBudget { id, .. } => {
                self.budgets.insert(id);
            }
            Asks::RecordForecast { id, .. } => {
                self.budget_forecasts.insert(id);
            }
        }
    }
}

fn not_in_future(day: NaiveDate, reason: &str) -> Judgement {
    if day > today() { refused(reason) } else { Ok(()) }
}

fn is_new(is_taken: bool) -> Judgement {
    if is_taken { refused("ALREADY_EXISTS") } else { Ok(()) }
}
