//! Group activities.

use platform::convert::{date_from_proto, date_to_proto, text};
use proto::participant as pb;
use values::{
    Faults,
    name::{GroupActivityName, TeamName},
};

use crate::domain::group_activity::{GroupActivity, Turnout};

/// Reads an activity, all but its name.
pub(in crate::rpc) fn parse(sent: pb::GroupActivity) -> Result<GroupActivity, Faults> {
    let pb::GroupActivity {
        name: _, // Read by the caller, who knows what it has to be.
        team,
        title,
        day,
        invited,
        accepted,
        attended,
        etag: _, // Output only.
    } = sent;
    let mut faults = Faults::new();
    let team = faults.keep(TeamName::parse("team", &team));
    let title = faults.keep(text("title", &title, 1, 200));
    let day = faults.keep(date_from_proto("day", day));
    let turnout = faults.keep_nested("", Turnout::new(invited, accepted, attended));
    faults.into_result(|| {
        Some(GroupActivity { team: team?, title: title?, day: day?, turnout: turnout? })
    })
}

/// An activity as it is sent and recorded.
pub(in crate::rpc) fn render(
    name: &GroupActivityName,
    activity: &GroupActivity,
    revision: i32,
) -> pb::GroupActivity {
    let GroupActivity { team, title, day, turnout } = activity;
    pb::GroupActivity {
        name: name.to_string(),
        team: team.to_string(),
        title: title.clone(),
        day: Some(date_to_proto(*day)),
        invited: turnout.invited(),
        accepted: turnout.accepted(),
        attended: turnout.attended(),
        etag: revision.to_string(),
    }
}
