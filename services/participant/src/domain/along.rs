//! What all that happens along an enrolment has to pass: it is no mistake, and the day
//! lies within it.

use chrono::NaiveDate;

use super::enrolment::Enrolment;

/// Why something cannot have happened in an enrolment on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayRefusal {
    /// The enrolment was registered in error.
    InError,
    /// The day is before the enrolment, or what it has to follow.
    Before {
        /// The earliest day allowed.
        earliest: NaiveDate,
    },
    /// The day is after the exit.
    AfterExit {
        /// The latest day allowed.
        latest: NaiveDate,
    },
    /// The day is in the future.
    InFuture,
}

/// Checks that something can have happened in an enrolment on a day, and not before
/// another.
///
/// # Errors
/// What forbids it.
pub fn within(
    enrolment: &Enrolment,
    day: NaiveDate,
    not_before: NaiveDate,
    today: NaiveDate,
) -> Result<(), DayRefusal> {
    if enrolment.mistake.is_some() {
        return Err(DayRefusal::InError);
    }
    let earliest = enrolment.first_day.max(not_before);
    if day < earliest {
        return Err(DayRefusal::Before { earliest });
    }
    if let Some(latest) = enrolment.exit.as_ref().map(|exit| exit.day)
        && day > latest
    {
        return Err(DayRefusal::AfterExit { latest });
    }
    if day > today { Err(DayRefusal::InFuture) } else { Ok(()) }
}

/// What forbids to take something away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlreadyRemoved;

/// Why something does not stand any more, once it is taken away.
///
/// # Errors
/// When it is taken away already.
pub fn remove(removed: Option<&String>, reason: String) -> Result<Option<String>, AlreadyRemoved> {
    if removed.is_some() { Err(AlreadyRemoved) } else { Ok(Some(reason)) }
}

#[cfg(test)]
pub(in crate::domain) mod tests {
    use values::{
        Slug,
        name::{AccountName, EnrolmentName, ParticipantName, ReferralName, TeamName},
    };

    use super::*;
    use crate::domain::{
        code::{ExitOutcome, Livelihood},
        enrolment::{CoachSpell, Exit},
        livelihood::Livelihoods,
    };

    pub(in crate::domain) fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, month, day).unwrap()
    }

    /// From the first of March, until an exit to work.
    pub(in crate::domain) fn enrolled(exit: Option<NaiveDate>) -> Enrolment {
        let slug = |text: &str| Slug::parse("", text).unwrap();
        let livelihoods = Livelihoods::new("", vec![(Livelihood::Salary, 100)]).unwrap();
        let (subsidised, extent_percent, outcome) = (false, 100, ExitOutcome::Work);
        let leaves = |day| {
            let livelihoods = livelihoods.clone();
            Exit { day, outcome, subsidised, extent_percent, livelihoods }
        };
        let coach = AccountName::new(slug("f"), slug("coach"));
        Enrolment {
            name: EnrolmentName::new(slug("f"), slug("e")),
            referral: ReferralName::new(slug("f"), slug("r")),
            participant: ParticipantName::new(slug("f"), slug("p")),
            team: TeamName::new(slug("f"), slug("t")),
            first_day: day(3, 1),
            planned_last_day: day(12, 31),
            coaches: vec![CoachSpell { coach, first_day: day(3, 1), reason: String::new() }],
            consents: Vec::new(),
            extensions: Vec::new(),
            exit: exit.map(leaves),
            corrections: Vec::new(),
            deliveries: Vec::new(),
            livelihoods: livelihoods.clone(),
            mistake: None,
            synthetic: true,
        }
    }

    #[test]
    fn what_happens_lies_between_the_first_day_and_the_exit_and_not_in_the_future() {
        let today = day(6, 30);
        for (on, exit, refusal) in [
            (day(3, 1), None, None),
            (day(6, 30), None, None),
            (day(2, 28), None, Some(DayRefusal::Before { earliest: day(3, 1) })),
            (day(7, 1), None, Some(DayRefusal::InFuture)),
            (day(5, 1), Some(day(5, 1)), None),
            (day(5, 2), Some(day(5, 1)), Some(DayRefusal::AfterExit { latest: day(5, 1) })),
        ] {
            let found = within(&enrolled(exit), on, on, today).err();
            assert_eq!(found, refusal, "{on}");
        }
        let earliest = day(4, 2);
        let early = within(&enrolled(None), day(4, 1), earliest, today);
        assert_eq!(early, Err(DayRefusal::Before { earliest }));
        let mistake = Enrolment { mistake: Some("Fel".to_owned()), ..enrolled(None) };
        assert_eq!(within(&mistake, day(4, 1), day(4, 1), today), Err(DayRefusal::InError));
    }

    #[test]
    fn something_is_taken_away_once() {
        let reason = "Fel person".to_owned();
        assert_eq!(remove(None, reason.clone()), Ok(Some(reason.clone())));
        assert_eq!(remove(Some(&String::new()), reason), Err(AlreadyRemoved));
    }
}
