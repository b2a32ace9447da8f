//! What will be requisitioned by the year's end: at the same pace, by the
//! parties' own word, and by the pattern of earlier years.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use values::{
    Ore, Period, Slug,
    name::{PartyName, RecipientName},
    share,
};

/// What a live requisition says of the time after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// The grant.
    pub grant: Slug,
    /// The party.
    pub party: PartyName,
    /// The last day of the requisition.
    pub last_day: NaiveDate,
    /// What the party expects to requisition after it; none when it says nothing.
    pub rest: Option<Ore>,
}

/// What a recipient had requisitioned in an earlier year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierYear {
    /// The recipient.
    pub recipient: RecipientName,
    /// The year.
    pub year: i32,
    /// By the same day of it.
    pub same_day: Ore,
    /// By its end.
    pub year_end: Ore,
}

/// The lowest and the highest year-end that the pattern of earlier years gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The lowest.
    pub low: Ore,
    /// The highest.
    pub high: Ore,
    /// From how many years.
    pub years: i32,
}

/// To date × the grant's months / months elapsed. A grant whose days have not
/// begun has no pace yet and is expected to be used as it was decided. `None`
/// when it does not fit.
pub(super) fn linear(
    period: Period,
    grant_period: Period,
    granted: Ore,
    to_date: Ore,
) -> Option<Ore> {
    let Some(elapsed) = grant_period.until(period.last_day()) else {
        return Some(granted);
    };
    share::pro_rata(to_date, grant_period.months().numerator, elapsed.months().numerator)
}

/// What the parties expect of a grant after their latest requisitions on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rest {
    /// What those expect who say something.
    pub(super) sum: Ore,
    /// True when all do that claim on the grant.
    pub(super) is_whole: bool,
}

/// What the parties expect of each grant; no entry for a grant on which nobody says
/// anything. The later of two that end on the same day is the one that comes later.
/// `None` when a sum does not fit.
pub(super) fn rests(forecasts: Vec<Forecast>) -> Option<BTreeMap<Slug, Rest>> {
    let mut latest = BTreeMap::<(Slug, PartyName), (NaiveDate, Option<Ore>)>::new();
    for Forecast { grant, party, last_day, rest } in forecasts {
        let entry = latest.entry((grant, party)).or_insert((last_day, rest));
        if last_day >= entry.0 {
            *entry = (last_day, rest);
        }
    }
    let silent: BTreeSet<Slug> = latest
        .iter()
        .filter(|(_, (_, rest))| rest.is_none())
        .map(|((grant, _), _)| grant.clone())
        .collect();
    let mut rests = BTreeMap::<Slug, Rest>::new();
    for ((grant, _), (_, rest)) in latest {
        let Some(said) = rest else { continue };
        let is_whole = !silent.contains(&grant);
        let rest = rests.entry(grant).or_insert(Rest { sum: Ore::ZERO, is_whole });
        rest.sum = rest.sum.plus(said)?;
    }
    Some(rests)
}

/// To date × (year-end ÷ same day) of each earlier year in which these recipients
/// together had requisitioned anything by the same day: the lowest and the
/// highest. `None` without such a year, or when an amount does not fit.
pub(super) fn interval(
    to_date: Ore,
    earlier: &[EarlierYear],
    recipients: &BTreeSet<&RecipientName>,
) -> Option<Interval> {
    let mut years = BTreeMap::<i32, (Ore, Ore)>::new();
    for year in earlier.iter().filter(|year| recipients.contains(&year.recipient)) {
        let (same_day, year_end) = years.entry(year.year).or_default();
        *same_day = same_day.plus(year.same_day)?;
        *year_end = year_end.plus(year.year_end)?;
    }
    let patterns = years.into_values().filter(|(same_day, _)| *same_day > Ore::ZERO);
    let ends = patterns
        .map(|(same_day, year_end)| share::pro_rata(to_date, year_end.get(), same_day.get()))
        .collect::<Option<Vec<Ore>>>()?;
    Some(Interval {
        low: *ends.iter().min()?,
        high: *ends.iter().max()?,
        years: i32::try_from(ends.len()).ok()?,
    })
}
