//! Follow-ups, in both directions, and what is counted of them.

use platform::convert::{date_from_proto, date_to_proto};
use proto::participant as pb;
use values::{
    Fault, Faults,
    name::{FollowUpName, TeamName},
};

use super::code::{code, livelihoods, render_livelihoods};
use crate::domain::follow_up::{FollowUp, Outcome, Situation, Tally, answered_share, bounds};

/// Reads how a follow-up ended, of which the fields stand in the request.
pub(in crate::rpc) fn outcome(
    result: i32,
    situation: i32,
    lives_on: Vec<pb::LivelihoodShare>,
) -> Result<Outcome, Faults> {
    let mut faults = Faults::new();
    let result = match pb::FollowUpResult::try_from(result) {
        Ok(result) => result,
        Err(_) => pb::FollowUpResult::Unspecified,
    };
    let otherwise = match result {
        pb::FollowUpResult::Unspecified => {
            return Err(Fault::new("result", "ENUM_UNSPECIFIED").into());
        }
        pb::FollowUpResult::Answered => {
            let situation = faults.keep(code("situation", situation, Situation::from_number));
            let lives_on = (!lives_on.is_empty()).then(|| livelihoods("livelihoods", lives_on));
            let livelihoods = faults.keep_nested("", lives_on.transpose());
            return faults.into_result(|| {
                Some(Outcome::Answered { situation: situation?, livelihoods: livelihoods? })
            });
        }
        pb::FollowUpResult::NotReached => Outcome::NotReached,
        pb::FollowUpResult::Declined => Outcome::Declined,
        pb::FollowUpResult::NotAsked => Outcome::NotAsked,
    };
    if situation != 0 {
        faults.push(Fault::new("situation", "NOT_ANSWERED"));
    }
    if !lives_on.is_empty() {
        faults.push(Fault::new("livelihoods", "NOT_ANSWERED"));
    }
    faults.into_result(|| Some(otherwise))
}

/// A follow-up as it is recorded and answered.
pub(crate) fn render(follow_up: &FollowUp, team: &TeamName, revision: i64) -> pb::FollowUp {
    let FollowUp { name, due, ended } = follow_up;
    let outcome = ended.as_ref().map(|(_, outcome)| outcome);
    let lives_on = match outcome {
        Some(Outcome::Answered { situation: _, livelihoods }) => livelihoods.as_ref(),
        Some(Outcome::NotReached | Outcome::Declined | Outcome::NotAsked) | None => None,
    };
    pb::FollowUp {
        name: name.to_string(),
        enrolment: name.enrolment.to_string(),
        team: team.to_string(),
        months: i32::try_from(name.months).unwrap_or(i32::MAX),
        due_day: Some(date_to_proto(*due)),
        result: outcome.map_or(0, |outcome| outcome.number().into()),
        day: ended.as_ref().map(|(day, _)| date_to_proto(*day)),
        situation: outcome
            .and_then(Outcome::situation)
            .map_or(0, |situation| situation.number().into()),
        livelihoods: lives_on.map(render_livelihoods).unwrap_or_default(),
        etag: revision.to_string(),
        may_be_asked: false, // Told when it is read.
    }
}

/// Reads a follow-up as it was recorded.
pub(crate) fn kept(recorded: pb::FollowUp) -> Result<FollowUp, Faults> {
    let pb::FollowUp {
        name,
        enrolment: _, // Part of the name.
        team: _,      // That of the enrolment.
        months: _,    // Part of the name.
        due_day,
        result,
        day,
        situation,
        livelihoods: lives_on,
        etag: _,         // That of the row.
        may_be_asked: _, // Told when it is read.
    } = recorded;
    let ended = match day {
        Some(_) => {
            let day = date_from_proto("day", day)?;
            Some((day, outcome(result, situation, lives_on)?))
        }
        None => None,
    };
    let due = date_from_proto("due_day", due_day)?;
    Ok(FollowUp { name: FollowUpName::parse("name", &name)?, due, ended })
}

/// What became of the exits after so many months; `is_whole` unless some of it is hidden.
pub(in crate::rpc) fn rate(
    months: u32,
    tally: &Tally,
    sequence: i64,
    is_whole: bool,
) -> pb::FollowUpRate {
    let count = |count: u64| i64::try_from(count).ok();
    let part = |part: u64| count(part).filter(|_| is_whole);
    let per_mille = |share: i64| i32::try_from(share).ok();
    let bounds = bounds(tally);
    pb::FollowUpRate {
        due: count(tally.due()),
        answered: count(tally.answered()),
        not_reached: part(tally.not_reached),
        declined: part(tally.declined),
        not_asked: part(tally.not_asked),
        in_work_or_studies: count(tally.in_work_or_studies),
        lower_bound_per_mille: bounds.and_then(|(lower, _)| per_mille(lower)),
        upper_bound_per_mille: bounds.and_then(|(_, upper)| per_mille(upper)),
        answered_per_mille: answered_share(tally).and_then(per_mille),
        ..hidden_rate(months, sequence)
    }
}

/// The same, where it is hidden.
pub(in crate::rpc) fn hidden_rate(months: u32, sequence: i64) -> pb::FollowUpRate {
    let months = i32::try_from(months).unwrap_or(i32::MAX);
    pb::FollowUpRate { months, sequence, ..pb::FollowUpRate::default() }
}
