//! The only clock. Everything that needs the time is handed it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound as _, Utc};
use chrono_tz::Europe::Stockholm;

/// Tells the time: the system's, or one that a test has set.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still.
    #[must_use]
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self(Source::Fixed(now))
    }

    /// Now, in whole microseconds: PostgreSQL keeps no finer time, and what is
    /// written must read back equal on both databases.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            Source::System => system_now(),
            Source::Fixed(now) => *now,
        };
        now.trunc_subsecs(6)
    }

    /// Today's date in Sweden.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        day_in_sweden(self.now())
    }
}

/// The date in Sweden at an instant.
#[must_use]
pub fn day_in_sweden(instant: DateTime<Utc>) -> NaiveDate {
    time_in_sweden(instant).date()
}

/// The date and the time of day in Sweden at an instant.
#[must_use]
pub fn time_in_sweden(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.with_timezone(&Stockholm).naive_local()
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that the rest is sent to")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_midnight_in_sweden() {
        let instant = "2025-06-30T22:30:00.123456789Z".parse().unwrap();
        let clock = Clock::fixed(instant);
        assert_eq!(clock.today().to_string(), "2025-07-01");
        assert_eq!(clock.now().timestamp_subsec_nanos(), 123_456_000);
    }
}
