//! Recoveries: what is claimed back of what was paid.

use chrono::{Datelike as _, NaiveDate};

use super::{Costs, Judgement, Reference, claim::But, faultless, kinds, of_kind, refused};
use crate::model::{actor::Actor, calendar::today};

/// What somebody asks for.
#[derive(Debug, Clone)]
pub(in crate::model) enum Asks {
    Create { id: String, requisition: String, costs: Costs },
    Step { id: String, step: &'static str, etag: String, settled: NaiveDate },
}

/// A recovery.
#[derive(Debug, Clone)]
pub(in crate::model) struct Recovery {
    pub(in crate::model) requisition: String,
    pub(in crate::model) costs: Costs,
    /// State and account of each step.
    pub(in crate::model) steps: Vec<(&'static str, &'static str)>,
    /// The year it counts in and whether the grant's year was open then, once it
    /// is decided.
    pub(in crate::model) decided: Option<(i32, bool)>,
    pub(in crate::model) settled: Option<NaiveDate>,
}

impl Recovery {
    pub(in crate::model) fn state(&self) -> &'static str {
        self.steps.last().unwrap().0
    }

    /// True while it counts against what can be taken back.
    pub(in crate::model) fn is_live(&self) -> bool {
        self.state() != "cancelled"
    }
}

impl Reference {
    pub(super) fn judge_recovery(&self, actor: Actor, asks: &Asks) -> Judgement {
        if !actor.is_office {
            return refused("PERMISSION_DENIED");
        }
        match asks {
            Asks::Create { id, requisition, costs } => {
                let kept = self.requisitions.get(requisition);
                let twice = costs.len() - kinds(costs).len();
                let mut faults = vec!["COST_KIND_TWICE"; twice];
                faults.extend(kept.is_none().then_some("REQUISITION_UNKNOWN"));
                faultless(faults)?;
                if self.recoveries.contains_key(id) {
                    return refused("ALREADY_EXISTS");
                }
                // Nothing was paid out for a correction.
                if !kept.is_some_and(|kept| kept.state() == "paid" && kept.corrects.is_none()) {
                    return refused("NOT_PAID");
                }
                let much = self.too_much(But::Nothing, requisition, costs);
                faultless(vec!["RECOVERY_TOO_LARGE"; much])
            }
            Asks::Step { id, step, etag, settled } => {
                let Some(recovery) = self.recoveries.get(id) else {
                    return refused("NOT_FOUND");
                };
                if recovery.steps.len().to_string() != *etag {
                    return refused("STALE");
                }
                match (*step, recovery.state()) {
                    ("decide", "proposed") if recovery.steps[0].1 == actor.account => {
                        refused("OWN_APPROVAL")
                    }
                    ("decide", "proposed") => {
                        let (own, costs) = (But::Recovery(id), &recovery.costs);
                        let much = self.too_much(own, &recovery.requisition, costs);
                        faultless(vec!["RECOVERY_TOO_LARGE"; much])
                    }
                    ("cancel", "proposed") => Ok(()),
                    ("settle", "decided") if *settled > today() => {
                        refused("SETTLEMENT_DATE_IN_FUTURE")
                    }
                    ("settle", "decided") => self.open(settled.year()),
                    _ => refused("RECOVERY_STATE_FORBIDS"),
                }
            }
        }
    }

    /// How many kinds there is less of than what is to be recovered.
    fn too_much(&self, but: But<'_>, requisition: &str, costs: &Costs) -> usize {
        let is_too_much =
            |kind: &usize| of_kind(costs, *kind) > self.stands(but, requisition, *kind);
        kinds(costs).into_iter().filter(is_too_much).count()
    }

    pub(super) fn enter_recovery(&mut self, actor: Actor, asks: Asks) {
        match asks {
            Asks::Create { id, requisition, costs } => {
                let steps = vec![("proposed", actor.account)];
                let kept = Recovery { requisition, costs, steps, decided: None, settled: None };
                self.recoveries.insert(id, kept);
            }
            Asks::Step { id, step, etag: _, settled } => {
                let requisition = &self.requisitions[&self.recoveries[&id].requisition];
                let year = requisition.days.1.year();
                let counts =
                    if self.is_closed(year) { (today().year(), false) } else { (year, true) };
                let recovery = self.recoveries.get_mut(&id).unwrap();
                let state = match step {
                    "decide" => "decided",
                    "cancel" => "cancelled",
                    _ => "settled",
                };
                recovery.steps.push((state, actor.account));
                recovery.decided = recovery.decided.or((state == "decided").then_some(counts));
                recovery.settled = recovery.settled.or((state == "settled").then_some(settled));
            }
        }
    }
}
