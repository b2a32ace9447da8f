//! Local goals.

use platform::convert::prose;
use proto::reporting as pb;
use values::{
    Fault, Faults,
    name::{LocalGoalName, TeamName},
};

use super::programme_plan::each;
use crate::domain::local_goal::{self, FollowUp, LocalGoal, Outcome};

/// Reads a goal, all but its name.
pub(in crate::rpc) fn parse(sent: pb::LocalGoal) -> Result<LocalGoal, Faults> {
    let pb::LocalGoal {
        name: _, // Read by the caller, who knows what it has to be.
        team,
        year,
        title,
        measured,
        target,
        follow_ups,
        etag: _, // Output only.
    } = sent;
    let mut faults = Faults::new();
    let team = faults.keep(TeamName::parse("team", &team));
    let year = faults.keep(local_goal::year("year", year));
    let title = prose(&mut faults, "title", &title, 1, 500);
    let measured = prose(&mut faults, "measured", &measured, 1, 1000);
    let target = prose(&mut faults, "target", &target, 1, 500);
    let follow_ups = each(&mut faults, "follow_ups", follow_ups, follow_up);
    let follow_ups = follow_ups
        .and_then(|follow_ups| faults.keep_nested("", local_goal::follow_ups(follow_ups)));
    faults.into_result(|| {
        let (team, year, title) = (team?, year?, title?);
        let (measured, target, follow_ups) = (measured?, target?, follow_ups?);
        Some(LocalGoal { team, year, title, measured, target, follow_ups })
    })
}

fn follow_up(sent: pb::GoalFollowUp) -> Result<(i32, FollowUp), Faults> {
    let pb::GoalFollowUp { half, outcome, text: said } = sent;
    let mut faults = Faults::new();
    let outcome = match pb::GoalOutcome::try_from(outcome) {
        Ok(pb::GoalOutcome::Reached) => Ok(Outcome::Reached),
        Ok(pb::GoalOutcome::Partly) => Ok(Outcome::Partly),
        Ok(pb::GoalOutcome::NotReached) => Ok(Outcome::NotReached),
        Ok(pb::GoalOutcome::NotMeasured) => Ok(Outcome::NotMeasured),
        Ok(pb::GoalOutcome::Unspecified) | Err(_) => Err(Fault::new("outcome", "ENUM_UNSPECIFIED")),
    };
    let outcome = faults.keep(outcome);
    let said = prose(&mut faults, "text", &said, 1, 4000);
    faults.into_result(|| Some((half, FollowUp { outcome: outcome?, text: said? })))
}

/// A goal as it is sent and recorded.
pub(in crate::rpc) fn render(
    name: &LocalGoalName,
    goal: &LocalGoal,
    revision: i32,
) -> pb::LocalGoal {
    let LocalGoal { team, year, title, measured, target, follow_ups } = goal;
    let follow_up = |(half, FollowUp { outcome, text }): (&i32, &FollowUp)| {
        let outcome = match outcome {
            Outcome::Reached => pb::GoalOutcome::Reached,
            Outcome::Partly => pb::GoalOutcome::Partly,
            Outcome::NotReached => pb::GoalOutcome::NotReached,
            Outcome::NotMeasured => pb::GoalOutcome::NotMeasured,
        };
        pb::GoalFollowUp { half: *half, outcome: outcome.into(), text: text.clone() }
    };
    pb::LocalGoal {
        name: name.to_string(),
        team: team.to_string(),
        year: *year,
        title: title.clone(),
        measured: measured.clone(),
        target: target.clone(),
        follow_ups: follow_ups.iter().map(follow_up).collect(),
        etag: revision.to_string(),
    }
}
