//! Conversions between the contract's common messages and values.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use proto::common;
use values::{Fault, Faults, Period, personal_number};

/// A date as it is sent.
#[must_use]
pub fn date_to_proto(date: NaiveDate) -> proto::Date {
    let small = |number: u32| i32::try_from(number).expect("a month or a day");
    proto::Date { year: date.year(), month: small(date.month()), day: small(date.day()) }
}

/// Reads a date that must be there and whole.
///
/// # Errors
/// `DATE_MISSING`, `DATE_INVALID` with the value as sent.
pub fn date_from_proto(field: &str, date: Option<proto::Date>) -> Result<NaiveDate, Fault> {
    let proto::Date { year, month, day } = date.ok_or_else(|| Fault::new(field, "DATE_MISSING"))?;
    let in_range = (1..=9999).contains(&year);
    let parts = u32::try_from(month).ok().zip(u32::try_from(day).ok()).filter(|_| in_range);
    parts.and_then(|(month, day)| NaiveDate::from_ymd_opt(year, month, day)).ok_or_else(|| {
        Fault::new(field, "DATE_INVALID").with("value", format!("{year}-{month:02}-{day:02}"))
    })
}

/// A period as it is sent.
#[must_use]
pub fn period_to_proto(period: Period) -> common::Period {
    common::Period {
        first_day: Some(date_to_proto(period.first_day())),
        last_day: Some(date_to_proto(period.last_day())),
    }
}

/// Reads a period that must be there.
///
/// # Errors
/// `PERIOD_MISSING`, `PERIOD_REVERSED`, or the faults of its dates.
pub fn period_from_proto(field: &str, period: Option<common::Period>) -> Result<Period, Faults> {
    let common::Period { first_day, last_day } =
        period.ok_or_else(|| Fault::new(field, "PERIOD_MISSING"))?;
    let mut faults = Faults::new();
    let first_day = faults.keep(date_from_proto(&format!("{field}.first_day"), first_day));
    let last_day = faults.keep(date_from_proto(&format!("{field}.last_day"), last_day));
    let (first_day, last_day) = faults.into_result(|| first_day.zip(last_day))?;
    Ok(Period::new(field, first_day, last_day)?)
}

/// An instant as it is sent.
#[must_use]
pub fn timestamp(instant: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: instant.timestamp(),
        nanos: i32::try_from(instant.timestamp_subsec_nanos()).unwrap_or(0),
    }
}

/// An instant that was sent, when it is one.
#[must_use]
pub fn instant(timestamp: &prost_types::Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(timestamp.seconds, u32::try_from(timestamp.nanos).ok()?)
}

/// Reads a text of `shortest` to `longest` characters, trimmed, without control
/// characters.
///
/// # Errors
/// `TEXT_MISSING`, `TEXT_TOO_LONG`, `TEXT_CONTROL_CHARACTER`.
pub fn text(field: &str, sent: &str, shortest: usize, longest: usize) -> Result<String, Fault> {
    let trimmed = sent.trim();
    let length = trimmed.chars().count();
    let is_control = |character: char| character.is_control() && character != '\n';
    if length < shortest {
        Err(Fault::new(field, "TEXT_MISSING"))
    } else if length > longest {
        Err(Fault::new(field, "TEXT_TOO_LONG").with("length", length).with("limit", longest))
    } else if trimmed.chars().any(is_control) {
        Err(Fault::new(field, "TEXT_CONTROL_CHARACTER"))
    } else {
        Ok(trimmed.to_owned())
    }
}

/// Reads a [`text`] that people write about something else than a person: also a personal
/// number in it is a fault, `PERSONAL_NUMBER_IN_TEXT`.
pub fn prose(
    faults: &mut Faults,
    field: &str,
    sent: &str,
    shortest: usize,
    longest: usize,
) -> Option<String> {
    faults.keep_nested("", personal_number::check(field, sent));
    faults.keep(text(field, sent, shortest, longest))
}

/// Faults as an import answers them.
#[must_use]
pub fn faults_to_import(faults: Faults) -> Vec<common::ImportFault> {
    let facts = |facts: Vec<(&'static str, String)>| {
        facts.into_iter().map(|(key, value)| common::Fact { key: key.to_owned(), value }).collect()
    };
    faults
        .into_vec()
        .into_iter()
        .map(|fault| common::ImportFault {
            field: fault.field,
            reason: fault.reason.to_owned(),
            facts: facts(fault.facts),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_is_not_in_the_calendar_is_refused() {
        for (year, month, day) in
            [(2025, 2, 29), (0, 1, 1), (2025, 13, 1), (2025, 1, -1), (10_000, 1, 1)]
        {
            let date = proto::Date { year, month, day };
            assert_eq!(date_from_proto("day", Some(date)).unwrap_err().reason, "DATE_INVALID");
        }
    }

    #[test]
    fn both_dates_of_a_period_are_told_at_once() {
        let period = common::Period { first_day: None, last_day: None };
        let faults = period_from_proto("period", Some(period)).unwrap_err().into_vec();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["period.first_day", "period.last_day"]);
    }
}
