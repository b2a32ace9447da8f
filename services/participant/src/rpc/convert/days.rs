//! Spans of days that may go on without an end.

use platform::convert::{date_from_proto, date_to_proto};
use values::Faults;

use crate::domain::days::Days;

/// Reads the fields `first_day` and `last_day`, which is absent without an end.
pub(in crate::rpc) fn parse(
    first_day: Option<proto::Date>,
    last_day: Option<proto::Date>,
) -> Result<Days, Faults> {
    let mut faults = Faults::new();
    let first_day = faults.keep(date_from_proto("first_day", first_day));
    let last_day = match last_day {
        Some(_) => faults.keep(date_from_proto("last_day", last_day)).map(Some),
        None => Some(None),
    };
    let (first_day, last_day) = faults.into_result(|| first_day.zip(last_day))?;
    Ok(Days::new("last_day", first_day, last_day)?)
}

/// A span as it is sent: its first and its last day.
pub(in crate::rpc) fn render(days: Days) -> (Option<proto::Date>, Option<proto::Date>) {
    (Some(date_to_proto(days.first_day())), days.last_day().map(date_to_proto))
}
