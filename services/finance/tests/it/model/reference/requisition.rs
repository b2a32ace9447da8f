//! Requisitions and corrections: what is claimed, and each step of the way.

use chrono::NaiveDate;

use super::{Costs, Judgement, Reference, faultless, refused, total};
use crate::model::{
    actor::Actor,
    calendar::{Days, covers, is_whole, today},
};

/// The days and the costs; of a correction, with amounts below 0.
#[derive(Debug, Clone)]
pub(in crate::model) struct Content {
    pub(in crate::model) days: Days,
    pub(in crate::model) costs: Costs,
}

/// What somebody asks for.
#[derive(Debug, Clone)]
pub(in crate::model) enum Asks {
    Draft {
        id: String,
        party: &'static str,
        grant: String,
        corrects: Option<String>,
        content: Content,
    },
    /// The party, the grant and what it corrects are those it has.
    Update {
        id: String,
        etag: String,
        kept: (&'static str, String, Option<String>),
        content: Content,
    },
    Attach {
        id: String,
        etag: String,
        file: String,
    },
    Detach {
        id: String,
        etag: String,
        file: String,
    },
    Step {
        id: String,
        step: &'static str,
        etag: String,
        paid: NaiveDate,
    },
}

/// A requisition.
#[derive(Debug, Clone)]
pub(in crate::model) struct Requisition {
    pub(in crate::model) party: &'static str,
    pub(in crate::model) grant: String,
    pub(in crate::model) corrects: Option<String>,
    pub(in crate::model) days: Days,
    pub(in crate::model) costs: Costs,
    /// State and account of each step.
    pub(in crate::model) steps: Vec<(&'static str, &'static str)>,
    pub(in crate::model) files: Vec<String>,
    /// How often it was written.
    pub(in crate::model) writes: usize,
    pub(in crate::model) paid: Option<NaiveDate>,
    /// What of the party's was approved on the grant when this was last submitted.
    pub(in crate::model) earlier: i64,
}

impl Requisition {
    pub(in crate::model) fn state(&self) -> &'static str {
        self.steps.last().unwrap().0
    }

    pub(in crate::model) fn is_undecided(&self) -> bool {
        ["submitted", "reviewed"].contains(&self.state())
    }

    /// True when its amount is reserved: a correction reserves nothing.
    pub(in crate::model) fn reserves(&self) -> bool {
        self.is_undecided() && self.corrects.is_none()
    }

    pub(in crate::model) fn has_posted(&self) -> bool {
        ["approved", "paid"].contains(&self.state())
    }

    pub(in crate::model) fn is_live(&self) -> bool {
        self.is_undecided() || self.has_posted()
    }

    pub(in crate::model) fn is_open(&self) -> bool {
        ["draft", "returned"].contains(&self.state())
    }
}

impl Reference {
    pub(super) fn judge_requisition(&self, actor: Actor, asks: &Asks) -> Judgement {
        match asks {
            Asks::Draft { id, party, grant, corrects, content } => {
                may_call(actor.party.is_some())?;
                if actor.party != Some(party) {
                    return refused("NOT_FOUND");
                }
                match corrects {
                    Some(corrects) => {
                        self.judge_correction(id, (*party, grant), corrects, content)?;
                    }
                    None => self.judge_claim(id, party, grant, content)?,
                }
                if self.requisitions.contains_key(id) {
                    return refused("ALREADY_EXISTS");
                }
                Ok(())
            }
            Asks::Update { id, etag, kept: _, content } => {
                let kept = self.changeable(actor, id, etag)?;
                let place = (kept.party, kept.grant.as_str());
                match &kept.corrects {
                    Some(corrects) => self.judge_correction(id, place, corrects, content),
                    None => self.judge_claim(id, kept.party, &kept.grant, content),
                }
            }
            Asks::Attach { id, etag, file } => {
                let kept = self.changeable(actor, id, etag)?;
                if kept.files.contains(file) {
                    return refused("ALREADY_EXISTS");
                }
                if kept.files.len() >= 20 {
                    return refused("ATTACHMENTS_TOO_MANY");
                }
                Ok(())
            }
            Asks::Detach { id, etag, file } => {
                may_call(actor.party.is_some())?;
                let kept = self.requisitions.get(id).filter(|kept| actor.party == Some(kept.party));
                if !kept.is_some_and(|kept| kept.files.contains(file)) {
                    return refused("NOT_FOUND");
                }
                self.changeable(actor, id, etag).map(|_| ())
            }
            Asks::Step { id, step, etag, paid } => self.judge_step(actor, id, step, etag, *paid),
        }
    }

    /// The requisition, when the party may change what is in it.
    fn changeable(&self, actor: Actor, id: &str, etag: &str) -> Result<&Requisition, String> {
        may_call(actor.party.is_some())?;
        let kept = self.requisitions.get(id).filter(|kept| actor.party == Some(kept.party));
        let kept = kept.ok_or("NOT_FOUND")?;
        if kept.writes.to_string() != etag {
            return Err("STALE".to_owned());
        }
        if kept.is_open() { Ok(kept) } else { Err("STATE_FORBIDS".to_owned()) }
    }

