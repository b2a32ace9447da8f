//! What the staff of a period means: full-time posts over time, the intake they are
//! planned for (a flow), and how many each coach has (a stock). The two are kept apart:
//! "20 per coach" is a year's intake in one area and a caseload in another.
//!
//! Whole numbers only: a position's days count in percent of a full-time day, and what
//! is divided is rounded once, half up.
//!
//! Check case: 6,5 full-time coaches × 20 a year × 18 months = 195 (Norra). Eighteen
//! months of a year of 365 days are 547½ days, so no stretch of whole days gives 195
//! sharp: 547 days give 194,82 and 548 give 195,18, both 195 in whole numbers, and
//! twice the time, 1095 days, gives 390 sharp.

use values::{Period, share::divide_half_up};

use super::position::Position;

/// Days of the year that an intake norm is for, whatever the calendar says.
const DAYS_OF_NORM: i64 = 365;
/// Percent of a full-time post.
const WHOLE: i64 = 100;

/// Enrolments a year and full-time coach, 1 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntakeNorm(i32);

impl IntakeNorm {
    /// Checks it; none when it is out of range.
    #[must_use]
    pub fn new(enrolments: i32) -> Option<Self> {
        (1..=1000).contains(&enrolments).then_some(Self(enrolments))
    }
}

/// What positions come to in a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capacity {
    /// How many positions there are on days of the period.
    pub positions: i32,
    /// Their days in percent: 100 is one full-time day.
    pub planned_percent_days: i64,
    /// The same without vacancies.
    pub staffed_percent_days: i64,
    /// Those of the coaching positions.
    pub planned_coach_percent_days: i64,
    /// Those of the coaching positions, without vacancies.
    pub staffed_coach_percent_days: i64,
    /// The coaching positions on the last day, in percent, without vacancies.
    pub staffed_coach_percent_at_end: i64,
}

/// Adds up positions over a period.
#[must_use]
pub fn capacity<'a>(positions: impl IntoIterator<Item = &'a Position>, period: Period) -> Capacity {
    let mut sum = Capacity::default();
    for position in positions {
        let mut is_there = false;
        for spell in position.spells.as_slice() {
            let days = spell.days.days_within(period);
            let percent = i64::from(spell.extent.fte_percent());
            is_there |= days > 0;
            sum.planned_percent_days += percent * days;
            if !spell.vacant {
                sum.staffed_percent_days += percent * days;
            }
            if position.coaches {
                sum.planned_coach_percent_days += percent * days;
            }
            if position.coaches && !spell.vacant {
                sum.staffed_coach_percent_days += percent * days;
                if spell.days.holds(period.last_day()) {
                    sum.staffed_coach_percent_at_end += percent;
                }
            }
        }
        sum.positions += i32::from(is_there);
    }
    sum
}

impl Capacity {
    /// How many are to be enrolled with the coaches that are planned, in hundredths:
    /// norm × full-time coaches × days / 365.
    #[must_use]
    pub fn planned_intake_hundredths(self, norm: IntakeNorm) -> i64 {
        intake_hundredths(self.planned_coach_percent_days, norm)
    }

    /// The same with the coaches that are there.
    #[must_use]
    pub fn staffed_intake_hundredths(self, norm: IntakeNorm) -> i64 {
        intake_hundredths(self.staffed_coach_percent_days, norm)
    }

    /// How many of the enrolled at the end of the period there are for each full-time
    /// coach that is there on its last day, in hundredths; none without a coach.
    #[must_use]
    pub fn caseload_hundredths(self, enrolled: i64) -> Option<i64> {
        let per_coach = i128::from(enrolled) * i128::from(WHOLE) * 100;
        let hundredths = divide_half_up(per_coach, self.staffed_coach_percent_at_end.into())?;
        i64::try_from(hundredths).ok()
    }
}

/// Hundredths of a person and percent of a post are the same hundred, and cancel out.
fn intake_hundredths(coach_percent_days: i64, norm: IntakeNorm) -> i64 {
    let product = i128::from(coach_percent_days) * i128::from(norm.0);
    divide_half_up(product, DAYS_OF_NORM.into())
        .and_then(|hundredths| i64::try_from(hundredths).ok())
        .expect("a thousand million posts over ten thousand years still fit")
}

#[cfg(test)]
mod tests;
