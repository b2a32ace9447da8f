//! Steering groups.

use platform::convert::prose;
use proto::reporting as pb;
use values::{Faults, name::SteeringGroupName};

use super::{held_activities::area, programme_plan::each};
use crate::domain::steering_group::SteeringGroup;

/// Reads a group, all but its name.
pub(in crate::rpc) fn parse(sent: pb::SteeringGroup) -> Result<SteeringGroup, Faults> {
    let pb::SteeringGroup {
        name: _, // Read by the caller, who knows what it has to be.
        display_name,
        area: sent_area,
        members,
        etag: _, // Output only.
    } = sent;
    let mut faults = Faults::new();
    let display_name = prose(&mut faults, "display_name", &display_name, 1, 200);
    let area = faults.keep(area("area", &sent_area));
    let members = each(&mut faults, "members", members, |one| {
        let mut faults = Faults::new();
        let member = prose(&mut faults, "", &one, 1, 200);
        faults.into_result(|| member)
    });
    let group = faults.into_result(|| {
        Some(SteeringGroup { display_name: display_name?, area: area?, members: members? })
    })?;
    group.checked()
}

/// A group as it is sent and recorded.
pub(in crate::rpc) fn render(
    name: &SteeringGroupName,
    group: SteeringGroup,
    revision: i32,
) -> pb::SteeringGroup {
    let SteeringGroup { display_name, area, members } = group;
    pb::SteeringGroup {
        name: name.to_string(),
        display_name,
        area: area.map(|area| area.to_string()).unwrap_or_default(),
        members,
        etag: revision.to_string(),
    }
}
