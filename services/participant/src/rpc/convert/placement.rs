//! Placements, in both directions.

use platform::convert::{date_from_proto, date_to_proto};
use proto::participant as pb;
use values::{
    Fault, Faults, Slug,
    name::{EnrolmentName, PlacementName, TeamName},
};

use super::{code::code, removed, within};
use crate::domain::{
    code::Sector,
    placement::{Content, Ended, Extent, Placement, PlacementEnd},
};

/// Reads what is told of a placement; what is only given out is not read.
pub(in crate::rpc) fn content(federation: &Slug, sent: pb::Placement) -> Result<Content, Faults> {
    let pb::Placement {
        name: _, // Read by the handler.
        enrolment,
        sector,
        extent_percent,
        first_day,
        last_day,
        end,
        etag: _,           // Only given out.
        removed: _,        // Only given out.
        removal_reason: _, // Only given out.
        team: _,           // Only given out.
    } = sent;
    let mut faults = Faults::new();
    let enrolment = EnrolmentName::parse("enrolment", &enrolment);
    let enrolment = within(federation, "enrolment", enrolment, |name| &name.federation);
    let enrolment = faults.keep(enrolment);
    let sector = faults.keep(code("sector", sector, Sector::from_number));
    let extent = faults.keep(Extent::new("extent_percent", extent_percent));
    let first_day = faults.keep(date_from_proto("first_day", first_day));
    let ended = match (last_day, end) {
        (None, 0) => Some(None),
        (None, _) => {
            faults.push(Fault::new("last_day", "FIELD_MISSING"));
            None
        }
        (Some(_), _) => faults.keep_nested("", ended(last_day, end)).map(Some),
    };
    faults.into_result(|| {
        Some(Content {
            enrolment: enrolment?,
            sector: sector?,
            extent: extent?,
            first_day: first_day?,
            ended: ended?,
        })
    })
}

/// Reads the end of a placement.
pub(in crate::rpc) fn ended(last_day: Option<proto::Date>, end: i32) -> Result<Ended, Faults> {
    let mut faults = Faults::new();
    let last_day = faults.keep(date_from_proto("last_day", last_day));
    let reason = faults.keep(code("end", end, PlacementEnd::from_number));
    faults.into_result(|| Some(Ended { last_day: last_day?, reason: reason? }))
}

/// A placement as it is recorded and answered.
pub(crate) fn render(placement: &Placement, revision: i64) -> pb::Placement {
    let Placement { name, content, team, removed } = placement;
    let Content { enrolment, sector, extent, first_day, ended } = content;
    pb::Placement {
        name: name.to_string(),
        enrolment: enrolment.to_string(),
        sector: sector.number().into(),
        extent_percent: extent.percent().into(),
        first_day: Some(date_to_proto(*first_day)),
        last_day: ended.map(|ended| date_to_proto(ended.last_day)),
        end: ended.map_or(0, |ended| ended.reason.number().into()),
        etag: revision.to_string(),
        removed: removed.is_some(),
        removal_reason: removed.clone().unwrap_or_default(),
        team: team.to_string(),
    }
}

/// Reads a placement as it was recorded.
pub(crate) fn kept(recorded: pb::Placement) -> Result<Placement, Faults> {
    let name = PlacementName::parse("name", &recorded.name)?;
    let team = TeamName::parse("team", &recorded.team)?;
    let removed = removed(recorded.removed, &recorded.removal_reason);
    Ok(Placement { content: content(&name.federation, recorded)?, name, team, removed })
}
