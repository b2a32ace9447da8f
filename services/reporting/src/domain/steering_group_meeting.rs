//! When a steering group meets and what it decides.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use values::name::{ReportName, SteeringGroupName};
use values::{Fault, Faults, Slug};

use crate::domain::limits::{each_once, length, number};
use crate::domain::programme_plan::ProgrammePlanVersionName;

const MOST_DECISIONS: usize = 100;
const HIGHEST_NUMBER: i32 = 1000;

/// `federations/{federation}/steeringGroups/{group}/meetings/{meeting}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SteeringGroupMeetingName {
    /// The group.
    pub group: SteeringGroupName,
    /// Its own id.
    pub id: Slug,
}

/// A meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The day it is planned for, or was held on.
    pub day: NaiveDate,
    /// True once it was held.
    pub is_held: bool,
    /// Its registry number; may be empty.
    pub dnr: String,
    /// Where its minutes are; may be empty.
    pub minutes_uri: String,
    /// What was decided.
    pub decisions: Vec<Decision>,
}

/// A decision of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its number at the meeting.
    pub number: i32,
    /// What was decided.
    pub text: String,
    /// What it is about.
    pub about: Option<About>,
}

/// What a decision is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A version of a programme plan.
    PlanVersion(ProgrammePlanVersionName),
    /// A report.
    Report(ReportName),
    /// The registry number of a grant.
    GrantDnr(String),
}

impl Meeting {
    /// Checks the content.
    ///
    /// # Errors
    /// `ITEMS_TOO_MANY`, `ITEM_TWICE`, `NUMBER_OUT_OF_RANGE`, `LINK_MALFORMED`,
    /// `DECISIONS_BEFORE_MEETING`.
    pub fn checked(self) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        let host = self.minutes_uri.strip_prefix("https://");
        let is_link = host.is_some_and(|host| {
            !host.starts_with('/') && !host.is_empty() && !host.contains(char::is_whitespace)
        });
        if !self.minutes_uri.is_empty() && !is_link {
            faults
                .push(Fault::new("minutes_uri", "LINK_MALFORMED").with("value", &self.minutes_uri));
        }
        if !self.is_held && !self.decisions.is_empty() {
            faults.push(Fault::new("decisions", "DECISIONS_BEFORE_MEETING"));
        }
        faults.keep(length("decisions", self.decisions.len(), 0, MOST_DECISIONS));
        let numbers: Vec<i32> = self.decisions.iter().map(|decision| decision.number).collect();
        faults.keep_nested("", each_once("decisions", &numbers));
        for (index, decision) in self.decisions.iter().enumerate() {
            let field = format!("decisions[{index}].number");
            faults.keep(number(&field, decision.number, 1, HIGHEST_NUMBER));
        }
        faults.into_result(|| Some(self))
    }

    /// The versions of plans that its decisions are about.
    pub fn plan_versions(&self) -> impl Iterator<Item = &ProgrammePlanVersionName> {
        self.decisions.iter().filter_map(|decision| match &decision.about {
            Some(About::PlanVersion(version)) => Some(version),
            Some(About::Report(_) | About::GrantDnr(_)) | None => None,
        })
    }
}

/// What cannot be right about a meeting as things stand: it was held on a day to come,
/// or decided on a version of a plan that is not there.
#[must_use]
pub fn faults(
    meeting: &Meeting,
    versions: &BTreeSet<ProgrammePlanVersionName>,
    today: NaiveDate,
) -> Faults {
    let mut faults = Faults::new();
    if meeting.is_held && today < meeting.day {
        faults.push(Fault::new("is_held", "MEETING_IN_FUTURE").with("day", meeting.day));
    }
    for (index, decision) in meeting.decisions.iter().enumerate() {
        if let Some(About::PlanVersion(version)) = &decision.about
            && !versions.contains(version)
        {
            let field = format!("decisions[{index}].plan_version");
            faults.push(Fault::new(field, "PLAN_VERSION_UNKNOWN").with("value", version));
        }
    }
    faults
}

