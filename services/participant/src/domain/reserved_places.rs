//! Places of a team that are kept for a channel of referrals, such as five for those
//! whom the employment service and the insurance agency refer together.
//!
//! A channel fills its own places first; what goes beyond them takes of the places that
//! are open to all. How many a team can take in all is the coordinators' to judge: only
//! what is reserved is refused.

use std::{collections::BTreeMap, fmt};

use chrono::NaiveDate;
use values::{Fault, Faults, name::TeamName};

use super::code::ReferringKind;

/// What a reservation is of: the next one of the same team and channel follows on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReservedPlacesKey {
    /// The team.
    pub team: TeamName,
    /// The channel.
    pub referring_kind: ReferringKind,
    /// From which day.
    pub first_day: NaiveDate,
}

impl fmt::Display for ReservedPlacesKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { team: TeamName { federation, id }, referring_kind, first_day } = self;
        let channel = referring_kind.name().trim_start_matches("REFERRING_KIND_");
        write!(formatter, "federations/{federation}/reservedPlaces/{id}.{channel}.{first_day}")
    }
}

/// Places kept for a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReservedPlaces {
    /// Of what.
    pub key: ReservedPlacesKey,
    /// How many.
    pub places: Places,
    /// Who decided and when.
    pub decision: String,
}

/// How many of a team's places are reserved, 0 to 1000, and of how many, 1 to 10 000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    reserved: i32,
    of: i32,
}

impl Places {
    /// Checks both.
    ///
    /// # Errors
    /// `PLACES_OUT_OF_RANGE`, and `PLACES_ABOVE_ALL` when more are reserved than there
    /// are.
    pub fn new(reserved: i32, of: i32) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        let mut check = |field: &str, value: i32, least: i32, most: i32| {
            if !(least..=most).contains(&value) {
                let fault = Fault::new(field, "PLACES_OUT_OF_RANGE").with("value", value);
                faults.push(fault.with("least", least).with("most", most));
            }
        };
        check("places", reserved, 0, 1000);
        check("team_places", of, 1, 10_000);
        if faults.is_empty() && reserved > of {
            let fault = Fault::new("places", "PLACES_ABOVE_ALL").with("value", reserved);
            faults.push(fault.with("limit", of));
        }
        faults.into_result(|| Some(Self { reserved, of }))
    }

    /// How many are reserved.
    #[must_use]
    pub fn reserved(self) -> i32 {
        self.reserved
    }

    /// How many the team has in all.
    #[must_use]
    pub fn of(self) -> i32 {
        self.of
    }
}

/// What is reserved in a team on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InForce {
    reserved: BTreeMap<ReferringKind, i64>,
    of: i64,
}

/// What is reserved in a team on a day: of each channel the latest that had begun, and
/// as many places in all as the latest of them says, of several the most.
#[must_use]
pub fn in_force(reservations: &[ReservedPlaces], team: &TeamName, day: NaiveDate) -> InForce {
    let mut latest = BTreeMap::<ReferringKind, &ReservedPlaces>::new();
    for reservation in reservations {
        let ReservedPlacesKey { team: of_team, referring_kind, first_day } = &reservation.key;
        let has_begun = of_team == team && *first_day <= day;
        let is_later = |known: &&ReservedPlaces| known.key.first_day < *first_day;
        if has_begun && latest.get(referring_kind).is_none_or(is_later) {
            latest.insert(*referring_kind, reservation);
        }
    }
    let places = |reservation: &&ReservedPlaces| {
        (reservation.key.first_day, i64::from(reservation.places.of))
    };
    let of = latest.values().map(places).max().map_or(0, |(_, of)| of);
    let reserved = latest.into_iter();
    let reserved = reserved.map(|(channel, one)| (channel, i64::from(one.places.reserved)));
    InForce { reserved: reserved.collect(), of }
}

/// Why nobody of a channel is enrolled: all places that are left are others'.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllReserved {
    /// How many free places are reserved for whom.
    pub reserved: BTreeMap<ReferringKind, i64>,
}

/// Decides whether one of a channel is enrolled: a place of its own is free, or one
/// that is reserved for nobody. `enrolled` is how many there are of each channel now.
///
/// # Errors
/// What the places that are left are reserved for.
pub fn admit(
    in_force: &InForce,
    enrolled: &BTreeMap<ReferringKind, i64>,
    applicant: ReferringKind,
) -> Result<(), AllReserved> {
    let free_of = |(channel, places): (&ReferringKind, &i64)| {
        let free = places - enrolled.get(channel).copied().unwrap_or(0);
        (free > 0).then_some((*channel, free))
    };
    let reserved: BTreeMap<ReferringKind, i64> =
        in_force.reserved.iter().filter_map(free_of).collect();
    let is_own = reserved.contains_key(&applicant);
    let left = in_force.of - enrolled.values().sum::<i64>();
    let is_open = left > reserved.values().sum::<i64>();
    if is_own || is_open || reserved.is_empty() {
        return Ok(());
    }
    Err(AllReserved { reserved })
}

#[cfg(test)]
mod tests;
