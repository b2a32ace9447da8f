//! The goals of a report against those of the plan's version it is bound to.

use super::{Report, Subject};
use crate::domain::finding::{Fact, Finding};

/// The finding, when the goals deviate or the plan has no such version. White
/// space and the order of the goals are no deviation.
pub(super) fn check(report: &Report, id: &str, subject: &Subject) -> Option<Finding> {
    let goals = subject.goals.as_ref()?;
    let planned = report.plan.get(&goals.version);
    let of_plan = planned.map(Vec::as_slice).unwrap_or_default();
    let lacks = |titles: &[String], title: &String| {
        !titles.iter().any(|other| words(other).eq(words(title)))
    };
    let is_missing = |title: &&String| lacks(&goals.titles, title);
    let is_added = |title: &&String| planned.is_some() && lacks(of_plan, title);
    let missing: Vec<_> = of_plan.iter().filter(is_missing).cloned().collect();
    let added: Vec<_> = goals.titles.iter().filter(is_added).cloned().collect();
    if planned.is_some() && missing.is_empty() && added.is_empty() {
        return None;
    }
    let (version, is_known) = (goals.version.clone(), planned.is_some());
    Some(Finding {
        subject: Some(id.to_owned()),
        concerned: Vec::new(),
        fact: Fact::GoalsDeviate { version, is_known, missing, added },
        remedies: Vec::new(),
    })
}

fn words(title: &str) -> impl Iterator<Item = &str> {
    title.split_whitespace()
}
