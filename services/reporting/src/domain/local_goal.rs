//! What a team itself sets out to do in a year, and how it went.

use std::collections::BTreeMap;

use values::name::TeamName;
use values::{Fault, Faults};

use crate::domain::limits::number;
use crate::domain::reporting_period::YEARS;

/// A goal of a team for a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalGoal {
    /// The team.
    pub team: TeamName,
    /// The year.
    pub year: i32,
    /// What it says.
    pub title: String,
    /// What is measured, and how.
    pub measured: String,
    /// What is to be reached.
    pub target: String,
    /// How it went, by half-year.
    pub follow_ups: BTreeMap<i32, FollowUp>,
}

/// Whether a goal was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Reached.
    Reached,
    /// In part.
    Partly,
    /// Not reached.
    NotReached,
    /// It could not be measured.
    NotMeasured,
}

/// How a goal went in a half-year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// Whether it was reached.
    pub outcome: Outcome,
    /// How it went, in words.
    pub text: String,
}

/// Puts the follow-ups of halves together.
///
/// # Errors
/// `NUMBER_OUT_OF_RANGE` for what is no half, `ITEM_TWICE` for one that is there before.
pub fn follow_ups(sent: Vec<(i32, FollowUp)>) -> Result<BTreeMap<i32, FollowUp>, Faults> {
    let mut faults = Faults::new();
    let mut by_half = BTreeMap::new();
    for (index, (half, follow_up)) in sent.into_iter().enumerate() {
        let field = format!("follow_ups[{index}].half");
        faults.keep(number(&field, half, 1, 2));
        if by_half.insert(half, follow_up).is_some() {
            faults.push(Fault::new(field, "ITEM_TWICE").with("value", half));
        }
    }
    faults.into_result(|| Some(by_half))
}

/// Checks a year.
///
/// # Errors
/// `NUMBER_OUT_OF_RANGE` for the field named.
pub fn year(field: &str, year: i32) -> Result<i32, Fault> {
    number(field, year, YEARS.0, YEARS.1)
}

/// What is wrong when a goal is to become another team's or another year's.
#[must_use]
pub fn moved(before: &LocalGoal, after: &LocalGoal) -> Faults {
    let mut faults = Faults::new();
    if before.team != after.team {
        faults.push(Fault::new("team", "TEAM_STAYS").with("expected", &before.team));
    }
    if before.year != after.year {
        faults.push(Fault::new("year", "YEAR_STAYS").with("expected", before.year));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goal(team: &str, year: i32) -> LocalGoal {
        LocalGoal {
            team: TeamName::parse("", &format!("federations/f/teams/{team}")).unwrap(),
            year,
            title: "Fler i studier".to_owned(),
            measured: "Avslut till studier".to_owned(),
            target: "Tio".to_owned(),
            follow_ups: BTreeMap::new(),
        }
    }

    #[test]
    fn a_goal_stays_with_its_team_and_its_year() {
        assert!(moved(&goal("sala", 2025), &goal("sala", 2025)).is_empty());
        let faults = moved(&goal("sala", 2025), &goal("fns", 2026)).into_vec();
        let reasons: Vec<_> = faults.iter().map(|fault| fault.reason).collect();
        assert_eq!(reasons, ["TEAM_STAYS", "YEAR_STAYS"]);
    }

    #[test]
    fn each_half_of_the_year_is_followed_up_once() {
        let text = || FollowUp { outcome: Outcome::Partly, text: "På väg".to_owned() };
        let halves =
            |halves: &[i32]| follow_ups(halves.iter().map(|half| (*half, text())).collect());
        assert_eq!(halves(&[2, 1]).unwrap().len(), 2);
        let reasons = |faults: Faults| -> Vec<_> {
            faults.into_vec().into_iter().map(|fault| fault.reason).collect()
        };
        assert_eq!(reasons(halves(&[0, 3]).unwrap_err()), ["NUMBER_OUT_OF_RANGE"; 2]);
        assert_eq!(reasons(halves(&[1, 1]).unwrap_err()), ["ITEM_TWICE"]);
    }
}
