//! Milestones, in both directions.

use platform::convert::{date_from_proto, date_to_proto};
use proto::participant as pb;
use values::{
    Faults, Slug,
    name::{EnrolmentName, MilestoneName, TeamName},
};

use super::{code::code, removed, within};
use crate::domain::milestone::{Content, Milestone, MilestoneKind};

/// Reads what is told of a milestone; what is only given out is not read.
pub(in crate::rpc) fn content(federation: &Slug, sent: pb::Milestone) -> Result<Content, Faults> {
    let pb::Milestone {
        name: _, // Read by the handler.
        enrolment,
        kind,
        day,
        etag: _,           // Only given out.
        removed: _,        // Only given out.
        removal_reason: _, // Only given out.
        team: _,           // Only given out.
    } = sent;
    let mut faults = Faults::new();
    let enrolment = EnrolmentName::parse("enrolment", &enrolment);
    let enrolment = within(federation, "enrolment", enrolment, |name| &name.federation);
    let enrolment = faults.keep(enrolment);
    let kind = faults.keep(code("kind", kind, MilestoneKind::from_number));
    let day = faults.keep(date_from_proto("day", day));
    faults.into_result(|| Some(Content { enrolment: enrolment?, kind: kind?, day: day? }))
}

/// A milestone as it is recorded and answered.
pub(crate) fn render(milestone: &Milestone, revision: i64) -> pb::Milestone {
    let Milestone { name, content, team, removed } = milestone;
    let Content { enrolment, kind, day } = content;
    pb::Milestone {
        name: name.to_string(),
        enrolment: enrolment.to_string(),
        kind: kind.number().into(),
        day: Some(date_to_proto(*day)),
        etag: revision.to_string(),
        removed: removed.is_some(),
        removal_reason: removed.clone().unwrap_or_default(),
        team: team.to_string(),
    }
}

/// Reads a milestone as it was recorded.
pub(crate) fn kept(recorded: pb::Milestone) -> Result<Milestone, Faults> {
    let name = MilestoneName::parse("name", &recorded.name)?;
    let team = TeamName::parse("team", &recorded.team)?;
    let removed = removed(recorded.removed, &recorded.removal_reason);
    Ok(Milestone { content: content(&name.federation, recorded)?, name, team, removed })
}
