//! Follow-ups 6, 12 and 18 months after the exit: scheduled by the exit itself, ended
//! in one of four ways, and counted with what silence leaves open.

use chrono::{Days, Months, NaiveDate};
use values::{name::FollowUpName, share::permille};

use super::{
    code::ExitOutcome,
    enrolment::{ConsentKind, Enrolment},
    livelihood::Livelihoods,
};

/// Months after the exit.
pub const MONTHS: [u32; 3] = [6, 12, 18];
/// Days before it is due that a follow-up may end.
pub const EARLY: u64 = 30;

/// What a person does. The numbers are the contract's.
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

impl Situation {
    /// Its number in the contract.
    #[must_use]
    pub const fn number(self) -> i16 {
        self as i16
    }

    /// The situation of a number of the contract.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<Situation> {
        match number {
            1 => Some(Situation::Work),
            2 => Some(Situation::Studies),
            3 => Some(Situation::JobSeeking),
            4 => Some(Situation::OtherEffort),
            5 => Some(Situation::Ill),
            6 => Some(Situation::Other),
            _ => None,
        }
    }
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

impl Outcome {
    /// The number of its result in the contract.
    #[must_use]
    pub const fn number(&self) -> i16 {
        match self {
            Outcome::Answered { .. } => 1,
            Outcome::NotReached => 2,
            Outcome::Declined => 3,
            Outcome::NotAsked => 4,
        }
    }

    /// What the person does, when it was told.
    #[must_use]
    pub const fn situation(&self) -> Option<Situation> {
        match self {
            Outcome::Answered { situation, .. } => Some(*situation),
            Outcome::NotReached | Outcome::Declined | Outcome::NotAsked => None,
        }
    }
}

/// A follow-up of one exit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// Its name: the enrolment and the months after the exit.
    pub name: FollowUpName,
    /// When it is due.
    pub due: NaiveDate,
    /// When and how it ended.
    pub ended: Option<(NaiveDate, Outcome)>,
}

/// The follow-ups that an exit schedules; none for who has died, or never left. The last
/// day of a month has its like on the last day of a shorter one.
#[must_use]
pub fn schedule(enrolment: &Enrolment) -> Vec<FollowUp> {
    let exit = enrolment
        .exit
        .as_ref()
        .filter(|exit| enrolment.mistake.is_none() && exit.outcome != ExitOutcome::Deceased);
    let follow_up = |months: u32| {
        let name = FollowUpName::new(enrolment.name.clone(), months);
        Some(FollowUp { name, due: due(exit?.day, months)?, ended: None })
    };
    MONTHS.into_iter().filter_map(follow_up).collect()
}

fn due(exit: NaiveDate, months: u32) -> Option<NaiveDate> {
    exit.checked_add_months(Months::new(months))
}

/// The follow-ups of an enrolment as it has become: what had ended stays, unless that was
/// before the exit.
#[must_use]
pub fn reschedule(before: &[FollowUp], enrolment: &Enrolment) -> Vec<FollowUp> {
    let left_on = enrolment.exit.as_ref().map(|exit| exit.day);
    let follow_up = |scheduled: FollowUp| {
        let ended = |known: &&FollowUp| {
            let day = known.ended.as_ref().map(|(day, _)| *day);
            known.name == scheduled.name && day >= left_on && day.is_some()
        };
        before.iter().find(ended).cloned().unwrap_or(scheduled)
    };
    schedule(enrolment).into_iter().map(follow_up).collect()
}

/// The number of a version: each correction of the exit makes a new one of what it
/// schedules, and so does the end.
#[must_use]
pub fn revision(follow_up: &FollowUp, enrolment: &Enrolment) -> i64 {
    let corrections = i64::try_from(enrolment.corrections.len()).unwrap_or(i64::MAX / 4);
    2 * corrections + 1 + i64::from(follow_up.ended.is_some())
}

/// The day by which all follow-ups of exits until a day are due.
#[must_use]
pub fn last_due(exits_until: NaiveDate, months: u32) -> Option<NaiveDate> {
    due(exits_until, months)
}

