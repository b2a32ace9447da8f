//! The rules once more, as simply as they can be written: nothing is kept but
//! what was asked for, and every amount is counted from it.

pub(super) mod balances;
pub(super) mod claim;
pub(super) mod grant;
pub(super) mod money;
pub(super) mod recovery;
pub(super) mod requisition;
pub(super) mod staffing;
pub(super) mod year;

use std::collections::{BTreeMap, BTreeSet};

use super::actor::Actor;
use grant::Grant;
use money::{ContributionDecision, ContributionPayment, OwnCost};
use recovery::Recovery;
use requisition::Requisition;
use staffing::Staffing;
use year::Year;

/// What somebody asks for.
#[derive(Debug, Clone)]
pub(super) enum Asks {
    Grant(grant::Asks),
    Requisition(requisition::Asks),
    Recovery(recovery::Asks),
    Money(money::Asks),
    Staffing(staffing::Asks),
    Year(year::Asks),
}

/// Nothing against it, or the reason of the refusal; of several faults, all in
/// order of the alphabet.
pub(super) type Judgement = Result<(), String>;

pub(super) fn refused(reason: &str) -> Judgement {
    Err(reason.to_owned())
}

/// Refused for faults, if there are any.
pub(super) fn faultless(mut faults: Vec<&'static str>) -> Judgement {
    faults.sort_unstable();
    if faults.is_empty() { Ok(()) } else { Err(faults.join(" ")) }
}

/// An amount of each kind of cost, the kinds by number.
pub(super) type Costs = Vec<(usize, i64)>;

pub(super) fn total(costs: &Costs) -> i64 {
    costs.iter().map(|(_, ore)| ore).sum()
}

/// How much of one kind.
pub(super) fn of_kind(costs: &Costs, kind: usize) -> i64 {
    costs.iter().filter(|(other, _)| *other == kind).map(|(_, ore)| ore).sum()
}

/// The kinds there are, each once.
pub(super) fn kinds(costs: &Costs) -> BTreeSet<usize> {
    costs.iter().map(|(kind, _)| *kind).collect()
}

/// Everything there is.
#[derive(Debug, Clone, Default)]
pub(super) struct Reference {
    pub(super) grants: BTreeMap<String, Grant>,
    pub(super) requisitions: BTreeMap<String, Requisition>,
    pub(super) recoveries: BTreeMap<String, Recovery>,
    pub(super) contribution_decisions: Vec<ContributionDecision>,
    pub(super) contribution_payments: Vec<ContributionPayment>,
    pub(super) own_costs: Vec<OwnCost>,
    pub(super) budgets: BTreeSet<String>,
    pub(super) budget_forecasts: BTreeSet<String>,
    pub(super) staffing: BTreeMap<String, Staffing>,
    pub(super) years: BTreeMap<i32, Year>,
}

impl Reference {
    /// Does what is asked for and says `OK`, or says why not.
    pub(super) fn ask(&mut self, actor: Actor, asks: &Asks) -> String {
        let said = self.say(actor, asks);
        if said == "OK" {
            self.enter(actor, asks);
        }
        said
    }

    /// What would be said.
    pub(super) fn say(&self, actor: Actor, asks: &Asks) -> String {
        let judgement = match asks {
            Asks::Grant(asks) => self.judge_grant(actor, asks),
            Asks::Requisition(asks) => self.judge_requisition(actor, asks),
            Asks::Recovery(asks) => self.judge_recovery(actor, asks),
            Asks::Money(asks) => self.judge_money(actor, asks),
            Asks::Staffing(asks) => self.judge_staffing(actor, asks),
            Asks::Year(asks) => self.judge_year(actor, asks),
        };
        judgement.err().unwrap_or_else(|| "OK".to_owned())
    }

    fn enter(&mut self, actor: Actor, asks: &Asks) {
        match asks.clone() {
            Asks::Grant(asks) => self.enter_grant(asks),
            Asks::Requisition(asks) => self.enter_requisition(actor, asks),
            Asks::Recovery(asks) => self.enter_recovery(actor, asks),
            Asks::Money(asks) => self.enter_money(asks),
            Asks::Staffing(asks) => self.enter_staffing(asks),
            Asks::Year(asks) => self.enter_year(asks),
        }
    }

    /// True when nothing is posted in the year any more: years close in order.
    pub(super) fn is_closed(&self, year: i32) -> bool {
        self.years.iter().any(|(other, kept)| kept.is_closed && year <= *other)
    }

    /// Refused when the year is closed.
    fn open(&self, year: i32) -> Judgement {
        if self.is_closed(year) { refused("YEAR_CLOSED") } else { Ok(()) }
    }
}
