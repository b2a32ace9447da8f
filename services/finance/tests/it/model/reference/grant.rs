//! Grants, their new decisions and their sub-projects.

use chrono::{Datelike as _, NaiveDate};

use super::{Judgement, Reference, faultless, refused};
use crate::model::{
    actor::Actor,
    calendar::{Days, covers, today},
};

/// What somebody asks for.
#[derive(Debug, Clone)]
pub(in crate::model) enum Asks {
    Create { id: String, parent: Option<String>, days: Days, ore: i64, decided: NaiveDate },
    Amend { id: String, etag: String, days: Days, ore: i64, decided: NaiveDate },
}

/// A grant, as it was last decided.
#[derive(Debug, Clone)]
pub(in crate::model) struct Grant {
    pub(in crate::model) parent: Option<String>,
    pub(in crate::model) days: Days,
    pub(in crate::model) ore: i64,
    pub(in crate::model) decided: NaiveDate,
    pub(in crate::model) decisions: usize,
}

impl Grant {
    pub(in crate::model) fn year(&self) -> i32 {
        self.days.0.year()
    }
}

impl Reference {
    pub(super) fn judge_grant(&self, actor: Actor, asks: &Asks) -> Judgement {
        if !actor.is_office {
            return refused("PERMISSION_DENIED");
        }
        match asks {
            Asks::Create { id, parent, days, ore, decided } => {
                self.judge_grant_faults(parent.as_deref(), *days, *decided)?;
                if self.grants.contains_key(id) {
                    return refused("ALREADY_EXISTS");
                }
                self.open(days.0.year())?;
                self.has_room(parent.as_deref(), *ore)
            }
            Asks::Amend { id, etag, days, ore, decided } => {
                let Some(grant) = self.grants.get(id) else {
                    return refused("NOT_FOUND");
                };
                if grant.decisions.to_string() != *etag {
                    return refused("STALE");
                }
                self.judge_amendment_faults(id, grant, *days, *decided)?;
                self.open(grant.year())?;
                if *ore < grant.ore - self.left(id) {
                    return refused("GRANT_BELOW_CLAIMED");
                }
                self.has_room(grant.parent.as_deref(), *ore - grant.ore)
            }
        }
    }

    fn has_room(&self, parent: Option<&str>, ore: i64) -> Judgement {
        match parent {
            Some(parent) if ore > 0 && ore > self.left(parent) => refused("GRANT_OVERDRAWN"),
            Some(_) | None => Ok(()),
        }
    }

    fn judge_grant_faults(
        &self,
        parent: Option<&str>,
        days: Days,
        decided: NaiveDate,
    ) -> Judgement {
        let mut faults = Vec::new();
        match parent.map(|parent| self.grants.get(parent)) {
            Some(Some(above)) => {
                faults.extend(above.parent.as_ref().map(|_| "GRANT_IS_SUB_PROJECT"));
                faults.extend((!covers(above.days, days)).then_some("PERIOD_OUTSIDE_GRANT"));
            }
            Some(None) => faults.push("GRANT_UNKNOWN"),
            None => {}
        }
        faults.extend((decided > today()).then_some("DECISION_DATE_IN_FUTURE"));
        faultless(faults)
    }

    fn judge_amendment_faults(
        &self,
        id: &str,
        grant: &Grant,
        days: Days,
        decided: NaiveDate,
    ) -> Judgement {
        let mut faults = Vec::new();
        faults.extend((days.0.year() != grant.year()).then_some("PERIOD_OUTSIDE_YEAR"));
        let above = grant.parent.as_ref().map(|parent| self.grants[parent].days);
        let is_outside = above.is_some_and(|above| !covers(above, days));
        faults.extend(is_outside.then_some("PERIOD_OUTSIDE_GRANT"));
        let claimed = self.requisitions.values();
        let claimed = claimed.filter(|kept| kept.grant == id && kept.is_live());
        let below = self.grants.values().filter(|below| below.parent.as_deref() == Some(id));
        let mut held = claimed.map(|kept| kept.days).chain(below.map(|below| below.days));
        faults.extend(held.any(|held| !covers(days, held)).then_some("PERIOD_LEAVES_OUT"));
        faults.extend((decided > today()).then_some("DECISION_DATE_IN_FUTURE"));
        faults.extend((decided < grant.decided).then_some("DECISION_DATE_TOO_EARLY"));
        faultless(faults)
    }

    pub(super) fn enter_grant(&mut self, asks: Asks) {
        match asks {
            Asks::Create { id, parent, days, ore, decided } => {
                self.grants.insert(id, Grant { parent, days, ore, decided, decisions: 1 });
            }
            Asks::Amend { id, etag: _, days, ore, decided } => {
                let grant = self.grants.get_mut(&id).unwrap();
                let decisions = grant.decisions + 1;
                *grant = Grant { parent: grant.parent.take(), days, ore, decided, decisions };
            }
        }
    }
}
