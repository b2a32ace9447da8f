//! When somebody is reminded of a report that is due.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};

use crate::domain::due_report::{DueReport, ScheduleName, State};
use crate::domain::report::Subject;

/// Why somebody is reminded: what the reminder says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It is due in two weeks.
    TwoWeeksLeft,
    /// It is due in three days.
    ThreeDaysLeft,
    /// It was due.
    Late,
    /// Somebody asks for it.
    ByHand,
}

/// That somebody was reminded of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminded {
    /// Of which of what is due.
    pub schedule: ScheduleName,
    /// Who.
    pub subject: Subject,
    /// Why.
    pub kind: Kind,
    /// The due date that it says; none for one that was recorded without.
    pub due_date: Option<NaiveDate>,
}

/// From how many days before the due date on a reminder of each kind is sent.
const FROM_DAYS_LEFT: [(Kind, i64); 3] =
    [(Kind::Late, -1), (Kind::ThreeDaysLeft, 3), (Kind::TwoWeeksLeft, 14)];
/// What was due longer ago than this is no news to anybody.
const LATEST_DAYS_LEFT: i64 = -30;

/// The first and the last due date of what somebody may be reminded of on a day.
#[must_use]
pub fn due_dates(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let [(_, _), (_, _), (_, earliest)] = FROM_DAYS_LEFT;
    (today + TimeDelta::days(LATEST_DAYS_LEFT), today + TimeDelta::days(earliest))
}

/// The reminder to send of a report today, if one is: the one that the day is for, once.
/// One that was missed while nobody was at work is not made up for beside the next.
#[must_use]
pub fn to_send(due: &DueReport, sent: &BTreeSet<Kind>) -> Option<Kind> {
    if !due.state.is_outstanding() || due.days_left < LATEST_DAYS_LEFT {
        return None;
    }
    let is_for_today = |(_, from): &&(Kind, i64)| due.days_left <= *from;
    let (kind, _) = FROM_DAYS_LEFT.iter().find(is_for_today)?;
    (!sent.contains(kind)).then_some(*kind)
}

/// Why nobody is reminded by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No report is due from them.
    NotDue,
    /// It is sent in.
    NotOutstanding(State),
}

/// Decides whether somebody is reminded by hand, of what is due by a schedule.
///
/// # Errors
/// A refusal when no report is due from them, or it is not outstanding.
pub fn by_hand(due: &[DueReport], subject: &Subject) -> Result<(), Refusal> {
    let due = due.iter().find(|due| due.subject == *subject).ok_or(Refusal::NotDue)?;
    if due.state.is_outstanding() { Ok(()) } else { Err(Refusal::NotOutstanding(due.state)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use values::Slug;

    use super::*;

    fn due(days_left: i64, state: State) -> DueReport {
        DueReport {
            template: Slug::parse("", "status-report").unwrap(),
            subject: Subject::Federation,
            due_date: "2025-07-15".parse().unwrap(),
            state,
            is_late: days_left < 0,
            days_left,
        }
    }

    #[test]
    fn a_reminder_is_sent_two_weeks_and_three_days_before_and_the_day_after() {
        for (days_left, expected) in [
            (15, None),
            (14, Some(Kind::TwoWeeksLeft)),
            (4, Some(Kind::TwoWeeksLeft)),
            (3, Some(Kind::ThreeDaysLeft)),
            (0, Some(Kind::ThreeDaysLeft)),
            (-1, Some(Kind::Late)),
            (-30, Some(Kind::Late)),
            (-31, None),
        ] {
            let kind = to_send(&due(days_left, State::Draft), &BTreeSet::new());
            assert_eq!(kind, expected, "{days_left}");
        }
        let by_hand = BTreeSet::from([Kind::ByHand, Kind::TwoWeeksLeft]);
        assert_eq!(to_send(&due(3, State::Missing), &by_hand), Some(Kind::ThreeDaysLeft));
        assert_eq!(to_send(&due(-1, State::Submitted), &BTreeSet::new()), None);
    }

    #[test]
    fn by_hand_somebody_is_reminded_of_what_is_due_and_not_sent_in() {
        let of = |state| by_hand(&[due(5, state)], &Subject::Federation);
        assert_eq!((of(State::Draft), of(State::Returned)), (Ok(()), Ok(())));
        assert_eq!(of(State::Submitted), Err(Refusal::NotOutstanding(State::Submitted)));
        let team = Subject::Team(Slug::parse("", "sala").unwrap());
        assert_eq!(by_hand(&[due(5, State::Draft)], &team), Err(Refusal::NotDue));
    }

    proptest! {
        #[test]
        fn whenever_it_is_looked_each_reminder_is_sent_once(
            mut looks in prop::collection::vec(-40_i64..40, 0..60),
        ) {
            looks.sort_unstable_by(|one, other| other.cmp(one));
            let mut sent = BTreeSet::new();
            for days_left in looks {
                if let Some(kind) = to_send(&due(days_left, State::Missing), &sent) {
                    prop_assert!(sent.insert(kind));
                }
            }
        }
    }
}
