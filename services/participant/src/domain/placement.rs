//! Placements: a person's time at an employer, and why it ended.

use chrono::NaiveDate;
use values::{
    Fault,
    name::{EnrolmentName, PlacementName, TeamName},
};

use super::{
    along::{self, AlreadyRemoved, DayRefusal},
    code::Sector,
    enrolment::Enrolment,
};

/// Why a placement ended. The numbers are the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlacementEnd {
    /// As planned.
    AsPlanned = 1,
    /// It led to work.
    LedToWork = 2,
    /// The person's health.
    Health = 3,
    /// It did not fit.
    NotFitting = 4,
    /// The employer.
    Employer = 5,
    /// Something else.
    Other = 6,
}

impl PlacementEnd {
    /// Its number in the contract.
    #[must_use]
    pub const fn number(self) -> i16 {
        self as i16
    }

    /// The reason of a number of the contract.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<PlacementEnd> {
        match number {
            1 => Some(PlacementEnd::AsPlanned),
            2 => Some(PlacementEnd::LedToWork),
            3 => Some(PlacementEnd::Health),
            4 => Some(PlacementEnd::NotFitting),
            5 => Some(PlacementEnd::Employer),
            6 => Some(PlacementEnd::Other),
            _ => None,
        }
    }
}

/// How much of a full week, 1 to 100 percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent(u8);

impl Extent {
    /// Checks it.
    ///
    /// # Errors
    /// `PLACEMENT_EXTENT_OUT_OF_RANGE` for the field named.
    pub fn new(field: &str, percent: i32) -> Result<Self, Fault> {
        match u8::try_from(percent) {
            Ok(percent) if (1..=100).contains(&percent) => Ok(Self(percent)),
            Ok(_) | Err(_) => {
                Err(Fault::new(field, "PLACEMENT_EXTENT_OUT_OF_RANGE").with("value", percent))
            }
        }
    }

    /// In percent.
    #[must_use]
    pub fn percent(self) -> u8 {
        self.0
    }
}

/// The end of a placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The last day.
    pub last_day: NaiveDate,
    /// Why.
    pub reason: PlacementEnd,
}

/// What is told of a placement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The enrolment.
    pub enrolment: EnrolmentName,
    /// The employer's sector.
    pub sector: Sector,
    /// Its extent.
    pub extent: Extent,
    /// Its first day.
    pub first_day: NaiveDate,
    /// Its end, when it has come.
    pub ended: Option<Ended>,
}

/// A person's time at an employer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Its name.
    pub name: PlacementName,
    /// What was told.
    pub content: Content,
    /// The team of the enrolment.
    pub team: TeamName,
    /// Why it was taken away, when it was.
    pub removed: Option<String>,
}

/// Which day of a placement cannot be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnterRefusal {
    /// The first.
    FirstDay(DayRefusal),
    /// The last.
    LastDay(DayRefusal),
}

/// Enters a placement.
///
/// # Errors
/// What forbids it.
pub fn enter(
    name: PlacementName,
    content: Content,
    enrolment: &Enrolment,
    today: NaiveDate,
) -> Result<Placement, EnterRefusal> {
    let first = content.first_day;
    along::within(enrolment, first, enrolment.first_day, today).map_err(EnterRefusal::FirstDay)?;
    if let Some(ended) = content.ended {
        along::within(enrolment, ended.last_day, first, today).map_err(EnterRefusal::LastDay)?;
    }
    Ok(Placement { name, content, team: enrolment.team.clone(), removed: None })
}

/// What forbids to end a placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndRefusal {
    /// It is taken away.
    Removed,
    /// It has ended.
    Ended {
        /// When.
        last_day: NaiveDate,
    },
    /// The day cannot be right.
    Day(DayRefusal),
}

