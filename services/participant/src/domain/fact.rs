//! What counts are made of: a case's time in one municipality is one fact, with
//! every attribute that is counted by. A transfer divides a case into facts, of which
//! the one ends where the next begins.
//!
//! A stay holds from its first day to the day before its end. Whoever stays at the
//! end of a day is in stock that day; so opening + in − out = closing holds for every
//! cut, because each attribute is fixed within a fact, and closing is the next
//! period's opening, because both are the end of the same day.

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use values::{
    Period,
    name::{MunicipalityName, PartyName, TeamName},
};

use super::code::{ExitOutcome, Livelihood, ReferringKind, Sex};

/// A time in a stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The first day.
    pub first: NaiveDate,
    /// The first day that it does not hold any more; none while it goes on.
    pub end: Option<NaiveDate>,
}

impl Stay {
    /// True when it holds at the end of the day.
    #[must_use]
    pub fn holds(self, day: NaiveDate) -> bool {
        self.first <= day && self.end.is_none_or(|end| day < end)
    }

    /// True when it begins within the period.
    #[must_use]
    pub fn begins_in(self, period: Period) -> bool {
        contains(period, self.first)
    }

    /// True when it ends within the period.
    #[must_use]
    pub fn ends_in(self, period: Period) -> bool {
        self.end.is_some_and(|end| contains(period, end))
    }

    /// The part of it from one day to before another.
    fn within(self, from: Option<NaiveDate>, until: Option<NaiveDate>) -> Option<Stay> {
        let begins_after = until.is_some_and(|until| until <= self.first);
        let ended_before =
            from.is_some_and(|from| self.first < from && self.end.is_some_and(|end| end <= from));
        if begins_after || ended_before {
            return None;
        }
        let first = from.map_or(self.first, |from| from.max(self.first));
        let end = [self.end, until].into_iter().flatten().min();
        Some(Stay { first, end })
    }
}

fn contains(period: Period, day: NaiveDate) -> bool {
    period.first_day() <= day && day <= period.last_day()
}

/// A municipality's time of being responsible, and the party that answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responsible {
    /// The municipality.
    pub municipality: MunicipalityName,
    /// Its party.
    pub party: PartyName,
    /// From which day.
    pub first_day: NaiveDate,
}

/// How an enrolment ended, as far as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// To what.
    pub outcome: ExitOutcome,
    /// The largest livelihood afterwards.
    pub livelihood: Livelihood,
}

/// What of a case is counted. A case that was registered in error has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The team.
    pub team: TeamName,
    /// Who was responsible, one after the other; at least one.
    pub responsible: Vec<Responsible>,
    /// The sex.
    pub sex: Sex,
    /// The year of birth, where it is kept.
    pub birth_year: Option<i32>,
    /// The kind of referring authority.
    pub referring_kind: ReferringKind,
    /// The party that referred.
    pub sender: PartyName,
    /// The day of the referral.
    pub referred: NaiveDate,
    /// The time in the queue.
    pub queue: Option<Stay>,
    /// The time as enrolled.
    pub enrolled: Option<Stay>,
    /// The largest livelihood at the enrolment, or at the referral.
    pub livelihood: Livelihood,
    /// How the enrolment ended.
    pub ended: Option<Ended>,
}

/// A case's time in one municipality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The team.
    pub team: TeamName,
    /// The responsible municipality.
    pub municipality: MunicipalityName,
    /// The owning party.
    pub party: PartyName,
    /// The sex.
    pub sex: Sex,
    /// The age in whole years at the referral, by the year of birth.
    pub age: Option<i32>,
    /// The kind of referring authority.
    pub referring_kind: ReferringKind,
    /// The party that referred.
    pub sender: PartyName,
    /// The day of the referral, in the fact of the municipality that was responsible
    /// then.
    pub referred: Option<NaiveDate>,
    /// The time in the queue here.
    pub queue: Option<Stay>,
    /// The time as enrolled here.
    pub enrolled: Option<Stay>,
    /// True when the enrolment began here: it is new, and no transfer.
    pub is_new: bool,
    /// The largest livelihood at the enrolment, or at the referral.
    pub livelihood: Livelihood,
    /// How the enrolment ended, when it ended here.
    pub ended: Option<Ended>,
}

