//! The rules once more, as simply as they can be written: nothing is kept but
//! the requisitions, and everything else is counted from them.

use std::collections::BTreeMap;

pub(super) const GRANTS: [(&str, i64); 3] = [("g0", 150), ("g1", 400), ("g2", 2000)];

/// Who asks: the party an account requisitions for, and whether it is of the
/// office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Actor {
    pub(super) account: &'static str,
    pub(super) party: Option<&'static str>,
    pub(super) is_office: bool,
}

/// What somebody asks for.
#[derive(Debug, Clone)]
pub(super) enum Asks {
    Draft { id: String, party: &'static str, grant: usize, month: u32, ore: i64 },
    Step { id: String, step: &'static str, etag: String },
}

/// A requisition: each claims one kind of cost for one month.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) party: &'static str,
    pub(super) grant: usize,
    month: u32,
    pub(super) ore: i64,
    /// State and account of each step.
    pub(super) steps: Vec<(&'static str, &'static str)>,
}

impl Kept {
    pub(super) fn state(&self) -> &'static str {
        self.steps.last().unwrap().0
    }

    pub(super) fn reserves(&self) -> bool {
        ["submitted", "reviewed"].contains(&self.state())
    }

    pub(super) fn has_posted(&self) -> bool {
        ["approved", "paid"].contains(&self.state())
    }
}

/// Everything there is.
#[derive(Debug, Clone, Default)]
pub(super) struct Reference {
    pub(super) requisitions: BTreeMap<String, Kept>,
}

impl Reference {
    pub(super) fn reserved(&self, grant: usize) -> i64 {
        let kept = self.requisitions.values();
        kept.filter(|kept| kept.grant == grant && kept.reserves()).map(|kept| kept.ore).sum()
    }

    pub(super) fn requisitioned(&self, grant: usize) -> i64 {
        let kept = self.requisitions.values();
        kept.filter(|kept| kept.grant == grant && kept.has_posted()).map(|kept| kept.ore).sum()
    }

    pub(super) fn left(&self, grant: usize) -> i64 {
        GRANTS[grant].1 - self.reserved(grant) - self.requisitioned(grant)
    }

    fn is_claimed(&self, but: &str, party: &str, grant: usize, month: u32) -> bool {
        self.requisitions.iter().any(|(id, kept)| {
            let is_live = kept.reserves() || kept.has_posted();
            id != but && is_live && (kept.party, kept.grant, kept.month) == (party, grant, month)
        })
    }

    /// Does what is asked for and says `OK`, or says why not.
    pub(super) fn ask(&mut self, actor: Actor, asks: &Asks) -> &'static str {
        match asks {
            Asks::Draft { id, party, grant, month, ore } => {
                let (party, grant, month, ore) = (*party, *grant, *month, *ore);
                if actor.party.is_none() {
                    return "PERMISSION_DENIED";
                }
                if actor.party != Some(party) {
                    return "NOT_FOUND";
                }
                if self.is_claimed(id, party, grant, month) {
                    return "COST_CLAIMED_BEFORE";
                }
                if self.requisitions.contains_key(id) {
                    return "ALREADY_EXISTS";
                }
                let steps = vec![("draft", actor.account)];
                let kept = Kept { party, grant, month, ore, steps };
                self.requisitions.insert(id.clone(), kept);
                "OK"
            }
            Asks::Step { id, step, etag } => self.step(actor, id, step, etag),
        }
    }

    fn step(&mut self, actor: Actor, id: &str, step: &'static str, etag: &str) -> &'static str {
        let is_the_partys = ["submit", "withdraw"].contains(&step);
        let may_call = if is_the_partys { actor.party.is_some() } else { actor.is_office };
        if !may_call {
            return "PERMISSION_DENIED";
        }
        let Some(kept) = self.requisitions.get(id).cloned() else {
            return "NOT_FOUND";
        };
        if is_the_partys && actor.party != Some(kept.party) {
            return "NOT_FOUND";
        }
        if kept.steps.len().to_string() != etag {
            return "STALE";
        }
        let to = match (step, kept.state()) {
            ("submit", "draft" | "returned") => "submitted",
            ("return", "submitted" | "reviewed") => "returned",
            ("review", "submitted") => "reviewed",
            ("approve", "reviewed") => "approved",
            ("reject", "submitted" | "reviewed") => "rejected",
            ("withdraw", "draft" | "submitted" | "returned") => "withdrawn",
            ("pay", "approved") => "paid",
            _ => return "STATE_FORBIDS",
        };
        let approves = ["review", "approve"].contains(&step);
        if approves && kept.steps.contains(&("submitted", actor.account)) {
            return "OWN_APPROVAL";
        }
        if step == "approve" && kept.steps.last().unwrap().1 == actor.account {
            return "SAME_APPROVER";
        }
        if step == "submit" {
            if self.is_claimed(id, kept.party, kept.grant, kept.month) {
                return "COST_CLAIMED_BEFORE";
            }
            if kept.ore > self.left(kept.grant) {
                return "GRANT_OVERDRAWN";
            }
        }
        self.requisitions.get_mut(id).unwrap().steps.push((to, actor.account));
        "OK"
    }
}
