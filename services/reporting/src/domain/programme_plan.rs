//! What a programme sets out to do, in versions that never change.

mod content;
mod name;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use values::{Fault, Faults, Ore, Period, name::TeamName};

use crate::domain::definition::Cell;
use crate::domain::half_year::HalfYear;

pub(crate) use content::MOST_TIMES;
pub use name::{ProgrammePlanVersionName, VersionNumber};

/// What people live on, as codes.
pub const LIVELIHOODS: [&str; 11] = [
    "social_assistance",
    "sickness_benefit",
    "sickness_compensation",
    "activity_compensation",
    "unemployment_benefit",
    "activity_support",
    "study_support",
    "salary",
    "other",
    "none",
    "not_stated",
];

/// The content of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The body that approved it.
    pub approved_by: String,
    /// When.
    pub approval_date: NaiveDate,
    /// What the programme is called.
    pub title: String,
    /// What it is for.
    pub direction: String,
    /// How it works.
    pub method: String,
    /// The days it goes on.
    pub period: Period,
    /// The teams it is for; none for all.
    pub teams: Vec<TeamName>,
    /// Whom it is for.
    pub target_group: TargetGroup,
    /// How many months a participant is in it at most.
    pub longest_stay_months: i32,
    /// How many a full-time coach takes in in a year of 365 days.
    pub intake_norm: i32,
    /// How much of the federation's funds it takes.
    pub federation_share_percent: i32,
    /// What the federation pays for it in a year.
    pub federation_funding_per_year: Ore,
    /// The days of each year that status reports are due.
    pub report_due_days: Vec<DayOfYear>,
    /// Its goals.
    pub goals: Vec<Goal>,
    /// What is planned to be held.
    pub activities: Vec<Activity>,
    /// How many participants are budgeted.
    pub budgeted_participants: Vec<BudgetedParticipants>,
}

/// Whom a programme is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetGroup {
    /// The lowest age.
    pub youngest: i32,
    /// The highest age.
    pub oldest: i32,
    /// What they live on, as codes.
    pub livelihoods: Vec<String>,
    /// What else is said of them.
    pub description: String,
}

/// A day that comes every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayOfYear {
    /// 1 to 12.
    pub month: u32,
    /// A day that the month always has.
    pub day: u32,
}

/// A goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// What it says.
    pub title: String,
    /// Whose it is.
    pub level: GoalLevel,
}

/// Whose goal it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GoalLevel {
    /// The participant's.
    Individual,
    /// The parties' together.
    Organisation,
    /// A share of the figures.
    Quantitative(GoalShare),
}

/// A share of one figure in another that is to be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalShare {
    /// The share.
    pub target_percent: i32,
    /// What is counted, in words.
    pub numerator: String,
    /// What it is a share of, in words.
    pub denominator: String,
    /// The cells that are counted.
    pub numerator_cells: Vec<Cell>,
    /// The cells it is a share of.
    pub denominator_cells: Vec<Cell>,
    /// Where an exit is to lead, as codes of the plan.
    pub destinations: Vec<String>,
}

/// Something that is planned for a half-year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Names it within its half-year.
    pub id: values::Slug,
    /// When.
    pub half_year: HalfYear,
    /// What it is.
    pub title: String,
    /// At least so many times.
    pub least: Option<i32>,
    /// At most so many times.
    pub most: Option<i32>,
    /// True when the numbers are for each area.
    pub is_per_area: bool,
}

/// How many participants a year is budgeted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetedParticipants {
    /// The year.
    pub year: i32,
    /// The team.
    pub team: TeamName,
    /// How many.
    pub total: i64,
    /// Of them women.
    pub women: Option<i64>,
    /// Of them men.
    pub men: Option<i64>,
}

/// The latest version that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latest {
    /// Its number.
    pub number: VersionNumber,
    /// When it was approved.
    pub approval_date: NaiveDate,
}

/// What is known when a version is entered.
#[derive(Debug, Clone)]
pub struct CreateFacts<'a> {
    /// There is one of that number.
    pub taken: bool,
    /// The latest of the plan.
    pub latest: Option<Latest>,
    /// Every team of the federation.
    pub teams: &'a BTreeSet<TeamName>,
    /// The day.
    pub today: NaiveDate,
}

/// Why a version is not entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateRefusal {
    /// There is one of that number.
    Taken,
    /// A later one is there.
    NotNext(Latest),
    /// It refers to what is not there, or was approved on a day to come.
    Faulty(Faults),
}

/// Decides whether a version is entered: its number is free and the highest, it was
/// approved on a day that has been and not before the version before it, and its teams
/// are there.
///
/// # Errors
/// The first of these that does not hold.
pub fn create(
    number: VersionNumber,
    plan: &Plan,
    facts: &CreateFacts<'_>,
) -> Result<(), CreateRefusal> {
    let CreateFacts { taken, latest, teams, today } = facts;
    if *taken {
        return Err(CreateRefusal::Taken);
    }
    let is_later =
        |latest: &Latest| latest.number > number || latest.approval_date > plan.approval_date;
    if let Some(latest) = latest.filter(is_later) {
        return Err(CreateRefusal::NotNext(latest));
    }
    let mut faults = Faults::new();
    for (index, team) in plan.teams.iter().enumerate().filter(|(_, team)| !teams.contains(team)) {
        faults.push(Fault::new(format!("teams[{index}]"), "TEAM_UNKNOWN").with("value", team));
    }
    for (index, budgeted) in plan.budgeted_participants.iter().enumerate() {
        if !teams.contains(&budgeted.team) {
            let field = format!("budgeted_participants[{index}].team");
            faults.push(Fault::new(field, "TEAM_UNKNOWN").with("value", &budgeted.team));
        }
    }
    if plan.approval_date > *today {
        let fault = Fault::new("approval_date", "DECISION_DATE_IN_FUTURE");
        faults.push(fault.with("value", plan.approval_date));
    }
    if faults.is_empty() { Ok(()) } else { Err(CreateRefusal::Faulty(faults)) }
}

impl Plan {
    /// True when the programme is for the team.
    #[must_use]
    pub fn is_for(&self, team: &TeamName) -> bool {
        self.teams.is_empty() || self.teams.contains(team)
    }

    /// What is planned for a half-year, in the order of the plan.
    pub fn activities_of(&self, half_year: HalfYear) -> impl Iterator<Item = &Activity> {
        self.activities.iter().filter(move |activity| activity.half_year == half_year)
    }

    /// What is budgeted for a team in a year.
    #[must_use]
    pub fn budgeted(&self, team: &TeamName, year: i32) -> Option<&BudgetedParticipants> {
        let is_it =
            |budgeted: &&BudgetedParticipants| budgeted.team == *team && budgeted.year == year;
        self.budgeted_participants.iter().find(is_it)
    }
}
