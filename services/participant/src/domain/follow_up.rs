//! Follow-ups 6, 12 and 18 months after the exit: scheduled by the exit itself, ended
//! in one of four ways, and counted with what silence leaves open.

use chrono::{Days, Months, NaiveDate};
use values::{name::EnrolmentName, share::permille};

use super::livelihood::Livelihoods;

/// Months after the exit.
pub const MONTHS: [u32; 3] = [6, 12, 18];
/// Days before it is due that a follow-up may end.
pub const EARLY: u64 = 30;

/// What a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Situation {
    /// Works.
    Work = 1,
    /// Studies.
    Studies = 2,
    /// Seeks work.
    JobSeeking = 3,
    /// Is in an effort of the municipality or the employment service.
    OtherEffort = 4,
    /// Is ill.
    Ill = 5,
    /// Something else.
    Other = 6,
}

/// How a follow-up ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The person answered.
    Answered {
        /// What the person does.
        situation: Situation,
        /// What the person lives on, where it was told.
        livelihoods: Option<Livelihoods>,
    },
    /// The person was not reached.
    NotReached,
    /// The person declined.
    Declined,
    /// The person was not asked.
    NotAsked,
}

/// A follow-up of one exit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// The enrolment.
    pub enrolment: EnrolmentName,
    /// Months after the exit.
    pub months: u32,
    /// When it is due.
    pub due: NaiveDate,
    /// When and how it ended.
    pub ended: Option<(NaiveDate, Outcome)>,
}

/// The follow-ups of an exit. The last day of a month has its like on the last day of
/// a shorter one.
#[must_use]
pub fn schedule(enrolment: &EnrolmentName, exit: NaiveDate) -> Vec<FollowUp> {
    let due = |months: u32| exit.checked_add_months(Months::new(months));
    let follow_up = |months: u32| {
        let enrolment = enrolment.clone();
        Some(FollowUp { enrolment, months, due: due(months)?, ended: None })
    };
    MONTHS.into_iter().filter_map(follow_up).collect()
}

/// What forbids to end a follow-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndRefusal {
    /// It has ended.
    Ended,
    /// It is too early.
    NotDue {
        /// The first day allowed.
        from: NaiveDate,
    },
    /// The day is in the future.
    InFuture {
        /// The latest day allowed.
        today: NaiveDate,
    },
}

/// The follow-up after it has ended.
///
/// # Errors
/// What forbids it.
pub fn end(
    follow_up: &FollowUp,
    day: NaiveDate,
    outcome: Outcome,
    today: NaiveDate,
) -> Result<FollowUp, EndRefusal> {
    if follow_up.ended.is_some() {
        return Err(EndRefusal::Ended);
    }
    let from = follow_up.due.checked_sub_days(Days::new(EARLY)).unwrap_or(follow_up.due);
    if day < from {
        return Err(EndRefusal::NotDue { from });
    }
    if day > today {
        return Err(EndRefusal::InFuture { today });
    }
    Ok(FollowUp { ended: Some((day, outcome)), ..follow_up.clone() })
}

/// What became of the exits whose follow-up is due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Answered: works or studies.
    pub in_work_or_studies: u64,
    /// Answered: does something else.
    pub elsewhere: u64,
    /// Not reached.
    pub not_reached: u64,
    /// Declined.
    pub declined: u64,
    /// Not asked, or not ended.
    pub not_asked: u64,
}

impl Tally {
    /// Counts one that is due.
    pub fn count(&mut self, ended: Option<&Outcome>) {
        let counted = match ended {
            Some(Outcome::Answered { situation: Situation::Work | Situation::Studies, .. }) => {
                &mut self.in_work_or_studies
            }
            Some(Outcome::Answered { .. }) => &mut self.elsewhere,
            Some(Outcome::NotReached) => &mut self.not_reached,
            Some(Outcome::Declined) => &mut self.declined,
            Some(Outcome::NotAsked) | None => &mut self.not_asked,
        };
        *counted += 1;
    }

    /// How many answered.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.in_work_or_studies + self.elsewhere
    }

    /// How many are due: every one of them is in exactly one count.
    #[must_use]
    pub fn due(&self) -> u64 {
        self.answered() + self.not_reached + self.declined + self.not_asked
    }
}

/// The share of all who are due that can be in work or studies, in per mille: the
/// least, when nobody who is silent is, and the most, when everybody is. None when
/// nobody is due.
#[must_use]
pub fn bounds(tally: &Tally) -> Option<(i64, i64)> {
    let whole = i64::try_from(tally.due()).ok()?;
    let least = i64::try_from(tally.in_work_or_studies).ok()?;
    let silent = i64::try_from(tally.due() - tally.answered()).ok()?;
    Some((permille(least, whole)?, permille(least + silent, whole)?))
}

#[cfg(test)]
mod tests {
    use values::Slug;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn scheduled(exit: NaiveDate) -> Vec<FollowUp> {
        let slug = |text| Slug::parse("", text).unwrap();
        schedule(&EnrolmentName::new(slug("f"), slug("e")), exit)
    }

    #[test]
    fn an_exit_schedules_three_on_the_same_day_of_the_month() {
        let due = |exit| scheduled(exit).iter().map(|one| one.due).collect::<Vec<_>>();
        assert_eq!(due(day(2025, 3, 14)), [day(2025, 9, 14), day(2026, 3, 14), day(2026, 9, 14)]);
        assert_eq!(due(day(2024, 8, 31)), [day(2025, 2, 28), day(2025, 8, 31), day(2026, 2, 28)]);
    }

    #[test]
    fn it_ends_once_and_neither_long_before_it_is_due_nor_in_the_future() {
        let first = scheduled(day(2025, 1, 15)).remove(0);
        let today = day(2025, 8, 1);
        let end = |on| end(&first, on, Outcome::NotReached, today);
        assert_eq!(end(day(2025, 6, 14)), Err(EndRefusal::NotDue { from: day(2025, 6, 15) }));
        assert_eq!(end(day(2025, 8, 2)), Err(EndRefusal::InFuture { today }));
        let ended = end(day(2025, 6, 15)).unwrap();
        let again = super::end(&ended, today, Outcome::Declined, today);
        assert_eq!(again, Err(EndRefusal::Ended));
    }

    #[test]
    fn silence_widens_the_bounds_and_answers_close_them() {
        let works = Outcome::Answered { situation: Situation::Work, livelihoods: None };
        let ill = Outcome::Answered { situation: Situation::Ill, livelihoods: None };
        let tally = |ended: &[Option<&Outcome>]| {
            let mut tally = Tally::default();
            ended.iter().for_each(|one| tally.count(*one));
            tally
        };
        let some = tally(&[
            Some(&works),
            Some(&ill),
            Some(&Outcome::NotReached),
            Some(&Outcome::Declined),
            None,
        ]);
        assert_eq!((some.due(), some.answered(), some.not_asked), (5, 2, 1));
        assert_eq!(bounds(&some), Some((200, 800)));
        assert_eq!(bounds(&tally(&[Some(&works), Some(&ill)])), Some((500, 500)));
        assert_eq!(bounds(&Tally::default()), None);
    }
}