/// The last day of an exit whose follow-up is due by a day.
#[must_use]
pub fn exits_due_by(day: NaiveDate, months: u32) -> Option<NaiveDate> {
    let mut exit = day.checked_sub_months(Months::new(months))?;
    while let Some(next) = exit.succ_opt().filter(|next| due(*next, months) <= Some(day)) {
        exit = next;
    }
    Some(exit)
}

/// True when the person has agreed to be asked, as it holds on a day.
#[must_use]
pub fn may_be_asked(enrolment: &Enrolment, day: NaiveDate) -> bool {
    enrolment.agrees_to(ConsentKind::FollowUp, day)
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
    /// The person had not agreed to be asked.
    WithoutConsent,
}

/// The follow-up after it has ended.
///
/// # Errors
/// What forbids it.
pub fn end(
    follow_up: &FollowUp,
    enrolment: &Enrolment,
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
    if outcome != Outcome::NotAsked && !may_be_asked(enrolment, day) {
        return Err(EndRefusal::WithoutConsent);
    }
    Ok(FollowUp { ended: Some((day, outcome)), ..follow_up.clone() })
}

/// How a follow-up ended, as far as it is counted. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// Answered: works or studies.
    InWorkOrStudies = 1,
    /// Answered: does something else.
    Elsewhere = 2,
    /// Not reached.
    No = 3,
    /// Declined.
    Declined = 4,
    /// Not asked.
    NotAsked = 5,
}

impl Reached {
    /// How it is stored.
    #[must_use]
    pub const fn number(self) -> i16 {
        self as i16
    }

    /// What is stored as a number.
    #[must_use]
    pub const fn from_number(number: i16) -> Option<Reached> {
        match number {
            1 => Some(Reached::InWorkOrStudies),
            2 => Some(Reached::Elsewhere),
            3 => Some(Reached::No),
            4 => Some(Reached::Declined),
            5 => Some(Reached::NotAsked),
            _ => None,
        }
    }
}

impl From<&Outcome> for Reached {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Answered { situation, livelihoods: _ } => match situation {
                Situation::Work | Situation::Studies => Reached::InWorkOrStudies,
                Situation::JobSeeking
                | Situation::OtherEffort
                | Situation::Ill
                | Situation::Other => Reached::Elsewhere,
            },
            Outcome::NotReached => Reached::No,
            Outcome::Declined => Reached::Declined,
            Outcome::NotAsked => Reached::NotAsked,
        }
    }
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
    /// Counts some that are due; none for those that have not ended.
    pub fn count(&mut self, ended: Option<Reached>, how_many: u64) {
        *match ended {
            Some(Reached::InWorkOrStudies) => &mut self.in_work_or_studies,
            Some(Reached::Elsewhere) => &mut self.elsewhere,
            Some(Reached::No) => &mut self.not_reached,
            Some(Reached::Declined) => &mut self.declined,
            Some(Reached::NotAsked) | None => &mut self.not_asked,
        } += how_many;
    }

    /// The same with each count as it is told; unless how the silent divide is told, they
    /// are all among those who were not asked.
    #[must_use]
    pub fn told(self, is_divided: bool, told: impl Fn(u64) -> u64) -> Tally {
        let Tally { in_work_or_studies, elsewhere, not_reached, declined, not_asked } = self;
        let silent = match is_divided {
            true => [not_reached, declined, not_asked],
            false => [0, 0, not_reached + declined + not_asked],
        };
        let [not_reached, declined, not_asked] = silent.map(&told);
        let [in_work_or_studies, elsewhere] = [in_work_or_studies, elsewhere].map(told);
        Tally { in_work_or_studies, elsewhere, not_reached, declined, not_asked }
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

/// The share of all who are due that answered, in per mille. None when nobody is due.
#[must_use]
pub fn answered_share(tally: &Tally) -> Option<i64> {
    permille(i64::try_from(tally.answered()).ok()?, i64::try_from(tally.due()).ok()?)
}

#[cfg(test)]
mod tests;
