//! Pauses of the intake.

use platform::convert::text;
use proto::participant as pb;
use values::{
    Faults,
    name::{IntakePauseName, TeamName},
};

use super::days;
use crate::domain::intake_pause::IntakePause;

/// Reads a pause, all but its name.
pub(in crate::rpc) fn parse(sent: pb::IntakePause) -> Result<IntakePause, Faults> {
    let pb::IntakePause {
        name: _, // Read by the caller, who knows what it has to be.
        team,
        first_day,
        last_day,
        reason,
        etag: _, // Output only.
    } = sent;
    let mut faults = Faults::new();
    let team = faults.keep(TeamName::parse("team", &team));
    let days = faults.keep_nested("", days::parse(first_day, last_day));
    let reason = faults.keep(text("reason", &reason, 1, 1000));
    faults.into_result(|| Some(IntakePause { team: team?, days: days?, reason: reason? }))
}

/// A pause as it is sent and recorded.
pub(in crate::rpc) fn render(
    name: &IntakePauseName,
    pause: &IntakePause,
    revision: i32,
) -> pb::IntakePause {
    let IntakePause { team, days, reason } = pause;
    let (first_day, last_day) = days::render(*days);
    pb::IntakePause {
        name: name.to_string(),
        team: team.to_string(),
        first_day,
        last_day,
        reason: reason.clone(),
        etag: revision.to_string(),
    }
}
