//! What is planned and steered: programme plans, local goals and steering groups. What
//! their pages have in common stands here.

use super::layout::{Tab, tabs};

/// Where the pages begin: the list of plans.
pub(crate) const PLANS: &str = "/planning";
/// The list of local goals.
pub(crate) const LOCAL_GOALS: &str = "/planning/local-goals";
/// The list of steering groups.
pub(crate) const STEERING_GROUPS: &str = "/planning/steering-groups";

/// The lists, one of them current.
#[must_use]
pub(crate) fn pages(current: &str) -> Vec<Tab> {
    let all = [
        (PLANS, "plans-heading"),
        (LOCAL_GOALS, "local-goals-heading"),
        (STEERING_GROUPS, "steering-groups-heading"),
    ];
    tabs(all, current)
}
