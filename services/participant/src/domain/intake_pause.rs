//! Pauses of the intake to a team: nobody is enrolled on their days.

use chrono::NaiveDate;
use values::{Faults, name::TeamName};

use super::{
    change::{Refusal, change},
    days::Days,
};

/// A stop of the intake to a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakePause {
    /// The team.
    pub team: TeamName,
    /// When.
    pub days: Days,
    /// Why.
    pub reason: String,
}

/// The pause of a team's intake on a day, if there is one; of several, the one that
/// lasts longest.
#[must_use]
pub fn paused<'a>(
    pauses: &'a [IntakePause],
    team: &TeamName,
    day: NaiveDate,
) -> Option<&'a IntakePause> {
    let holding = pauses.iter().filter(|pause| pause.team == *team && pause.days.holds(day));
    holding.max_by_key(|pause| pause.days.last_day().unwrap_or(NaiveDate::MAX))
}

/// Ends a pause, or moves its end, and answers the number of its new version.
///
/// # Errors
/// What forbids it: an old version, or `PERIOD_REVERSED` when the last day comes before
/// the first.
pub fn end(
    pause: IntakePause,
    revision: i32,
    etag: &str,
    last_day: NaiveDate,
) -> Result<(IntakePause, i32), Refusal> {
    let revision = change(revision, etag, Faults::new())?;
    let days = Days::new("last_day", pause.days.first_day(), Some(last_day))
        .map_err(|fault| Refusal::Faulty(fault.into()))?;
    Ok((IntakePause { days, ..pause }, revision))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, month, day).unwrap()
    }

    fn team(id: &str) -> TeamName {
        TeamName::parse("", &format!("federations/f/teams/{id}")).unwrap()
    }

    fn pause(id: &str, first_day: NaiveDate, last_day: Option<NaiveDate>) -> IntakePause {
        let days = Days::new("", first_day, last_day).unwrap();
        IntakePause { team: team(id), days, reason: format!("från {first_day}") }
    }

    #[test]
    fn a_teams_intake_is_paused_on_the_days_of_its_pauses() {
        let pauses = [
            pause("sala", day(6, 15), Some(day(8, 15))),
            pause("sala", day(8, 1), Some(day(8, 31))),
            pause("sala", day(12, 1), None),
            pause("fns", day(1, 1), None),
        ];
        for (id, at, since) in [
            ("sala", day(6, 14), None),
            ("sala", day(6, 15), Some(day(6, 15))),
            ("sala", day(8, 10), Some(day(8, 1))),
            ("sala", day(8, 31), Some(day(8, 1))),
            ("sala", day(9, 1), None),
            ("sala", day(12, 24), Some(day(12, 1))),
            ("fns", day(9, 1), Some(day(1, 1))),
            ("surahammar", day(9, 1), None),
        ] {
            let found = paused(&pauses, &team(id), at).map(|pause| pause.days.first_day());
            assert_eq!(found, since, "{id} {at}");
        }
    }

    #[test]
    fn a_pause_ends_on_a_day_that_is_not_before_its_first() {
        let open = pause("sala", day(6, 15), None);
        let (ended, revision) = end(open.clone(), 1, "1", day(6, 15)).unwrap();
        assert_eq!((&ended, revision), (&pause("sala", day(6, 15), Some(day(6, 15))), 2));
        let (moved, _) = end(ended.clone(), 2, "2", day(8, 15)).unwrap();
        assert_eq!(moved.days.last_day(), Some(day(8, 15)));
        assert_eq!(end(ended, 2, "1", day(6, 14)), Err(Refusal::Stale));
        let Err(Refusal::Faulty(faults)) = end(open, 1, "1", day(6, 14)) else {
            panic!("it ends before it begins");
        };
        let fault = &faults.as_slice()[0];
        assert_eq!((fault.field.as_str(), fault.reason), ("last_day", "PERIOD_REVERSED"));
    }
}