/// The facts of a case, one for each municipality that was responsible, in order; none
/// for one that came when all was over.
#[must_use]
pub fn facts(case: &Case) -> Vec<Fact> {
    use chrono::Datelike as _;
    let age = case.birth_year.map(|year| case.referred.year() - year);
    let fact = |(place, here): (usize, &Responsible)| {
        let from = (place > 0).then_some(here.first_day);
        let until = case.responsible.get(place + 1).map(|next| next.first_day);
        let enrolled = case.enrolled.and_then(|stay| stay.within(from, until));
        let whole = enrolled.zip(case.enrolled);
        let begins_here = whole.is_some_and(|(here, whole)| here.first == whole.first);
        let ends_here = whole.is_some_and(|(here, whole)| here.end == whole.end);
        Fact {
            team: case.team.clone(),
            municipality: here.municipality.clone(),
            party: here.party.clone(),
            sex: case.sex,
            age,
            referring_kind: case.referring_kind,
            sender: case.sender.clone(),
            referred: (place == 0).then_some(case.referred),
            queue: case.queue.and_then(|stay| stay.within(from, until)),
            enrolled,
            is_new: begins_here,
            livelihood: case.livelihood,
            ended: case.ended.filter(|_| ends_here),
        }
    };
    let all = case.responsible.iter().enumerate().map(fact);
    let holds =
        |fact: &Fact| fact.referred.is_some() || fact.queue.is_some() || fact.enrolled.is_some();
    all.filter(holds).collect()
}

/// What is counted (the contract's `Measure`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// In the queue when the period begins.
    QueueOpening = 1,
    /// Came to the queue.
    QueueIn = 2,
    /// Left the queue.
    QueueOut = 3,
    /// In the queue when the period ends.
    QueueClosing = 4,
    /// Enrolled when the period begins.
    EnrolledOpening = 5,
    /// Enrolled, or transferred to the cell.
    EnrolledIn = 6,
    /// Ended, or transferred from the cell.
    EnrolledOut = 7,
    /// Enrolled when the period ends.
    EnrolledClosing = 8,
    /// Had ended when the period begins.
    ExitedOpening = 9,
    /// Ended in the period.
    ExitedIn = 10,
    /// Had ended when the period ends.
    ExitedClosing = 11,
    /// Referred in the period.
    Referred = 12,
    /// New enrolments.
    New = 13,
    /// Enrolled at any time of the period.
    Participants = 14,
}

impl Measure {
    /// Every measure, in the contract's order.
    pub const ALL: &'static [Measure] = &[
        Measure::QueueOpening,
        Measure::QueueIn,
        Measure::QueueOut,
        Measure::QueueClosing,
        Measure::EnrolledOpening,
        Measure::EnrolledIn,
        Measure::EnrolledOut,
        Measure::EnrolledClosing,
        Measure::ExitedOpening,
        Measure::ExitedIn,
        Measure::ExitedClosing,
        Measure::Referred,
        Measure::New,
        Measure::Participants,
    ];

    /// The measure of a number of the contract.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Measure> {
        Measure::ALL.iter().copied().find(|measure| *measure as i32 == number)
    }

    /// True when it counts those who have ended, who alone have an outcome.
    #[must_use]
    pub fn is_of_exits(self) -> bool {
        match self {
            Measure::ExitedOpening | Measure::ExitedIn | Measure::ExitedClosing => true,
            Measure::QueueOpening
            | Measure::QueueIn
            | Measure::QueueOut
            | Measure::QueueClosing
            | Measure::EnrolledOpening
            | Measure::EnrolledIn
            | Measure::EnrolledOut
            | Measure::EnrolledClosing
            | Measure::Referred
            | Measure::New
            | Measure::Participants => false,
        }
    }

    /// True when a fact counts in a period.
    #[must_use]
    pub fn counts(self, fact: &Fact, period: Period) -> bool {
        let before = period.first_day().pred_opt();
        let holds = |stay: Option<Stay>, day: Option<NaiveDate>| {
            stay.zip(day).is_some_and(|(stay, day)| stay.holds(day))
        };
        let begins = |stay: Option<Stay>| stay.is_some_and(|stay| stay.begins_in(period));
        let ends = |stay: Option<Stay>| stay.is_some_and(|stay| stay.ends_in(period));
        let exited = fact.enrolled.filter(|_| fact.ended.is_some()).and_then(|stay| stay.end);
        let last = Some(period.last_day());
        match self {
            Measure::QueueOpening => holds(fact.queue, before),
            Measure::QueueIn => begins(fact.queue),
            Measure::QueueOut => ends(fact.queue),
            Measure::QueueClosing => holds(fact.queue, last),
            Measure::EnrolledOpening => holds(fact.enrolled, before),
            Measure::EnrolledIn => begins(fact.enrolled),
            Measure::EnrolledOut => ends(fact.enrolled),
            Measure::EnrolledClosing => holds(fact.enrolled, last),
            Measure::ExitedOpening => exited.is_some_and(|day| day < period.first_day()),
            Measure::ExitedIn => exited.is_some_and(|day| contains(period, day)),
            Measure::ExitedClosing => exited.is_some_and(|day| day <= period.last_day()),
            Measure::Referred => fact.referred.is_some_and(|day| contains(period, day)),
            Measure::New => fact.is_new && begins(fact.enrolled),
            Measure::Participants => {
                holds(fact.enrolled, before) || (fact.is_new && begins(fact.enrolled))
            }
        }
    }
}
