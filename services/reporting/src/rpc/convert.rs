//! Messages to values. A message is taken apart completely, so that a new field
//! stops the build; its `name` is read by the handler, which knows what it has
//! to be.

pub(super) mod attachment;
pub(super) mod chapter;
pub(super) mod comment;
pub(super) mod compiled;
pub(super) mod due_report;
pub(super) mod finding;
pub(super) mod held_activities;
pub(super) mod local_goal;
pub(super) mod national_follow_up;
pub(super) mod programme_plan;
pub(crate) mod release;
pub(super) mod report;
pub(super) mod report_template;
pub(super) mod steering_group;
pub(super) mod steering_group_meeting;
pub(crate) mod to_proto;

use platform::convert::{date_from_proto, instant, period_from_proto};
use proto::reporting as message;
use values::{Fault, Faults};

use crate::domain::{
    definition::{Cell, Definitions},
    reported_figures::{Counts, ReportedFigures, SentCount},
    reporting_period::ReportingPeriod,
};

pub(super) fn reporting_period(sent: message::ReportingPeriod) -> Result<ReportingPeriod, Faults> {
    let message::ReportingPeriod { name: _, period, due_date } = sent;
    let mut faults = Faults::new();
    let period = faults.keep_nested("", period_from_proto("period", period));
    let due_date = faults.keep(date_from_proto("due_date", due_date));
    let (period, due_date) = faults.into_result(|| period.zip(due_date))?;
    ReportingPeriod::new(period, due_date)
}

/// Reads what a team sends in. What only an answer has is left out: when, by
/// whom, and the findings.
pub(super) fn counts(
    definitions: &Definitions,
    sent: message::ReportedFigures,
) -> Result<Counts, Faults> {
    let message::ReportedFigures { name: _, counts, report_time: _, reporter: _, findings: _ } =
        sent;
    let sent: Vec<SentCount> = counts.into_iter().map(sent_count).collect();
    Counts::new(definitions, &sent)
}

/// Reads what was recorded, by the definitions of that day.
pub(super) fn recorded_figures(
    recorded: message::ReportedFigures,
) -> anyhow::Result<ReportedFigures> {
    let message::ReportedFigures { name: _, counts, report_time, reporter, findings: _ } = recorded;
    let count = |count: message::ReportedCount| {
        let SentCount { cell, count } = sent_count(count);
        Ok((cell, u32::try_from(count)?))
    };
    let counts = counts.into_iter().map(count).collect::<anyhow::Result<_>>()?;
    let report_time = report_time.as_ref().and_then(instant);
    Ok(ReportedFigures {
        counts: Counts::recorded(counts),
        report_time: report_time
            .ok_or_else(|| anyhow::anyhow!("figures were recorded without a time"))?,
        reporter,
    })
}

fn sent_count(sent: message::ReportedCount) -> SentCount {
    let message::ReportedCount { figure, category, count } = sent;
    SentCount { cell: Cell { figure, category }, count }
}

/// Checks that the version last read is sent.
pub(super) fn etag(faults: &mut Faults, sent: &str) {
    if sent.is_empty() {
        faults.push(Fault::new("etag", "FIELD_MISSING"));
    }
}

/// A name within the content of a create request is empty, or the name that
/// the resource will get.
pub(super) fn check_given_name(
    field: &str,
    given: &str,
    name: Option<&impl std::fmt::Display>,
) -> Result<(), Fault> {
    let expected = name.map(ToString::to_string).unwrap_or_default();
    if given.is_empty() || expected.is_empty() || given == expected {
        return Ok(());
    }
    Err(Fault::new(field, "NAME_WRONG").with("value", given).with("expected", expected))
}