    fn judge_step(
        &self,
        actor: Actor,
        id: &str,
        step: &str,
        etag: &str,
        paid: NaiveDate,
    ) -> Judgement {
        let is_the_partys = ["submit", "withdraw"].contains(&step);
        may_call(if is_the_partys { actor.party.is_some() } else { actor.is_office })?;
        let kept = self.requisitions.get(id);
        let kept = kept.filter(|kept| !is_the_partys || actor.party == Some(kept.party));
        let Some(kept) = kept else {
            return refused("NOT_FOUND");
        };
        if kept.writes.to_string() != etag {
            return refused("STALE");
        }
        leads_to(step, kept.state()).ok_or("STATE_FORBIDS")?;
        let approves = ["review", "approve"].contains(&step);
        if approves && kept.steps.contains(&("submitted", actor.account)) {
            return refused("OWN_APPROVAL");
        }
        if step == "approve" && kept.steps.last().unwrap().1 == actor.account {
            return refused("SAME_APPROVER");
        }
        match (step, &kept.corrects) {
            ("submit", None) => self.judge_submission(id, kept),
            ("submit" | "approve", Some(corrects)) => {
                if step == "submit" {
                    self.open(self.grants[&kept.grant].year())?;
                }
                let much = self.takes_too_much(id, corrects, &kept.costs);
                faultless(vec!["CORRECTION_TOO_LARGE"; much])?;
                if step == "approve" { self.open(self.grants[&kept.grant].year()) } else { Ok(()) }
            }
            ("approve", None) => self.open(self.grants[&kept.grant].year()),
            ("pay", _) if paid > today() => refused("PAYMENT_DATE_IN_FUTURE"),
            ("pay", _) => self.open(chrono::Datelike::year(&paid)),
            (_, _) => Ok(()),
        }
    }

    fn judge_submission(&self, id: &str, kept: &Requisition) -> Judgement {
        let grant = &self.grants[&kept.grant];
        let before = self.claimed_before(id, kept.party, &kept.grant, kept.days, &kept.costs);
        let mut faults = vec!["COST_CLAIMED_BEFORE"; before];
        if !covers(grant.days, kept.days) {
            faults.push("PERIOD_OUTSIDE_GRANT");
        } else if !is_whole(kept.days, grant.days, grant.year()) {
            faults.push("PERIOD_NOT_WHOLE");
        }
        faultless(faults)?;
        self.open(grant.year())?;
        if total(&kept.costs) > self.left(&kept.grant) {
            return refused("GRANT_OVERDRAWN");
        }
        Ok(())
    }

    /// What of the party's on the grant is approved or paid, and not recovered.
    fn approved_beside(&self, id: &str) -> i64 {
        let own = &self.requisitions[id];
        let others = self.requisitions.values().filter(|other| {
            (other.party, &other.grant) == (own.party, &own.grant) && other.has_posted()
        });
        let approved: i64 = others.map(|other| total(&other.costs)).sum();
        let recovered = self.recoveries.values().filter(|kept| {
            let of = &self.requisitions[&kept.requisition];
            (of.party, &of.grant) == (own.party, &own.grant) && kept.decided.is_some()
        });
        approved - recovered.map(|kept| total(&kept.costs)).sum::<i64>()
    }

    pub(super) fn enter_requisition(&mut self, actor: Actor, asks: Asks) {
        if let Asks::Draft { id, party, grant, corrects, content } = asks {
            let Content { days, costs } = content;
            let steps = vec![("draft", actor.account)];
            let (files, paid) = (Vec::new(), None);
            let (writes, earlier) = (1, 0);
            let kept = Requisition {
                party,
                grant,
                corrects,
                days,
                costs,
                steps,
                files,
                writes,
                paid,
                earlier,
            };
            self.requisitions.insert(id, kept);
            return;
        }
        let (Asks::Draft { id, .. }
        | Asks::Update { id, .. }
        | Asks::Attach { id, .. }
        | Asks::Detach { id, .. }
        | Asks::Step { id, .. }) = &asks;
        let approved = self.approved_beside(id);
        let kept = self.requisitions.get_mut(id).unwrap();
        kept.writes += 1;
        match asks {
            Asks::Draft { .. } => {}
            Asks::Update { content: Content { days, costs }, .. } => {
                (kept.days, kept.costs) = (days, costs);
            }
            Asks::Attach { file, .. } => kept.files.push(file),
            Asks::Detach { file, .. } => kept.files.retain(|other| *other != file),
            Asks::Step { step, paid, .. } => {
                kept.steps.push((leads_to(step, kept.state()).unwrap(), actor.account));
                kept.paid = kept.paid.or((step == "pay").then_some(paid));
                kept.earlier = if step == "submit" { approved } else { kept.earlier };
            }
        }
    }
}

fn may_call(may: bool) -> Judgement {
    if may { Ok(()) } else { refused("PERMISSION_DENIED") }
}

/// The state that a step leads to from another, when it may be taken there.
fn leads_to(step: &str, from: &str) -> Option<&'static str> {
    match (step, from) {
        ("submit", "draft" | "returned") => Some("submitted"),
        ("return", "submitted" | "reviewed") => Some("returned"),
        ("review", "submitted") => Some("reviewed"),
        ("approve", "reviewed") => Some("approved"),
        ("reject", "submitted" | "reviewed") => Some("rejected"),
        ("withdraw", "draft" | "submitted" | "returned") => Some("withdrawn"),
        ("pay", "approved") => Some("paid"),
        _ => None,
    }
}
