//! The queue to a team: strictly by day of referral within the municipality, then by
//! when it was recorded; whoever has a reasoned exception goes first. One whom no place
//! is left for, because all that are left are reserved for other channels, is passed by
//! those whom they are reserved for.

use chrono::NaiveDate;
use values::name::{MunicipalityName, ReferralName};

use super::code::ReferringKind;

/// One who waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The accepted referral.
    pub referral: ReferralName,
    /// The responsible municipality: each has an order of its own.
    pub municipality: MunicipalityName,
    /// The channel it came by.
    pub channel: ReferringKind,
    /// True with a reasoned exception.
    pub goes_first: bool,
    /// The day of the referral.
    pub referred: NaiveDate,
    /// The journal's sequence that recorded the referral.
    pub recorded: i64,
}

/// Puts those who wait in order: by municipality, and next first within each.
pub fn order(waiting: &mut [Waiting]) {
    waiting.sort_by(|one, other| {
        let key = |of: &Waiting| (!of.goes_first, of.referred, of.recorded);
        one.municipality.cmp(&other.municipality).then_with(|| key(one).cmp(&key(other)))
    });
}

/// How many of the same municipality go before the referral, of those whom a place is
/// left for; none when it does not wait.
#[must_use]
pub fn before(
    waiting: &[Waiting],
    referral: &ReferralName,
    has_place: impl Fn(ReferringKind) -> bool,
) -> Option<usize> {
    let own = waiting.iter().find(|other| other.referral == *referral)?;
    let goes_before = |other: &&Waiting| {
        let key = |of: &Waiting| (!of.goes_first, of.referred, of.recorded);
        other.municipality == own.municipality && key(other) < key(own) && has_place(other.channel)
    };
    Some(waiting.iter().filter(goes_before).count())
}

/// How long people had waited on a day, in whole days each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waits(Vec<i32>);

/// The upper ends of the classes that waits are counted in; the last has none.
pub const CLASSES: [i32; 3] = [30, 90, 180];

impl Waits {
    /// The waits of those who came to the queue on these days, at the end of a day.
    #[must_use]
    pub fn at(day: NaiveDate, referred: impl IntoIterator<Item = NaiveDate>) -> Self {
        let days = |from: NaiveDate| i32::try_from((day - from).num_days()).unwrap_or(i32::MAX);
        let mut waits: Vec<i32> = referred.into_iter().map(days).collect();
        waits.sort_unstable();
        Self(waits)
    }

    /// How many wait.
    #[must_use]
    pub fn length(&self) -> usize {
        self.0.len()
    }

    /// How many have waited at most 30, 31–90, 91–180 and more than 180 days.
    #[must_use]
    pub fn by_class(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        for wait in &self.0 {
            let class = CLASSES.iter().position(|most| wait <= most).unwrap_or(CLASSES.len());
            counts[class] += 1;
        }
        counts
    }

    /// The days that half of them have waited at most: of an even number the lower of
    /// the two in the middle, so that it is a wait that somebody has.
    #[must_use]
    pub fn median(&self) -> Option<i32> {
        let middle = self.0.len().checked_sub(1)? / 2;
        self.0.get(middle).copied()
    }

    /// The longest wait.
    #[must_use]
    pub fn longest(&self) -> Option<i32> {
        self.0.last().copied()
    }
}

#[cfg(test)]
mod tests {
    use values::Slug;

    use super::*;

    fn slug(text: &str) -> Slug {
        Slug::parse("", text).unwrap()
    }

    fn waiting(id: &str, place: &str, day: u32, recorded: i64, goes_first: bool) -> Waiting {
        Waiting {
            referral: ReferralName::new(slug("f"), slug(id)),
            municipality: MunicipalityName::new(slug("f"), slug(place)),
            channel: if goes_first { ReferringKind::Region } else { ReferringKind::JointAfFk },
            goes_first,
            referred: NaiveDate::from_ymd_opt(2025, 3, day).unwrap(),
            recorded,
        }
    }

    #[test]
    fn the_earliest_referral_of_the_municipality_is_next_unless_an_exception_is() {
        let mut all = vec![
            waiting("late", "1981", 9, 4, false),
            waiting("early", "1981", 2, 7, false),
            waiting("same-day", "1981", 2, 9, false),
            waiting("exception", "1981", 20, 10, true),
            waiting("elsewhere", "1980", 1, 1, false),
        ];
        order(&mut all);
        let ids: Vec<_> = all.iter().map(|one| one.referral.id.as_str()).collect();
        assert_eq!(ids, ["elsewhere", "exception", "early", "same-day", "late"]);
        let place = |id: &str| before(&all, &ReferralName::new(slug("f"), slug(id)), |_| true);
        assert_eq!(place("exception"), Some(0));
        assert_eq!(place("early"), Some(1));
        assert_eq!(place("late"), Some(3));
        assert_eq!(place("elsewhere"), Some(0), "another municipality's queue is its own");
        assert_eq!(place("nobody"), None);
        let reserved = |channel| channel == ReferringKind::JointAfFk;
        let late = ReferralName::new(slug("f"), slug("late"));
        assert_eq!(before(&all, &late, reserved), Some(2), "no place for the region's");
    }

    #[test]
    fn waits_are_counted_in_classes_that_leave_nobody_out() {
        let day = |month, day| NaiveDate::from_ymd_opt(2025, month, day).unwrap();
        let referred = [day(6, 30), day(5, 31), day(5, 30), day(1, 1), day(1, 2)];
        let waits = Waits::at(day(6, 30), referred);
        assert_eq!(waits.by_class(), [2, 1, 2, 0]);
        assert_eq!(waits.by_class().iter().sum::<usize>(), waits.length());
        assert_eq!((waits.median(), waits.longest()), (Some(31), Some(180)));
        assert_eq!(Waits::default().median(), None);
    }
}
