//! Disposal (gallring): whose time is over.

#[cfg(test)]
mod tests;

use chrono::{Months, NaiveDate};
use values::{
    Fault,
    name::{ParticipantName, PartyName},
};

use super::case::Case;

/// People that are disposed of at a time.
pub const MOST: usize = 1000;

const MONTHS: std::ops::RangeInclusive<i32> = 1..=600;

/// Whole months, from 1 to 600.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept(i32);

impl Kept {
    /// Reads the number.
    ///
    /// # Errors
    /// `RETENTION_OUT_OF_RANGE`.
    pub fn new(field: &str, months: i32) -> Result<Self, Fault> {
        if MONTHS.contains(&months) {
            Ok(Self(months))
        } else {
            Err(Fault::new(field, "RETENTION_OUT_OF_RANGE").with("value", months))
        }
    }

    /// The number.
    #[must_use]
    pub fn months(self) -> i32 {
        self.0
    }

    /// The last day on which a case may have ended that is not kept any more.
    #[must_use]
    pub fn ended_by(self, today: NaiveDate) -> NaiveDate {
        today.checked_sub_months(Months::new(self.0.unsigned_abs())).unwrap_or(NaiveDate::MIN)
    }
}

/// How long a party keeps its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The party.
    pub party: PartyName,
    /// Months after the last exit or ended referral.
    pub kept: Kept,
    /// The decision.
    pub decision: String,
}

/// Somebody whose time may be over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub name: ParticipantName,
    /// True with protected identity.
    pub is_protected: bool,
    /// Every case.
    pub cases: Vec<Case>,
    /// The day since which no case is left, as of somebody with protected identity; none
    /// while there is one.
    pub emptied_on: Option<NaiveDate>,
}

/// Whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Those whose last case ended on this day or before.
    pub ended_by: NaiveDate,
    /// Longest past first, as many as go at a time.
    pub people: Vec<Candidate>,
    /// True when there are more.
    pub has_more: bool,
}

/// What forbids a disposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The party has not decided how long it keeps people.
    WithoutRetention,
    /// Nobody's time is over.
    NobodyDue {
        /// Those whose last case ended on this day or before would be.
        ended_by: NaiveDate,
    },
}

/// Those of the candidates whose time is over.
///
/// # Errors
/// What forbids it.
pub fn due(
    retention: Option<&Retention>,
    candidates: Vec<Candidate>,
    today: NaiveDate,
) -> Result<Due, Refusal> {
    let kept = retention.ok_or(Refusal::WithoutRetention)?.kept;
    let ended_by = kept.ended_by(today);
    let over = |candidate: Candidate| {
        let ended = ended_on(&candidate).filter(|day| *day <= ended_by)?;
        Some((ended, candidate))
    };
    let mut over: Vec<(NaiveDate, Candidate)> = candidates.into_iter().filter_map(over).collect();
    if over.is_empty() {
        return Err(Refusal::NobodyDue { ended_by });
    }
    over.sort_by(|(one, first), (other, second)| (one, &first.name).cmp(&(other, &second.name)));
    let has_more = over.len() > MOST;
    over.truncate(MOST);
    let people = over.into_iter().map(|(_, candidate)| candidate).collect();
    Ok(Due { ended_by, people, has_more })
}

/// True when somebody's time is over.
#[must_use]
pub fn is_over(candidate: &Candidate, ended_by: NaiveDate) -> bool {
    ended_on(candidate).is_some_and(|day| day <= ended_by)
}

/// The day the last of somebody's cases ended, or went; none while one goes on, and for
/// nobody.
fn ended_on(candidate: &Candidate) -> Option<NaiveDate> {
    let ended = |case: &Case| {
        let exit = case.enrolment().and_then(|enrolment| enrolment.exit.as_ref());
        let since = case.referral.since();
        (!case.is_open()).then(|| exit.map_or(since, |exit| exit.day.max(since)))
    };
    let ended = candidate.cases.iter().map(ended).collect::<Option<Vec<_>>>()?;
    ended.into_iter().max().or(candidate.emptied_on)
}