impl SteeringGroupMeetingName {
    /// Reads a name.
    ///
    /// # Errors
    /// `NAME_MALFORMED` for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let slug = |part: &str| Slug::parse(field, part).ok();
        let name = match text.split('/').collect::<Vec<_>>().as_slice() {
            ["federations", federation, SteeringGroupName::COLLECTION, group, "meetings", id] => {
                slug(federation).zip(slug(group)).zip(slug(id))
            }
            _ => None,
        };
        let ((federation, group), id) = name.ok_or_else(|| {
            let form = "federations/{federation}/steeringGroups/{group}/meetings/{meeting}";
            Fault::new(field, "NAME_MALFORMED").with("value", text).with("form", form)
        })?;
        Ok(Self { group: SteeringGroupName::new(federation, group), id })
    }
}

impl fmt::Display for SteeringGroupMeetingName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/meetings/{}", self.group, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(id: &str) -> ProgrammePlanVersionName {
        let name = format!("federations/f/programmePlans/sikta/versions/{id}");
        ProgrammePlanVersionName::parse("", &name).unwrap()
    }

    fn meeting(is_held: bool, decisions: &[(i32, Option<About>)]) -> Meeting {
        let decision = |(number, about): &(i32, Option<About>)| Decision {
            number: *number,
            text: "Godkänd".to_owned(),
            about: about.clone(),
        };
        Meeting {
            day: "2025-05-09".parse().unwrap(),
            is_held,
            dnr: "2025-11".to_owned(),
            minutes_uri: "https://forbundet.example/protokoll/11".to_owned(),
            decisions: decisions.iter().map(decision).collect(),
        }
    }

    fn reasons(faults: Faults) -> Vec<&'static str> {
        faults.into_vec().into_iter().map(|fault| fault.reason).collect()
    }

    #[test]
    fn a_meeting_that_was_not_held_decides_nothing_and_each_number_stands_once() {
        let told = |meeting: Meeting| meeting.checked().map_or_else(reasons, |_| Vec::new());
        assert_eq!(told(meeting(true, &[(1, None), (2, None)])), [""; 0]);
        assert_eq!(told(meeting(false, &[(1, None)])), ["DECISIONS_BEFORE_MEETING"]);
        assert_eq!(told(meeting(true, &[(1, None), (1, None)])), ["ITEM_TWICE"]);
        assert_eq!(told(meeting(true, &[(0, None)])), ["NUMBER_OUT_OF_RANGE"]);
        for link in ["http://a", "https://", "javascript:x", "https:///a", "https://a b"] {
            let minutes_uri = link.to_owned();
            let told = told(Meeting { minutes_uri, ..meeting(true, &[]) });
            assert_eq!(told, ["LINK_MALFORMED"], "{link}");
        }
    }

    #[test]
    fn it_was_held_on_a_day_that_has_been_and_decided_on_plans_that_are_there() {
        let about = |id| Some(About::PlanVersion(version(id)));
        let versions = BTreeSet::from([version("2-0")]);
        let told = |meeting: &Meeting, today: &str| {
            reasons(faults(meeting, &versions, today.parse().unwrap()))
        };
        let dnr = Some(About::GrantDnr("2024-7".to_owned()));
        let held = meeting(true, &[(1, about("2-0")), (2, dnr)]);
        assert_eq!(told(&held, "2025-05-09"), [""; 0]);
        assert_eq!(told(&held, "2025-05-08"), ["MEETING_IN_FUTURE"]);
        assert_eq!(told(&meeting(false, &[]), "2025-05-08"), [""; 0]);
        let unknown = meeting(true, &[(1, about("3-0"))]);
        assert_eq!(told(&unknown, "2025-05-09"), ["PLAN_VERSION_UNKNOWN"]);
    }
}
