//! Who a team is for, in versions: what a referral was held against never changes
//! afterwards.

use chrono::{Datelike as _, NaiveDate};
use values::{
    Fault, Faults,
    name::{CriteriaName, TeamName},
};

use super::{code::Livelihood, livelihood::Livelihoods};

/// The highest age that a limit can be.
const OLDEST: u8 = 120;

/// One version of the criteria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criteria {
    /// Its name.
    pub name: CriteriaName,
    /// The team; none for all teams without criteria of their own.
    pub team: Option<TeamName>,
    /// The first day that referrals are held against it.
    pub first_day: NaiveDate,
    /// The youngest age.
    pub youngest: Option<u8>,
    /// The oldest age.
    pub oldest: Option<u8>,
    /// The livelihoods of which one is needed; none for any.
    pub livelihoods: Vec<Livelihood>,
    /// True when the person has to be ready to take part.
    pub needs_readiness: bool,
    /// Who decided and when.
    pub decision: String,
}

/// Why a version is not entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Another version has the name.
    Taken,
    /// The team is not there.
    TeamUnknown(Faults),
    /// The team has a version from that day.
    DayTaken,
}

/// What a new version is held against.
#[derive(Debug, Clone, Copy)]
pub struct EnterFacts {
    /// True when there is a version of that name.
    pub is_taken: bool,
    /// True when the team has a version from that day.
    pub is_day_taken: bool,
    /// True when it is for no team, or one that is there.
    pub is_team_known: bool,
}

/// Decides whether a version is entered.
///
/// # Errors
/// What forbids it.
pub fn enter(criteria: &Criteria, facts: EnterFacts) -> Result<(), Refusal> {
    if facts.is_taken {
        return Err(Refusal::Taken);
    }
    if let Some(team) = criteria.team.as_ref().filter(|_| !facts.is_team_known) {
        let fault = Fault::new("team", "TEAM_UNKNOWN").with("value", team);
        return Err(Refusal::TeamUnknown(fault.into()));
    }
    if facts.is_day_taken {
        return Err(Refusal::DayTaken);
    }
    Ok(())
}

/// Reads an age that limits; 0 for none.
///
/// # Errors
/// `AGE_OUT_OF_RANGE`.
pub fn age(field: &str, years: i32) -> Result<Option<u8>, Fault> {
    match u8::try_from(years) {
        Ok(0) => Ok(None),
        Ok(years) if years <= OLDEST => Ok(Some(years)),
        Ok(_) | Err(_) => {
            Err(Fault::new(field, "AGE_OUT_OF_RANGE").with("value", years).with("limit", OLDEST))
        }
    }
}

/// Checks that anybody can be within the limits.
///
/// # Errors
/// `AGES_REVERSED`.
pub fn check_ages(youngest: Option<u8>, oldest: Option<u8>) -> Result<(), Fault> {
    match youngest.zip(oldest) {
        Some((youngest, oldest)) if oldest < youngest => {
            Err(Fault::new("oldest", "AGES_REVERSED").with("value", oldest).with("least", youngest))
        }
        Some(_) | None => Ok(()),
    }
}

/// A criterion that is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmet {
    /// Below the youngest age.
    TooYoung {
        /// The person's age.
        age: i32,
        /// The youngest age.
        youngest: u8,
    },
    /// Above the oldest age.
    TooOld {
        /// The person's age.
        age: i32,
        /// The oldest age.
        oldest: u8,
    },
    /// The year of birth is not known, and there are limits.
    AgeUnknown,
    /// None of the livelihoods that are needed.
    Livelihood,
    /// Not ready to take part.
    NotReady,
}

/// What of a person the criteria look at.
#[derive(Debug, Clone, Copy)]
pub struct Applicant<'a> {
    /// The year of birth, when it is known.
    pub birth_year: Option<i32>,
    /// What the person lives on.
    pub livelihoods: &'a Livelihoods,
    /// Whether the person is ready to take part.
    pub ready: bool,
}

/// The version in force for a team on a day: the team's own before the one for all,
/// the latest that had begun.
#[must_use]
pub fn in_force<'a>(
    versions: &'a [Criteria],
    team: &TeamName,
    day: NaiveDate,
) -> Option<&'a Criteria> {
    let begun = versions.iter().filter(|version| version.first_day <= day);
    let fits = begun.filter(|version| version.team.as_ref().is_none_or(|own| own == team));
    fits.max_by_key(|version| (version.team.is_some(), version.first_day))
}

impl Criteria {
    /// Every criterion that a person does not meet on a day; age is counted by the
    /// year of birth.
    #[must_use]
    pub fn unmet(&self, applicant: Applicant<'_>, day: NaiveDate) -> Vec<Unmet> {
        let mut unmet = Vec::new();
        let has_limits = self.youngest.is_some() || self.oldest.is_some();
        match applicant.birth_year.map(|year| day.year() - year) {
            None if has_limits => unmet.push(Unmet::AgeUnknown),
            None => {}
            Some(age) => {
                if let Some(youngest) = self.youngest.filter(|limit| age < i32::from(*limit)) {
                    unmet.push(Unmet::TooYoung { age, youngest });
                }
                if let Some(oldest) = self.oldest.filter(|limit| age > i32::from(*limit)) {
                    unmet.push(Unmet::TooOld { age, oldest });
                }
            }
        }
        if !self.livelihoods.is_empty() && !applicant.livelihoods.has_any(&self.livelihoods) {
            unmet.push(Unmet::Livelihood);
        }
        if self.needs_readiness && !applicant.ready {
            unmet.push(Unmet::NotReady);
        }
        unmet
    }
}
