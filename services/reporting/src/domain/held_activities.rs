//! How many times the activities of a plan were held, and how that stands to the plan.
//! What is not recorded is not 0.

mod compare;

use std::collections::BTreeSet;
use std::fmt;

use values::name::{AreaName, ProgrammePlanName};
use values::{Fault, Faults, Slug};

use crate::domain::half_year::HalfYear;
use crate::domain::limits::{each_once, length, number};
use crate::domain::programme_plan::{MOST_TIMES, Plan};

pub use compare::{Comparison, Outcome, compare};

const MOST_ACTIVITIES: usize = 1000;

/// `federations/{federation}/programmePlans/{plan}/heldActivities/{half_year}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldActivitiesName {
    /// The plan.
    pub plan: ProgrammePlanName,
    /// The half-year.
    pub half_year: HalfYear,
}

/// How many times an activity was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The activity.
    pub activity: Slug,
    /// The area that the number is for; none when it is for all.
    pub area: Option<AreaName>,
    /// How many times.
    pub times: i32,
    /// What is to be said of it.
    pub comment: String,
}

/// Why nothing is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody else recorded since it was read.
    Stale,
    /// It is not what the plan has.
    Faulty(Faults),
}

/// Checks what was held in itself.
///
/// # Errors
/// `ITEMS_TOO_MANY`, `ITEM_TWICE`, `NUMBER_OUT_OF_RANGE`.
pub fn checked(held: Vec<Held>) -> Result<Vec<Held>, Faults> {
    let mut faults = Faults::new();
    faults.keep(length("activities", held.len(), 0, MOST_ACTIVITIES));
    let key = |held: &Held| match &held.area {
        Some(area) => format!("{} {area}", held.activity),
        None => held.activity.to_string(),
    };
    faults.keep_nested("", each_once("activities", &held.iter().map(key).collect::<Vec<_>>()));
    for (index, one) in held.iter().enumerate() {
        faults.keep(number(&format!("activities[{index}].held"), one.times, 0, MOST_TIMES));
    }
    faults.into_result(|| Some(held))
}

/// Decides whether what was held in a half-year is recorded, and answers the number of
/// its new version: what was read is what stands, every activity is one of the latest
/// version of the plan, and numbers are for an area where the plan has them for each.
/// An empty etag reads that nothing stands.
///
/// # Errors
/// The first of these that does not hold.
pub fn record(
    revision: Option<i32>,
    etag: &str,
    half_year: HalfYear,
    held: &[Held],
    latest: &Plan,
    areas: &BTreeSet<AreaName>,
) -> Result<i32, Refusal> {
    if etag != revision.map(|revision| revision.to_string()).unwrap_or_default() {
        return Err(Refusal::Stale);
    }
    let mut faults = Faults::new();
    for (index, one) in held.iter().enumerate() {
        let field = |name: &str| format!("activities[{index}].{name}");
        let mut planned = latest.activities_of(half_year);
        let Some(activity) = planned.find(|activity| activity.id == one.activity) else {
            let fault = Fault::new(field("activity"), "ACTIVITY_UNKNOWN");
            faults.push(fault.with("value", &one.activity).with("half_year", half_year));
            continue;
        };
        match &one.area {
            None if activity.is_per_area => {
                faults.push(Fault::new(field("area"), "ACTIVITY_AREA_MISSING"));
            }
            Some(area) if !activity.is_per_area => {
                faults
                    .push(Fault::new(field("area"), "ACTIVITY_AREA_NOT_HERE").with("value", area));
            }
            Some(area) if !areas.contains(area) => {
                faults.push(Fault::new(field("area"), "AREA_UNKNOWN").with("value", area));
            }
            Some(_) | None => {}
        }
    }
    if faults.is_empty() { Ok(revision.unwrap_or(0) + 1) } else { Err(Refusal::Faulty(faults)) }
}

impl HeldActivitiesName {
    /// Reads a name.
    ///
    /// # Errors
    /// `NAME_MALFORMED` for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let slug = |part: &str| Slug::parse(field, part).ok();
        let name = match text.split('/').collect::<Vec<_>>().as_slice() {
            [
                "federations",
                federation,
                ProgrammePlanName::COLLECTION,
                plan,
                "heldActivities",
                half,
            ] => slug(federation).zip(slug(plan)).zip(HalfYear::parse(field, half).ok()),
            _ => None,
        };
        let ((federation, plan), half_year) = name.ok_or_else(|| {
            let form = "federations/{federation}/programmePlans/{plan}/heldActivities/{half_year}";
            Fault::new(field, "NAME_MALFORMED").with("value", text).with("form", form)
        })?;
        Ok(Self { plan: ProgrammePlanName::new(federation, plan), half_year })
    }
}

impl fmt::Display for HeldActivitiesName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/heldActivities/{}", self.plan, self.half_year)
    }
}
