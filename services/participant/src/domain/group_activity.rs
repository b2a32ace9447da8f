//! What a team does with many at a time, as numbers of people.

use chrono::NaiveDate;
use values::{Fault, Faults, name::TeamName};

use super::team::unknown_team;

/// The most people of an occasion.
pub const MOST_PEOPLE: i32 = 100_000;

/// One occasion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupActivity {
    /// The team.
    pub team: TeamName,
    /// What it is.
    pub title: String,
    /// When.
    pub day: NaiveDate,
    /// How many there were.
    pub turnout: Turnout,
}

/// How many were invited, and how many of them accepted and came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turnout {
    invited: i32,
    accepted: i32,
    attended: i32,
}

impl Turnout {
    /// Checks the numbers. Whoever was invited may come without having accepted.
    ///
    /// # Errors
    /// `PEOPLE_OUT_OF_RANGE` for each, and `MORE_THAN_INVITED`.
    pub fn new(invited: i32, accepted: i32, attended: i32) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        for (field, value) in [("invited", invited), ("accepted", accepted), ("attended", attended)]
        {
            if !(0..=MOST_PEOPLE).contains(&value) {
                let fault = Fault::new(field, "PEOPLE_OUT_OF_RANGE").with("value", value);
                faults.push(fault.with("limit", MOST_PEOPLE));
            } else if value > invited && invited >= 0 {
                let fault = Fault::new(field, "MORE_THAN_INVITED").with("value", value);
                faults.push(fault.with("limit", invited));
            }
        }
        faults.into_result(|| Some(Self { invited, accepted, attended }))
    }

    /// How many were invited.
    #[must_use]
    pub fn invited(self) -> i32 {
        self.invited
    }

    /// How many accepted.
    #[must_use]
    pub fn accepted(self) -> i32 {
        self.accepted
    }

    /// How many came.
    #[must_use]
    pub fn attended(self) -> i32 {
        self.attended
    }
}

/// What cannot be right about an occasion as things stand: the team is not there, or
/// somebody came before its day.
pub fn faults(activity: &GroupActivity, is_team: bool, today: NaiveDate) -> Faults {
    let mut faults = unknown_team(&activity.team, is_team);
    let attended = activity.turnout.attended;
    if attended > 0 && today < activity.day {
        let fault = Fault::new("attended", "ATTENDED_BEFORE_DAY").with("value", attended);
        faults.push(fault.with("day", activity.day));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(faults: Faults) -> Vec<(String, &'static str)> {
        faults.into_vec().into_iter().map(|fault| (fault.field, fault.reason)).collect()
    }

    fn expected(faults: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
        faults.iter().map(|(field, reason)| ((*field).to_owned(), *reason)).collect()
    }

    #[test]
    fn no_more_accept_or_come_than_were_invited() {
        const RANGE: &str = "PEOPLE_OUT_OF_RANGE";
        const MORE: &str = "MORE_THAN_INVITED";
        for (invited, accepted, attended, faults) in [
            (0, 0, 0, &[][..]),
            (12, 12, 12, &[]),
            (12, 3, 8, &[]),
            (12, 13, 0, &[("accepted", MORE)]),
            (12, 13, 14, &[("accepted", MORE), ("attended", MORE)]),
            (-1, 0, 0, &[("invited", RANGE)]),
            (5, -1, 6, &[("accepted", RANGE), ("attended", MORE)]),
            (MOST_PEOPLE + 1, MOST_PEOPLE + 1, 0, &[("invited", RANGE), ("accepted", RANGE)]),
        ] {
            let found = Turnout::new(invited, accepted, attended).map_or_else(told, |_| Vec::new());
            assert_eq!(found, expected(faults), "{invited} {accepted} {attended}");
        }
    }

    #[test]
    fn nobody_has_come_before_the_day_of_a_team_that_is_there() {
        let day = |day| NaiveDate::from_ymd_opt(2025, 6, day).unwrap();
        let occasion = |attended| GroupActivity {
            team: TeamName::parse("", "federations/f/teams/sala").unwrap(),
            title: "Friskvård på schemat".to_owned(),
            day: day(12),
            turnout: Turnout::new(10, 8, attended).unwrap(),
        };
        for (attended, is_team, today, found) in [
            (7, true, day(12), &[][..]),
            (7, true, day(30), &[]),
            (0, true, day(11), &[]),
            (1, true, day(11), &[("attended", "ATTENDED_BEFORE_DAY")]),
            (0, false, day(11), &[("team", "TEAM_UNKNOWN")]),
        ] {
            let faults = told(faults(&occasion(attended), is_team, today));
            assert_eq!(faults, expected(found), "{attended} {today}");
        }
    }
}
