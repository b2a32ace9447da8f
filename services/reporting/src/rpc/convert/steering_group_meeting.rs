//! Meetings of steering groups.

use platform::convert::{date_from_proto, date_to_proto, prose, text};
use proto::reporting::{self as pb, steering_decision};
use values::{Fault, Faults, Slug, name::ReportName};

use super::programme_plan::each;
use crate::domain::programme_plan::ProgrammePlanVersionName;
use crate::domain::steering_group_meeting::{About, Decision, Meeting, SteeringGroupMeetingName};

/// Reads a meeting of a federation, all but its name.
pub(in crate::rpc) fn parse(
    federation: &Slug,
    sent: pb::SteeringGroupMeeting,
) -> Result<Meeting, Faults> {
    let pb::SteeringGroupMeeting {
        name: _, // Read by the caller, who knows what it has to be.
        day,
        is_held,
        dnr,
        minutes_uri,
        decisions,
        etag: _, // Output only.
    } = sent;
    let mut faults = Faults::new();
    let day = faults.keep(date_from_proto("day", day));
    let dnr = prose(&mut faults, "dnr", &dnr, 0, 100);
    let minutes_uri = faults.keep(text("minutes_uri", &minutes_uri, 0, 500));
    let decisions = each(&mut faults, "decisions", decisions, |sent| decision(federation, sent));
    let meeting = faults.into_result(|| {
        let (day, dnr, minutes_uri, decisions) = (day?, dnr?, minutes_uri?, decisions?);
        Some(Meeting { day, is_held, dnr, minutes_uri, decisions })
    })?;
    meeting.checked()
}

fn decision(federation: &Slug, sent: pb::SteeringDecision) -> Result<Decision, Faults> {
    let pb::SteeringDecision { number, text: said, about } = sent;
    let mut faults = Faults::new();
    let said = prose(&mut faults, "text", &said, 1, 4000);
    let about = faults.keep_nested("", about.map(|sent| self::about(federation, sent)).transpose());
    faults.into_result(|| Some(Decision { number, text: said?, about: about? }))
}

fn about(federation: &Slug, sent: steering_decision::About) -> Result<About, Faults> {
    let foreign =
        |field: &str, name: &str| Fault::new(field, "OTHER_FEDERATION").with("name", name);
    match sent {
        steering_decision::About::PlanVersion(sent) => {
            let version = ProgrammePlanVersionName::parse("plan_version", &sent)?;
            let is_own = version.plan.federation == *federation;
            let about = is_own.then_some(About::PlanVersion(version));
            Ok(about.ok_or_else(|| foreign("plan_version", &sent))?)
        }
        steering_decision::About::Report(sent) => {
            let report = ReportName::parse("report", &sent)?;
            let is_own = report.federation == *federation;
            let about = is_own.then_some(About::Report(report));
            Ok(about.ok_or_else(|| foreign("report", &sent))?)
        }
        steering_decision::About::GrantDnr(sent) => {
            let mut faults = Faults::new();
            let dnr = prose(&mut faults, "grant_dnr", &sent, 1, 100);
            faults.into_result(|| dnr.map(About::GrantDnr))
        }
    }
}

/// A meeting as it is sent and recorded.
pub(in crate::rpc) fn render(
    name: &SteeringGroupMeetingName,
    meeting: Meeting,
    revision: i32,
) -> pb::SteeringGroupMeeting {
    let Meeting { day, is_held, dnr, minutes_uri, decisions } = meeting;
    let decision = |decision: Decision| {
        let Decision { number, text, about } = decision;
        let about = about.map(|about| match about {
            About::PlanVersion(version) => {
                steering_decision::About::PlanVersion(version.to_string())
            }
            About::Report(report) => steering_decision::About::Report(report.to_string()),
            About::GrantDnr(dnr) => steering_decision::About::GrantDnr(dnr),
        });
        pb::SteeringDecision { number, text, about }
    };
    pb::SteeringGroupMeeting {
        name: name.to_string(),
        day: Some(date_to_proto(day)),
        is_held,
        dnr,
        minutes_uri,
        decisions: decisions.into_iter().map(decision).collect(),
        etag: revision.to_string(),
    }
}