/// Ends a placement.
///
/// # Errors
/// What forbids it.
pub fn end(
    placement: &Placement,
    ended: Ended,
    enrolment: &Enrolment,
    today: NaiveDate,
) -> Result<Placement, EndRefusal> {
    if placement.removed.is_some() {
        return Err(EndRefusal::Removed);
    }
    if let Some(Ended { last_day, reason: _ }) = placement.content.ended {
        return Err(EndRefusal::Ended { last_day });
    }
    along::within(enrolment, ended.last_day, placement.content.first_day, today)
        .map_err(EndRefusal::Day)?;
    let content = Content { ended: Some(ended), ..placement.content.clone() };
    Ok(Placement { content, ..placement.clone() })
}

/// Takes one away that was a mistake.
///
/// # Errors
/// When it is taken away already.
pub fn remove(placement: &Placement, reason: String) -> Result<Placement, AlreadyRemoved> {
    let removed = along::remove(placement.removed.as_ref(), reason)?;
    Ok(Placement { removed, ..placement.clone() })
}

#[cfg(test)]
mod tests {
    use values::Slug;

    use super::*;
    use crate::domain::along::tests::{day, enrolled};

    fn asked(first_day: NaiveDate, ended: Option<Ended>) -> Content {
        Content {
            enrolment: enrolled(None).name,
            sector: Sector::Private,
            extent: Extent::new("", 50).unwrap(),
            first_day,
            ended,
        }
    }

    fn entered(content: Content) -> Result<Placement, EnterRefusal> {
        let slug = |text: &str| Slug::parse("", text).unwrap();
        let name = PlacementName::new(slug("f"), slug("p"));
        enter(name, content, &enrolled(None), day(6, 30))
    }

    fn planned(last_day: NaiveDate) -> Ended {
        Ended { last_day, reason: PlacementEnd::AsPlanned }
    }

    #[test]
    fn both_days_of_a_placement_lie_within_the_enrolment() {
        let early = DayRefusal::Before { earliest: day(3, 1) };
        let reversed = DayRefusal::Before { earliest: day(4, 1) };
        for (first, last, refusal) in [
            (day(4, 1), None, None),
            (day(4, 1), Some(day(4, 1)), None),
            (day(2, 1), None, Some(EnterRefusal::FirstDay(early))),
            (day(7, 1), None, Some(EnterRefusal::FirstDay(DayRefusal::InFuture))),
            (day(4, 1), Some(day(3, 31)), Some(EnterRefusal::LastDay(reversed))),
            (day(4, 1), Some(day(7, 1)), Some(EnterRefusal::LastDay(DayRefusal::InFuture))),
        ] {
            assert_eq!(entered(asked(first, last.map(planned))).err(), refusal, "{first} {last:?}");
        }
    }

    #[test]
    fn it_ends_once_also_after_the_exit_and_not_when_it_is_taken_away() {
        let placement = entered(asked(day(4, 1), None)).unwrap();
        let (left, today) = (enrolled(Some(day(5, 1))), day(6, 30));
        let late = end(&placement, planned(day(5, 2)), &left, today);
        assert_eq!(late, Err(EndRefusal::Day(DayRefusal::AfterExit { latest: day(5, 1) })));
        let ended = end(&placement, planned(day(4, 30)), &left, today).unwrap();
        let again = end(&ended, planned(day(5, 1)), &left, today);
        assert_eq!(again, Err(EndRefusal::Ended { last_day: day(4, 30) }));
        let removed = remove(&placement, "Fel".to_owned()).unwrap();
        let gone = end(&removed, planned(day(4, 30)), &left, today);
        assert_eq!(gone, Err(EndRefusal::Removed));
        assert_eq!(remove(&removed, "Igen".to_owned()), Err(AlreadyRemoved));
    }

    #[test]
    fn an_extent_is_one_to_a_hundred_percent() {
        for (percent, is_good) in [(0, false), (1, true), (100, true), (101, false), (-1, false)] {
            assert_eq!(Extent::new("extent_percent", percent).is_ok(), is_good, "{percent}");
        }
        for number in 1..=6 {
            let end = PlacementEnd::from_number(number).unwrap();
            assert_eq!(i32::from(end.number()), number);
        }
        assert_eq!((PlacementEnd::from_number(0), PlacementEnd::from_number(7)), (None, None));
    }
}
