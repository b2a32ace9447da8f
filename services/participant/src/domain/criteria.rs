//! Who a team is for, in versions: what a referral was held against never changes
//! afterwards.

use chrono::{Datelike as _, NaiveDate};
use values::name::{CriteriaName, TeamName};

use super::{code::Livelihood, livelihood::Livelihoods};

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
