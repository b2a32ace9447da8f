//! What was held of a plan, and how it stands to it.

use platform::convert::prose;
use proto::reporting as pb;
use values::{Fault, Faults, Slug, name::AreaName};

use super::programme_plan::each;
use crate::domain::held_activities::{self, Comparison, Held, HeldActivitiesName, Outcome};

/// Reads what was held, all but its name.
pub(in crate::rpc) fn parse(sent: pb::HeldActivities) -> Result<Vec<Held>, Faults> {
    let pb::HeldActivities {
        name: _, // Read by the caller, who knows what it has to be.
        activities,
        etag: _, // Output only.
    } = sent;
    let mut faults = Faults::new();
    let held = each(&mut faults, "activities", activities, held);
    let held = faults.into_result(|| held)?;
    held_activities::checked(held)
}

fn held(sent: pb::HeldActivity) -> Result<Held, Faults> {
    let pb::HeldActivity { activity, area, held, comment } = sent;
    let mut faults = Faults::new();
    let activity = faults.keep(Slug::parse("activity", &activity));
    let area = faults.keep(self::area("area", &area));
    let comment = prose(&mut faults, "comment", &comment, 0, 1000);
    faults.into_result(|| {
        Some(Held { activity: activity?, area: area?, times: held, comment: comment? })
    })
}

/// Reads an area that may be left out.
pub(in crate::rpc) fn area(field: &str, sent: &str) -> Result<Option<AreaName>, Fault> {
    if sent.is_empty() { Ok(None) } else { AreaName::parse(field, sent).map(Some) }
}

/// What was held, as it is sent and recorded.
pub(in crate::rpc) fn render(
    name: &HeldActivitiesName,
    held: Vec<Held>,
    revision: i32,
) -> pb::HeldActivities {
    let activity = |held: Held| {
        let Held { activity, area, times, comment } = held;
        let area = area.map(|area| area.to_string()).unwrap_or_default();
        pb::HeldActivity { activity: activity.to_string(), area, held: times, comment }
    };
    pb::HeldActivities {
        name: name.to_string(),
        activities: held.into_iter().map(activity).collect(),
        etag: revision.to_string(),
    }
}

/// An activity beside its plan.
pub(in crate::rpc) fn comparison(comparison: Comparison) -> pb::ActivityComparison {
    let Comparison { activity, title, area, least, most, held, comment, outcome } = comparison;
    let outcome = match outcome {
        Outcome::NotRecorded => pb::ActivityOutcome::NotRecorded,
        Outcome::Below => pb::ActivityOutcome::Below,
        Outcome::AsPlanned => pb::ActivityOutcome::AsPlanned,
        Outcome::Above => pb::ActivityOutcome::Above,
        Outcome::NotPlanned => pb::ActivityOutcome::NotPlanned,
    };
    pb::ActivityComparison {
        activity: activity.to_string(),
        title,
        area: area.map(|area| area.to_string()).unwrap_or_default(),
        least,
        most,
        held,
        comment,
        outcome: outcome.into(),
    }
}
